# Resource control, a slice of it: hostile guests beside a well-behaved one,
# audited now and then, and every exit of a few. pogo-test: timeout=60 sanitized
set -u
failures=0
not_ok() { echo "not ok: $*"; failures=$((failures + 1)); }
control() { timeout 100 "$POGO" verify control "$@" </dev/null; }

out=$(control --exits 200000) || not_ok "sampled audits: $out"
case $out in *"held: "*" 37 attacks, seeds 1 to "*) ;;
*) not_ok "the verdict names all attacks: $out" ;; esac

out=$(control --exits 3000 --audit every --seed 50 --attack mixed) ||
    not_ok "an audit after every exit: $out"

# The neighbour's hash is that of the same machine alone.
hash=$(timeout 60 "$POGO" run --depth 0 --memory 8M --hash </dev/null |
    sed -n 's/^hash \([0-9a-f]*\) .*/\1/p')
case $out in *"neighbour's hash $hash") ;;
*) not_ok "the neighbour's hash is not $hash: $out" ;; esac

control --exits 1 --json --attack touch |
    python3 -c 'import json, sys; r = json.load(sys.stdin)
sys.exit(not (r["holds"] and r["attacks"][0]["name"] == "touch"))' ||
    not_ok "the report as JSON"

[ "$(control --list | wc -l)" = 37 ] || not_ok "--list names the attacks"
control --attack none 2>/dev/null
[ $? = 64 ] || not_ok "an attack that there is not is a usage error"
control --audit never 2>/dev/null
[ $? = 64 ] || not_ok "--audit never is a usage error"
exit $((failures > 0))
