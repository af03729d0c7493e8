# pogo pt: the embedded guest's page table, p2m and shadow at some counts.
# pogo-test: timeout=60
. "$(dirname "$0")/lib/guest.sh"

# lines N PATTERN FILE: so many lines of the file are like that.
lines() {
    check "$3: lines '$2'" "$1" "$(grep -cE -- "$2" "$3")"
}
pt() {
    local name=$1 status=$2; shift 2
    timeout 30 "$POGO" pt "$@" >"$name" 2>"$name.err" </dev/null
    check "$name: status" "$status" $?
}

# The firmware, in M-mode: no page table.
pt firmware 0 --until 30000
check "firmware: nothing on standard error" "" "$(cat firmware.err)"
lines 1 '^hart 0 at count 30000 in M-mode, satp 0x0+: bare' firmware
lines 1 "^shadow spaces: M \(the hart's now\)$" firmware
lines 1 '^0x0+80000000-0x0+8000.fff +0x0+80.* +M 0x0+80.* rwx$' firmware

# The kernel, in its own page table; and a process's, at some later count.
pt kernel 0 --until 300000
lines 1 '^hart 0 at count 300000 in S-mode, satp 0x8.*: Sv39, ASID 0' kernel
lines 1 '^page table 0x0+8020.000$' kernel
lines 3 '^ \.\.[0-9]+: pte 0x|^ \.\. \.\.1: pte 0x[0-9a-f]{16} pa 0x' kernel
lines 1 'R-X-GA- x[0-9]+ +0x0+80200000 +0x.* +S 0x[0-9a-f]{16} r-x$' kernel
lines 1 'RW--GAD +0x0+10000000 +- +-$' kernel
pt process 0 --until 900000
lines 1 '^shadow spaces: .*U' process
# The kernel maps it without U elsewhere: its own page, in U's shadow only.
lines 1 'R-XU-A- +0x0+40000000 +(0x[0-9a-f]{16}) +U \1 r-x$' process
lines 1 'RW-U-AD +0x0+5ffff000 +0x.* +U 0x.* rw-; S\+SUM 0x.* rw-$' process

# Folded or not: the same leaves.
pt all 0 --until 900000 --all
lines 0 ' x[0-9]+ ' all
check "--all: a line for each leaf" "$(grep -E '[R-][W-][X-][U-][G-][A-][D-]' \
    process | sed 's/.* x\([0-9]*\) .*/\1/; /^ /s/.*/1/' | paste -sd+ | bc)" \
    "$(grep -cE '[R-][W-][X-][U-][G-][A-][D-]' all)"

# It repeats; and the level below changes the p2m only.
pt again 0 --until 900000
check_text "it repeats" process again
pt deeper 0 --until 900000 --depth 2
check_text "depth 2: the same guest's table" \
    <(sed -E 's/(va|0x[0-9a-f]{16}|-) .*//' process | cut -c1-60) \
    <(sed -E 's/(va|0x[0-9a-f]{16}|-) .*//' deeper | cut -c1-60)

# Several harts: one after the other, or one.
pt harts 0 --until 400000 --harts 2
lines 2 '^hart [01] at count [0-9]+ in' harts
pt hart1 0 --until 400000 --harts 2 --hart 1
lines 1 '^hart 1 at' hart1
lines 0 '^hart 0 at' hart1

# The picture: XML, with a box for each folded leaf and links.
pt svg 0 --until 900000 --svg picture.svg
check "--svg: boxes of the guest, of the shadow; links" "True True True" \
    "$(python3 -c '
import xml.etree.ElementTree as xml
items = list(xml.parse("picture.svg").iter())
def n(c): return sum(c in i.get("class", "").split() for i in items)
rows = sum(" pa 0x" in l and len(l) > 70 for l in open("process"))
print(n("guest") == rows, n("shadow") >= 8, n("maps") >= rows + 8)
')"

# Ends and errors.
pt ended 0 --until 100000000
lines 1 '^pogo: the guest stopped before count 100000000' ended.err
refuses() {
    local want=$1 part=$2; shift 2
    timeout 30 "$POGO" pt "$@" >out 2>err </dev/null
    check "pt $*" "$want 1 1" "$? $(wc -l <err) $(grep -cF -- "$part" err)"
}
refuses 64 "needs --until N"
refuses 64 "--hart must be less" --until 5 --hart 1
refuses 64 "--depth must be a number from 1 to 4" --until 5 --depth 0
refuses 64 "they are for pogo run" --until 5 --stats
refuses 65 "'no/such/file' cannot be written" --until 5 --svg no/such/file
refuses 65 "'missing' cannot be read" --until 5 --kernel missing
finish
