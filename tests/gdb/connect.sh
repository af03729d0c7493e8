# What a student does first: connect, look around, a breakpoint, a system call
# followed into its handler and out again, forwards and backwards; the same at
# every depth.
#
# gdb steps over an ecall, and one cannot get into the kernel or out of it by
# stepping (mit-pdos/xv6-riscv #96, #171, #192). Tried with QEMU 10: stepi at
# sys_yield's ecall ends behind it, in U-mode: gdb takes the target for a Linux
# program.
# pogo-test: timeout=180 sanitized
. "$(dirname "$0")/lib/gdb.sh"

# The programs' ecalls: at one of them the first program calls first.
ecalls=$(riscv64-unknown-elf-objdump -d "$KERNEL" |
    awk '$3 == "ecall" && $1 ~ /^4/ { sub(":", "", $1); print "break *0x" $1 }')
sret=$(riscv64-unknown-elf-objdump -d "$KERNEL" |
    awk '$3 == "sret" { sub(":", "", $1); print $1; exit }')

for depth in 0 1 2; do
    debug "first$depth" --quiet --hash --kernel "$KERNEL" --depth $depth <<END
file $KERNEL
printf "at reset: %#lx, mode %d\n", \$pc, \$priv
break main
continue
backtrace
info threads
delete
$ecalls
continue
set \$before = \$pc
x/i \$pc
printf "before ecall: %#lx, mode %d\n", \$pc, \$priv
stepi
printf "behind ecall: %#lx is stvec %#lx, cause %d, mode %d\n", \$pc, (long)\$stvec & ~3, \$scause, \$priv
reverse-stepi
printf "back again: %d, mode %d\n", \$pc == \$before, \$priv
delete
break *0x$sret
continue
stepi
printf "behind sret: %#lx is sepc %#lx, mode %d\n", \$pc, (long)\$sepc, \$priv
reverse-stepi
printf "at sret again: %#lx, mode %d\n", \$pc, \$priv
delete
reverse-continue
printf "the beginning: %#lx, mode %d\n", \$pc, \$priv
continue
END
    shows "first$depth" '^at reset: 0x1000, mode 3' \
        'Breakpoint 1, main \(hart=0' '^#0 +main' \
        "^\\* 1.*Thread $((depth + 1)).1 .*S-mode" \
        '^=> 0x4[0-9a-f]+ .*ecall' '^before ecall: 0x4[0-9a-f]+, mode 0' \
        '^behind ecall: (0x[0-9a-f]+) is stvec \1, cause 8, mode 1' \
        '^back again: 1, mode 0' \
        '^behind sret: (0x[0-9a-f]+) is sepc \1, mode 0' \
        "^at sret again: 0x$sret, mode 1" \
        'No more reverse-execution history' \
        '^the beginning: 0x1000, mode 3' 'exited normally'
    "$POGO" run --quiet --hash --console none --kernel "$KERNEL" \
        --depth $depth >"free$depth.out" 2>&1 </dev/null
    check "depth $depth: it ends as without gdb" "$(cat "free$depth.out")" \
        "$(cat "first$depth.err")"
done
finish
