/* Pointers that lead through 64 MiB in an order without a pattern: each step is
   a miss in caches and TLBs, the host's and the machine's. */
#include "bench.h"

#define BYTES (64u << 20)
#define LINE 64
#define NODES (BYTES / LINE)
#define STEPS 10000000

const uint64_t workload_operations = STEPS;

struct node {
    uint64_t next;
    char unused[LINE - 8];
};

static struct node nodes[NODES] __attribute__((aligned(4096)));

/* Sattolo's shuffle: one cycle through all nodes. */
static void shuffle(void)
{
    uint64_t seed = 0x853c49e6748fea9b;

    for (uint32_t k = 0; k < NODES; k++)
        nodes[k].next = k;
    for (uint32_t k = NODES - 1; k > 0; k--) {
        uint64_t other = bench_random(&seed) % k, t = nodes[k].next;

        nodes[k].next = nodes[other].next;
        nodes[other].next = t;
    }
}

uint64_t workload(void)
{
    uint64_t at = 0;

    shuffle();
    for (uint32_t k = 0; k < STEPS; k++)
        at = nodes[at].next;
    return at;
}
