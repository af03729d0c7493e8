# What the scripts share in which gdb, stock and unchanged, debugs a guest.
# Sourced, not run.
. "$(dirname "${BASH_SOURCE[0]}")/../../guests/lib/guest.sh"

GDB=${GDB:-gdb-multiarch}
KERNEL=$BUILD/examples/guests/kernel.elf

# debug NAME ARGUMENTS...: gdb does what standard input says, at the guest of
# `pogo run ARGUMENTS`. What it shows is in NAME.gdb, what Pogo says in NAME.err.
debug() {
    local name=$1; shift
    {
        echo "set pagination off"
        echo "set confirm off"
        echo "set width 0"
        printf 'target extended-remote | exec %q run --gdb -' "$POGO"
        printf ' %q' "$@"
        echo " 2>$name.err"
        cat
    } >"$name.commands"
    timeout "${DEBUG_TIMEOUT:-120}" "$GDB" -nx -q -batch -x "$name.commands" \
        >"$name.gdb" 2>&1 </dev/null
    grep -q "Error in sourced command file" "$name.gdb" &&
        fail "$name: a command failed: $(tail -n 3 "$name.gdb")"
}

# shows NAME REGEX...: each is somewhere in what gdb showed, in this order.
shows() {
    local name=$1 regex line=0 next; shift
    for regex in "$@"; do
        comparisons=$((comparisons + 1))
        next=$(tail -n +$((line + 1)) "$name.gdb" |
            grep -nE -m 1 -- "$regex" | cut -d: -f1)
        if [ -n "$next" ]; then
            line=$((line + next))
            printf 'ok: %s: %s\n' "$name" "$(sed -n "${line}p" "$name.gdb" |
                head -c 100)"
        else
            fail "$name: nothing like '$regex' behind line $line of"
            tail -n 40 "$name.gdb"
        fi
    done
}

# shows_not NAME REGEX
shows_not() {
    comparisons=$((comparisons + 1))
    if grep -qE -- "$2" "$1.gdb"; then
        fail "$1: '$2' is in $(grep -E -m 1 -- "$2" "$1.gdb")"
    else
        printf 'ok: %s: no %s\n' "$1" "$2"
    fi
}
