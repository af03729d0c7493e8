# $seed, where a random test begins, as in tests/unit/seed.h; RANDOM follows it.
# Sourced, not run.
seed=${POGO_TEST_SEED:-${POGO_TEST_FIRST:-$(date +%s)}}
RANDOM=$seed
echo "POGO_TEST_SEED=$seed"
