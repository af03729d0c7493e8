# Time travel over a whole Linux boot with a disk, a network and a screen's
# devices: back and forth over page faults, device I/O and idle time, with a
# small history, too; then it ends as when nobody looks, with the same bytes on
# the disk. pogo-test: timeout=240
. "$(dirname "$0")/lib/linux.sh"

mkdir files && echo "hello from the host" >files/greeting
"$SRC/tools/make-disk" 16M new.img files || exit 1
pack "$here/linux/run.sh" run.cpio.gz
guest=(--harts 2 --kernel "$GUESTS/Image" --initrd "$GUESTS/initramfs.cpio.gz"
    --initrd run.cpio.gz --append "$kernel_line pogo.run=/run.sh"
    --symbols "$GUESTS/System.map")

# The stops: writes to the disk, and a function that idle time is behind.
cat >script <<'END'
break vfs_write
continue
continue
snapshot first
step 3
why
goto +400000000
rc
rc
goto beginning
restore first
delete
trap-stop ecall-u
goto +300000000
continue
step
back
rc
goto latest
trap-stop off
goto 2
goto latest
continue
history
quit
END

# looked NAME DEPTH ARGUMENTS...: the script, on a disk of its own.
looked() {
    local name=$1 depth=$2; shift 2
    cp new.img "$name.img"
    timeout 200 "$POGO" monitor --script script --console none --hash --quiet \
        --depth "$depth" --disk "$name.img" "${guest[@]}" "$@" \
        >"$name" 2>&1 </dev/null
}

cp new.img free.img
start_linux free run.cpio.gz --harts 2 --depth 1 --disk free.img &
looked bare 0 &
wait
looked virtual 1 &
looked small 1 --history 4M &
wait
for run in bare virtual small; do
    check "$run: it ends as when nobody looks" "hash $(hash free)" \
        "$(grep '^hash' $run)"
    check "$run: the same disk" 0 "$(cmp -s free.img $run.img; echo $?)"
    grep -E "^(checkpoints|beginning|latest)" $run
done
check "the disk was written" 1 "$(cmp -s new.img free.img; echo $?)"
check "a small history begins later" 1 \
    "$(grep -c '^beginning  *[1-9]' small)"
finish
