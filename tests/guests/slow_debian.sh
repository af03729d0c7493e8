# A Debian system on its own disk, bare and in a virtual machine: it starts,
# root logs in on the serial console, programs run, it powers off, and both have
# one state at the end. Started again, it updates and installs by the user
# network, from a server of this test's. The disk is made if it is not there.
# pogo-test: timeout=7200 alone
. "$(dirname "$0")/lib/debian.sh"

"$SRC/tools/make-rootfs" || exit 1
make_repository
serve_repository
"$SRC/tools/make-disk" 16M scripts.img scripts || exit 1

printf '%s\n' '60000000000 root\n' \
    '70000000000 mount -o ro /dev/vdb /mnt && bash /mnt/system.sh\n' \
    '250000000000 systemctl poweroff\n' >keys
runs=()
for depth in 0 1; do
    cp --sparse=always "$GUESTS/debian.img" "system-$depth.img"
    start_debian "system-$depth" --depth $depth --input keys \
        --disk "system-$depth.img" &
    runs+=($!)
done
wait "${runs[@]}"
expect scripts/system.sh >answers.txt
for depth in 0 1; do
    check_run "system-$depth" 0
    check_answers "system-$depth" answers.txt
    check_console "system-$depth" "pogo guest: 0 failed"
done
check_same system-0 system-1
check "both wrote the same bytes on the disk" 0 \
    "$(cmp system-0.img system-1.img >&2; echo $?)"
check "the disk's file system is whole" 0 \
    "$(e2fsck -fn system-0.img >e2fsck.txt 2>&1; echo $?)"

expect scripts/apt.sh >answers.txt
runs=()
for depth in 0 1; do
    session "apt-$depth" "bash /mnt/apt.sh" --depth $depth --net user \
        --disk "system-0.img,overlay=apt-$depth.img" &
    runs+=($!)
done
wait "${runs[@]}"
for depth in 0 1; do
    check "apt-$depth: exit status" 0 "$(status "apt-$depth")"
    check_answers "apt-$depth" answers.txt
    check_console "apt-$depth" "pogo guest: 0 failed"
done
finish
