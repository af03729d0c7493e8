# `pogo check`: exit statuses, outputs that agree with one another, parts and
# their sum, files, errors. What is derived has tests of its own
# (tests/unit/check). pogo-test: timeout=300
. "$(dirname "$0")/lib/guest.sh"
isa=$SRC/examples/isa

# pogo_check NAME ARGUMENTS...: its output in NAME.out, NAME.err, NAME.status
pogo_check() {
    local name=$1; shift
    "$POGO" check "$@" >"$name.out" 2>"$name.err" </dev/null
    echo $? >"$name.status"
}

# The three answers.
pogo_check yes "$isa/paper.isa"
check "virtualizable: status" 0 "$(status yes)"
check "virtualizable: the first line" 1 \
    "$(head -n 1 yes.out | grep -c 'is virtualizable by Theorem 1')"
check "nothing on standard error" "" "$(cat yes.err)"
pogo_check no "$isa/paper.isa" --variant jrst1 --html no.html --witnesses w
check "not virtualizable: status" 1 "$(status no)"
check "not virtualizable: the first line" 1 \
    "$(head -n 1 no.out | grep -c 'is not virtualizable by Theorem 1')"
check "the violation has a row" 1 "$(grep -c '^violations (1)' no.out)"
pogo_check unknown "$isa/riscv.isa" --no-proofs --time-limit 0.001
check "unknown: status" 2 "$(status unknown)"

# What is written beside the text.
check "the page" 1 "$(grep -c 'id="r1w1"' no.html)"
pogo_check json "$isa/paper.isa" --variant jrst1 --json
check "--json: status, verdict, as many witnesses as files" \
    "1 not virtualizable True" "$(status json) $(python3 -c '
import json, os
j = json.load(open("json.out"))
r, = j["reports"]
print(j["verdict"], len(r["witnesses"]) == len(os.listdir("w")))')"
pogo_check one "$isa/paper.isa" --variant jrst1 --witness 1
check_text "--witness 1 is the first file" w/01-* one.out
check "no line has more than 100 columns" "" "$(grep -E '.{101}' no.out)"

# Our own machine, with a hole: all of a quick look, and two of many parts.
quick="--stride 256 --samples 1"
# shellcheck disable=SC2086
{
    pogo_check whole $quick --hole sfence-silent --json
    pogo_check part1 riscv $quick --shard 1/40
    pogo_check part2 $quick --shard 2/40
}
check "a hole: status" 1 "$(status whole)"
check "a hole: the violation" "['sfence.vma']" "$(python3 -c '
import json
r, = json.load(open("whole.out"))["reports"]
print([i["name"] for i in r["instructions"] if i["class"] == "violation"])')"
check "parts: status" "0 0" "$(status part1) $(status part2)"
pogo_check sum merge part1.out part2.out
check "two parts of many: says so" "2 1" \
    "$(status sum) $(grep -c '2 of 40' sum.out)"
pogo_check twice merge part1.out part1.out
check "the same part twice: bad input" "65 1" \
    "$(status twice) $(grep -c "part1.out" twice.err)"
pogo_check none merge yes.out
check "no part: bad input" "65 1" "$(status none) $(grep -c yes.out none.err)"

# Lists, and help.
pogo_check holes --list-holes
check "--list-holes: at least ten, name first" "0 True" "$(status holes) $(
    python3 -c 'print(sum(" " in l.strip() for l in open("holes.out")) > 9)')"
pogo_check questions --list-questions
check "--list-questions" 1 "$(grep -c '^s-in-u ' questions.out)"

# What is wrong is said in one sentence, before anything long is begun.
while read -r expected arguments; do
    # shellcheck disable=SC2086
    pogo_check bad $arguments
    check "$arguments: one sentence" "$expected 1 0" \
        "$(status bad) $(grep -c '^pogo: ' bad.err) $(wc -l <bad.out)"
done <<END
64 nonsense
64 merge
64 $isa/paper.isa $isa/vax.isa
64 $isa/paper.isa --question s-in-u
64 $isa/paper.isa --variant none
64 --variant none
64 --time-limit 1
64 --question none
64 --question without=none
64 --hole none
64 --shard 0/2
64 --shard 3/2
64 --shard 1/2 --json
64 --shard 1/2 --question all
64 --witness 0
65 none.isa
65 merge none
END
printf 'isa "x";\nnonsense\n' >bad.isa
pogo_check syntax bad.isa
check "an error in a description: where" "65 1" \
    "$(status syntax) $(grep -c '^pogo: bad.isa:2:1: ' syntax.err)"
pogo_check nowhere "$isa/paper.isa" --html no/such/folder.html
check "a page that cannot be written: the answer is shown, then 65" "65 1 1" \
    "$(status nowhere) $(head -n 1 nowhere.out | grep -c virtualizable) $(
        grep -c no/such/folder.html nowhere.err)"
finish
