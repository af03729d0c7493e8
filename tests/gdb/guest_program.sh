# A program in a guest, through the monitor: gdb sees it start, has its symbols,
# stops in a function of its that no page is mapped for yet, shows how it got
# there, follows its call into the kernel and back, and goes back in time over
# that; and the run is the one without a debugger.
#
# Complaints: "support debugging guest processes with symbols" through a VMM
# (hyperlight #501); a breakpoint in a user program cannot be set before it is
# mapped (lk #295). Tried with QEMU 10: it stops at such a breakpoint, but in any
# program that has code at that address; it has one process, and does not say
# when a program starts, so that kernel and program cannot both have symbols.
# pogo-test: timeout=240
here_gdb=$(dirname "$0")
. "$here_gdb/lib/gdb.sh"
. "$here_gdb/../guests/lib/linux.sh"

PROGRAM=$BUILD/tests/gdb/program.elf
cat >run.sh <<'EOF'
#!/bin/sh
/bin/true
/program.elf
EOF
chmod +x run.sh
pack run.sh run.cpio.gz "$PROGRAM"
guest=(--quiet --hash --depth 1 --kernel "$GUESTS/Image"
    --initrd "$GUESTS/initramfs.cpio.gz" --initrd run.cpio.gz
    --append "$kernel_line pogo.run=/run.sh")
"$POGO" run --console none "${guest[@]}" >free.out 2>&1 </dev/null

# The kernel by System.map, the program by its own file.
debug linux "${guest[@]}" --program "$PROGRAM" \
    --symbols "$GUESTS/System.map" <<'EOF'
set detach-on-fork off
set schedule-multiple on
break start_kernel
continue
backtrace 1
catch exec
continue
info inferiors
break ask_kernel
continue
backtrace
print rounds
delete
stepi 4
x/i $pc
stepi
info threads
inferior 1
backtrace 1
info registers scause
reverse-stepi
x/i $pc
monitor symbol $pc
continue
EOF
shows linux 'hit Breakpoint 1.*start_kernel' '#0 .*start_kernel' \
    'process 101 is executing new program: .*program.elf' \
    'hit Catchpoint 2 .exec' 'process 101 .*program.elf' \
    'hit Breakpoint 3, ask_kernel \(\)' '#0  ask_kernel' \
    '#1 .*descend \(depth=' '#5 .*descend \(depth=depth@entry=4\)' \
    '#6 .*_start \(\)' '\$1 = 0' '=> 0x100f2.*ecall' '"vm1" .S-mode.*handle_exception' \
    '#0 .*handle_exception' 'scause .*environment_call_from_U' '=> 0x100f2.*ecall' \
    'ask_kernel' 'exited normally'
check "the run ends as without gdb" "$(cat free.out)" "$(cat linux.err)"
finish
