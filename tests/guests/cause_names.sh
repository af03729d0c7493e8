# A log, and a trace, give every cause of an exit by its name: page faults too.
#
# "Missing page-fault cause decoding in RVFI tracer" (openhwgroup/cva6 #3239):
# where the cause is 0xc, 0xd or 0xf the name is missing, for the tracer has a
# list of its own, which ends before.
. "$(dirname "$0")/lib/guest.sh"

kernel=$BUILD/examples/guests/kernel.elf
for depth in 1 2; do
    start "named$depth" --depth $depth --kernel "$kernel" \
        --log exits=log,vm=all --trace trace.json
    check "depth $depth: status" 0 "$(status "named$depth")"
    # " | cause | ": what is there, and no number
    awk -F ' [|] ' '{ print $(NF - 1) }' log | sort -u >causes
    check "depth $depth: unknown" "" "$(grep -E '^$|^[^a-z]|reserved' causes)"
    for name in "instruction page fault" "load page fault" \
        "store/AMO page fault" "environment call from U-mode" \
        "illegal instruction"; do
        check "depth $depth: log: $name" 1 "$(grep -cx "$name" causes)"
        check "depth $depth: trace: $name" 1 \
            $(($(grep -c "\"$name" trace.json) > 0))
    done
    check "depth $depth: trace: an interrupt" 1 \
        $(($(grep -c '"supervisor timer interrupt' trace.json) > 0))
    # What the guest is told of, by name as well.
    check "depth $depth: told: a store page fault" 1 \
        $(($(grep -c '| injected: store/AMO page fault, tval 0x' log) > 0))
done
finish
