# Run by Linux with --net user: it gets an address, fetches a file from a server
# of the host's, and lets the host come by a forward. Its status is the number
# of failures.

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

port=$(sed 's/.*net\.port=\([0-9]*\).*/\1/' /proc/cmdline)
cat >/tmp/leased <<'END'
#!/bin/sh
[ "$1" = bound ] || exit 0
echo "$ip $subnet $router $dns" >/tmp/lease
ip addr add "$ip/24" dev eth0
ip route add default via "$router"
END
chmod +x /tmp/leased
ip link set lo up
ip link set eth0 up
check "DHCP answers" 0 \
    "$(udhcpc -i eth0 -n -q -s /tmp/leased >/tmp/dhcp 2>&1; echo $?)"
check "with an address, a router and a name server" \
    "10.0.2.15 255.255.255.0 10.0.2.2 10.0.2.3" "$(cat /tmp/lease)"
check "the router answers" "2 packets transmitted, 2 packets received" \
    "$(ping -c 2 -i 0.01 10.0.2.2 | grep -o '2 packets.*received')"
host_time() { wget -q -O - "http://10.0.2.2:$port/time"; }
before=$(host_time)
sleep 2
check "the guest's two seconds are the host's" yes "$(awk -v a="$before" \
    -v b="$(host_time)" 'BEGIN { if (b - a >= 2) print "yes"; else print a, b }')"
check "a file of 1 MiB comes from the host" 0 \
    "$(wget -q -O /tmp/file "http://10.0.2.2:$port/file"; echo $?)"
check "with the right bytes" "$(seq 200000 | head -c 1048576 | sha256sum)" \
    "$(sha256sum </tmp/file)"
check "nobody is at a port where nobody is" 1 \
    "$(nc 10.0.2.2 1 </dev/null >/dev/null 2>&1; echo $?)"
echo "hello from the guest" | timeout 60 nc -l -p 7000 >/tmp/heard &
until cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q ':1B58 .* 0A '; do
    usleep 10000 # until it listens
done
echo "waiting for the host"
wait
check "the host comes by the forward" "hello from the host" "$(cat /tmp/heard)"
check "no frame was damaged or lost" "0 0 0 0" \
    "$(cd /sys/class/net/eth0/statistics && echo $(cat rx_errors tx_errors \
        rx_dropped tx_dropped))"
echo "pogo guest: $failures failed"
exit "$failures"
