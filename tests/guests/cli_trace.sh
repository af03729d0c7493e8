# Watching exits: --trace writes a timeline that tracers read, --log exits takes
# filters; and neither changes the run. pogo-test: timeout=120
. "$(dirname "$0")/lib/guest.sh"

cat >look.py <<'END'
# What a trace holds, having checked what must be so of any.
import collections, json, sys
events = json.load(open(sys.argv[1]))["traceEvents"]
spans, flows, wrong = collections.defaultdict(list), {}, 0
for e in events:
    if e["ph"] == "X":
        spans[e["pid"], e["tid"]].append((e["ts"], e["ts"] + e["dur"], e))
    elif e["ph"] in "sf":
        flows.setdefault((e["cat"], e["id"]), {})[e["ph"]] = e
for of_hart in spans.values():
    for a, b in zip(of_hart, of_hart[1:]):
        wrong += a[1] > b[0] + 1e-6 or a[1] <= a[0]
def at(e, kind):
    return any(s[0] == e["ts"] and s[2]["cat"] == kind
               for s in by_time[e["pid"], e["tid"], e["ts"]])
by_time = collections.defaultdict(list)
for key, of_hart in spans.items():
    for s in of_hart:
        by_time[(*key, s[0])].append(s)
for (cat, _), f in flows.items():
    head = "direct" if cat == "injection" else "exit"
    wrong += set(f) != {"s", "f"} or not at(f["s"], "exit") \
        or not at(f["f"], head) or f["s"]["ts"] > f["f"]["ts"]
kinds = collections.Counter(e.get("cat") for e in events if e["ph"] == "X")
names = sorted(e["args"]["name"] for e in events if e["ph"] == "M")
print(wrong, kinds["exit"], kinds["direct"] > 1000, len(flows) > 50,
      ",".join(names))
END

# By then all has happened that is looked for.
limit="--memory 16M --until 900000"
start plain $limit
for depth in 1 2; do
    start "traced-$depth" $limit --depth $depth --trace trace.json \
        --log exits=log,vm=all
    check_same plain "traced-$depth"
    harts=hart\ 0
    [ $depth = 2 ] && harts="hart 0,hart 0"
    check "depth $depth: spans and arrows" \
        "0 $(wc -l <log) True True $harts,virtual machine 1$(
            [ $depth = 2 ] && echo ,virtual machine 2)" \
        "$(python3 look.py trace.json)"
    for vm in $(seq $depth); do
        check "the log has lines of vm$vm" 1 \
            $(($(grep -c "^vm$vm [0-9]" log) > 1000))
    done
done
start again $limit --depth 2 --trace again.json
check "a trace repeats byte for byte" 0 \
    "$(cmp -s trace.json again.json; echo $?)"
start harts $limit --depth 1 --harts 2 --trace harts.json
check "two harts" "0 True True hart 0,hart 1,virtual machine 1" \
    "$(python3 look.py harts.json | sed 's/^0 [0-9]*/0/')"

# Several machines: a process each, by its name, and one of them runs at a time.
start several $limit --depth 1 --vms 3 --trace several.json
check "three machines" \
    "0 True True hart 0,hart 0,hart 0,vm1,vm2,vm3" \
    "$(python3 look.py several.json | sed 's/^0 [0-9]*/0/')"
cat >turns.py <<'END'
import json, sys
spans = sorted((e["ts"], e["ts"] + e["dur"], e["pid"])
               for e in json.load(open(sys.argv[1]))["traceEvents"]
               if e["ph"] == "X" and e["cat"] == "direct")
print(sum(a[1] > b[0] + 1e-6 for a, b in zip(spans, spans[1:])),
      sum(a[2] != b[2] for a, b in zip(spans, spans[1:])) > 20)
END
check "they take turns" "0 True" "$(python3 turns.py several.json)"
start second $limit --depth 1 --vms 3 --trace second.json,vm=2
check "only the second" "0 True True hart 0,vm2" \
    "$(python3 look.py second.json | sed 's/^0 [0-9]*/0/')"

# Filters. What is left is what a filter of the whole log would leave.
start log $limit --depth 1 --log exits=all.log
# filtered FILTER PATTERN
filtered() {
    start log $limit --depth 1 --log "exits=some.log,$1" --trace "some.json,$1"
    grep -E -- "$2" all.log >expected.log
    check_text "--log exits,$1" expected.log some.log
    check "--log exits,$1: there are some" 1 $(($(wc -l <some.log) > 0))
    check "--trace FILE,$1: as many" "$(wc -l <some.log)" \
        "$(grep -c '"cat":"exit"' some.json)"
    python3 -m json.tool some.json >/dev/null || fail "some.json is no JSON"
}
filtered mode=U '^[0-9]+ 0 U '
filtered cause=2,mode=S '^[0-9]+ 0 S .* \| illegal instruction \| '
filtered cause=load-page,action=filled '\| load page fault \| shadow filled'
filtered action=interrupt '\| interrupt: '
filtered count=-2999 '^[0-2]?[0-9]{1,3} 0 '
filtered pc=0x80200000-0x802fffff,action=device \
    '^[0-9]+ 0 S 0x802[0-9a-f]{5} .* of a device at '

# Errors, each of them a sentence.
refuses() {
    local want=$1 part=$2; shift 2
    timeout 30 "$POGO" run "$@" >out 2>err </dev/null
    check "run $*" "$want 1 1" "$? $(wc -l <err) $(grep -cF -- "$part" err)"
}
refuses 64 "--trace needs --depth 1" --trace t.json
refuses 64 "--trace must be FILE" --depth 1 --trace ,mode=S
refuses 64 "--trace: mode must be M, S or U, not 'X'" --depth 1 \
    --trace t.json,mode=X
refuses 64 "vm= names none" --depth 1 --trace t.json,vm=2
refuses 64 "a filter must follow the comma" --depth 1 --log exits,
refuses 64 "--log: a filter must be vm=" --depth 1 --log exits,colour=red
refuses 64 "--log must be" --depth 1 --log exits=,mode=S
refuses 65 "--trace 'no/such/file' cannot be written" --depth 1 \
    --trace no/such/file
refuses 65 "--trace '/dev/full' cannot be written" --depth 1 --quiet \
    --console none $limit --trace /dev/full
finish
