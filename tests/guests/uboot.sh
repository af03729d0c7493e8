# Debian's U-Boot to its prompt, where it runs two commands: in S-mode under
# our firmware and under OpenSBI, and in M-mode as the firmware; bare and in a
# virtual machine, with one state at the same count. pogo-test: timeout=300
. "$(dirname "$0")/lib/guest.sh"

# A key stops the countdown; then the prompt takes a command.
cat >keys <<'END'
30000000 \r
100000000 version\r
130000000 bdinfo\r
END
banner='s/^\(U-Boot 20[0-9.]*\).* (.*)$/\1/p'

# prompt NAME ARGUMENTS...
prompt() {
    local name=$1 depth run; shift
    for depth in 0 1; do
        start "$name-$depth" --depth $depth --input keys --until 180000000 \
            --timeout 250 "$@" &
    done
    wait
    for depth in 0 1; do
        run=$name-$depth
        check_run "$run" 124
        check_console "$run" "=> version" "=> bdinfo" \
            "-> start    = 0x0000000080000000" \
            "-> size     = 0x0000000010000000" \
            "devicetree  = board"
        check "$run: the banner, and its version again" 2 \
            "$(console "$run" | sed -n "$banner" | wc -l)"
        check "$run: it waits at the prompt" "=> " \
            "$(console "$run" | tail -n 1)"
    done
    check_same "$name-0" "$name-1"
}

smode=$GUESTS/u-boot/qemu-riscv64_smode/u-boot.bin
prompt pogo --kernel "$smode"
prompt opensbi --kernel "$smode" --bios opensbi
prompt mmode --kernel none --bios "$GUESTS/u-boot/qemu-riscv64/u-boot.bin"
finish
