# Physical memory is read and written in gdb while a program runs on translated
# addresses, so that page tables can be looked at: at any depth it is that of
# the machine that the guest believes in.
#
# "gdb 调试如何查看物理内存", how to look at physical memory in gdb (rcore-os/
# rCore-Tutorial #101): asked for debugging page tables; answered with QEMU's
# packet, which does the same here.
. "$(dirname "$0")/lib/gdb.sh"

for depth in 0 1 2; do
    debug "physical$depth" --quiet --depth $depth --kernel "$KERNEL" <<EOF
symbol-file $KERNEL
hbreak primes
continue
source $SRC/tests/gdb/lib/physical.py
EOF
    shows "physical$depth" 'Breakpoint 1, ' 'received: "1"' \
        'physical 0x802.* the same' 'nothing at 0x40000' '^changed$' \
        '^changed back$'
    grep -o 'physical 0x[0-9a-f]*' "physical$depth.gdb" >>places
done
check "one place at every depth" 1 "$(sort -u places | wc -l)"
finish
