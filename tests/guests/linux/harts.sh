# Run by a Linux guest with four harts: processes on each of them, that wake
# and answer each other. Its status is the number of failures.

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

# on HART COMMAND...: pinned to one hart
on() {
    hart=$1; shift
    taskset $((1 << hart)) "$@"
}

# The hart that this process was last on: field 39 of its stat.
where='{ print $39 }'

# sum N: adds up 1 to N in a process.
sum='BEGIN { for (i = 1; i <= n; i++) s += i; print s }'

check "the kernel sees four harts" 4 "$(nproc)"
check "and lists them" "0 1 2 3" \
    "$(awk '/^processor/ { printf "%s%s", s, $3; s = " " }' /proc/cpuinfo)"

for n in 0 1 2 3; do
    check "a process runs on hart $n" $n "$(on $n awk "$where" /proc/self/stat)"
done

# All four at once.
for n in 0 1 2 3; do
    on $n awk -v n=$((20000 + n)) "$sum" >/tmp/sum.$n &
done
wait
check "four sums side by side" "200010000 200030001 200050003 200070006" \
    "$(cat /tmp/sum.? | tr '\n' ' ' | sed 's/ $//')"

# Each line goes round all harts through pipes, which wakes one after another.
check "a hundred lines round the harts" 5050 \
    "$(on 0 seq 100 | on 1 sed 's/^/x/' | on 2 sed 's/x//' |
        on 3 awk '{ s += $1 } END { print s }')"

# A signal to a process that computes on another hart.
# (taskset itself: of `on` in the background, $! would be a shell.)
taskset 8 sh -c 'trap "exit 9" USR1; echo >/tmp/ready; while :; do :; done' &
while [ ! -e /tmp/ready ]; do usleep 1000; done
on 1 kill -USR1 $!
wait $!
check "a signal crosses harts" 9 $?

# More processes than harts, that go where the scheduler sends them.
for n in 1 2 3 4 5 6 7 8 9; do
    (echo $n >/tmp/many.$n) &
done
wait
check "nine processes on four harts" 123456789 \
    "$(cat /tmp/many.? | tr -d '\n')"
check "every hart had timer interrupts" "" \
    "$(awk '/riscv-timer/ { for (i = 2; i < 6; i++) if ($i < 1) print $i }' \
        /proc/interrupts)"
echo "pogo guest: $failures failed"
exit "$failures"
