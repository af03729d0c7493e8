# Linux from a gzip'd Image and two initrds, with a disk that may only be read
# and one whose writes go to the file itself or to an overlay: what the guest may do with each, and that the
# status of its script is Pogo's. pogo-test: timeout=200
. "$(dirname "$0")/lib/linux.sh"

mkdir files && echo "hello from the host" >files/greeting
"$SRC/tools/make-disk" 16M disk.img files || exit 1
gzip -1 -c "$GUESTS/Image" >Image.gz
echo "from the second initrd" >note
pack "$here/linux/files.sh" run.cpio.gz note
expect "$here/linux/files.sh" >answers.txt
overlay=
for depth in 0 1; do
    cp disk.img "read-$depth.img"
    head -c 1048576 /dev/zero >"write-$depth.img"
    # A second --kernel takes the place of the first.
    start_linux "files-$depth" run.cpio.gz --depth $depth \
        --kernel Image.gz --disk "read-$depth.img,ro" \
        --disk "write-$depth.img$overlay" &
    overlay=,overlay=overlay.img # bare to the file, in the VM to the overlay
done
wait
for depth in 0 1; do
    check_run "files-$depth" 42
    check_answers "files-$depth" answers.txt
    check_console "files-$depth" "pogo: script exited with 42"
    check "files-$depth: the disk for reading is as it was" 0 \
        "$(cmp "read-$depth.img" disk.img; echo $?)"
done
text_in() { dd if="$1" bs=512 skip=7 count=1 2>/dev/null | tr -d '\0'; }
check "the other has the guest's text" "hello, disk" "$(text_in write-0.img)"
check "with an overlay it has not" "" "$(text_in write-1.img)"
start_linux again run.cpio.gz --kernel Image.gz --disk "disk.img,ro" \
    --disk write-1.img,overlay=overlay.img
check_run again 42
check_console again "found on the second: hello, disk"
check_same files-0 files-1
finish
