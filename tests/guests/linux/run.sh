# Run by the Linux guest (pogo.run=/run.sh): processes, signals, pipes,
# floating point and, where there is a disk, a file system on it. Each line it
# prints is the same on every machine; its status is the number of failures.

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

# Processes: each leaves a mark, and wait collects all of them.
processes() {
    for n in 1 2 3 4 5 6 7 8; do
        (echo "$n" >"/tmp/process.$n"; exit "$n") &
    done
    wait
    check "eight processes ran" "12345678" \
        "$(cat /tmp/process.? | tr -d '\n')"
    (exit 42)
    check "a status comes back" 42 $?
    sh -c 'exec sleep 100' &
    kill -KILL $!
    wait $! 2>/dev/null
    check "a killed process says so" 137 $?
}

signals() {
    caught=none
    trap 'caught=USR1' USR1
    kill -USR1 $$
    check "a signal is caught" USR1 "$caught"
    trap - USR1

    # A child that a signal interrupts while it waits in the kernel.
    sh -c 'trap "echo terminated; exit 7" TERM
           echo >/tmp/ready
           while :; do sleep 1; done' >/tmp/child 2>/dev/null &
    child=$!
    while [ ! -e /tmp/ready ]; do usleep 1000; done
    kill -TERM $child
    wait $child
    check "a handler's exit status" 7 $?
    check "a handler's output" terminated "$(cat /tmp/child)"
}

pipes() {
    check "a pipe of four" 500500 \
        "$(seq 1000 | sort -rn | cat | awk '{ s += $1 } END { print s }')"
    check "a megabyte through a pipe" 1048576 \
        "$(head -c 1048576 /dev/zero | tr '\0' 'p' | cat | wc -c)"
    mkfifo /tmp/fifo
    (echo through >/tmp/fifo) &
    word=$(cat /tmp/fifo)
    wait
    check "a named pipe" through "$word"
}

floating_point() {
    check "the square root of two" 1.41421356237309492343 \
        "$(awk 'BEGIN { for (x = 2; i < 30; i++) x = (x + 2 / x) / 2
                        printf "%.20f", x }')"
    check "Machin's pi" 3.141592653589794004 \
        "$(awk 'function arctan(t,  s, square) {
                    for (square = t * t; t > 1e-20; t *= square) {
                        s += sign * t / odd; odd += 2; sign = -sign }
                    return s }
                BEGIN { sign = odd = 1; a = arctan(1 / 5)
                        sign = odd = 1; b = arctan(1 / 239)
                        printf "%.18f", 16 * a - 4 * b }')"
    check "a harmonic sum" 9.787606036044348201 \
        "$(awk 'BEGIN { for (i = 1; i <= 10000; i++) s += 1 / i
                        printf "%.18f", s }')"
    # Two at once: the kernel must keep their registers apart.
    for n in 2 3; do
        awk -v n=$n 'BEGIN { x = n; for (i = 0; i < 20000; i++)
            x = (x + n / x) / 2; printf "%.12f\n", x }' >"/tmp/root.$n" &
    done
    wait
    check "two processes with floating point" "1.414213562373 1.732050807569" \
        "$(cat /tmp/root.2 /tmp/root.3 | tr '\n' ' ' | sed 's/ $//')"
}

disk() {
    if [ ! -b /dev/vda ]; then
        echo "ok no disk on this machine"
        return
    fi
    mkdir -p /mnt
    mount -t ext4 /dev/vda /mnt
    check "the disk is mounted" 0 $?
    [ -e /mnt/greeting ] &&
        check "a file the host wrote" "hello from the host" "$(cat /mnt/greeting)"
    mkdir -p /mnt/folder
    seq 100000 >/mnt/folder/numbers
    echo "hello from the guest" >/mnt/answer
    before=$(sha256sum </mnt/folder/numbers)
    sync
    umount /mnt
    check "the disk is unmounted" "" "$(grep ' /mnt ' /proc/mounts)"
    # What comes back after this can only have come from the disk.
    echo 3 >/proc/sys/vm/drop_caches
    mount -t ext4 /dev/vda /mnt
    check "the same bytes come back" "$before" \
        "$(sha256sum </mnt/folder/numbers)"
    check "and they are the right ones" "$(seq 100000 | sha256sum)" "$before"
    rm -r /mnt/folder
    check "a folder is removed" "" "$(ls -d /mnt/folder 2>/dev/null)"
    umount /mnt
}

echo "pogo guest: $(uname -sm)"
processes
signals
pipes
floating_point
disk
echo "pogo guest: $failures failed"
exit "$failures"
