# Linux, saved at twenty random counts between reset and power-off, at depth 0 or
# 1, and each time resumed at depth 0 or 1: it ends in the state of a run that
# was never cut, has said the same, and has written the same to its disk. And
# what it saves on the way is what an uncut run saves there.
# pogo-test: timeout=600
. "$(dirname "$0")/lib/snapshot.sh"
. "$SRC/tests/lib/seed.sh"
whole_run
points 20 "$end"
before=
for ((k = 0; k < 20; k++)); do
    run=step-$k depth=$((RANDOM % 2))
    if [ -z "$before" ]; then
        boot_to "$run" "${points[k]}" "$run.snap" --depth $depth
    else
        go_on "$run" "$before.snap" --depth $depth --until "${points[k]}" \
            --snapshot "$run.snap"
    fi
    check "$run: saved at ${points[k]}, depth $depth" 124 "$(status "$run")"
    cat "$run.console" >>joined
    before=$run
done
go_on last "$before.snap" --depth $((RANDOM % 2))
check_run last 0
check "the hash of the whole run" "$(hash whole)" "$(hash last)"
cat last.console >>joined
check "the console of the whole run" 0 "$(cmp -s joined whole.console; echo $?)"
check "the disk of the whole run" 0 "$(cmp -s last.over whole.over; echo $?)"

for n in 1 2; do
    below 20
    boot_to "uncut-$n" "${points[below]}" "uncut-$n.snap"
    check "an uncut run's snapshot at ${points[below]}" 0 \
        "$(cmp "uncut-$n.snap" "step-$below.snap"; echo $?)"
done
finish
