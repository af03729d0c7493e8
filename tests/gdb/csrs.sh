# Every CSR that the machine has can be read in gdb, and written where the CSR
# itself can be; and gdb's own view of them is made of the same values.
#
# "GDB server doesn't support processor-specific CSRs" (renode/renode #50):
# `info all` ends with pc. "Read/write of CSR registers via GDB doesn't work"
# (riscvarchive/riscv-qemu #156): `p $misa` says <unavailable>.
# pogo-test: timeout=120 sanitized
. "$(dirname "$0")/lib/gdb.sh"
export SRC

known=$(grep -c '^CSR(' "$SRC/src/isa/csr.def")
for depth in 0 1; do
    debug "csrs$depth" --quiet --depth $depth --kernel "$KERNEL" <<EOF
hbreak *0x80200000
continue
info registers csr
set var \$mstatus_fields.MPP = 3
set var \$satp_fields.MODE = 8
maintenance flush register-cache
print \$mstatus_fields
print \$mstatus_fields.MPP
info registers satp_fields
set var \$mcause = 13
print \$mcause
set var \$mcause = 1L << 63 | 5
maintenance flush register-cache
print \$vmm_mcause
source $SRC/tests/gdb/lib/csrs.py
EOF
    sed -n '/ \(kept\|fixed\|refused\|wrong\)/p' "csrs$depth.gdb" >verdicts
    check "depth $depth: CSRs" "$known" "$(wc -l <verdicts)"
    check "depth $depth: wrong" "" "$(grep wrong verdicts)"
    check "depth $depth: kept" 48 "$(grep -c kept verdicts)"
    shows "csrs$depth" '^stvec +0x' '^satp +0x0' '^misa .*RV64ACDFIMSU' \
        '^mhartid +0x0' 'SIE = false.*MPP = M, FS = ' ' = M$' \
        'PPN = 0, ASID = 0, MODE = Sv39' ' = load_page_fault' \
        ' = supervisor_timer_interrupt'
    # and gdb has nothing to say about the description
    shows_not "csrs$depth" 'target description|unsupported size|Could not'
done
finish
