# A session with Linux, typed by hand so to speak: keys come when they come,
# time is the host's. Its journal gives the same run again, at both depths; one
# that is damaged does not, and says where. pogo-test: timeout=240
. "$(dirname "$0")/lib/guest.sh"

linux="--harts 2 --quiet --hash --kernel $GUESTS/Image
    --initrd $GUESTS/initramfs.cpio.gz --append console=hvc0"

# says RUN TEXT: waits until the console has said it
says() {
    local left=1200
    until grep -q -- "$2" "$1"; do
        [ $((left -= 1)) -gt 0 ] || { fail "never said: $2"; return 1; }
        sleep 0.05
    done
}

type_session() {
    says live '/ #'
    echo 'read x; echo got-$x-$((40+2))'
    sleep 0.3
    echo word
    says live 'got-word-42'
    echo 'date; cat /proc/uptime; exit'
}

: >live
type_session | "$POGO" run $linux --clock host --input - --record journal \
    --timeout 120 >live 2>live.err
check "recorded: exit status" 0 $?
check "recorded: the session" 1 "$(grep -c got-word-42 live)"
for depth in 0 1; do
    "$POGO" run $linux --depth $depth --replay journal >again 2>again.err \
        </dev/null
    check "depth $depth: exit status" 0 $?
    check_text "depth $depth: console and hash" live again
    check_text "depth $depth: what Pogo says" live.err again.err
done

# damage NAME: what Pogo makes of the journal in `damaged`
damage() {
    "$POGO" run $linux --replay damaged >again 2>again.err </dev/null
    check "$1: exit status" 65 $?
    check "$1: one sentence" 1 "$(grep -c '^pogo: .*(record [0-9]* of the journal, count [0-9]*)$' again.err)"
    check "$1: nothing else" 1 "$(wc -l <again.err)"
    cat again.err
}
size=$(stat -c %s journal)
head -c $((size - 10)) journal >damaged
damage "cut off"
check "cut off: the run went there" 1 "$(grep -c got-word-42 again)"
head -c 60 journal >damaged
damage "cut off behind the start"
# flip BYTE
flip() {
    cp journal damaged
    printf "$(printf '\\%03o' $((0x$(tail -c +$(($1 + 1)) journal |
        head -c 1 | od -An -tx1 | tr -d ' ') ^ 4)))" |
        dd of=damaged bs=1 seek="$1" conv=notrunc status=none
}
flip $((size / 2))
damage "altered in the middle"
flip 20
damage "altered in its start"
flip 3
"$POGO" run $linux --replay damaged >again 2>again.err </dev/null
check "no journal: exit status" 65 $?
"$POGO" run $linux --memory 128M --replay journal >again 2>again.err </dev/null
check "another machine: exit status" 65 $?
check "another machine: said" 1 \
    "$(grep -c 'the machine is not the recorded one' again.err)"
finish
