# What `pogo tcb` says is true of the build: counted anew by its own script, and
# for the core by gcc and size; and the core is small.
# pogo-test: timeout=180 sanitized
set -u
cd "$SRC" || exit 1
failures=0
check() { # NAME EXPECTED ACTUAL
    [ "$2" = "$3" ] && { echo "ok: $1: $3"; return; }
    echo "not ok: $1: expected '$2', got '$3'"
    failures=$((failures + 1))
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$POGO" tcb --json >"$work/said.json" || exit 1
python3 tools/tcb.py --source . --objects "$BUILD/tcb-objects.txt" \
    >"$work/counted.json" || exit 1

# said LAYER MEMBER
said() {
    python3 -c '
import json, sys
for layer in json.load(open(sys.argv[1]))["layers"]:
    if layer["name"] == sys.argv[2]:
        print(layer[sys.argv[3]])
' "$work/said.json" "$@"
}
check "each number is that of a fresh count" True "$(python3 -c '
import json, sys
said, counted = (json.load(open(f)) for f in sys.argv[1:])
sums = {k: sum(l[k] for l in said["layers"] if l["trusted"])
        for k in said["trusted"]}
print(said["layers"] == counted and said["trusted"] == sums)
' "$work/said.json" "$work/counted.json")"

# gcc takes comments and blank lines away, too, and leaves the rest.
lines=0
for file in src/vmm/core/*.[ch]; do
    n=$(gcc -fpreprocessed -dD -E -P "$file" | grep -c .)
    lines=$((lines + n))
done
check "the core's lines of code, by gcc" $lines "$(said core code)"
check "the core has less than 2500 of them" 1 $((lines < 2500))
check "the core's lines" "$(cat src/vmm/core/*.[ch] | wc -l)" \
    "$(said core lines)"
check "the core's bytes of code, by size" "$(find "$BUILD/src/vmm/core" \
    -name '*.c.o' -exec size -A -d {} + |
    awk '/^\.text/ { n += $2 } END { print n }')" "$(said core text)"

# Layers know no file twice, and leave none out.
check "files" "$(find src -name '*.[ch]' -o -name '*.def' | grep -vc main.c)" \
    "$(python3 -c '
import json, sys
print(sum(l["files"] for l in json.load(open(sys.argv[1]))))
' "$work/counted.json")"
for layer in core rules 'hosted monitor' hardware outside tools; do
    check "$layer has a line in the table" 1 \
        "$("$POGO" tcb | grep -cE "^$layer +(yes|no) +[1-9]")"
done
exit $((failures > 0))
