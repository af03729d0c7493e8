# While a program runs in U-mode gdb reads and writes supervisor and machine
# CSRs all the same: it looks from outside, not as the program.
#
# "cannot fetch $stvec" (mit-pdos/xv6-riscv #16): "Could not fetch register
# "stvec"; remote failure reply 'E14'", for QEMU asked what the mode may access.
# Tried with QEMU 10: it does not any more.
. "$(dirname "$0")/lib/gdb.sh"

for depth in 0 1 2; do
    debug "user$depth" --quiet --depth $depth --kernel "$KERNEL" <<EOF
symbol-file $KERNEL
hbreak primes
continue
print/x \$pc
info registers priv
print \$vmm_mode
print \$stvec
print \$mstatus_fields.MPP
print \$satp_fields.MODE
set var \$sscratch = 0x1234
set var \$mscratch = 0x5678
maintenance flush register-cache
print \$sscratch + \$mscratch
stepi
info registers priv
EOF
    shows "user$depth" 'Breakpoint 1, ' '= 0x40000' 'prv:0 ' '= U$' \
        '= .*0x8020002c <trap_entry>' '= [USM]$' '= Sv39' '= 26796$' 'prv:0 '
    shows_not "user$depth" 'Could not fetch|E14|unavailable'
done
finish
