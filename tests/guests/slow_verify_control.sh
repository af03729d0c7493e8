# Resource control: 10 million exits of hostile guests, and 100,000 of them with
# an audit after every exit. pogo-test: timeout=1200
set -u
"$POGO" verify control --exits 10000000 --seed 1000 </dev/null || exit 1
"$POGO" verify control --exits 100000 --seed 5000 --audit every </dev/null
