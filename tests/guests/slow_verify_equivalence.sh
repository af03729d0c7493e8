# pogo verify equivalence on the whole of a Linux boot with its script, with a
# disk and without: 1 and 4 harts, our firmware and OpenSBI, depth 1 and 2.
# pogo-test: timeout=4000
. "$(dirname "$0")/lib/linux.sh"

mkdir files && echo "hello from the host" >files/greeting
"$SRC/tools/make-disk" 16M disk.img files || exit 1
cp disk.img before.img
pack "$here/linux/run.sh" run.cpio.gz
for firmware in pogo opensbi; do
    bios=()
    [ $firmware = opensbi ] && bios=(--bios opensbi)
    for harts in 1 4; do
        # Without a disk Linux clears A bits that it does not fence.
        for disk in disk no-disk; do
            run=$firmware-$harts-$disk
            disks=(--disk disk.img)
            [ $disk = no-disk ] && disks=()
            timeout 700 "$POGO" verify equivalence --quiet --depth 2 \
                --harts $harts "${bios[@]}" "${disks[@]}" \
                --kernel "$GUESTS/Image" --initrd "$GUESTS/initramfs.cpio.gz" \
                --initrd run.cpio.gz --append "$kernel_line pogo.run=/run.sh" \
                >"$run.out" 2>"$run.err" </dev/null
            check "$run: exit status" 0 $?
            check "$run: it was compared to its end, at both depths" 2 \
                "$(grep -c 'with exit status  *0$' "$run.out")"
            sed "s/^/$run: /" "$run.out" "$run.err"
        done
    done
done
check "the disk's file is as before" 0 "$(cmp -s disk.img before.img; echo $?)"
finish
