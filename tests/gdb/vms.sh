# Machines side by side: a breakpoint of one does not stop another, gdb may look
# at all of them, and each comes to the same end as without a debugger.
#
# Asked of hosted hypervisors, whose debug stubs have one list of breakpoints.
# QEMU runs one machine a process, so that there is nothing to compare with.
# pogo-test: timeout=120 sanitized
. "$(dirname "$0")/lib/gdb.sh"

"$POGO" run --quiet --hash --console none --vms 2 --kernel "$KERNEL" \
    >free.out 2>&1 </dev/null
"$POGO" run --quiet --hash --console none --depth 1 --kernel "$KERNEL" \
    >alone.out 2>&1 </dev/null

debug alone --quiet --hash --kernel "$KERNEL" --depth 1 <<'EOF'
break primes.c:28
break console_interrupt
ignore 2 1000000
continue
continue
EOF
shows alone 'Breakpoint 1, primes' 'exited normally'
check "alone it ends as without gdb" "$(cat alone.out)" "$(cat alone.err)"

# gdb is attached to the first, and lets the others go. The second runs through
# the same addresses.
debug first --quiet --hash --kernel "$KERNEL" --vms 2 <<'EOF'
break primes
info breakpoints
continue
info inferiors
continue
EOF
shows first 'Detaching after fork' 'Breakpoint 1, primes' 'exited normally'
check "the first one's breakpoint was hit once" 1 \
    "$(grep -c '^Breakpoint 1, primes' first.gdb)"
check "both end as they do without gdb" "$(cat free.out)" \
    "$(cat first.err)"

# Attached to both.
debug both --quiet --hash --kernel "$KERNEL" --vms 2 <<'EOF'
set detach-on-fork off
set schedule-multiple on
stepi
break primes
continue
info threads
continue
info threads
EOF
shows both 'New inferior 2 \(process 1\)' 'New inferior 3 \(process 3\)' \
    'hit Breakpoint 1.[0-9], primes' '"vm1" .U-mode.*"vm1"|"bare"' \
    'hit Breakpoint 1.[0-9], primes'
check "both of them have hit it" 2 \
    "$(grep 'hit Breakpoint' both.gdb | cut -d'"' -f2 | sort -u | wc -l)"
finish
