# Linux's shell on the virtio console: what is typed arrives, what it prints is
# seen, at both depths alike. pogo-test: timeout=120
set -u
: "${POGO:?the program}" "${GUESTS:?the guests}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '3000000000 echo hello-from-$((40+2)); exit 5\\n\n' >"$work/keys"
for depth in 0 1; do
    "$POGO" run --depth $depth --quiet --hash --until 6000000000 \
        --kernel "$GUESTS/Image" --initrd "$GUESTS/initramfs.cpio.gz" \
        --append "console=hvc0 cryptomgr.notests" --input "$work/keys" \
        >"$work/out$depth" || { echo "depth $depth: status $?"; exit 1; }
    grep -q '^hello-from-42' "$work/out$depth" ||
        { echo "depth $depth: no answer"; cat "$work/out$depth"; exit 1; }
done
cmp "$work/out0" "$work/out1" && tail -1 "$work/out0"
