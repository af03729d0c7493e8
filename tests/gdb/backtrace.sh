# With paging on gdb still shows how the kernel got where it is; the page table
# is listed with physical addresses, which hold what the list says; and one can
# step back over a jump, a call and a return.
#
# Complaints: the stack cannot be unwound once satp is set (renode #71); page
# tables are listed wrongly, or not at all, by scripts that have to guess at
# physical memory (pwndbg #890, #2150); backstep does not go back over jumps
# (TheThirdOne/rars #96). Tried with QEMU 10: it unwinds here as well; its `info
# mem` lists what is mapped, but no PTE and where it lies; to reverse-stepi it
# says "Target remote does not support this command".
. "$(dirname "$0")/lib/gdb.sh"

for depth in 0 1; do
    debug "kernel$depth" --quiet --depth $depth --kernel "$KERNEL" <<'EOF'
break page_alloc if $satp != 0 && $priv == 1
continue
continue
printf "translated: %d\n", $satp >> 60
backtrace
up 2
print *p
EOF
    shows "kernel$depth" 'Breakpoint 1, page_alloc' '^translated: 8' \
        '^#0 +page_alloc' '^#1 .*in vm_new' '^#2 .*in proc_new \(name=' \
        '^#3 .*in proc_create' '^#[45] +main' 'pid = 0, name = 0x0|pid = '

    # Each PTE of the list, read from physical memory where the list has it.
    debug "tables$depth" --quiet --depth $depth --kernel "$KERNEL" <<'EOF'
break primes
continue
monitor pt 0x400002c0
EOF
    sed -nE 's/^(L[0-9] \[ *[0-9]+\]|level [0-9]: PTE [0-9]+ at|.*PTE [0-9]+ at) (0x[0-9a-f]+)(:| is) (0x[0-9a-f]+).*/\2 \4/p' \
        "tables$depth.gdb" | head -n 3 >"ptes$depth"
    check "depth $depth: levels" 3 "$(wc -l <"ptes$depth")"
    {
        echo "break primes"
        echo "continue"
        echo "maintenance packet Qqemu.PhyMemMode:1"
        echo "maintenance flush dcache"
        while read -r at _; do
            echo "printf \"%#lx %#lx\\n\", $at, *(unsigned long *)$at"
        done <"ptes$depth"
    } >reads
    debug "reads$depth" --quiet --depth $depth --kernel "$KERNEL" <reads
    check "depth $depth: the PTEs are there" "$(cat "ptes$depth")" \
        "$(grep -E '^0x[0-9a-f]+ 0x[0-9a-f]+$' "reads$depth.gdb")"

    # proc_create calls proc_new, which returns.
    debug "back$depth" --quiet --depth $depth --kernel "$KERNEL" <<'EOF'
break proc_new
continue
set $in = $pc
reverse-stepi
x/i $pc
stepi
printf "in again: %d\n", $pc == $in
finish
set $out = $pc
reverse-stepi
x/i $pc
stepi
printf "out again: %d\n", $pc == $out
reverse-finish
EOF
    shows "back$depth" '=> .*proc_create.*(jal|call|jalr|auipc)' \
        '^in again: 1' '=> .*proc_new.*ret' '^out again: 1'
done
check "the same tables at both depths" "$(cat ptes0)" "$(cat ptes1)"
finish
