# `pogo verify efficiency`: verdict, numbers that agree with one another and
# with those of `pogo run`, the picture, and what it says of bad options.
# pogo-test: timeout=120 sanitized
. "$(dirname "$0")/lib/guest.sh"

# verify NAME ARGUMENTS...: its output in NAME.out, NAME.err, NAME.status
verify() {
    local name=$1; shift
    "$POGO" verify efficiency "$@" >"$name.out" 2>"$name.err" </dev/null
    echo $? >"$name.status"
}

# Text: the verdict comes first, and is one line.
verify text --picture picture.svg
check "the embedded guest: status" 0 "$(status text)"
check "nothing on standard error" "" "$(cat text.err)"
line='^efficiency holds: 99\.[0-9]+ % direct; the rest is [0-9]+ % .+ in .+, '
check "the verdict" 1 "$(head -n 1 text.out | grep -cE "$line")"
for row in ' in put (device access)' 'sscratch.* in trap_entry (CSR access)' \
    ' illegal instruction, emulated$' '^  fills ' '^  leaves dropped '; do
    check "a row '$row'" 1 "$(grep -cm 1 "$row" text.out)"
done

# The property does not hold if more is asked for than there is.
verify more --at-least 99.99 --top 0
check "--at-least 99.99: status" 1 "$(status more)"
check "--at-least 99.99: the verdict" 1 "$(head -n 1 more.out |
    grep -c '^efficiency does not hold: 99\.[0-9]* % direct, less than 99.99 %')"
verify less --at-least 50
check "--at-least 50: status" 0 "$(status less)"

# JSON: the same at each depth but for host time; sums are sums.
for depth in 1 2; do
    verify "json-$depth" --json --depth $depth --top 100000
    check "--json at depth $depth: status" 0 "$(status "json-$depth")"
    "$POGO" run --quiet --console none --depth $depth --stats=json \
        >"stats-$depth" </dev/null
done
python3 -m json.tool json-1.out >/dev/null || fail "that is no JSON"
cat >check.py <<'END'
import json, sys
depth = int(sys.argv[1])
j = json.load(open(f"json-{depth}.out"))
s = json.load(open(f"stats-{depth}"))
vm = s[f"virtual machine {depth}"]
n = j["instructions"]
time = j["host time (nanoseconds)"]
parts = ["the guest, directly", "exits", "the monitor, without an exit",
         "run loop, board, consoles", "counting for this report"]
exits = lambda key: sum(row["exits"] for row in j[key])
ns = lambda key: sum(row["nanoseconds"] for row in j[key])
by = {row["name"]: row["exits"] for row in j["exits by cause"]}
interrupts = sum(vm["interrupts injected"].values())
tests = {
    "direct and emulated are all": n["direct"] + n["emulated"] == n["all"],
    "as many as run directly without": n["direct"] == vm["run directly"],
    "and emulated": n["emulated"] == vm["emulated"],
    "the count": j["count"] == s["count"],
    "exits by class": exits("exits by class") == j["exits"],
    "exits by cause": exits("exits by cause") == j["exits"],
    "by instruction":
        exits("exits by guest instruction") + interrupts == j["exits"],
    "causes as without": {**vm["exits"], **vm["interrupts injected"]} == by,
    "emulating exits": n["emulated"] == sum(v for k, v in by.items() if
        k.endswith((", emulated", ", device", ", memory"))),
    "fills": j["shadow page tables"]["fills"] == vm["shadow fills"],
    "time is that of its parts":
        abs(sum(time[p] for p in parts) - time["all"]) < 10,
    "time of exits": abs(ns("exits by class") - time["exits"]) < 1000,
    "holds": j["holds"] is True and j["verdict"].startswith("efficiency h"),
    "levels below": len(j.get("levels below", [])) == depth - 1,
}
print(*[k for k, ok in tests.items() if not ok], sep=", ")
END
for depth in 1 2; do
    check "depth $depth: what does not agree" "" "$(python3 check.py $depth)"
done
same() {
    python3 -c '
import json, sys
j = json.load(open(sys.argv[1]))
rows = [(r["name"], r["class"], r["exits"])
        for r in j["exits by guest instruction"]]
print(j["verdict"], j["instructions"], sorted(rows))' "$1"
}
check "depth 2: exits, verdict as at depth 1" "$(same json-1.out)" \
    "$(same json-2.out)"

# The picture.
check "the picture: a reader of XML takes it, and finds text" "True 2" \
    "$(python3 -c '
import xml.dom.minidom
d = xml.dom.minidom.parse("picture.svg")
print(len(d.getElementsByTagName("text")) > 30,
      sum(p.getAttribute("class") == "frame"
          for p in d.getElementsByTagName("rect")))')"
check "the picture: its verdict" 1 "$(grep -c 'efficiency holds: 99' \
    picture.svg)"

# Names from a list, for a guest that brings none.
verify bad --symbols /dev/null
check "an empty list of symbols is bad input" "65 1" \
    "$(status bad) $(grep -c '^pogo: .*/dev/null' bad.err)"
echo 'no list' >list
verify bad --symbols list
check "a bad list of symbols" "65 1" \
    "$(status bad) $(grep -c "'list'.* line 1 " bad.err)"
printf '%s T everything\n' 0000000080000000 >list
verify named --until 200000 --bios none --symbols list \
    --kernel "$BUILD/tests/guests/hello.elf"
check "names from a list" 1 "$(grep -cm 1 ' in everything ' named.out)"

# Ends and errors.
verify until --until 1000000 --json
check "--until: status, end and count" "0 stopped by --until 1000000" \
    "$(status until) $(python3 -c '
import json; j = json.load(open("until.out")); print(j["end"], j["count"])')"
printf '\157\0\0\0' >forever
verify timeout --bios none --kernel forever --timeout 0.3
check "--timeout: status" 124 "$(status timeout)"
check "--timeout: the verdict is said" 1 \
    "$(head -n 1 timeout.out | grep -c '^efficiency')"
for arguments in '--at-least 101' '--at-least x' '--depth 0' '--stats' \
    '--json --console -' '--top x' '--trace x' '--vms 2'; do
    # shellcheck disable=SC2086
    verify bad $arguments
    check "$arguments: usage, in one sentence" "64 1 0" \
        "$(status bad) $(wc -l <bad.err) $(wc -l <bad.out)"
done
verify nowhere --picture no/such/folder.svg
check "a picture that cannot be written" "65 1" \
    "$(status nowhere) $(grep -c "no/such/folder.svg" nowhere.err)"
verify console --console -
check "--console -: the guest is heard" 1 \
    "$(grep -c '^kernel: all' console.out)"
finish
