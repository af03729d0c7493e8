# Debian's Linux with four harts, bare and in a virtual machine, ends in one
# state. pogo-test: timeout=400 alone
. "$(dirname "$0")/lib/linux.sh"

pack "$here/linux/harts.sh" run.cpio.gz
# The script's loop over the harts says four lines.
expect "$here/linux/harts.sh" | while read -r line; do
    case $line in
    *'$n') printf '%s\n' "${line%??}"{0,1,2,3} ;;
    *) printf '%s\n' "$line" ;;
    esac
done >answers.txt
# under FIRMWARE ARGUMENTS...
under() {
    local firmware=$1 depth; shift
    for depth in 0 1; do
        start_linux "$firmware-$depth" run.cpio.gz --harts 4 --depth $depth \
            "$@" &
    done
    wait
    for depth in 0 1; do
        check_run "$firmware-$depth" 0
        check_answers "$firmware-$depth" answers.txt
        check_console "$firmware-$depth" "pogo guest: 0 failed"
    done
    check_same "$firmware-0" "$firmware-1"
}

under pogo
under opensbi --bios opensbi
finish
