# How Pogo and the oracles run the image {} of a test program. Sourced.

# pogo_command DEPTH
pogo_command() {
    echo "$POGO run --bios {} --kernel none --quiet --depth $1"
}

# maxcpus=2 makes QEMU translate AMOs as stores that are loads too; else their
# faults would be load faults. Extensions that Pogo does not have are off.
qemu_machine="-M virt -smp 1,maxcpus=2 -nographic -monitor none -serial stdio"
qemu_cpu=rv64,h=false,debug=off,zbc=false,svinval=on,svnapot=on,svpbmt=on

qemu7_command() {
    echo "${QEMU:-qemu-system-riscv64} $qemu_machine" \
        "-cpu $qemu_cpu,pmu-num=29 -bios {}"
}

# Nothing if QEMU 10 is not there.
qemu10_command() {
    [ -x "${QEMU10:-}" ] || return 0
    echo "$QEMU10 $qemu_machine -cpu $qemu_cpu,pmu-mask=0xfffffff8,zfa=off," \
        "zawrs=on,zicond=on,zicbom=on,zicboz=on,svade=on,svadu=on -bios {}" |
        sed 's/, zawrs/,zawrs/'
}
