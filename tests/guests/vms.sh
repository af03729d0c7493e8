# Virtual machines side by side: each ends in the state that it ends in alone,
# whatever the others do. pogo-test: timeout=90 sanitized
. "$(dirname "$0")/lib/embedded.sh"

# hash_of RUN NAME: that of one of several machines
hash_of() { sed -n "s/^$2 hash //p" "$1.out"; }
# said RUN TEXT: is it on standard error?
said() { grep -qF -- "$2" "$1.err" && echo yes; }
# several RUN ARGUMENTS...: pogo run, for several machines
several() {
    local run=$1; shift
    timeout 80 "$POGO" run --hash "$@" >"$run.out" 2>"$run.err" </dev/null
    echo $? >"$run.status"
}
# member JSON EXPRESSION: of the object `r`
member() { python3 -c "import json, sys; r = json.load(open(sys.argv[1]))
print($2)" "$1"; }

# Machine code: j . / wfi; j -4 / ends with status 7 / with a plain power-off
printf '\157\0\0\0' >loop
printf '\163\0\120\020\157\360\337\377' >sleeper
# lui t0, 0x100; lui t1, 0x73; addi t1, t1, 0x333; sw t1, 0(t0); j .
printf '\267\2\20\0\67\63\7\0\23\3\63\63\43\240\142\0\157\0\0\0' >fails
# The trap handler is where nothing is: unimp at 0, for ever.
printf '\0\0\0\0' >crashes

start alone --memory 32M
check_kernel alone
start two-harts --memory 32M --harts 2
start half --memory 32M --until 1000000

# The example, as it is.
several example --config "$SRC/examples/machines/three.conf"
check "example: exit status" 124 "$(status example)"
check "example: first" "$(hash alone)" "$(hash_of example first)"
check "example: second" "$(hash two-harts)" "$(hash_of example second)"
check "example: third" "$(hash half)" "$(hash_of example third)"
check "example: how first ended" yes \
    "$(said example 'pogo: first: exit status 0 at count')"
check "example: how third ended" yes \
    "$(said example 'pogo: third: stopped by --until at count 1000000')"

# The console: each line is one machine's.
tr -d '\r' <example.out | sed -n 's/^\[first\] //p' |
    sed -n '/^kernel: in/,/^kernel: all/p' >first.text
check_text "example: first's console" "$expected" first.text

# Copies, and monitors below them.
for depth in 1 2 3; do
    several copies-$depth --vms 2 --depth $depth --memory 32M --console none \
        --quiet --stats=json
    sed -i '/^{/w copies.json
        /^{/d' copies-$depth.out
    check "depth $depth: exit status" 0 "$(status copies-$depth)"
    for name in vm1 vm2; do
        check "depth $depth: $name" "$(hash alone)" \
            "$(hash_of copies-$depth $name)"
    done
    check "depth $depth: two machines, and exits at each level below" \
        "2 $((depth - 1))" "$(member copies.json 'len(r["machines"]), sum(
            1 for k in r if k.startswith("virtual machine") and
            sum(r[k]["exits"].values()) > 0)' | tr -d '(),')"
done

# Beside one that loops, one that crashes, one that fails and one that sleeps.
cat >bad.conf <<'END'
memory = 32M
[good]
console = good.text
[loop]
bios = none
kernel = loop
[crashes]
bios = none
kernel = crashes
[fails]
bios = none
kernel = fails
[sleeps]
bios = none
kernel = sleeper
END
several bad --config bad.conf --timeout 3
check "bad: exit status" 124 "$(status bad)"
check "bad: the good one" "$(hash alone)" "$(hash_of bad good)"
check "bad: how the good one ended" yes "$(said bad 'good: exit status 0 at')"
check "bad: how the failing one ended" yes "$(said bad 'fails: exit status 7')"
for name in loop crashes sleeps; do
    check "bad: $name" yes "$(said bad "$name: stopped by --timeout")"
done

# The first status that is not 0 is Pogo's.
printf '[a]\n[b]\nbios = none\nkernel = fails\n' >status.conf
several status --config status.conf --memory 32M
check "status: that of the second machine" 7 "$(status status)"

# Shares: exact within 1 % over a tenth of a nominal second.
cat >shares.conf <<'END'
memory = 1M
bios = none
kernel = loop
[one]
[two]
weight = 2
[five]
weight = 5
[idle]
kernel = sleeper
weight = 100
END
timeout 80 "$POGO" top --once --json --for 100000000 --config shares.conf \
    >top.json </dev/null
check "top: exit status" 0 $?
check "top: the shares" "[True, True, True, True]" "$(member top.json '[
    abs(m["share got (percent)"] / want - 1) < 0.01 if want else
    m["share got (percent)"] < 0.001
    for name, want in (("one", 12.5), ("two", 25), ("five", 62.5), ("idle", 0))
    for m in r["machines"] if m["name"] == name]')"
check "top: sorted by what they got" "five two one idle" \
    "$(member top.json '" ".join(m["name"] for m in r["machines"])')"
check "top: without a terminal" 64 \
    "$("$POGO" top --vms 2 </dev/null >/dev/null 2>&1; echo $?)"
finish
