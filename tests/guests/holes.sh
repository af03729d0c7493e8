# Each hole in the hardware breaks a guest in a virtual machine, at the
# instruction that the hole is about; without holes nothing differs.
# pogo-test: timeout=200
set -u
guest=$BUILD/tests/guests/holes.elf
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
not_ok() { echo "not ok: $*"; failures=$((failures + 1)); }

verify() {
    timeout 60 "$POGO" verify equivalence --bios none --kernel "$guest" \
        --memory 4M --every 1000 "$@" </dev/null >"$work/out" 2>"$work/err"
}

# The instruction that the two sides part at, by hole.
breaks() {
    case $1 in
    sfence-silent) echo "ld a1, 0(s0)" ;; # of the page that was fenced
    sstatus-readable) echo "csrr a2, sstatus" ;;
    satp-readable) echo "csrr a3, satp" ;;
    counters-readable) echo "rdinstret a4" ;;
    sie-write-ignored) echo "csrw sie, t0" ;;
    csr-write-ignored) echo "csrw mtvec, t0" ;; # the first of all
    unknown-csr-nop) echo "csrr a5, 2303" ;;
    reserved-nop) echo "illegal" ;;
    wfi-nop) echo "wfi" ;;
    sret-jumps) echo "sret" ;;
    ecall-nop) echo "ecall" ;;
    fs-not-dirty) echo "fmv.d.x fa0, a2" ;;
    mprv-kept) echo "mret" ;;
    *) echo "(tests/guests/holes.sh does not know what $1 breaks)" ;;
    esac
}

verify --depth 2 || not_ok "without holes: $(cat "$work/err")"
holes=$("$POGO" check --list-holes | cut -d" " -f1)
[ "$(echo "$holes" | wc -l)" -ge 12 ] || not_ok "holes: $holes"
for hole in $holes; do
    verify --hole "$hole"
    status=$?
    [ $status = 1 ] || not_ok "$hole: exit status $status"
    first=$(grep "first instruction that differs" "$work/out")
    case $first in
    *"$(breaks "$hole")") ;;
    *) not_ok "$hole breaks '$first', not '$(breaks "$hole")'" ;;
    esac
done

# The embedded kernel meets all but three of them.
for hole in $holes; do
    want=1
    case $hole in reserved-nop | fs-not-dirty | mprv-kept) want=0 ;; esac
    timeout 60 "$POGO" verify equivalence --quiet --memory 32M \
        --hole "$hole" </dev/null >"$work/out" 2>"$work/err"
    status=$?
    [ $status = $want ] || not_ok "the kernel with $hole: status $status"
done

# A hole is the hardware's, at every depth.
verify --depth 2 --hole sret-jumps,wfi-nop --hole ecall-nop
[ $? = 1 ] || not_ok "three holes at depth 2"
[ "$(grep -c "first instruction that differs.*ecall" "$work/out")" = 2 ] ||
    not_ok "three holes at depth 2: $(cat "$work/out")"

verify --hole wfi-nop,wfi-slow
[ $? = 64 ] || not_ok "an unknown hole is a usage error"
grep -q "no hole 'wfi-slow': 'pogo check --list-holes'" "$work/err" ||
    not_ok "an unknown hole: $(cat "$work/err")"
[ $failures = 0 ]
