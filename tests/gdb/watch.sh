# Watchpoints, forwards and backwards, at depth 0 and 1: gdb sees the value
# change. pogo-test: timeout=120
. "$(dirname "$0")/lib/gdb.sh"

for depth in 0 1; do
    debug "watch$depth" --quiet --kernel "$KERNEL" --depth $depth <<END
file $KERNEL
watch next_tick
continue
set \$one = next_tick
continue
set \$two = next_tick
printf "it grows: %d\n", \$two > \$one
reverse-continue
printf "back to one: %d\n", next_tick == \$one
continue
printf "on to two: %d\n", next_tick == \$two
delete
rwatch procs
continue
frame
delete
awatch next_tick
continue
END
    shows "watch$depth" 'Hardware watchpoint 1: next_tick' 'Old value' \
        'set_alarm' 'Old value' '^it grows: 1' 'Old value' '^back to one: 1' \
        'Old value' '^on to two: 1' 'Hardware read watchpoint 2' 'Value = ' \
        'Hardware access \(read/write\) watchpoint 3'
done
finish
