# What may be given as a kernel or firmware, as ELF, raw, and gzip'd: each runs
# and its exit status is Pogo's, at every depth. pogo-test: timeout=60
. "$(dirname "$0")/lib/guest.sh"

hello=$BUILD/tests/guests/hello.elf
kernel=$BUILD/examples/guests/kernel.elf
for name in hello kernel; do
    riscv64-unknown-elf-objcopy -O binary "${!name}" $name.bin || exit 1
    gzip -c "${!name}" >$name.elf.gz
    gzip -c $name.bin >$name.bin.gz
done

# says_hello RUN ARGUMENTS...: the bare-metal guest, which exits with 7
says_hello() {
    start "$@"
    check_run "$1" 7
    check_console "$1" hello
}

for depth in 0 1 2 3 4; do
    says_hello "elf-$depth" --depth $depth --bios none --kernel "$hello"
done
check_same elf-0 elf-1 elf-2 elf-3 elf-4
for depth in 0 1; do
    says_hello "elf-gz-$depth" --depth $depth --bios none \
        --kernel hello.elf.gz
    # Raw firmware goes where the board's first instruction jumps.
    says_hello "bios-$depth" --depth $depth --bios "$hello" --kernel none
    says_hello "raw-$depth" --depth $depth --bios hello.bin --kernel none
    says_hello "raw-gz-$depth" --depth $depth --bios hello.bin.gz \
        --kernel none
    says_hello "harts-$depth" --depth $depth --harts 8 --bios none \
        --kernel "$hello"
    check_same "elf-$depth" "elf-gz-$depth"
    check_same "raw-$depth" "raw-gz-$depth"
done

# The embedded guest, given as a file of each kind, is the embedded guest.
start embedded
check_run embedded 0
for file in "$kernel" kernel.elf.gz kernel.bin kernel.bin.gz; do
    run=$(basename "$file")
    start "$run" --kernel "$file"
    check_run "$run" 0
    check_same embedded "$run"
done
finish
