# Pogo at a terminal: keys reach the guest, Ctrl-A x quits, the terminal is
# given back as it was however Pogo ends, and a guest that waits at its shell's
# prompt costs no host CPU. The terminal is one that script(1) makes.
# pogo-test: timeout=120
. "$(dirname "$0")/lib/guest.sh"

cat >session.sh <<'END'
# session.sh RUN ARGUMENTS...: in the terminal, from its first settings to last
run=$1; shift
stty rows 24 columns 80
stty -a >$run.before
sh -c 'echo $$ >$0.pid; exec "$@"' $run "$POGO" run "$@" 2>$run.err
echo $? >$run.status
stty -a >$run.after
END

# open_terminal RUN ARGUMENTS...: in the background; keys are what is written
# to RUN.keys, and RUN.console is what the terminal shows.
open_terminal() {
    local run=$1; shift
    mkfifo "$run.keys"
    POGO=$POGO script -qfc "sh session.sh $run $*" "$run.console" \
        <"$run.keys" >/dev/null 2>&1 &
}

# wait_for SECONDS COMMAND...: until the command succeeds
wait_for() {
    local left=$(($1 * 20)); shift
    until "$@" 2>/dev/null >&2; do
        [ $((left -= 1)) -gt 0 ] || { fail "never: $*"; return 1; }
        sleep 0.05
    done
}

# shows RUN TEXT
shows() { tr -d '\r' <"$1.console" | grep -qF -- "$2"; }
is_raw() { grep -q . "$1.pid" && stty_of "$1" | grep -q -- '-icanon'; }
stty_of() { stty -a -F "/proc/$(cat "$1.pid")/fd/0"; }

# check_restored RUN STATUS: it has ended, and the terminal is as it was.
check_restored() {
    wait_for 20 test -s "$1.after"
    check "$1: exit status" "$2" "$(status "$1")"
    check_text "$1: the terminal's settings" "$1.before" "$1.after"
}

# ticks RUN: host CPU time that it has used, in 1/100 s
ticks() { awk '{ print $14 + $15 }' "/proc/$(cat "$1.pid")/stat"; }

# wfi; j -4 in M-mode: sleeps for ever
printf '\163\0\120\020\157\360\337\377' >sleeper
bare="--bios none --kernel sleeper"

# Quitting by keys; Ctrl-A and then another key is not it.
open_terminal quit $bare
exec 3>quit.keys
wait_for 20 is_raw quit
check "Pogo makes the terminal raw" 1 \
    "$(stty_of quit | grep -c -- '-isig -icanon')"
printf '\001\001q\001y\003' >&3
sleep 0.5
check "other keys do not quit it" 1 "$(is_raw quit && echo 1)"
printf '\001x' >&3
check_restored quit 0
exec 3>&-

# Other ends: a limit, a signal, the guest itself.
open_terminal limit --timeout 0.5 $bare
exec 3>limit.keys
check_restored limit 124
exec 3>&-
for name in TERM HUP INT; do
    open_terminal $name $bare
    exec 3>$name.keys
    wait_for 20 is_raw $name
    kill -$name "$(cat $name.pid)"
    check_restored $name $((128 + $(kill -l $name)))
    exec 3>&-
done
open_terminal guest --depth 1
exec 3>guest.keys
check_restored guest 0
check "the guest's console is at the terminal" 1 \
    "$(shows guest 'kernel: all processes are gone' && echo 1)"
exec 3>&-

# A Linux shell, bare and in a virtual machine.
for depth in 0 1; do
    open_terminal shell-$depth --depth $depth --kernel "$GUESTS/Image" \
        --initrd "$GUESTS/initramfs.cpio.gz" \
        --append "'console=ttyS0 cryptomgr.notests quiet'"
done
exec 3>shell-0.keys 4>shell-1.keys
for depth in 0 1; do
    wait_for 60 shows shell-$depth 'pogo: a shell'
done
sleep 1
echo 'echo the answer is $((6 * 7))' | tee /dev/fd/3 >&4
for depth in 0 1; do
    wait_for 10 shows shell-$depth 'the answer is 42'
    check "shell-$depth: a command is run" 1 \
        "$(shows shell-$depth 'the answer is 42' && echo 1)"
done
sleep 1
before="$(ticks shell-0) $(ticks shell-1)"
sleep 5
after="$(ticks shell-0) $(ticks shell-1)"
echo "host CPU, in 1/100 s, at depth 0 and 1: from $before to $after"
set -- $before $after
check "shell-0: less than 5 % of a CPU while it waits" 1 $(($3 - $1 < 25))
check "shell-1: less than 5 % of a CPU while it waits" 1 $(($4 - $2 < 25))
printf '\001x' >&3
check_restored shell-0 0
echo 'exit' >&4
check_restored shell-1 0
exec 3>&- 4>&-
# What should have ended and has not would be waited for in vain.
for run in quit limit TERM HUP INT guest shell-0 shell-1; do
    [ -s $run.status ] || kill -KILL "$(cat $run.pid)"
done
wait
finish
