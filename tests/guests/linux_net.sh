# Linux finds the network device, and pings a station at the cable's end; the
# same states at both depths. pogo-test: timeout=120
. "$(dirname "$0")/lib/net.sh"

pack "$here/linux/net.sh" run.cpio.gz
for depth in 0 1; do
    start_net "far-$depth" run.cpio.gz far-end $depth &
done
wait
for depth in 0 1; do
    check_guest "far-$depth" 1 "ok the driver found the device" \
        "ok the other side answers" "ok each of five pings" \
        "ok nobody is where nobody is" "ok no frame was damaged or lost"
done
check_text "depth 1 ends as depth 0 does" far-0/out far-1/out
check_text "and says the same" far-0/guest1.console far-1/guest1.console
finish
