# What Linux gets from the host's network and from a shared folder is in the
# journal: with both gone, the run is the same again, at both depths.
# pogo-test: timeout=240
. "$(dirname "$0")/lib/guest.sh"

mkdir folder
echo 4711 >folder/data
cat >folder/script.sh <<'END'
ip link set eth0 up
ip addr add 10.0.2.15/24 dev eth0
port=$(sed 's/.*port=\([0-9]*\).*/\1/' /proc/cmdline)
echo "folder $(cat /host/data), network $(wget -q -O - http://10.0.2.2:$port/data)"
date >/host/new && ls /host
END
python3 -u -m http.server 0 --bind 127.0.0.1 --directory folder \
    >server 2>/dev/null &
server=$!
until grep -q 'port [0-9]' server; do sleep 0.1; done
port=$(sed 's/.* port \([0-9]*\).*/\1/' server)

linux() {
    "$POGO" run --quiet --hash --timeout 120 --kernel "$GUESTS/Image" \
        --initrd "$GUESTS/initramfs.cpio.gz" --share folder --net user \
        --append "console=ttyS0 cryptomgr.notests pogo.run=/script.sh port=$port" \
        "$@" </dev/null
}

linux --record journal >live
check "recorded: exit status" 0 $?
check "recorded: both are heard" 1 \
    "$(tr -d '\r' <live | grep -cx 'folder 4711, network 4711')"
kill $server
rm -r folder
for depth in 0 1; do
    linux --replay journal --depth $depth >again
    check "depth $depth: exit status" 0 $?
    check_text "depth $depth: console and hash" live again
done
check "the folder is not made" 0 "$(ls -d folder 2>/dev/null | wc -l)"
finish
