# --symbols FILE[@WORLD][+OFFSET] where names are shown: exits, pt, verify; of one
# machine's levels, and of several machines. pogo-test: timeout=120
. "$(dirname "$0")/lib/guest.sh"
hello=$BUILD/tests/guests/hello.elf

# Names that no file of ours has: all of RAM's first 64 KiB.
echo '0000000080000000 T guest_code' >guest
echo '0000000080000000 T level_one' >one

# names RUN ARGUMENTS...: the names in the log of hello, which brings none that
# begin there.
names() {
    local run=$1; shift
    "$POGO" run --quiet --console none --bios none --kernel "$run.raw" \
        --log exits=log,vm=all "$@" </dev/null
    sed -n 's/^\(vm[0-9]*\) .*<\([a-z_]*\)[+>].*/\1 \2/p' log | sort -u |
        paste -sd,
}
riscv64-unknown-elf-objcopy -O binary "$hello" a.raw

check "the guest's names" "vm1 guest_code" "$(names a --depth 1 --symbols guest)"
check "@guest is the default" "vm1 guest_code" \
    "$(names a --depth 1 --symbols guest@guest)"
check "a lower level goes by them, too" "vm1 guest_code,vm2 guest_code" \
    "$(names a --depth 2 --symbols guest)"
check "or has its own" "vm1 level_one,vm2 guest_code" \
    "$(names a --depth 2 --symbols guest --symbols one@1)"
check "an offset moves them away" "" \
    "$(names a --depth 1 --symbols guest+0x10000000)"
check "and back" "vm1 guest_code" "$(sed s/8000/9000/ guest >moved
    names a --depth 1 --symbols moved-0x10000000)"

# Several machines: of one of them, by name or number.
several() {
    "$POGO" run --quiet --console none --bios none --kernel a.raw --vms 2 \
        --log exits=log "$@" </dev/null
    grep -o '^\[vm[12]\].*<guest_code' log | cut -c2-4 | sort -u | paste -sd,
}
check "of all machines" "vm1,vm2" "$(several --symbols guest)"
check "of the second" "vm2" "$(several --symbols guest@vm2)"
check "of the first, by number" "vm1" "$(several --symbols guest@1)"
cp guest names.map
cat >machines.conf <<'END'
bios = none
kernel = a.raw
console = none
[left]
symbols = names.map
[right]
END
"$POGO" run --quiet --config machines.conf --log exits=log </dev/null
check "a machine file's section says it of its machine" "left" \
    "$(grep -o '^\[[a-z]*\].*<guest_code' log | sed 's/\[\(.*\)\].*/\1/' |
        sort -u)"

# pt, and a kernel's own list.
check "pt says where the hart is" 1 "$("$POGO" pt --until 100 --symbols guest \
    --bios none --kernel a.raw 2>/dev/null </dev/null |
    grep -cE '; pc 0x800000[0-9a-f]+ <guest_code')"
check "Linux's System.map" 1 "$(timeout 60 "$POGO" run --quiet --console none \
    --kernel "$GUESTS/Image" --until 3000000 --depth 1 --log exits \
    --symbols "$GUESTS/System.map" </dev/null 2>&1 |
    grep -cm 1 ' S 0xffffffff8[0-9a-f]* <[a-z_]*+')"

# What is wrong is said in one line.
refuses() {
    local want=$1 part=$2; shift 2
    timeout 30 "$POGO" run --quiet --console none --until 5 "$@" >out 2>err \
        </dev/null
    check "run $*" "$want 1 1" "$? $(wc -l <err) $(grep -cF -- "$part" err)"
}
printf '\177ELF damaged' >damaged
head -c 3000 "$hello" >cut
refuses 64 "'2' is no machine here" --depth 1 --symbols guest@2
refuses 64 "no machine is called 'third'" --vms 2 --symbols guest@third
refuses 65 "'missing' cannot be read" --symbols missing
refuses 65 "has no symbols" --symbols damaged
refuses 65 "has no symbols" --symbols cut
refuses 65 "in line 1" --symbols "$GUESTS/Image"
finish
