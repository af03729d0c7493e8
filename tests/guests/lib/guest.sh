# Shell functions for the scripts that run guests. Sourced, not run:
#
#   . "$(dirname "$0")/lib/guest.sh"
#
# Each script works in a folder of its own, which is gone when it ends, says
# what it compares line by line, and ends with `finish`.

set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export LC_ALL=C.UTF-8
PATH=$PATH:/usr/sbin:/sbin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
comparisons=0
failures=0

fail() {
    failures=$((failures + 1))
    printf 'not ok: %s\n' "$*"
}

# check NAME EXPECTED ACTUAL
check() {
    comparisons=$((comparisons + 1))
    if [ "$2" = "$3" ]; then
        printf 'ok: %s: %s\n' "$1" "$(printf %s "$3" | head -c 60 | head -n 1)"
    else
        fail "$1: expected '$2', got '$3'"
    fi
}

# check_text NAME EXPECTED-FILE ACTUAL-FILE
check_text() {
    local difference
    comparisons=$((comparisons + 1))
    if difference=$(diff "$2" "$3" 2>&1); then
        printf 'ok: %s: %s lines\n' "$1" "$(wc -l <"$3")"
    else
        fail "$1 (< expected, > actual)"
        printf '%s\n' "$difference" | head -n 20
    fi
}

# check_console RUN LINE...: each line is somewhere on that run's console.
check_console() {
    local run=$1 line; shift
    for line in "$@"; do
        comparisons=$((comparisons + 1))
        if console "$run" | grep -qxF -- "$line"; then
            printf 'ok: %s: the console says "%s"\n' "$run" "$line"
        else
            fail "$run: no line '$line' on the console, which ends with"
            console "$run" | tail -n 8
        fi
    done
}

# start RUN ARGUMENTS...: pogo run, with its console in RUN.console. Ends when
# the guest does; RUN is a name for the functions below.
start() {
    local run=$1; shift
    "$POGO" run --quiet --hash --console "$run.console" "$@" \
        >"$run.out" 2>"$run.err" </dev/null
    echo $? >"$run.status"
    [ -s "$run.err" ] && sed "s/^/$run says: /" "$run.err"
    return 0
}

status() { cat "$1.status"; }
hash() { sed -n 's/^hash //p' "$1.out"; }
console() { tr -d '\r' <"$1.console"; }

# check_run RUN STATUS: it ended with that status, and printed a hash.
check_run() {
    check "$1: exit status" "$2" "$(status "$1")"
    [[ $(hash "$1") =~ ^[0-9a-f]{16}\ at\ [0-9]+$ ]] ||
        fail "$1: no hash in '$(cat "$1.out")'"
}

# check_same RUN RUN...: what the first computed, the others did too.
check_same() {
    local first=$1 run; shift
    for run in "$@"; do
        check "$run: hash as of $first" "$(hash "$first")" "$(hash "$run")"
        cmp -s "$first.console" "$run.console" ||
            fail "$run: its console is not that of $first"
    done
}

finish() {
    echo "$comparisons comparisons, $failures failures"
    exit $((failures > 0))
}
