# What the scripts that a Debian guest runs share. Sourced, not run.

failures=0
echo # what the shell's prompt has begun is no line of ours

# check NAME EXPECTED ACTUAL
check() {
    if [ "$2" = "$3" ]; then
        echo "ok $1"
    else
        echo "not ok $1: expected '$2', got '$3'"
        failures=$((failures + 1))
    fi
}

finish() { echo "pogo guest: $failures failed"; }
