# pogo scan on programs of Debian's: how many sensitive instructions there are,
# and that other disassemblers see the same. pogo-test: timeout=300
. "$(dirname "$0")/lib/guest.sh"
samples=$SRC/build/samples
. "$SRC/tests/lib/seed.sh"
[ -e "$samples/vmlinuz-amd64" ] || "$SRC/tools/get-samples" || exit 1

# scan NAME STATUS ARGUMENTS...: all sites, in NAME.json
scan() {
    local name=$1 want=$2; shift 2
    "$POGO" scan --all --json "$@" >"$name.json" 2>"$name.err" </dev/null
    check "$name: exit status" "$want" $?
    check "$name: it complains of nothing" "" "$(cat "$name.err")"
}

# compared ARGUMENTS...: scan_check.py finds no difference
compared() {
    comparisons=$((comparisons + 1))
    python3 "$here/lib/scan_check.py" "$@" || fail "scan_check.py $*"
}

# of NAME MEMBER...: one number of the report
of() {
    python3 -c '
import json, sys
at = json.load(open(sys.argv[1]))["files"][0]
for member in sys.argv[2:]:
    at = at[member]
print(at)' "$1.json" "${@:2}"
}

# at_least NAME WHAT MINIMUM NUMBER
at_least() {
    comparisons=$((comparisons + 1))
    [ "$4" -ge "$3" ] && echo "ok: $1: $2: $4" ||
        fail "$1: $2: $4, expected $3 or more"
}

scan amd64 1 --unpack vmlinux "$samples/vmlinuz-amd64"
check "amd64: what was unpacked is an ELF file" ELF \
    "$(head -c 4 vmlinux | tail -c 3)"
at_least amd64 violations 300 "$(of amd64 linear violation)"
compared sample amd64.json vmlinux "$seed" 400 objdump -m i386:x86-64 -M intel
compared slice amd64.json vmlinux "$seed" 300000 \
    objdump -m i386:x86-64 -M intel

scan i386 1 "$samples/busybox-i386"
at_least i386 violations 10 "$(of i386 linear violation)"
compared sample i386.json "$samples/busybox-i386" "$seed" 100 \
    objdump -m i386 -M intel
compared slice i386.json "$samples/busybox-i386" "$seed" 300000 \
    objdump -m i386 -M intel

# RISC-V: nothing but what traps; symbols and the linear sweep agree.
scan riscv64 0 --symbols "$GUESTS/System.map" "$GUESTS/Image"
check "riscv64: violations" 0 "$(of riscv64 linear violation)"
at_least riscv64 privileged 5000 "$(of riscv64 linear privileged)"
check "riscv64: by symbols, as by the linear sweep" \
    "$(of riscv64 linear privileged)" "$(of riscv64 by-symbols privileged)"
compared sample riscv64.json "$GUESTS/Image" "$seed" 400 \
    riscv64-unknown-elf-objdump -m riscv:rv64 -M no-aliases
compared slice riscv64.json "$GUESTS/Image" "$seed" 300000 \
    riscv64-unknown-elf-objdump -m riscv:rv64 -M no-aliases

scan armhf 1 "$samples/busybox-armhf"
compared gdb armhf.json "$samples/busybox-armhf" "$seed" 60 auto
scan arm64 1 "$samples/busybox-arm64"
compared gdb arm64.json "$samples/busybox-arm64" "$seed" 60 auto
scan mipsel 0 "$samples/busybox-mipsel"
compared gdb mipsel.json "$samples/busybox-mipsel" "$seed" 60 auto

# refuses NAME STATUS PART ARGUMENTS...: one sentence with PART in it
refuses() {
    local name=$1 want=$2 part=$3; shift 3
    "$POGO" scan "$@" >out 2>err </dev/null
    check "$name: exit status" "$want" $?
    check "$name: one sentence" 1 "$(grep -c '^pogo: ' err)"
    grep -qF -- "$part" err || fail "$name: no '$part' in: $(cat err)"
}

refuses "no file" 64 "scan needs a FILE"
refuses "a value is missing" 64 "--isa needs a value" vmlinux --isa
refuses "unknown ISA" 64 "--isa must be" --isa vax vmlinux
refuses "missing file" 65 "'missing' cannot be read" missing
refuses "folder" 65 "name a regular file" .
refuses "text" 65 "say with --isa" "$SRC/README.md"
head -c 5000000 "$samples/vmlinuz-amd64" >cut
refuses "cut off" 65 "cut off" cut
head -c 100 "$samples/busybox-i386" >short
refuses "short" 65 "malformed or cut-off" short
finish
