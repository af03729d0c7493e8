# A balloon: Linux's memory follows it, the host gets back what the guest gave,
# at every depth, and both depths are in the same states. A guest that may let it
# out does, rather than run out of memory. pogo-test: timeout=400
. "$(dirname "$0")/lib/linux.sh"

pack "$here/linux/balloon.sh" run.cpio.gz
start_linux plain run.cpio.gz
check_run plain 0
whole=$(console plain | sed -n 's/^total //p')
kernel_line="$kernel_line whole=$whole"
plan="--balloon 32M --balloon 96M@1500000000 --balloon 16M@2500000000"

start_linux oom run.cpio.gz --balloon 128M,oom \
    --append "$kernel_line pogo.run=/run.sh oom=yes" &
for depth in 0 1; do
    start_linux "balloon-$depth" run.cpio.gz --depth $depth --stats=json \
        --port log=/dev/null $plan &
done
wait
check_run oom 0
check_console oom "ok what it holds counts as the guest's" \
    "ok but is not free" "ok all of it can be used" \
    "ok and no process had to end"
expect "$here/linux/balloon.sh" | tail -n 6 >answers.txt
for depth in 0 1; do
    check_run "balloon-$depth" 0
    check_answers "balloon-$depth" answers.txt
    check "balloon-$depth: statistics" "16777216 100663296 True" \
        "$(grep '^{' "balloon-$depth.out" | python3 -c '
import json, sys
b = json.load(sys.stdin)["balloon"]
m = b["the guest\u0027s memory, as it last said"]
print(b["target (bytes)"], b["at most (bytes)"],
      m["free (bytes)"] < m["total (bytes)"] < 256 << 20)')"
done
check_same balloon-0 balloon-1

# What the host has of it: python looks while the guest waits. What the monitor
# gives back to its host, that gives back to the one below.
timeout 200 "$POGO" run --quiet --timeout 180 --depth 1 --console look.console \
    --kernel "$GUESTS/Image" --initrd "$GUESTS/initramfs.cpio.gz" \
    --initrd run.cpio.gz --append "$kernel_line pogo.run=/run.sh" \
    --port log=log --port look=unix:socket $plan </dev/null &
guest=$!
python3 "$here/ports/look.py" $guest log socket >look 2>&1
wait $guest
check "look: exit status" 0 $?
read -r most now <look
echo "the host had $most MiB, and then $now"
check "look: the host got back what the balloon took" 1 $((most - now > 50))
finish
