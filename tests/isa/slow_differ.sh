# A thousand million instructions of random programs, on Pogo and on QEMU, and
# a tenth as many at depth 1 and 0. pogo-test: timeout=7200 alone
set -u
: "${POGO:?the program}" "${BUILD:?the build folder}" "${SRC:?the sources}"
export TORTURE=$BUILD/tests/isa/torture
. "$SRC/tests/isa/lib/commands.sh"

total=${COUNT:-1000000000}
. "$SRC/tests/lib/seed.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# part NAME SEED COUNT OPTION...: one run of differ, in the background
part() {
    local name=$1 first=$2 count=$3
    shift 3
    "$SRC/tests/isa/differ" --seed "$first" --count "$count" \
        --timeout 600 "$@" >"$work/$name" 2>&1 &
    jobs+=($!)
}

jobs=()
other=$(qemu10_command) profile=full
[ -n "$other" ] || { other=$(qemu7_command); profile=base; }
part qemu7 "$seed" $((total / 2)) --pogo "$(pogo_command 0)" \
    --oracle "$(qemu7_command)"
part qemu10 $((seed + 1000000)) $((total - total / 2)) \
    --pogo "$(pogo_command 0)" --oracle "$other" --profile $profile
failures=0
for job in "${jobs[@]}"; do
    wait "$job" || failures=1
done
jobs=()
part depth1a "$seed" $((total / 20)) --profile full --strict \
    --pogo "$(pogo_command 1)" --oracle "$(pogo_command 0)"
part depth2 $((seed + 2000000)) $((total / 20)) --profile full --strict \
    --pogo "$(pogo_command 2)" --oracle "$(pogo_command 0)"
for job in "${jobs[@]}"; do
    wait "$job" || failures=1
done
for name in qemu7 qemu10 depth1a depth2; do
    echo "$name: $(grep -c ': same' "$work/$name") programs"
    if grep -q DIFFERENT "$work/$name"; then
        grep -v ': same' "$work/$name"
    else
        tail -n 1 "$work/$name"
    fi
done
exit $failures
