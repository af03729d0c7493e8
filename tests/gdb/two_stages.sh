# How a guest's address is translated is explained stage by stage and world by
# world: the guest's own table, the p2m behind it, the shadow that is walked for
# it; and what is said is so: the same bytes are there in each world's memory.
#
# A debugger that knows one stage only is misled by a guest: "in the first stage
# page table addresses are affected by the second stage" (riscv-collab/
# riscv-openocd #843, for the H extension; here the stages are in software).
. "$(dirname "$0")/lib/gdb.sh"

debug stages --quiet --depth 2 --kernel "$KERNEL" <<EOF
symbol-file $KERNEL
hbreak primes
continue
monitor pt 0x400002c0
monitor pt 0x50000000
EOF
shows stages '0x400002c0 in vm2, and how vm1 walks for it' \
    'the guest.s own table +\| p2m +\| the shadow' \
    '^L2 .*pointer +\|.*\| L2 .*pointer' '^L1 .*pointer +\|.*\| L1 .*pointer' \
    '^L0 .*R-XU.*\|.*\| L0 .*R-XU' \
    '0x400002c0 in vm1, and how the bare machine walks for it' \
    '^L0 .*R-XU.*\|.*\| L0 .*R-XU' \
    '0x50000000 in vm2' '^L1 .*invalid' '^no page '

# "page <guest's> | <p2m's> | page <shadow's>", of vm2 and of vm1.
sed -n 's/^page \(0x[0-9a-f]*\) *| \(0x[0-9a-f]*\) *| page \(0x[0-9a-f]*\)$/\1 \2 \3/p' \
    stages.gdb >pages
check "pages" 2 "$(wc -l <pages)"
{ read -r in_vm2 p2m2 shadow2; read -r in_vm1 p2m1 shadow1; } <pages
check "vm2's shadow maps what its p2m has" "$p2m2" "$shadow2"
check "vm1's guest is what vm1 walks for" "$shadow2" "$in_vm1"
check "vm1's shadow maps what its p2m has" "$p2m1" "$shadow1"

# Physical memory of each world, at that page.
page() {
    printf 'print "%s"\nx/4xg %#x\n' "$1" $(($2 + 0x2c0))
}
debug worlds --quiet --depth 2 --kernel "$KERNEL" <<EOF
symbol-file $KERNEL
hbreak primes
continue
maintenance packet Qqemu.PhyMemMode:1
maintenance flush dcache
$(page vm2 "$in_vm2")
add-inferior
inferior 2
attach 2
$(page vm1 "$in_vm1")
add-inferior
inferior 3
attach 1
$(page bare "$shadow1")
EOF
sed -n 's/^0x[0-9a-f]*2[cd]0[^:]*:\(\s0x[0-9a-f]*\s0x[0-9a-f]*\)$/\1/p' worlds.gdb |
    awk '{ two[NR] = $0 } END {
        for (n = 1; n <= NR; n += 2) print two[n] two[n + 1] }' >bytes
check "the worlds whose memory was read" 3 "$(wc -l <bytes)"
check "all have the same there" 1 "$(sort -u bytes | wc -l)"
check "and it is code" 0 "$(grep -c '0x0000000000000000' bytes)"
finish
