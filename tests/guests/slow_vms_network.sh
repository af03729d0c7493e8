# A network inside Pogo: two Linux machines on the switch ping each other and
# transfer a file by TCP; a third, which is not on it, has no network device.
# The run repeats, frame by frame. pogo-test: timeout=600
. "$(dirname "$0")/lib/linux.sh"

cat >run.sh <<'END'
#!/bin/sh
n=$(sed 's/.*node=\([0-9]*\).*/\1/' /proc/cmdline)
other=$((3 - n))
[ $n = 3 ] && { [ -e /sys/class/net/eth0 ] || echo "ok no device"; exit; }
echo "address $(cat /sys/class/net/eth0/address)"
ip addr add 10.0.0.$n/24 dev eth0
ip link set eth0 up
until ping -c 1 -w 1 10.0.0.$other >/dev/null; do :; done
ping -c 3 10.0.0.$other | grep -q " 0% packet loss" && echo "ok ping"
ping -c 1 -w 2 10.0.0.3 >/dev/null || echo "ok the third does not answer"
if [ $n = 1 ]; then
    dd if=/dev/urandom of=/tmp/data bs=64k count=32 2>/dev/null
    sleep 2
    echo "sum $(md5sum </tmp/data)"
    nc 10.0.0.2 7000 </tmp/data
else
    # This nc ends when its input does, whatever is still to come.
    sleep 20 | nc -l -p 7000 >/tmp/data
    echo "size $(wc -c </tmp/data)"
    echo "sum $(md5sum </tmp/data)"
fi
END
pack run.sh run.cpio.gz
for node in 1 2 3; do
    cat <<END
[node$node]
kernel = $GUESTS/Image
initrd = $GUESTS/initramfs.cpio.gz
initrd = run.cpio.gz
memory = 128M
append = $kernel_line pogo.run=/run.sh node=$node
console = node$node.text
END
    [ $node = 3 ] || echo "net = switch"
done >net.conf

for again in 1 2; do
    timeout 280 "$POGO" run --hash --config net.conf >out.$again 2>err.$again \
        </dev/null
    check "run $again: exit status" 0 $?
    cat err.$again
done
lines() { tr -d '\r' <$1.text | grep -E '^(ok|sum|size|address) '; }
sum=$(lines node1 | sed -n 's/^sum //p')
for node in 1 2; do
    check "node $node: address" "address 52:54:00:00:00:0$node" \
        "$(lines node$node | grep address)"
    check "node $node: ping" "ok ping" "$(lines node$node | grep 'ok ping')"
    check "node $node: the third" "ok the third does not answer" \
        "$(lines node$node | grep third)"
done
check "node 2: bytes" "size 2097152" "$(lines node2 | grep size)"
check "node 2: the bytes that node 1 sent" "$sum" \
    "$(lines node2 | sed -n 's/^sum //p')"
check "node 3: no device" "ok no device" "$(lines node3)"
check_text "again, the same states" out.1 out.2
finish
