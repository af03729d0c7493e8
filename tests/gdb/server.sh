# pogo run --gdb: how a connection begins and ends, and what becomes of the
# guest. pogo-test: timeout=120
. "$(dirname "$0")/lib/gdb.sh"

"$POGO" run --quiet --hash --console none --kernel "$KERNEL" --depth 1 \
    >free.out 2>&1 </dev/null

# serve NAME WHERE [ARGUMENTS...]: in the background; $place is what gdb takes.
serve() {
    local name=$1 where=$2; shift 2
    "$POGO" run --gdb "$where" --hash --console "$name.console" \
        --kernel "$KERNEL" "$@" >"$name.out" 2>"$name.err" </dev/null &
    server=$!
    for try in $(seq 100); do
        grep -q '^pogo: gdb: target' "$name.err" && break
        sleep 0.1
    done
    place=$(sed -n 's/^pogo: gdb: target extended-remote //p' "$name.err")
}
ended() { # NAME STATUS
    wait "$server"
    check "$1: exit status" "$2" $?
}
# connect NAME [COMMAND...]
connect() {
    local name=$1 c commands=(); shift
    for c; do commands+=(-ex "$c"); done
    timeout 60 "$GDB" -nx -q -batch -ex "set confirm off" \
        -ex "set width 0" -ex "file $KERNEL" \
        -ex "target extended-remote $place" "${commands[@]}" \
        >"$name.gdb" 2>&1 </dev/null
}

serve kill 0 --depth 1
check "it waits at a port of this host" 1 \
    "$(echo "$place" | grep -cE '^localhost:[0-9]+$')"
connect kill 'break main' continue kill
shows kill 'Breakpoint 1, main'
ended kill 0

# Whoever leaves lets it go; it runs to its end.
serve detach unix:place --depth 1
connect detach 'break main' continue
shows detach 'Breakpoint 1, main' 'Inferior 1 .process 2. detached'
ended detach 0
check "detached, it ends as without gdb" "$(cat free.out)" "$(cat detach.out)"
check "the socket is gone" no "$([ -e place ] && echo yes || echo no)"

# A connection that breaks leaves a machine that stands standing.
serve broken unix:place --depth 1
connect broken 'break main' continue 'python import os; os._exit(0)'
connect again 'printf "pc is main: %d\n", (long)$pc == (long)&main' \
    'info breakpoints' 'continue'
shows again 'pc is main: 1' 'No breakpoints' 'exited normally'
ended broken 0
check "broken and taken up again, it ends the same" "$(cat free.out)" \
    "$(cat broken.out)"

# It need not wait; somebody may come later.
serve run 0,run --depth 1
ended run 0
check "not waited for, it ends the same" "$(cat free.out)" "$(cat run.out)"

# Ctrl-C.
printf '\x6f\x00\x00\x00' >loop # j .
"$POGO" run --gdb unix:place --bios none --kernel loop >loop.out 2>loop.err \
    </dev/null &
server=$!
for try in $(seq 100); do [ -S place ] && break; sleep 0.1; done
place=place
cat >interrupt.py <<'END'
import gdb, os, signal, threading
threading.Timer(1, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
gdb.execute("continue")
END
timeout 60 "$GDB" -nx -q -batch -ex 'target extended-remote place' \
    -x interrupt.py -ex 'printf "pc %#lx\n", $pc' -ex kill >interrupt.gdb 2>&1 \
    </dev/null
shows interrupt 'SIGINT' '^pc 0x80000000'
ended interrupt 0

# What is wrong is said in one sentence.
wrong() { # NAME STATUS REGEX ARGUMENTS...
    local name=$1 status=$2 regex=$3; shift 3
    timeout 20 "$POGO" run "$@" >"$name.out" 2>"$name.err" </dev/null
    check "$name: status" "$status" $?
    check "$name: one sentence" 1 "$(grep -cE "^pogo: .*$regex" "$name.err")"
    check "$name: and no more" 1 "$(wc -l <"$name.err")"
}
wrong port 64 'must be the number of a TCP port' --gdb 70000
wrong word 64 'must be the number of a TCP port' --gdb here
wrong folder 65 'cannot be had' --gdb unix:/nowhere/at/all
wrong until 64 'does not go with --gdb' --gdb 0 --until 5
wrong record 64 'not for a run under a debugger' --gdb 0 --record r
finish
