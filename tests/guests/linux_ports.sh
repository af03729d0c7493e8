# Named ports of the virtio console: a program of the guest talks with one of
# the host's over a socket and a pseudo-terminal, both ways, and writes to a
# file; and where nothing comes from outside, both depths are in the same states.
# pogo-test: timeout=240
. "$(dirname "$0")/lib/linux.sh"

pack "$here/linux/ports.sh" run.cpio.gz

# Alone: the guest finds nobody at the socket.
for depth in 0 1; do
    start_linux "alone-$depth" run.cpio.gz --depth $depth \
        --port "log=log-$depth" --port pipe=/dev/null \
        --port "talk=unix:socket-$depth" &
done
wait
for depth in 0 1; do
    check_run "alone-$depth" 0
    check_console "alone-$depth" "ok nobody is at a socket without a client"
    check "alone-$depth: its file" "$(seq 2000 | sha256sum)" \
        "$(sha256sum <"log-$depth")"
    check "alone-$depth: the socket is gone" "" \
        "$(ls "socket-$depth" 2>/dev/null)"
done
check_same alone-0 alone-1

# With somebody there.
for depth in 0 1; do
    (
        timeout 200 "$POGO" run --timeout 180 --depth $depth \
            --console "talk-$depth.console" --kernel "$GUESTS/Image" \
            --initrd "$GUESTS/initramfs.cpio.gz" --initrd run.cpio.gz \
            --append "$kernel_line pogo.run=/run.sh talk=yes" \
            --port log=/dev/null --port pipe=pty \
            --port "talk=unix:socket-$depth" \
            2>"talk-$depth.err" </dev/null &
        guest=$!
        python3 "$here/ports/talk.py" "socket-$depth" "talk-$depth.err" \
            "talk-$depth.console" >"talk-$depth.host" 2>&1
        echo $? >"talk-$depth.host-status"
        wait $guest
        echo $? >"talk-$depth.status"
    ) &
done
wait
for depth in 0 1; do
    check "talk-$depth: exit status" 0 "$(status "talk-$depth")"
    check "talk-$depth: the host's program" 0 \
        "$(cat "talk-$depth.host-status")"
    [ "$(cat "talk-$depth.host-status")" = 0 ] || cat "talk-$depth.host"
    check_console "talk-$depth" "ok a word comes" "ok half a megabyte comes" \
        "ok when the client goes, what it sent is read, and then the end" \
        "ok the next client is heard" "ok a word comes from the terminal" \
        "pogo guest: 0 failed"
done
finish
