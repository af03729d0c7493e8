# What the scripts that boot Linux with a network device share. Sourced.
. "$(dirname "${BASH_SOURCE[0]}")/linux.sh"

# start_net RUN INITRD ARGUMENTS...: net-guests with ARGUMENTS in a folder RUN,
# its output in RUN/out.
start_net() {
    local run=$1 initrd; shift
    initrd=$(realpath "$1"); shift
    mkdir "$run"
    (cd "$run" && timeout 300 "$BUILD/tests/guests/net-guests" "$@" \
        "$GUESTS/Image" "$GUESTS/initramfs.cpio.gz" "$initrd" \
        >out 2>&1 </dev/null)
}

# check_guest RUN NUMBER LINE...: it ended well, and said each LINE.
check_guest() {
    local name="$1: guest $2" said="$1/guest$2"; shift 2
    check "$name ended" "finished, status 0" \
        "$(sed -n "s/^${said##*/}: \(.*\), hash.*/\1/p" "${said%/*}/out")"
    check_console "$said" "$@" "pogo guest: 0 failed"
    check "$name: checks that failed" "" \
        "$(console "$said" | grep -a '^not ok ')"
}
