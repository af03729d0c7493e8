# The embedded guest on machines of other kinds: each runs it to its end, with
# one state at every depth, and the machine's kind is part of that state.
# pogo-test: timeout=300 sanitized
. "$(dirname "$0")/lib/embedded.sh"

# Without D the kernel starts no floating-point program, and so the process
# that `sort` forks has the number 5.
sed -e '/^\[5\] pi/d; /^\[6\] euler/d; /pid 5 (pi)/d; /pid 6 (euler)/d' \
    -e 's/^\[7\]/[5]/; s/pid 7/pid 5/' "$expected" >integer.txt

# variant NAME TEXT-FILE ARGUMENTS...
variant() {
    local name=$1 text=$2 depth; shift 2
    for depth in 0 1 2; do
        start "$name-$depth" --depth $depth "$@"
        check_kernel "$name-$depth" "$text"
    done
    check_same "$name-0" "$name-1" "$name-2"
    printf '%s\n' "$(hash "$name-0")" >>hashes
}

base=zicsr_zifencei_zicntr
variant all "$expected"
variant integers integer.txt --isa rv64imac_$base
variant float integer.txt --isa rv64imafc_$base
variant gc "$expected" --isa rv64gc_zicntr
# Without Zicntr the firmware reads the time for the kernel.
variant timeless "$expected" --isa rv64gc
variant svadu "$expected" --isa rv64gc_zicntr_svadu
variant svade-svadu "$expected" --isa rv64gc_zicntr_svade_svadu
variant sstc-sv39 "$expected" --isa rv64gc_zicntr_sstc_sv39
variant sstc-sv48 "$expected" --isa rv64gc_zicntr_sstc_sv48
variant sstc-sv57 "$expected" --isa rv64gc_zicntr_sstc_sv57
variant opensbi "$expected" --bios opensbi
variant harts-2 "$expected" --harts 2
variant harts-4 "$expected" --harts 4
variant harts-8 "$expected" --harts 8
variant memory-64M "$expected" --memory 64M
variant memory-1G "$expected" --memory 1G
variant seed "$expected" --seed 5

# A key that arrives at a count arrives there at every depth.
echo '1000000 k' >keys
sed '/^kernel: key/d' "$expected" >keyless.txt
for depth in 0 1 2; do
    start "key-$depth" --depth $depth --input keys
    check_run "key-$depth" 0
    kernel_text "key-$depth" | grep -v '^kernel: key' >"key-$depth.text"
    check_text "key-$depth: console" keyless.txt "key-$depth.text"
    check "key-$depth: it was seen" 1 \
        "$(console "key-$depth" | grep -c '^kernel: key')"
done
check_same key-0 key-1 key-2
hash key-0 >>hashes

check "no two kinds of machine have one hash" "$(wc -l <hashes)" \
    "$(sort -u hashes | wc -l)"
finish
