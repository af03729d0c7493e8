# Several machines at one terminal: keys go to the one that Ctrl-A n or a number
# selects, lines are named, and a machine may have a pseudo-terminal of its own.
# The guests send back what they get. pogo-test: timeout=90
. "$(dirname "$0")/lib/guest.sh"

# lui t0, 0x10000; 1: lbu t1, 5(t0); andi t1, t1, 1; beqz t1, 1b;
# lbu t1, 0(t0); sb t1, 0(t0); j 1b
printf '\267\2\0\20\3\303\122\0\23\163\23\0\343\14\3\376' >echo
printf '\3\303\2\0\43\200\142\0\157\360\337\376' >>echo
cat >echo.conf <<'END'
memory = 1M
bios = none
kernel = echo
[one]
[two]
[three]
console = pty
END

# shows TEXT: within 20 seconds, on a line of its own
shows() {
    local left=200
    until tr -d '\r' <console | grep -qxF -- "$1"; do
        [ $((left -= 1)) -gt 0 ] || { fail "never: $1"; return; }
        sleep 0.1
    done
    check "the terminal shows it" "$1" "$1"
}

mkfifo keys
echo 'stty -echo; "$POGO" run --config echo.conf 2>err; echo $? >status' \
    >session.sh
POGO=$POGO script -qfc "sh session.sh" console <keys >/dev/null 2>&1 &
exec 3>keys
left=200
until grep -q '^pogo: three: its console is /' err 2>/dev/null ||
    [ $((left -= 1)) = 0 ]; do sleep 0.1; done
sleep 1
printf 'to the first\n' >&3
shows '[one] to the first'
printf '\001nto the second\n' >&3
shows '[two] to the second'
printf '\0011again\n' >&3
shows '[one] again'

pty=$(sed -n 's/^pogo: three: its console is //p' err | tr -d '\r')
exec 4<>"$pty"
printf 'to the third\n' >&4
read -r -t 20 line <&4
check "the third answers at its own terminal" "to the third" "$line"
check "and nowhere else" 0 "$(grep -c third console)"
exec 4>&-

printf '\001x' >&3
wait
exec 3>&-
check "exit status" 0 "$(cat status)"
for name in one two three; do
    check "$name: how it ended" 1 \
        "$(grep -c "^pogo: $name: stopped by Ctrl-A x at count" err)"
done
check "who has the keys is said" "two one" \
    "$(tr -d '\r' <err | sed -n 's/.*keys go to //p' | paste -sd' ')"
finish
