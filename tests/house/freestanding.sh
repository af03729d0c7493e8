# The monitor's core, with what it uses of base, isa and mmu, compiles for bare
# metal and needs no symbol from outside. pogo-test: timeout=300
set -u
cd "$SRC" || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cross=riscv64-unknown-elf
failures=0

# compile FILE: into $work, with slashes as underscores
compile() {
    $cross-gcc -std=gnu11 -ffreestanding -O2 -nostdlib -march=rv64gc \
        -mabi=lp64d -mcmodel=medany -Wall -Wextra -Werror -Isrc \
        -c "$1" -o "$work/$(echo "${1%.c}" | tr / _).o"
}

core=$(ls src/vmm/core/*.c 2>/dev/null)
[ -n "$core" ] || { echo "not ok: src/vmm/core has no .c file"; exit 1; }
for file in $core src/isa/*.c src/mmu/walk*.c src/mmu/pmp*.c src/mmu/pte*.c src/mmu/translations*.c; do
    [ -f "$file" ] || continue
    compile "$file" && continue
    echo "not ok: $file does not compile freestanding"
    failures=$((failures + 1))
done
# Of base only what the core uses must; what it misses shows below.
for file in src/base/*.c; do
    [ -f "$file" ] && compile "$file" 2>/dev/null
done
[ $failures = 0 ] || exit 1

core_objects=$(ls "$work"/src_vmm_core_*.o)
others=$(ls "$work"/*.o | grep -v /src_vmm_core_)
[ -z "$others" ] || $cross-ar rcs "$work/libothers.a" $others
$cross-ld -r -o "$work/core.o" $core_objects \
    $([ -f "$work/libothers.a" ] && echo "$work/libothers.a") || exit 1

# gcc emits calls to these four by itself: a freestanding program has them.
outside=$($cross-nm -u "$work/core.o" | awk '{ print $2 }' |
    grep -vx -e memcpy -e memmove -e memset -e memcmp)
if [ -n "$outside" ]; then
    echo "not ok: the core needs from outside:" $outside
    $cross-nm -A -u $core_objects $others | grep -w -F "$outside" |
        sed "s|$work/||"
    exit 1
fi
# Data that can be written is state the host machine's RAM does not hold.
writable=$($cross-nm "$work/core.o" | awk '$2 ~ /^[bBdDsSgGC]$/ { print $3 }' |
    grep -v '^\.L')
if [ -n "$writable" ]; then
    echo "not ok: the core has writable globals:" $writable
    exit 1
fi
$cross-size "$work/core.o"
