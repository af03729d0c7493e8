# pogo why: traps and exits of the embedded guest, found and explained at every
# depth; symbols with their source lines; ends and errors. pogo-test: timeout=180
. "$(dirname "$0")/lib/guest.sh"
kernel=$BUILD/examples/guests/kernel.elf

# why NAME STATUS ARGUMENTS...
why() {
    local name=$1 status=$2; shift 2
    timeout 60 "$POGO" why "$@" >"$name" 2>"$name.err" </dev/null
    check "$name: status" "$status" $?
}
# lines N PATTERN FILE: so many lines of the file are like that.
lines() {
    check "$3: lines '$2'" "$1" "$(grep -cE -- "$2" "$3")"
}
# of FILE EXPRESSION: of the JSON object j.
of() {
    python3 -c 'import json, sys
j = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$@"
}

# The same trap at every depth: what the guest sees of it is the same.
seen='[j[k] for k in ("number", "count", "hart", "pc", "from", "rule", "reason",
    "trap")]'
for trap in 1 20 57 100; do
    for depth in 0 1 2; do
        why trap$trap-$depth 0 --depth $depth --trap $trap --json
        of trap$trap-$depth "$seen" >trap$trap-$depth.seen
    done
    check_text "trap $trap: depth 1 as 0" trap$trap-{0,1}.seen
    check_text "trap $trap: depth 2 as 0" trap$trap-{0,2}.seen
done
check "a monitor's exits are in it" "[] True" \
    "$(of trap20-0 'j["exits"]') $(of trap20-2 'len(j["exits"]) >= 2')"

# --at: the last one before that count, and none of that count itself.
count=$(of trap57-0 'j["count"]')
why at 0 --at $((count + 1)) --json
check "--at finds it" "57" "$(of at 'j["number"]')"
why before 0 --at "$count" --json
check "--at leaves out what comes later" "56" "$(of before 'j["number"]')"

# Exits, numbered as the log has them.
"$POGO" run --depth 1 --console none --until 200000 --quiet \
    --log exits=log </dev/null
for exit in 1 3 40; do
    why exit$exit 0 --depth 1 --exit $exit --json
    check "exit $exit: count and pc" \
        "$(sed -n ${exit}p log | awk '{ print $1, $4 }')" \
        "$(of exit$exit 'j["count"], j["pc"]' | tr -d "(),'")"
done
why rom 0 --depth 1 --exit 3
lines 1 'device.s model do the load' <(tr -s '\n ' ' ' <rom)
lines 1 '^0x1020 in vm1, and how the bare machine walks for it:$' rom
why deep 0 --depth 2 --at 200000
lines 1 '^On vm1, whose hart runs all of vm2 in U-mode:$' deep

# Symbols and source lines, from the same program with its DWARF.
why source 0 --trap 100 --symbols "$kernel"
address=$(of trap100-0 'j["pc"]')
line=$(riscv64-unknown-elf-addr2line -e "$kernel" "$address")
lines 1 ", line ${line##*:} of ${line%:*}(\$| )" <(tr -s '\n ' ' ' <source)

# Several harts, input from a script, and resets, which are counted.
why harts 0 --harts 2 --at 500000 --last trap --depth 1 --json
check "of several harts: one" True "$(of harts 'j["hart"] in (0, 1)')"
python3 - <<'END'
import struct
code = [0x00000297, 0x01428293, 0x30529073, 0x00000073, 0x00000013,
        0x001002b7, 0x00007337, 0x77730313, 0x0062a023, 0x0000006f]
open("resets", "wb").write(struct.pack("<10I", *code))
END
for depth in 0 1; do
    why reset-$depth 0 --bios none --kernel resets --depth $depth --trap 3 \
        --json
    check "the third trap, after two resets, depth $depth" "3 ecall" \
        "$(of reset-$depth 'j["number"]') $(of reset-$depth 'j["rule"]')"
done

# It repeats, and leaves disks alone.
truncate -s 1M disk.img
why one 0 --at 900000 --depth 1 --disk disk.img
why two 0 --at 900000 --depth 1 --disk disk.img
check_text "it repeats" one two

# Ends and errors.
why none 124 --at 5
lines 1 '^pogo: there is no trap before count 5$' none.err
why few 124 --trap 100000000
lines 1 '^pogo: there are only [0-9]+ traps until the guest ends$' few.err
refuses() {
    local want=$1 part=$2; shift 2
    timeout 30 "$POGO" why "$@" >out 2>err </dev/null
    check "why $*" "$want 1 1" "$? $(wc -l <err) $(grep -cF -- "$part" err)"
}
refuses 64 "why needs --at N"
refuses 64 "a bare machine has no exits" --exit 1
refuses 64 "a bare machine has no exits" --at 5 --last exit
refuses 64 "exclude each other" --trap 1 --exit 1 --depth 1
refuses 64 "exclude each other" --trap 1 --last trap
refuses 64 "--last must be" --at 5 --last fault
refuses 64 "--clock host" --at 5 --clock host
refuses 64 "--input -" --at 5 --input -
refuses 64 "--until" --at 5 --until 5
refuses 64 "is no machine here" --at 5 --symbols list@1
refuses 65 "cannot be read" --at 5 --symbols missing
refuses 65 "'missing' cannot be read" --at 5 --kernel missing
finish
