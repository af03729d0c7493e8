# Run by a Linux guest with a shared folder, which init has mounted on /host.
# Its status is 7 if all is well.

failures=0

# check NAME EXPECTED ACTUAL
check() {
    if [ "$2" = "$3" ]; then
        echo "ok $1"
    else
        echo "not ok $1: expected '$2', got '$3'"
        failures=$((failures + 1))
    fi
}

umount /host
mount -t 9p -o trans=virtio host /mnt
check "the folder is mounted by its tag" 0 $?
cd /mnt || exit 1

check "what is in it, in order" "deep fifo greeting outside program.sh root" \
    "$(ls | tr '\n' ' ' | sed 's/ $//')"
check "a file of the host's" "hello from the host" "$(cat greeting)"
check "one in a folder" "deep down" "$(cat deep/er/file)"
check "a script runs from it" "run from the share: 1 2" "$(sh program.sh 1 2)"

echo "hello from the guest" >answer
check "a new file" "hello from the guest" "$(cat answer)"
echo "and more" >>answer
check "appended to" "2 lines" "$(wc -l <answer) lines"
seq 200000 >numbers
before=$(sha256sum <numbers)
dd if=numbers of=copy bs=300000 2>/dev/null
check "a large file, copied in large pieces" "$before" "$(sha256sum <copy)"
cd / && umount /mnt
mount -t 9p -o trans=virtio,msize=8192 host /mnt
cd /mnt || exit 1
check "the same after mounting again, in small pieces" "$before" \
    "$(sha256sum <copy)"
dd if=copy bs=1000 skip=1 count=1 2>/dev/null >piece
check "a piece from the middle" "$(seq 200000 | tail -c +1001 | head -c 1000)" \
    "$(cat piece)"
dd if=/dev/null of=copy bs=1 seek=100 2>/dev/null
check "cut short" 100 "$(stat -c %s copy)"
cp /bin/busybox . && chmod 755 busybox
check "a program runs from it" "out of the share" \
    "$(./busybox echo out of the share)"

mkdir -p made/by/guest
mv piece made/by/guest/moved
check "moved into a folder" "no yes" \
    "$([ -e piece ] || echo no) $([ -e made/by/guest/moved ] && echo yes)"
mv made given
check "the folder renamed" 1000 "$(stat -c %s given/by/guest/moved)"
echo new >replacement && mv replacement given/by/guest/moved
check "a file replaced by another" new "$(cat given/by/guest/moved)"
ln -s given/by/guest/moved soft
check "a symlink" "given/by/guest/moved new" "$(readlink soft) $(cat soft)"
ln answer hard
check "a hard link" 2 "$(stat -c %h answer)"
mkdir many && for i in $(seq 300); do : >many/$i; done
check "many files" 300 "$(ls many | wc -l)"
rm -r many
check "all removed" 1 "$(ls -d many >/dev/null 2>&1; echo $?)"

exec 3>open 4<open
rm open && echo "still here" >&3
check "a removed file that is open" "11 still here" \
    "$(stat -L -c %s /proc/self/fd/3) $(cat <&4)"
exec 3>&- 4<&-

chmod 640 answer && touch -d "2020-02-02 02:02:02" answer
check "mode and time are set" "640 1580608922" "$(stat -c '%a %Y' answer)"
chmod 6755 busybox
check "but no setuid bit" 755 "$(stat -c %a busybox)"
check "the size of the file system" yes "$(df /mnt | awk 'END {
    if ($2 > 0) print "yes" }')"

cat outside 2>/dev/null
check "a symlink out of the folder does not open" 1 $?
check "nor a path through one" 1 "$(cat root/etc/hostname 2>/dev/null
    [ -e root/greeting ] || echo 1)"
check "the folder's parent is the guest's own" "$(ls -id / | awk '{ print $1 }')" \
    "$(ls -id /mnt/.. | awk '{ print $1 }')"
mkfifo pipe 2>/dev/null
check "no fifo is made" 1 $?
mknod null c 1 3 2>/dev/null
check "nor a device" 1 $?
check "the host's fifo is seen" yes "$([ -p fifo ] && echo yes)"

rm -r busybox copy numbers
cd / && umount /mnt
echo "pogo guest: $failures failed"
[ $failures = 0 ] && exit 7
exit 1
