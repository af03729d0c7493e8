# Linux mounts a folder of the host's, at depth 0 and 1: what it writes there is
# there, and what is outside is not to be had. A folder for reading only is the
# same input for both, so that they end in the same state.
# pogo-test: timeout=300
. "$(dirname "$0")/lib/linux.sh"

echo "not for guests" >secret

# make_folder NAME
make_folder() {
    mkdir -p "$1/deep/er"
    echo "hello from the host" >"$1/greeting"
    echo "deep down" >"$1/deep/er/file"
    echo 'echo "run from the share: $*"' >"$1/program.sh"
    ln -s "$PWD/secret" "$1/outside"
    ln -s / "$1/root"
    mkfifo "$1/fifo"
}

pack "$here/linux/share.sh" run.cpio.gz
expect "$here/linux/share.sh" >answers.txt
for depth in 0 1; do
    make_folder "shared-$depth"
    start_linux "share-$depth" run.cpio.gz --depth $depth \
        --share "shared-$depth" &
done
wait
for depth in 0 1; do
    check_run "share-$depth" 7
    check_answers "share-$depth" answers.txt
    folder=shared-$depth
    check "$folder: the guest's file" "hello from the guest" \
        "$(head -n 1 $folder/answer)"
    check "$folder: the one that it moved" new "$(cat $folder/soft)"
    check "$folder: what else is there" \
        "answer deep fifo given greeting hard outside program.sh root soft" \
        "$(ls $folder | tr '\n' ' ' | sed 's/ $//')"
    check "$folder: a hard link" "$(stat -c %i $folder/answer)" \
        "$(stat -c %i $folder/hard)"
done
check "what is outside is as it was" "not for guests" "$(cat secret)"

# A script that is in the folder itself, which is for reading.
make_folder reading
cp "$here/linux/share_read.sh" reading/run.sh
for depth in 0 1; do
    start "read-$depth" --timeout 300 --kernel "$GUESTS/Image" \
        --initrd "$GUESTS/initramfs.cpio.gz" --depth $depth \
        --append "$kernel_line pogo.run=/run.sh" --share reading,ro &
done
wait
for depth in 0 1; do
    check_run "read-$depth" 9
    check_console "read-$depth" "hello from the host" "deep down"
done
check_same read-0 read-1
check "nothing was written" "" "$(find reading -newer read-0.status)"

# Two machines side by side have the same folder.
mkdir both
cat >both/run.sh <<'END'
echo here >>/host/said
while [ "$(wc -l </host/said)" -lt 2 ]; do sleep 0.1; done
exit 0
END
"$POGO" run --quiet --vms 2 --timeout 300 --console none \
    --kernel "$GUESTS/Image" --initrd "$GUESTS/initramfs.cpio.gz" \
    --append "$kernel_line pogo.run=/run.sh" --share both </dev/null
check "two machines: each found what the other wrote" 0 $?
check "two machines: what they wrote" "here here" "$(echo $(cat both/said))"

# A limit of the host's on the size of files is an error for the guest.
mkdir limited
cat >limited/run.sh <<'END'
dd if=/dev/zero of=/host/big bs=100k count=20
echo "too big: $?"
exit 3
END
(ulimit -f 1000 && start limit --timeout 300 --kernel "$GUESTS/Image" \
    --initrd "$GUESTS/initramfs.cpio.gz" --share limited \
    --append "$kernel_line pogo.run=/run.sh")
check_run limit 3
check_console limit "too big: 1"
finish
