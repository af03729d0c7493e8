# What `pogo run` writes besides the console: the hash, statistics, the log of
# exits; and where each goes. pogo-test: timeout=60
. "$(dirname "$0")/lib/guest.sh"

# A console in a file is the console on standard output.
"$POGO" run --quiet >console 2>err
check "exit status" 0 $?
check "nothing on standard error" "" "$(cat err)"
"$POGO" run --quiet --console file >out 2>err
check "--console FILE: exit status" 0 $?
check_text "--console FILE: the console is there" console file
check "--console FILE: nothing on standard output" "" "$(cat out)"
"$POGO" run --quiet --console none >out 2>err
check "--console none: exit status" 0 $?
check "--console none: nothing anywhere" "" "$(cat out err)"

# Limits: one remark, which --quiet leaves out.
"$POGO" run --console none --until 100000 >out 2>err
check "--until: exit status" 124 $?
check "--until: the remark" 1 "$(grep -c '^pogo: .*--until.*100000' err)"
"$POGO" run --console none --until 100000 --quiet >out 2>err
check "--until --quiet: no remark" "" "$(cat out err)"
for depth in 0 1 2; do
    start "until-$depth" --depth $depth --until 100003
    check "until-$depth: stops at that very count" "124 100003" \
        "$(status "until-$depth") $(hash "until-$depth" | sed 's/.* //')"
done
# j . , for ever
printf '\157\0\0\0' >forever
for depth in 0 1; do
    SECONDS=0
    timeout 30 "$POGO" run --depth $depth --bios none --kernel forever \
        --timeout 0.5 >out 2>err
    check "--timeout at depth $depth: exit status" 124 $?
    check "--timeout at depth $depth: in time" 1 $((SECONDS < 10))
    check "--timeout at depth $depth: the remark" 1 \
        "$(grep -c '^pogo: .*--timeout' err)"
done

# Statistics: JSON that a JSON reader reads, with true numbers in it.
for depth in 0 1 2; do
    "$POGO" run --quiet --console none --depth $depth --hash --stats=json \
        >out 2>err
    grep -v '^hash' out >stats.json
    check "--stats=json at depth $depth" "$depth $(sed -n \
        's/^hash .* at //p' out) True $depth" "$(python3 -c '
import json
s = json.load(open("stats.json"))
vms = [v for k, v in s.items() if k.startswith("virtual machine")]
total = [v["run directly"] + v["emulated"] for v in vms]
print(s["depth"], s["count"], all(
    s["retired"] > 0 and s["MIPS"] > 0 and v["shadow fills"] > 0 and
    sum(v["exits"].values()) > 0 and
    90 < v["share run directly (percent)"] < 100 and
    abs(t - s["retired"]) < 1000 for v, t in zip(vms[:1], total)), len(vms))
')"
done
"$POGO" run --quiet --console none --depth 1 --stats >out
for row in count seconds MIPS 'run directly' 'shadow fills' \
    '  illegal instruction, emulated' '  store/AMO page fault, device'; do
    check "--stats: a row '$row'" 1 "$(grep -c "^ *$row .*[0-9]\$" out)"
done

# The log: count hart mode pc <symbol> instruction | cause | what was done.
"$POGO" run --quiet --console none --depth 1 --log exits=log >out 2>err
check "--log exits: status" 0 $?
check "--log exits=FILE: nothing else is said" "" "$(cat out err)"
line='^[0-9]+ [0-9]+ [MSU] 0x[0-9a-f]+ <[^ >]+> [^|]+ \| [a-zA-Z/ -]+ \| .+$'
check "the log: lines of another form" "" "$(grep -vE "$line" log | head -n 3)"
check "the log: counts go up" 0 "$(sort -nsc log 2>/dev/null; echo $?)"

# logged LEAST PATTERN: so many lines of the log at least are like that.
logged() {
    local n
    n=$(grep -cE "^[0-9]+ 0 $2" log)
    check "the log: $1 lines '$2', or more" 1 $((n >= $1))
}
logged 1 'M 0x1000 <[^>]*> auipc t0, 0 \| instruction page fault \| .*fill'
logged 1 'M 0x80000[0-9a-f]+ <.*> csrw mtvec, t0 \| illegal inst.* \| emulated'
logged 100 'S 0x802[0-9a-f]+ <trap_return.*> sret \| illegal ins.* \| emulated'
logged 900 'S 0x802[0-9a-f]+ <.*> sb .* \| store/AMO page fault \| .*device'
logged 9 'S 0x802[0-9a-f]+ <.*> csrw satp, .* \| illegal inst.* \| emulated'
logged 50 'U 0x[0-9a-f]+ <.*> ecall \| env.* from U-mode \| injected: env.* U'
logged 20 'S 0x[0-9a-f]+ <.*> ecall \| env.* \| injected: env.* from S-mode'
logged 1 'U 0x[0-9a-f]+ <.*> csrr .*, satp \| illegal .* \| injected: illegal'
logged 10 '[SU] 0x.* \| load page fault \| shadow filled for 0x.* -> 0x'
logged 10 '. 0x.* \| .* \| interrupt: supervisor timer interrupt'
"$POGO" run --quiet --console none --depth 1 --stats=json >stats.json
check "the log has a line for each exit and each interrupt" "$(python3 -c '
import json
s = json.load(open("stats.json"))["virtual machine 1"]
print(sum(s["exits"].values()) + sum(s["interrupts injected"].values()))
')" "$(wc -l <log)"
"$POGO" run --quiet --console none --depth 1 --log exits >out 2>err
check_text "--log exits: the same on standard error" log err
finish
