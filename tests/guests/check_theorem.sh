# pogo check theorem: holds on the paper's machine, fails with JRST 1, and says
# so by its exit status. pogo-test: timeout=60
set -u
cd "$SRC" || exit 1
failures=0
not_ok() { echo "not ok: $*"; failures=$((failures + 1)); }

out=$("$POGO" check theorem --no-execution </dev/null) ||
    not_ok "theorem 1 does not hold: status $?"
case $out in "Theorem 1 holds on the paper's machine, tiny"*) ;;
*) not_ok "the verdict is not the first line: $out" ;; esac

out=$("$POGO" check theorem --variant jrst1 --no-execution </dev/null)
[ $? = 1 ] || not_ok "JRST 1: the status is not 1"
case $out in *"virtual_m is supervisor and should be user"*) ;;
*) not_ok "JRST 1: no witness in words: $out" ;; esac

"$POGO" check theorem --no-execution --json </dev/null |
    python3 -c 'import json, sys
machines = json.load(sys.stdin)["machines"]
assert len(machines) == 2 and all(m["holds"] == "yes" for m in machines)' ||
    not_ok "--json"

"$POGO" check theorem only.isa </dev/null 2>/dev/null
[ $? = 64 ] || not_ok "one file: the status is not 64"
"$POGO" check theorem none.isa none.isa </dev/null 2>/dev/null
[ $? = 65 ] || not_ok "no such files: the status is not 65"
echo "$failures failures"
exit $((failures > 0))
