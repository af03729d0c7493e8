# Run by a Linux guest with /dev/vda for reading only and /dev/vdb for both.
# Its status is 42 if all is well.

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

check "the second initrd's other file" "from the second initrd" "$(cat /note)"
check "the first disk says it is read-only" 1 "$(cat /sys/block/vda/ro)"
check "the second does not" 0 "$(cat /sys/block/vdb/ro)"
dd if=/dev/zero of=/dev/vda bs=512 count=1 conv=fsync 2>/tmp/errors
check "no write to the first disk" 1 $?
# (mount falls back to reading when a device is read-only.)
mount -t ext4 -o noload /dev/vda /mnt
check "no writing on its file system" "ext4 ro" \
    "$(awk '$2 == "/mnt" { split($4, o, ","); print $3, o[1] }' /proc/mounts)"
check "but reading" "hello from the host" "$(cat /mnt/greeting)"
umount /mnt
echo "found on the second: $(dd if=/dev/vdb bs=512 skip=7 count=1 \
    2>/dev/null | tr -d '\0')"
printf 'hello, disk' | dd of=/dev/vdb bs=512 seek=7 conv=sync,fsync \
    2>/tmp/errors
check "a write to the second disk" 0 $?
[ "$failures" = 0 ] && exit 42
exit 1
