# Run by the Linux guest of linux_ports.sh: what a program does with named
# ports. Each is told in tests/guests/ports/talk.py from the other side.

failures=0

# check NAME EXPECTED ACTUAL
check() {
    if [ "$2" = "$3" ]; then
        echo "ok $1"
    else
        echo "not ok $1: expected '$2', got '$3'"
        failures=$((failures + 1))
    fi
}

ports=/dev/virtio-ports
check "the ports have their names" "log pipe talk" "$(echo $(ls $ports))"
check "the first port is the console" "" \
    "$(cat /sys/class/virtio-ports/vport0p0/name 2>/dev/null)"
seq 2000 >$ports/log
check "a port can be opened by one at a time" 1 \
    "$(exec 4<>$ports/log; (exec 5<>$ports/log) 2>/dev/null; echo $?)"

if ! grep -q talk=yes /proc/cmdline; then
    # Nobody is there: a read ends, and a write would wait.
    check "nobody is at a socket without a client" "" "$(cat $ports/talk)"
    echo "pogo guest: $failures failed"
    exit "$failures"
fi

# A read where nobody is ends at once: so until there is somebody.
hear() {
    until read -r word <&3; do usleep 10000; done
}

echo "over to the host"
exec 3<>$ports/talk
hear
check "a word comes" "hello guest" "$word"
echo "hello host" >&3
check "half a megabyte comes" "$(yes up | head -c 500000 | sha256sum)" \
    "$(head -c 500000 <&3 | sha256sum)"
seq 100000 >&3
check "when the client goes, what it sent is read, and then the end" "last words" \
    "$(cat <&3)"
hear
check "the next client is heard" "second" "$word"
exec 3<&-

exec 3<>$ports/pipe
hear
check "a word comes from the terminal" "typed" "$word"
echo "printed" >&3
exec 3<&-
echo "pogo guest: $failures failed"
exit "$failures"
