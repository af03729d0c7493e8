# What the monitors keep is there in stock gdb, as the tables of `info os`: the
# worlds, the last traps of each, exits by cause, shadow spaces.
#
# Of a hosted hypervisor a debugger sees nothing; in KVM it is tracepoints and
# debugfs, and the machine does not stand still for them.
. "$(dirname "$0")/lib/gdb.sh"

debug os --quiet --depth 2 --kernel "$KERNEL" <<EOF
symbol-file $KERNEL
hbreak primes
continue
info os
echo == worlds\\n
info os worlds
echo == traps\\n
info os traps
echo == vms\\n
info os vms
echo == exits\\n
info os exits
echo == shadow\\n
info os shadow
echo == end\\n
info registers vmm
EOF
shows os '^worlds +The bare machine' '^shadow ' \
    '== worlds' '^World +Process +Level +Kind +Harts +Modes +Counts' \
    '^0 +1 +0 +bare machine +1 +U ' '^1 +2 +1 +virtual machine +1 +U' \
    "^2 +3 +2 +virtual machine, the guest's +1 +U" \
    '== traps' '^World +Hart +Count +Mode +PC +Symbol +Cause +Tval +Then' \
    '^2 +0 +[0-9]+ +[MSU] +0x[0-9a-f]+ .*<?trap_return.* +illegal instruction' \
    '== vms' '^1 +[1-9]' '^2 +[1-9]' \
    '== exits' '^2 +illegal instruction +emulated +[1-9]' \
    '== shadow' '^2 +0 +0x80[0-9a-f]+ +U +0x80[0-9a-f]+ +[1-9][0-9]* +[3-9] +[1-9]' \
    '^vmm_world .*2$' '^vmm_mode .*U$' '^vmm_exits .*[1-9][0-9]*$'

# The table of traps is full, and its last count is not beyond the present.
sed -n '/^== traps/,/^== vms/{/^[012] /p}' os.gdb >traps
check "traps" 32 "$(wc -l <traps)"
count=$(sed -n 's/^vmm_count .*\s\([0-9]*\)$/\1/p' os.gdb)
last=$(awk '$1 == 2 { print $3 }' traps | tail -n 1)
check "the last one of the guest is of the past" yes \
    "$([ "$last" -le "$count" ] && [ "$last" -gt $((count - 10000)) ] && echo yes)"

# The log of exits, while it runs on; not twice for what is run again.
debug log --quiet --depth 1 --kernel "$KERNEL" <<'EOF'
break main
continue
monitor log on
break sbi_set_timer
continue
reverse-continue
continue
monitor log off
continue
EOF
shows log 'csrw stvec, a5 . illegal instruction . emulated' \
    'Breakpoint 2, sbi_set_timer'
check "an exit is shown once" 1 "$(grep -c 'csrw stvec' log.gdb)"
finish
