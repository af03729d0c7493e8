# pogo monitor, with its commands from a script: stops, steps, time travel and
# explanations in the embedded guest, at every depth; after all of it the guest
# ends as it does when nobody looks. pogo-test: timeout=120 sanitized
. "$(dirname "$0")/lib/guest.sh"
kernel=$BUILD/examples/guests/kernel.elf

# monitor NAME STATUS ARGUMENTS... <SCRIPT
monitor() {
    local name=$1 status=$2; shift 2
    cat >"$name.script"
    timeout 100 "$POGO" monitor --script "$name.script" --console none --hash \
        "$@" >"$name" 2>"$name.err" </dev/null
    check "$name: status" "$status" $?
    [ "$status" != 0 ] || cat "$name.err"
}
# lines N PATTERN FILE: so many lines of the file are like that.
lines() {
    check "$3: lines '$2'" "$1" "$(grep -cE -- "$2" "$3")"
}
hash_of() { sed -n 's/^hash //p' "$1"; }

for depth in 0 1 2; do
    "$POGO" run --depth $depth --console none --hash </dev/null >free-$depth
    monitor tour-$depth 0 --depth $depth --symbols "$kernel" <<'END'
# To the kernel, and over a call.
break main
continue
snapshot main
step 7
next
next
next
delete 1
# A system call, explained before it is taken, and behind it.
trap-stop ecall-u
continue
why
step
why trap
finish
trap-stop off
# The same call again, with all that the kernel does.
goto -1
back
back
next
next
# Back and forth.
back 2
reverse-step
goto latest
restore main
goto +1000
# A variable is watched; who has written it is seen.
watch stats,4
continue
bt
rc
goto latest
delete
break trap.c:40
info
regs
x $sp 40
dis main 3
list main
symbol main
csr satp
pt $pc
vms
tlb
history
delete
continue
quit
END
    check "depth $depth: the state is that of a free run" \
        "$(hash_of free-$depth)" "$(hash_of tour-$depth)"
done
check "the same at every depth" "$(hash_of free-0)" "$(hash_of free-2)"

# Times and places are the same at every depth, for they are the guest's.
places() { sed -nE 's/ (of|in) (the bare machine|vm[0-9])//g; /^at /p' "$1"; }
places tour-0 >places-0
for depth in 1 2; do
    places tour-$depth >places-$depth
    check_text "where it stood at depth $depth, as at depth 0" places-0 \
        places-$depth
done
f=tour-2
lines 1 '^1  at 0x[0-9a-f]+ <main>, seen from vm2$' $f
lines 1 '^at [0-9,]+: hart 0 of vm2, S-mode, 0x[0-9a-f]+ <main>; stop point 1$' $f
lines 1 '^   0x[0-9a-f]+ <main>: c.addi16sp sp, -0x30   sp = 0x[0-9a-f]+$' $f
lines 1 '^at [0-9,]+: hart 0 of vm2, S-mode, 0x[0-9a-f]+ <main\+0x1c>$' $f
lines 1 'stop point 1, before a trap is taken in vm2: environment call from U' $f
lines 2 '^Count [0-9]+, hart 0 of vm2: environment call from U-mode' $f
lines 1 '^#1  0x[0-9a-f]+ <trap_entry.0x66>, line [0-9]+ of .*trap.S$' $f
lines 1 '^that is all: a trap has led there' $f
lines 2 'stop point 1, before a store of 0x[0-9a-f]+ <stats>$' $f
lines 1 '^=> +[0-9]+  ' $f
lines 1 '^the guest.s own table +\| p2m' <(sed -n '/^satp/,/^world/p' tour-1)
lines 2 '^the guest.s own table|^its guest.s table' \
    <(sed -n '/^satp/,/^world/p' tour-2)
lines 3 '^world [012], ' $f
lines 0 'not what it was before' $f

# What is changed changes the run; before it, it was not made.
monitor change 0 --depth 1 <<'END'
break main
continue
set s1 1234
csr mscratch=5
goto +20
goto -21
goto latest
delete
continue
END
check "back before the change it was not made" "$(hash_of free-1)" \
    "$(hash_of change)"

# Keys for the guest; the log; resets.
monitor keys 0 --depth 1 <<'END'
goto 600000
type x\x41
log on
goto +100
continue 700000
log off
continue
END
grep -q '^[0-9]* 0 [MSU] 0x' keys || fail "no exits are logged"
[ "$(hash_of keys)" != "$(hash_of free-1)" ] || fail "no key was taken"
python3 - <<'END'
import struct
# sw 0x7777, the finisher: a reset
code = [0x00100293, 0x001002b7, 0x00007337, 0x77730313, 0x0062a023, 0x0000006f]
open("code", "wb").write(struct.pack("<6I", *code))
END
monitor resets 0 --bios none --kernel code <<'END'
break 0x80000004
continue
continue
continue
END
lines 2 '^the guest resets the machine: time begins anew$' resets
lines 3 'stop point 1$' resets

# The exit status: the guest's own, one that is asked for, that of a script in
# which something is wrong.
python3 - <<'END'
import struct
# sw (7 << 16 | 0x3333), the finisher: exit status 7
code = [0x001002b7, 0x00073337, 0x33330313, 0x0062a023, 0x0000006f]
open("code", "wb").write(struct.pack("<5I", *code))
END
monitor seven 7 --bios none --kernel code <<'END'
continue
END
monitor three 3 --bios none --kernel code <<'END'
continue
quit 3
END
monitor before 0 --bios none --kernel code <<'END'
step
END
monitor wrong 65 <<'END'
history
# a comment

fly
history
END
check "the line is named" \
    "pogo: line 4 of wrong.script went wrong: fly" "$(cat wrong.err)"
lines 1 '^there is no command .fly.: .help. lists them$' wrong
lines 1 '^latest' wrong

# Commands on standard input; every wrong one gets one sentence.
says() {
    local part=$1; shift
    printf '%s\n' "$*" | timeout 60 "$POGO" monitor --console none \
        --depth 1 >out 2>err
    check "$*" "65 1 1" "$? $(wc -l <out) $(grep -cF -- "$part" out)"
}
says "'nowhere' is no number and no symbol" break nowhere
says "no code of line 3 of a file none.c is known" break none.c:3
says "there is no stop point 9" delete 9
says "usage: set REG VALUE" set a0
says "there is no register 'a99'" set a99 1
says "pc cannot be 0x1" set pc 1
says "there is no memory at 0x10" x 0x10
says "there is no code at 0" dis 0
says "that is not ahead" continue 0
says "0 of them are none" step 0
says "usage: finish [trap]" finish now
says "there is no such escape" type '\q'
says "no source line of 0x1000 is known" list
says "that many bytes do not lie there" watch 0xfffffffffffffff8,9
says "'256' is no exit status" quit 256
printf 'goto 100\ngoto 50\ntype x\n' | "$POGO" monitor --console none >out 2>err
check "keys have no place in the past" 1 "$(grep -c 'this is the past' out)"
printf 'goto 100\nback\n' | "$POGO" monitor --console none --history 0 >out 2>err
check "without history" 1 "$(grep -c 'there is no history' out)"

refuses() {
    local want=$1 part=$2; shift 2
    timeout 30 "$POGO" monitor "$@" >out 2>err </dev/null
    check "monitor $*" "$want 1 1" "$? $(wc -l <err) $(grep -cF -- "$part" err)"
}
refuses 65 "--script 'missing' cannot be read" --script missing
refuses 64 "--input - and the commands" --input -
refuses 65 "'missing' cannot be read" --kernel missing
refuses 64 "--until" --until 5
finish
