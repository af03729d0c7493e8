# pogo verify equivalence: the embedded kernel and U-Boot are the same bare and
# in virtual machines; and so is a guest that forgets a fence, for which the
# manual leaves a choice. pogo-test: timeout=200
. "$(dirname "$0")/lib/guest.sh"

# verify RUN ARGUMENTS...: as JSON in RUN.json
verify() {
    local run=$1; shift
    timeout 180 "$POGO" verify equivalence --quiet --json "$@" \
        >"$run.json" 2>"$run.err" </dev/null
    echo $? >"$run.status"
    [ -s "$run.err" ] && sed "s/^/$run says: /" "$run.err"
    return 0
}

# value RUN EXPRESSION: of the report r, and of d, that of the deepest machine
value() {
    python3 -c "import json, sys; r = json.load(open(sys.argv[1]))
d = r['bare against'][-1]; print($2)" "$1.json"
}

# check_holds RUN DEPTH
check_holds() {
    check "$1: exit status" 0 "$(status "$1")"
    check "$1: verdict" "holds" "$(value "$1" "r['equivalence']")"
    check "$1: depths" "$2" "$(value "$1" "len(r['bare against'])")"
}

verify kernel --depth 2 --memory 32M --every 100000 &
verify harts --memory 32M --harts 4 &
wait
check_holds kernel 2
check "kernel: the guest's exit status" 0 "$(value kernel "d['with exit status']")"
start bare --memory 32M
check "kernel: count and hash as of pogo run" "$(hash bare)" \
    "$(value kernel "d['hash of both there']+' at '+str(d['equal up to count'])")"
check_holds harts 1

# A key stops the countdown; then the prompt takes a command.
cat >keys <<'END'
30000000 \r
60000000 version\r
END
verify uboot --input keys --until 80000000 --memory 64M \
    --kernel "$GUESTS/u-boot/qemu-riscv64_smode/u-boot.bin"
check_holds uboot 1
check "uboot: as far as it was to run" 80000000 \
    "$(value uboot "d['equal up to count']")"

verify stale --depth 2 --memory 2M --bios none --kernel "$BUILD/tests/guests/stale.elf"
check_holds stale 2
check "stale: the old translation was kept" 0 \
    "$(value stale "d['with exit status']")"

# refused NAME SENTENCE-PART ARGUMENTS...
refused() {
    local name=$1 part=$2; shift 2
    "$POGO" verify equivalence "$@" >out 2>err </dev/null
    check "$name: exit status" 64 $?
    grep -qF -- "$part" err || fail "$name: it says '$(cat err)'"
}
refused every "a multiple of 1000" --every 1500
refused clock "never alike" --clock host
refused input "from a script" --input -
refused depth "--depth" --depth 0
refused console "not shown" --console file
finish
