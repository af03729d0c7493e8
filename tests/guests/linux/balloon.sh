# Run by the Linux guests of linux_balloon.sh. Without whole=MEGABYTES on the
# kernel's command line it only says how much memory there is; with it there is
# a balloon of 32M from the start, of 96M from count 1,500,000,000 on and of 16M
# from 2,500,000,000 on; or, with oom=yes, one of 128M that the guest may let out.

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

# of WORD: its megabytes in /proc/meminfo
of() { awk -v word="$1:" '$1 == word { print int($2 / 1024) }' /proc/meminfo; }

# wait_until_total OP MEGABYTES: until MemTotal is so
wait_until_total() {
    for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        [ "$(of MemTotal)" "$1" "$2" ] && return
        sleep 0.3
    done
}

whole=$(sed -n 's/.*whole=\([0-9]*\).*/\1/p' /proc/cmdline)
if [ -z "$whole" ]; then
    echo "total $(of MemTotal)"
    exit 0
fi
if grep -q oom=yes /proc/cmdline; then
    sleep 1
    check "what it holds counts as the guest's" "$whole" "$(of MemTotal)"
    check "but is not free" 1 $(($(of MemFree) < whole - 128))
    mount -t tmpfs -o size=150m tmpfs /mnt
    dd if=/dev/zero of=/mnt/file bs=1M count=100 2>/dev/null
    check "all of it can be used" 104857600 "$(wc -c </mnt/file)"
    check "and no process had to end" "" "$(dmesg | grep 'Out of memory')"
    echo "pogo guest: $failures failed"
    exit "$failures"
fi
check "at boot it holds 32M" $((whole - 32)) "$(of MemTotal)"
# Fills memory, and forgets what was in it.
mkdir -p /mnt/full
mount -t tmpfs -o size=150m tmpfs /mnt/full
dd if=/dev/zero of=/mnt/full/file bs=1M count=100 2>/dev/null
rm /mnt/full/file
before=$(of MemFree)
wait_until_total -lt $((whole - 90))
check "then it holds 96M" $((whole - 96)) "$(of MemTotal)"
taken=$((before - $(of MemFree)))
check "the free memory went down with it" 1 \
    "$((taken > 60 && taken < 68))"
echo inflated >/dev/virtio-ports/log
if [ -e /sys/class/virtio-ports/vport0p2 ]; then
    # Somebody looks at the host's memory meanwhile.
    exec 3<>/dev/virtio-ports/look
    until read -r word <&3; do usleep 10000; done
fi
wait_until_total -gt $((whole - 20))
check "at last it holds 16M" $((whole - 16)) "$(of MemTotal)"
dd if=/dev/zero of=/mnt/full/file bs=1M count=100 2>/dev/null
check "what it held can be used again" 104857600 "$(wc -c </mnt/full/file)"
check "and holds what is written" "$(seq 10000 | sha256sum)" \
    "$(seq 10000 >/mnt/full/numbers; sha256sum </mnt/full/numbers)"
echo "pogo guest: $failures failed"
exit "$failures"
