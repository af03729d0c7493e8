# Two hundred times a process is killed at a random moment while it saves over a
# snapshot: under its name there is always a whole one, and beside it at most
# what one killed process has left. pogo-test: timeout=1200
. "$(dirname "$0")/lib/guest.sh"
rounds=${POGO_SNAPSHOT_ROUNDS:-200}
. "$SRC/tests/lib/seed.sh"

# 24 MiB that no compression makes smaller.
head -c 25165824 /dev/urandom >noise
"$POGO" run --quiet --console none --initrd noise --until 100000 \
    --snapshot one.snap </dev/null
mkdir folder && cp one.snap folder/over.snap

# The moment is counted from the one at which it begins to write.
wrong=0 killed=0
for ((n = 0; n < rounds; n++)); do
    rm -f folder/over.snap.part
    "$POGO" run --quiet --console none --resume one.snap \
        --until $((100001 + n)) --snapshot folder/over.snap </dev/null &
    pid=$!
    while [ ! -e folder/over.snap.part ] && kill -0 $pid 2>/dev/null; do :; done
    sleep "0.$(printf %03d $((RANDOM % 120)))"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    [ $? = 137 ] && killed=$((killed + 1))
    "$POGO" snapshot info folder/over.snap >info 2>err || wrong=$((wrong + 1))
    [ "$(ls folder | wc -l)" -le 2 ] || wrong=$((wrong + 1))
done
echo "killed while at it: $killed of $rounds"
check "some were" 1 $((killed > rounds / 10))
check "snapshots that were not whole" 0 $wrong
"$POGO" run --quiet --console none --resume folder/over.snap --until 200000 \
    --snapshot folder/over.snap </dev/null
check "the next one that is saved leaves nothing behind" over.snap \
    "$(ls folder)"
finish
