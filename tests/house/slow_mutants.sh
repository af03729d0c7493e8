#!/bin/bash
# Do tests/unit/vmm, and that of the translations which a monitor shares with
# the bare hart, notice a broken monitor? Each mutant of mutants/*.txt is
# put into a copy of one source file, linked with the rest of $BUILD, and run
# against the tests, of which one at least has to fail. pogo-test: timeout=1800
#
# MUTANT=name runs that one only.
set -u
cd "$SRC" || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
survivors=0

# What the tests are linked with, as seen from the highest room down.
archives=()
for room in cli debug vmm vmm/core machine host devices cpu bus mmu isa base; do
    archive="$BUILD/src/$room/libpogo_${room/\//_}.a"
    [ -f "$archive" ] && archives+=("$archive")
done
# The random one last: those that name the bug are to find it first.
tests=()
for test in "$BUILD"/tests/CMakeFiles/unit_mmu_test_translations.dir \
    "$BUILD"/tests/CMakeFiles/unit_vmm_test_*.dir; do
    case $test in
    *_lockstep.dir) last=$test ;;
    *) tests+=("$test") ;;
    esac
done
tests+=("$last")

# mutate FILE OLD NEW: into $work/mutant.c
mutate() {
    local text
    text=$(cat "src/$1")
    local rest=${text#*"$2"}
    if [ "$rest" = "$text" ] || [ "${rest#*"$2"}" != "$rest" ]; then
        echo "does not occur once in src/$1: $2"
        return 1
    fi
    printf '%s\n' "${text%%"$2"*}$3$rest" > "$work/mutant.c"
}

# Prints the first test that fails with the mutant; nothing: it lives.
killer() {
    local test name by
    for test in "${tests[@]}"; do
        name=${test##*/unit_}
        name=${name#*_}
        name=${name%.dir}
        "${CC:-cc}" -no-pie -o "$work/test" "$test"/unit/*/*.o "$work/mutant.o" \
            "$BUILD/tests/libtest_helpers.a" -Wl,--start-group \
            "${archives[@]}" -Wl,--end-group -lcmocka -lfdt -lelf -lz -lm ||
            { echo "CANNOT BE LINKED"; return; }
        if ! timeout 20 "$work/test" > "$work/log" 2>&1; then
            by=$(sed -n 's/^\[  FAILED  \] \([a-z]\)/\1/p' "$work/log" |
                head -1)
            echo "$name: ${by:-(crashed or hung)}"
            return
        fi
    done
}

# run NAME FILE OLD NEW
run() {
    local by
    [ -z "${MUTANT:-}" ] || [ "$MUTANT" = "$1" ] || return
    if ! mutate "$2" "$3" "$4" ||
        ! "${CC:-cc}" -std=gnu11 -O2 -fno-pie -Isrc -w -c "$work/mutant.c" \
            -o "$work/mutant.o" -I"src/${2%/*}"; then
        printf '%-46s %s\n' "$1" "NOT A MUTANT ANY MORE"
        survivors=$((survivors + 1))
        return
    fi
    by=$(killer)
    printf '%-46s %s\n' "$1" "${by:=SURVIVES}"
    [[ $by == test_* ]] || survivors=$((survivors + 1))
}

name= file= old=
while IFS= read -r line; do
    case $line in
    '== '*) name=${line#== } ;;
    'in: '*) file=${line#in: } ;;
    'old: '*) old=${line#old: } ;;
    'new: '*) run "$name" "$file" "$old" "${line#new: }" ;;
    esac
done < <(cat tests/house/mutants/*.txt)

echo "$survivors mutants live"
[ $survivors = 0 ]
