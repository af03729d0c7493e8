/* Copying, 64 bytes a round of the loop: loads and stores, nothing else. */
#include "bench.h"

/* 1000 KiB, and not a power of two: the two arrays are not to meet in one set
   of a direct-mapped TLB. */
#define WORDS (125 * 1024)
#define ROUNDS 1536

const uint64_t workload_operations = 0;

static uint64_t from[WORDS], to[WORDS];

static void __attribute__((noinline)) copy(uint64_t *restrict t,
                                           const uint64_t *restrict f, long n)
{
    for (; n > 0; n -= 8, t += 8, f += 8) {
        uint64_t a = f[0], b = f[1], c = f[2], d = f[3];
        uint64_t e = f[4], g = f[5], h = f[6], i = f[7];

        t[0] = a, t[1] = b, t[2] = c, t[3] = d;
        t[4] = e, t[5] = g, t[6] = h, t[7] = i;
    }
}

uint64_t workload(void)
{
    uint64_t seed = 0x4d595df4d0f33173;

    for (unsigned k = 0; k < WORDS; k++)
        from[k] = bench_random(&seed);
    for (unsigned r = 0; r < ROUNDS; r++) {
        from[r]++;
        copy(to, from, WORDS);
        from[r + 1] ^= to[r];
    }
    return to[ROUNDS - 1] ^ to[WORDS - 1];
}
