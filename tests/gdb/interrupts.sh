# Breakpoints and steps with a timer that ticks: they advance, steps of a source
# line do not end in a handler, and one can step out of a handler to where the
# interrupt came from.
#
# Complaints: with a periodic timer each continue from a breakpoint ends in the
# interrupt's handler, and the program never advances (lowRISC/opentitan
# #15051); no way to step out of an interrupt handler (blackmagic-debug/
# blackmagic #2124). Tried with QEMU 10: it advances, since it masks interrupts
# and stops timers while gdb steps (maintenance packet qqemu.sstep: 7, that is
# ENABLE, NOIRQ, NOTIMER); so a stepped run is another one. Here it is the same
# to the last bit.
# pogo-test: timeout=120
. "$(dirname "$0")/lib/gdb.sh"

"$POGO" run --quiet --hash --console none --kernel "$KERNEL" >free.out 2>&1

for depth in 0 1; do
    # 300 times to one line of a loop that the timer interrupts.
    debug "loop$depth" --quiet --hash --depth $depth --kernel "$KERNEL" <<'EOF'
break primes.c:21
continue
set $n = 0
set $stuck = 0
while $n < 300
  set $before = j
  continue
  if j == $before
    set $stuck = $stuck + 1
  end
  set $n = $n + 1
end
printf "stuck %d times\n", $stuck
delete
break timer_interrupt if $sepc - (unsigned long)&primes < 0x100
continue
delete
while $priv != 0
  reverse-stepi
end
reverse-stepi
reverse-stepi
reverse-stepi
reverse-stepi
reverse-stepi
set $n = 0
set $outside = 0
while $n < 10
  step
  if $priv != 0
    set $outside = $outside + 1
  end
  set $n = $n + 1
end
printf "outside %d times\n", $outside
info line *$pc
continue
EOF
    shows "loop$depth" 'Breakpoint 1, ' '^stuck 0 times' '^outside 0 times' \
        'primes.c' 'exited normally'
    check "depth $depth: the run ends as without gdb" "$(cat free.out)" \
        "$(cat "loop$depth.err")"

    # Into the handler of a timer interrupt, and out of it.
    debug "handler$depth" --quiet --depth $depth --kernel "$KERNEL" <<'EOF'
break timer_interrupt
continue
continue
continue
backtrace
set $from = $sepc
delete
tbreak trap_return
continue
while $priv != 0
  stepi
end
printf "back %d\n", $pc == $from || $pc == $sepc
EOF
    shows "handler$depth" 'timer_interrupt' '#1 .*trap_handle' '^back 1'
done
finish
