# The embedded guest says the same and ends in the same state at every depth,
# each time, and whatever else the host does. pogo-test: timeout=60 sanitized
. "$(dirname "$0")/lib/embedded.sh"

for depth in 0 1 2 3 4; do
    start "depth-$depth" --depth $depth
    check_kernel "depth-$depth"
done
check_same depth-0 depth-1 depth-2 depth-3 depth-4

# Again, with every core of the host at work on another one.
for copy in 1 2 3 4; do
    start "crowd-$copy" --depth $((copy - 1)) &
done
wait
check_same depth-0 crowd-1 crowd-2 crowd-3 crowd-4

# Stopped on the way: the same state there too.
for depth in 0 1 2; do
    start "half-$depth" --depth $depth --until 1234567
    check_run "half-$depth" 124
done
check_same half-0 half-1 half-2
check "the hash at half way is at that count" 1234567 \
    "$(hash half-0 | sed 's/.* //')"
finish
