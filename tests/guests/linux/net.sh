# Run by Linux guests with a network device: guest 1 pings 10.0.0.2; if that is
# guest 2 (and not a station of the test's), it sends it some text over TCP
# too. Its status is the number of failures.

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

me=$(sed 's/.*net\.me=\([0-9]*\).*/\1/' /proc/cmdline)
check "the driver found the device" eth0 "$(ls /sys/class/net | grep eth)"
check "with the address it was given" "02:70:6f:67:6f:0$me" \
    "$(cat /sys/class/net/eth0/address)"
ip link set lo up
ip addr add "10.0.0.$me/24" dev eth0
ip link set eth0 up
check "the link is up" 1 "$(cat /sys/class/net/eth0/carrier)"

# persist COMMAND...: the other one may still boot.
persist() {
    for n in 1 2 3 4 5 6 7 8 9 10; do
        "$@" >/dev/null && return 0
        sleep 0.2
    done
    return 1
}

send_text() { seq 100000 | nc 10.0.0.2 7000; }

# nc ends when it has nothing to send: so it reads from what says nothing.
receive_text() {
    mkfifo /tmp/nothing
    timeout 60 nc -l -p 7000 <>/tmp/nothing
}

case $me in
1)
    check "the other side answers" 0 \
        "$(persist ping -c 1 -W 1 10.0.0.2; echo $?)"
    check "each of five pings" "5 packets transmitted, 5 packets received" \
        "$(ping -c 5 -i 0.01 -s 1000 10.0.0.2 | grep -o '5 packets.*received')"
    check "nobody is where nobody is" 1 \
        "$(ping -c 1 -W 1 10.0.0.9 >/dev/null 2>&1; echo $?)"
    if [ -e /tcp ]; then
        check "a text goes over TCP" 0 "$(persist send_text; echo $?)"
    fi
    ;;
2)
    check "a text comes over TCP" "$(seq 100000 | sha256sum)" \
        "$(receive_text | sha256sum)"
    ;;
esac
check "no frame was damaged or lost" "0 0 0 0" \
    "$(cd /sys/class/net/eth0/statistics && echo $(cat rx_errors tx_errors \
        rx_dropped tx_dropped))"
echo "pogo guest: $failures failed"
exit "$failures"
