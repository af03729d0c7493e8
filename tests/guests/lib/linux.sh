# What the scripts that boot Linux share. Sourced, not run.
. "$(dirname "${BASH_SOURCE[0]}")/guest.sh"

# The kernel's own tests of its ciphers would be most of the boot.
kernel_line="console=ttyS0 cryptomgr.notests"

# pack SCRIPT OUT [FILE...]: an initrd with SCRIPT as /run.sh, and the FILEs.
pack() {
    local script=$1 out=$2; shift 2
    mkdir initrd && cp "$script" initrd/run.sh || exit 1
    [ $# = 0 ] || cp "$@" initrd/
    "$SRC/tools/make-initrd" initrd "$out" || exit 1
    rm -r initrd
}

# start_linux RUN INITRD ARGUMENTS...: runs /run.sh in INITRD, powers off.
start_linux() {
    local run=$1 initrd=$2; shift 2
    start "$run" --timeout 300 --kernel "$GUESTS/Image" \
        --initrd "$GUESTS/initramfs.cpio.gz" --initrd "$initrd" \
        --append "$kernel_line pogo.run=/run.sh" "$@"
}

# expect SCRIPT: the lines that SCRIPT says if each of its checks is well.
expect() { sed -n 's/^ *check "\([^"]*\)".*/ok \1/p' "$1"; }

# check_answers RUN EXPECTED-FILE
check_answers() {
    console "$1" | grep -aE '^(not )?ok ' >"$1.answers"
    check_text "$1: what the script said" "$2" "$1.answers"
}

# check_disk RUN IMAGE: the file system is clean, and has the guest's file.
check_disk() {
    check "$1: e2fsck finds nothing" 0 \
        "$(e2fsck -fn "$2" >"$1.e2fsck" 2>&1; echo $?)"
    check "$1: the file on the disk" "hello from the guest" \
        "$(debugfs -R 'cat /answer' "$2" 2>/dev/null)"
}

# exercise FIRMWARE: run.sh at depth 0 and 1, with a disk of its own each time.
exercise() {
    local firmware=$1 depth run runs=(); shift
    mkdir files && echo "hello from the host" >files/greeting
    "$SRC/tools/make-disk" 16M new.img files || exit 1
    pack "$here/linux/run.sh" run.cpio.gz
    expect "$here/linux/run.sh" >answers.txt
    for depth in 0 1; do
        run=$firmware-$depth
        cp new.img "$run.img"
        start_linux "$run" run.cpio.gz --depth $depth --disk "$run.img" "$@" &
        runs+=("$run")
    done
    wait
    for run in "${runs[@]}"; do
        check_run "$run" 0
        check_answers "$run" answers.txt
        check_console "$run" "pogo guest: 0 failed" \
            "pogo: script exited with 0"
        check_disk "$run" "$run.img"
    done
    check_same "${runs[@]}"
    check "the disk was written" 1 \
        "$(cmp -s new.img "${runs[0]}.img"; echo $?)"
    check "both wrote the same bytes on the disk" 0 \
        "$(cmp -s "${runs[0]}.img" "${runs[1]}.img"; echo $?)"
}
