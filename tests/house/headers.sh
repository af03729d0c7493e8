# Each header compiles alone, and twice in one file; what the monitor's core
# uses does so for bare metal too. pogo-test: timeout=300
set -u
cd "$SRC" || exit 1
failures=0

# compiles HEADER COMPILER...
compiles() {
    local header=$1; shift
    printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
        "$@" -std=gnu11 -Wall -Wextra -Werror -fsyntax-only -Isrc -x c - && return
    echo "not ok: $header does not compile alone with $1"
    failures=$((failures + 1))
}

headers=$(cd src && find . -name '*.h' -printf '%P\n' | LC_ALL=C sort)
[ -n "$headers" ] || { echo "there is no header under src/"; exit 1; }
for header in $headers; do
    compiles "$header" gcc -Ifirmware -Ibuild/packages/capstone/usr/include
    case $header in
    isa/* | vmm/core/* | machine/machine.h | \
        mmu/walk*.h | mmu/pmp*.h | mmu/pte*.h | mmu/translations.h)
        compiles "$header" riscv64-unknown-elf-gcc -ffreestanding \
            -march=rv64gc -mabi=lp64d -mcmodel=medany
        ;;
    esac
done
echo "$(echo "$headers" | wc -l) headers, $failures failures"
exit $((failures > 0))
