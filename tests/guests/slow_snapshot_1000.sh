# A thousand random counts of Linux's run: saved there at one depth, resumed at
# another, it comes to the same as running on. POGO_SNAPSHOT_POINTS says how
# many others. pogo-test: timeout=14400
. "$(dirname "$0")/lib/snapshot.sh"
. "$SRC/tests/lib/seed.sh"
rungs=60
whole_run

# A ladder, so that no point is far from where a run can begin.
go=0 # the last rung
for ((k = 0; k < rungs; k++)); do
    rung[k]=$((end / rungs * (k + 1) - end / rungs + 1))
    if [ $k = 0 ]; then
        boot_to rung-0 "${rung[0]}" rung-0.snap
    else
        go_on "rung-$k" "rung-$go.snap" --until "${rung[k]}" \
            --snapshot "rung-$k.snap"
        rm -f "rung-$go.over"
        go=$k
    fi
done

wrong=0 made=0
for ((n = 0; n < ${POGO_SNAPSHOT_POINTS:-1000}; n++)); do
    below "$((end - 1))"; at=$((below + 1))
    below 30000000; until=$((at + below + 1))
    ((until < end)) || until=$((end - 1))
    ((at < until)) || continue
    k=$(((at - 1) / (end / rungs)))
    ((k < rungs)) || k=$((rungs - 1))
    depths="$((RANDOM % 2)) $((RANDOM % 2))"
    go_on straight "rung-$k.snap" --until "$until"
    go_on there "rung-$k.snap" --depth "${depths% *}" --until "$at" \
        --snapshot there.snap
    go_on back there.snap --depth "${depths#* }" --until "$until"
    made=$((made + 1))
    if [ "$(hash straight)" != "$(hash back)" ] || [ -z "$(hash back)" ]; then
        wrong=$((wrong + 1))
        echo "not ok: saved at $at, depths $depths, until $until"
    fi
    rm -f ./*.over
done
check "points that went wrong, of $made" 0 $wrong
finish
