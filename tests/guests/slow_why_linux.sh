# pogo why: traps of Linux, of its boot and of its programs, are the same ones at
# every depth, and are explained by the same rules. pogo-test: timeout=1800
. "$(dirname "$0")/lib/linux.sh"

why() {
    "$POGO" why --kernel "$GUESTS/Image" --initrd "$GUESTS/initramfs.cpio.gz" \
        --append "$kernel_line" --symbols "$GUESTS/System.map" --json "$@" \
        </dev/null
}
for trap in 50 300 900 1500; do
    for depth in 0 1 2; do
        why --trap $trap --depth $depth >trap$trap-$depth
        check "trap $trap, depth $depth: status" 0 $?
        python3 -c 'import json, sys
j = json.load(open(sys.argv[1]))
for k in "number count hart pc from rule reason trap".split():
    print(k, j[k])' trap$trap-$depth >trap$trap-$depth.seen
    done
    check_text "trap $trap: depth 1 as 0" trap$trap-{0,1}.seen
    check_text "trap $trap: depth 2 as 0" trap$trap-{0,2}.seen
    sed -n 's/^\(rule\|reason\|trap\) /  \1 /p' trap$trap-0.seen
done
finish
