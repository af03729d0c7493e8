# pogo tui, as somebody sees it who sits before it: in a terminal that tmux
# makes, with what it shows captured. pogo-test: timeout=180
. "$(dirname "$0")/lib/guest.sh"

kernel=$BUILD/examples/guests/kernel.elf
export TMUX_TMPDIR=$work TERM=xterm-256color
unset TMUX
trap 'tmux -L pogo kill-server 2>/dev/null; rm -rf "$work"' EXIT
on_screen() { tmux -f /dev/null -L pogo "$@"; }

on_screen new-session -d -x 80 -y 24 "bash --norc --noprofile" ||
    { fail "tmux does not start"; finish; exit; }
on_screen set -g status off

# keys KEY...: as tmux names them
keys() { on_screen send-keys "$@"; }
# type TEXT: letter by letter
type_text() { on_screen send-keys -l -- "$1"; }
screen() { on_screen capture-pane -p; }

# shows TEXT: on the screen, within 20 seconds; else what is there is said.
shows() {
    local left=200
    comparisons=$((comparisons + 1))
    until screen | grep -qF -- "$1"; do
        if [ $((left -= 1)) -eq 0 ]; then
            fail "the screen never shows '$1':"
            screen
            return 1
        fi
        sleep 0.1
    done
    printf "ok: '%s'\n" "$1"
}

# row NUMBER: of the screen, from 0
row() { screen | sed -n "$(($1 + 1))p"; }

# start TERM ARGUMENTS...
start_tui() {
    local term=$1; shift
    type_text "clear; stty -a >before; TERM=$term $POGO tui $*; echo status \$?"
    keys Enter
}

# ended STATUS: and the terminal is as it was
ended() {
    shows "status $1"
    type_text "stty -a >after; touch done"
    keys Enter
    for _ in $(seq 100); do [ -e done ] && break; sleep 0.1; done
    check_text "the terminal's settings" before after
    check "the cursor is seen" 1 \
        "$(on_screen display -p '#{cursor_flag}')"
    check "the first screen is back" 0 \
        "$(on_screen display -p '#{alternate_on}')"
    rm -f done
}

# One step, and what it has changed.
start_tui xterm-256color --depth 1 --kernel "$kernel"
shows "vm1 (guest)  M-mode  time 0 "
shows " > 00001000  auipc t0, 0"
keys s
shows " > 00001004  addi a2, t0, 0x28"
shows "t0  *0000000000001000"
shows "<- instruction page fault at 0x1000: filled"
check "the line under the panes" 1 \
    "$(row 17 | grep -c '^\[1 traps\] 2 walk  3 exits  4 CSRs ')"
check "no row is wider than the screen" 0 \
    "$(screen | sed 's/│/|/g' | awk 'length($0) > 80' | wc -l)"

# To a breakpoint, over a call, and back.
keys g; type_text syscall; keys Enter B
shows "B  80201"
keys c
shows "breakpoint 1"
shows "<syscall>:"
shows "<- environment call from U-mode at sys_"
at=$(row 0 | sed 's/.*time \([0-9]*\).*/\1/')
keys s
shows "time $((at + 1))"
keys S
shows "time $at of $((at + 1))"
keys c
shows "breakpoint 1"
keys C
shows "time $at of "

# Walks, exits, the console; the world below.
keys 2
shows "pc 0x80201"
shows "| the shadow, for bare"
shows "L2 [  2] "
keys 3
shows "| illegal instruction |"
keys 5
shows "kernel: in S-mode"
keys w
shows " bare  U-mode"
keys w
shows " vm1 (guest)  S-mode"
keys '?'
shows "one instruction of this hart, in this world"
keys Escape
keys :
type_text "help"
keys Enter
shows "[6 output]"
shows ": help"

# Other sizes, and back.
on_screen resize-window -x 40 -y 10
shows "pogo tui needs a screen of 72 columns"
on_screen resize-window -x 120 -y 40
shows "sstatus   00000002000"
on_screen resize-window -x 80 -y 24
shows " vm1 (guest)  S-mode"
keys q
ended 0

# Ctrl-C stops a run, in which the status line tells how far it is. A terminal
# without colour has all of it, too.
printf '\157\0\0\0' >loop # j .
start_tui vt100 --depth 1 --bios none --kernel loop
shows " > 00001000  auipc t0, 0"
keys c
shows "running: Ctrl-C stops it"
first=$(row 0); sleep 1
check "the time goes on" 1 "$([ "$first" != "$(row 0)" ] && echo 1)"
keys C-c
shows " stopped"
shows " > 80000000  j 0"
keys q
ended 0

# The terminal is given back when a signal ends it.
start_tui xterm-256color --depth 1 --bios none --kernel loop
shows " > 00001000  auipc t0, 0"
keys c
shows "running: Ctrl-C stops it"
pkill -TERM -P "$(on_screen display -p '#{pane_pid}')" pogo
ended 143

# What cannot be.
start_tui no-such-terminal
shows "terminal 'no-such-terminal': is TERM right?"
ended 64
"$POGO" tui </dev/null >out 2>err
check "no terminal: the exit status" 64 $?
check "no terminal" 1 "$(grep -c 'tui needs a terminal' err)"
finish
