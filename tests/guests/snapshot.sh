# A machine that is saved goes on from there as if it had never stopped: from
# any depth, at any depth, with several harts, with keys to come, after a reset,
# with a disk; by itself and in 'pogo verify'. pogo-test: timeout=180 sanitized
. "$(dirname "$0")/lib/embedded.sh"
echo_elf=$BUILD/tests/guests/echo.elf

# follows FIRST SECOND WHOLE: the runs' consoles, joined, are the whole run's.
follows() {
    cat "$1.console" "$2.console" >"$2.joined"
    check "$2: its console goes on where $1 stopped" 0 \
        "$(cmp -s "$2.joined" "$3.console"; echo $?)"
}

# ---- saved at each depth, resumed at each ----
start whole
check_kernel whole
for depth in 0 1 2; do
    start "first-$depth" --depth $depth --until 1234567 --snapshot "$depth.snap"
    check_run "first-$depth" 124
    for other in 0 1 2; do
        run=from-$depth-at-$other
        start "$run" --resume "$depth.snap" --depth $other
        check_run "$run" 0
        check "$run: hash of the whole run" "$(hash whole)" "$(hash "$run")"
        follows "first-$depth" "$run" whole
    done
done
check "at every depth the same file" 1 \
    "$(sha256sum ./?.snap | cut -d' ' -f1 | sort -u | wc -l)"
start on --snapshot on.snap --snapshot-at 1234567
check_same whole on
check "a run that goes on saves the same" 0 "$(cmp 0.snap on.snap; echo $?)"

# ---- several harts: at the first boundary ----
start harts --harts 3
for at in 777777 1500001; do
    start "harts-$at" --harts 3 --snapshot-at $at --snapshot harts.snap
    check_same harts "harts-$at"
    for depth in 0 1; do
        start "harts-$at-$depth" --resume harts.snap --depth $depth
        check "harts-$at-$depth: hash" "$(hash harts)" \
            "$(hash "harts-$at-$depth")"
    done
done
count=$("$POGO" snapshot info harts.snap --json |
    sed 's/.*"count":\([0-9]*\).*/\1/')
check "it is not before what was asked for" 1 $((count >= 1500001))

# ---- snapshots that stand on one another ----
"$POGO" run --until 1000000 --snapshot a.snap --quiet --console none </dev/null
"$POGO" run --resume a.snap --until 1100000 --depth 1 --console none --quiet \
    --snapshot b.snap --snapshot-base a.snap </dev/null
"$POGO" run --resume b.snap --until 1200000 --console none --quiet \
    --snapshot c.snap --snapshot-base b.snap </dev/null
check "what stands on another is smaller" 1 \
    $(($(stat -c %s b.snap) < $(stat -c %s a.snap)))
mkdir moved && mv a.snap b.snap c.snap moved
start chain --resume moved/c.snap --depth 2
check "chain: hash" "$(hash whole)" "$(hash chain)"

# ---- keys that are yet to come, and a reset ----
printf '%s\n' '1000 one' '2000 r' '3000 two' '9000 three' '20000 q' >keys
echo_run="--bios none --kernel $echo_elf --input keys"
start keys $echo_run
check keys 7 "$(status keys)"
for at in 500 1999 2500 3000 8999 9000; do
    start "keys-$at" $echo_run --snapshot-at $at --snapshot keys.snap
    check_same keys "keys-$at"
    for depth in 0 1; do
        start "keys-$at-$depth" --resume keys.snap $echo_run --depth $depth
        check "keys-$at-$depth: hash" "$(hash keys)" "$(hash "keys-$at-$depth")"
    done
done
echo '9500 r' >reset.keys
start "knows" --resume keys.snap --bios none --kernel "$echo_elf" \
    --input reset.keys --until 20000
check "knows: it begins anew" 1 "$(console knows | grep -c 'B$')"
start "ignorant" --resume keys.snap --input reset.keys 2>&1
check "ignorant: what it boots from is not known" 64 "$(status ignorant)"

# ---- the journal of a run that goes on ----
start record --resume keys.snap $echo_run --record journal
start replay --resume keys.snap --bios none --kernel "$echo_elf" \
    --replay journal --depth 1
check_same record replay

# ---- the same snapshot on both sides ----
"$POGO" verify equivalence --resume 0.snap --depth 2 >verify.out 2>&1 </dev/null
check "verify equivalence goes on from it" 0 $?
"$POGO" pt --resume 1.snap --until 1300000 >pt.out 2>&1 </dev/null
check "so does pt" 0 $?

# ---- it says what it is ----
"$POGO" snapshot info 0.snap >info.txt
check "info: the count" 1 "$(grep -c '^ *count *1234567$' info.txt)"
check "info: the memory" 1 "$(grep -c '^ *memory *268435456$' info.txt)"
check "info: whole" 1 "$(grep -c '^checksum ok *yes$' info.txt)"
"$POGO" snapshot info moved/c.snap --json | python3 -c '
import json, sys
info = json.load(sys.stdin)
machine = info["machines"][0]
assert info["base"] == "b.snap" and info["checksum ok"]
assert machine["pages of the base"] > 0 < machine["pages stored"]
' && check "info: as JSON" 0 0 || fail "info --json"
finish
