# Pogo's decoder names instructions as binutils does: all 2^16 compressed ones
# and a million random 32-bit words. pogo-test: timeout=300
set -u
bin=${BUILD:?the build folder}/tests/isa
count=${WORDS:-1000000}
. "$SRC/tests/lib/seed.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cross=riscv64-unknown-elf

# What objdump 2.40 says of the words in a file, each of $2 bytes.
ask_objdump() {
    {
        echo .text
        printf '.option arch, +%s\n' zba zbb zbs zicbom zicboz zicbop zawrs \
            svinval
        sed "s/^/.insn $2, 0x/" "$1"
    } >"$1.s"
    $cross-as -march=rv64gc -o "$1.o" "$1.s" || return 1
    $cross-objdump -d -M no-aliases,numeric "$1.o" |
        awk -F'\t' 'NF >= 3 { print $3, $4 }'
}

# Reads "word pogo objdump operands"; prints what is not the same, except
# where the table says that they may differ.
compare() {
    awk '
    BEGIN {
        # Compressed instructions that stand for another than their name says.
        split("c.addi4spn addi c.addi16sp addi c.li addi c.mv add c.j jal " \
            "c.jr jalr c.beqz beq c.bnez bne c.slli64 slli c.srli64 srli " \
            "c.srai64 srai c.unimp illegal c.nop addi", t, " ")
        for (i = 1; i in t; i += 2) base[t[i]] = t[i + 1]
        # A write to cycle, which no hart permits.
        base["unimp"] = "csrrw"
        # Extensions that are newer than objdump 2.40: nothing to compare.
        # Instructions that were withdrawn from the manual.
        withdrawn["uret"]; withdrawn["hret"]; withdrawn["sfence.vm"]
        withdrawn["dret"] # debug mode only
        # Of Svinval and the hypervisor extension, which Pogo does not have.
        withdrawn["hinval.vvma"]; withdrawn["hinval.gvma"]
        newer["czero.eqz"]; newer["czero.nez"]
        # Reserved fields that the manual tells implementations to ignore, and
        # a rounding mode that matters to no result.
        ignored["fence"]; ignored["fence.i"]
        ignored["fcvt.d.w"]; ignored["fcvt.d.wu"]; ignored["fcvt.d.s"]
    }
    {
        name = $3
        if (name ~ /^\.[24]byte/ || $0 ~ /unknown/) name = "illegal"
        if (name in base) name = base[name]
        else if (name ~ /^c\./) {
            sub(/^c\./, "", name)
            if (name ~ /^f?[ls][wd]sp$/) sub(/sp$/, "", name)
        }
        sub(/\.(aq|rl|aqrl)$/, "", name)
        # Reserved, though objdump prints it: the stack does not move.
        if ($3 == "c.addi16sp" && $4 == "x2,0") name = "illegal"
        total++
        valid += name != "illegal"
        if (name == $2 || $2 in newer && name == "illegal" ||
            $2 in ignored && name == "illegal" ||
            $2 == "illegal" && name in withdrawn) next
        if (bad++ < 40) print "word " $1 ": pogo " $2 ", objdump " $3 " " $4
    }
    END { print total + 0, "words,", valid + 0, "valid,", bad + 0, "differ"
          exit bad > 0 || total == 0 }'
}

# check NAME BYTES: the words are in $work/NAME.
check() {
    "$bin/decode_dump" <"$work/$1" >"$work/$1.pogo" || return 1
    if [ "$2" = 2 ]; then
        cut -c5- "$work/$1" >"$work/short"
    else
        cp "$work/$1" "$work/short"
    fi
    ask_objdump "$work/short" "$2" >"$work/$1.objdump" || return 1
    paste -d' ' "$work/$1.pogo" "$work/$1.objdump" | compare
}

failures=0
"$bin/words" compressed >"$work/compressed"
check compressed 2 || failures=1
"$bin/words" "$seed" "$count" >"$work/random"
check random 4 || failures=1
exit $failures
