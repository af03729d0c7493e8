# The boot of Debian's Linux up to its first process, bare and in a virtual
# machine: short enough for the sanitized program too.
# pogo-test: timeout=60 sanitized
. "$(dirname "$0")/lib/linux.sh"

for depth in 0 1; do
    start "start-$depth" --depth $depth --until 800000000 \
        --kernel "$GUESTS/Image" --initrd "$GUESTS/initramfs.cpio.gz" \
        --append "$kernel_line" &
done
wait
for depth in 0 1; do
    check_run "start-$depth" 124
    check "start-$depth: Linux names itself" 1 \
        "$(console "start-$depth" | grep -c '^\[    0.000000\] Linux version')"
    check "start-$depth: it got the command line" 1 \
        "$(console "start-$depth" | grep -c "command line: $kernel_line\$")"
    check "start-$depth: it started its first process" 1 \
        "$(console "start-$depth" | grep -c 'Run /init as init process$')"
done
check_same start-0 start-1
finish
