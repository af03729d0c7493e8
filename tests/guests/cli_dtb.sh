# The device tree that --dump-dtb writes: dtc reads it without a complaint,
# what it says follows the options, and --dtb takes it back.
# pogo-test: timeout=60
. "$(dirname "$0")/lib/guest.sh"

# dump NAME ARGUMENTS...: the tree in NAME.dtb and, as text, NAME.dts
dump() {
    local name=$1; shift
    "$POGO" run --dump-dtb "$name.dtb" "$@" >"$name.out" 2>&1
    check "$name: --dump-dtb's status, and nothing is said" "0 " \
        "$? $(cat "$name.out")"
    dtc -I dtb -O dts -o "$name.dts" "$name.dtb" 2>"$name.warnings"
    check "$name: dtc's status" 0 $?
    # An interrupt controller that nothing is routed through by an
    # interrupt-map needs no #address-cells, whatever dtc thinks.
    check "$name: dtc's warnings" "" \
        "$(grep -v '(interrupt_provider)' "$name.warnings")"
}

# count NAME PATTERN
count() { grep -c "$2" "$1.dts"; }

dump plain
check "plain: harts" 1 "$(count plain 'device_type = "cpu"')"
check "plain: virtio slots" 8 "$(count plain 'compatible = "virtio,mmio"')"
check "plain: the serial port" 1 "$(count plain 'serial@10000000 {')"
check "plain: 256 MiB" 1 \
    "$(count plain 'reg = <0x00 0x80000000 0x00 0x10000000>')"
dtc -I dts -O dtb -o again.dtb plain.dts 2>/dev/null
dtc -I dtb -O dts -o again.dts again.dtb 2>/dev/null
check_text "plain: there and back" plain.dts again.dts

: >disk; head -c 65536 /dev/zero >disk; head -c 1000 /dev/zero >ramdisk
dump full --harts 8 --memory 3G --isa rv64imac_zicntr_sv39 --disk disk,ro \
    --initrd ramdisk --append "hello there"
check "full: harts" 8 "$(count full 'device_type = "cpu"')"
check "full: 3 GiB" 1 "$(count full 'reg = <0x00 0x80000000 0x00 0xc0000000>')"
check "full: no F or D" 8 "$(count full 'riscv,isa = "rv64imac_')"
check "full: Sv39" 8 "$(count full 'mmu-type = "riscv,sv39"')"
check "full: command line" 1 "$(count full 'bootargs = "hello there"')"
check "full: initrd" 2 "$(count full 'linux,initrd-\(start\|end\)')"
dump opensbi --bios opensbi --harts 2

dump seeded --seed 1
check "another seed is another rng-seed" "2" \
    "$(diff plain.dts seeded.dts | grep -c 'rng-seed = <')"
check "and nothing else" 2 "$(diff plain.dts seeded.dts | grep -c '^[<>]')"

# Given back, it is the tree of the machine that it came from. (Its bytes may
# lie in another order: libfdt writes /chosen anew.)
for depth in 0 1; do
    dump two --depth $depth --harts 2
    dump back --depth $depth --harts 2 --dtb two.dtb
    check_text "the tree that was given back" two.dts back.dts
    start "own-$depth" --depth $depth --harts 2
    start "back-$depth" --depth $depth --harts 2 --dtb two.dtb
    check_run "back-$depth" 0
    check "back-$depth: the console is as with its own tree" 0 \
        "$(cmp "own-$depth.console" "back-$depth.console"; echo $?)"
done
check_same own-0 own-1
check_same back-0 back-1
# A tree that someone changed is what the guest reads.
sed 's/rv64imafdc/rv64imac/; s/model = .*/model = "changed";/' plain.dts |
    dtc -I dts -O dtb -o changed.dtb 2>/dev/null
for depth in 0 1; do
    start "changed-$depth" --depth $depth --dtb changed.dtb
    check_run "changed-$depth" 0
    check "changed-$depth: no floating-point program" 0 \
        "$(console "changed-$depth" | grep -c euler)"
done
check_same changed-0 changed-1
finish
