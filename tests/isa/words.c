/*
 * words: prints instruction words in hexadecimal, one a line: every 16-bit
 * one ("words compressed"), or random 32-bit ones ("words SEED COUNT").  Half
 * of the random words are rows of the generator's table with random operands,
 * a quarter such words with one bit changed, the rest random in an opcode.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "torture.h"

static uint32_t random_word(struct rng *r)
{
    const struct encoding *e = &encodings[rng_below(r, encoding_count)];
    uint32_t w = (uint32_t)rng_next(r);
    uint64_t how = rng_below(r, 4);

    if (how == 0)
        return (w & ~0x7fu) | (e->match & 0x7f);
    w = (w & ~e->mask) | e->match;
    if (how == 1)
        w ^= 4u << rng_below(r, 30);
    return w;
}

int main(int argc, char **argv)
{
    struct rng r;
    uint64_t count;

    if (argc == 2 && !strcmp(argv[1], "compressed")) {
        for (uint32_t h = 0; h < 0x10000; h++)
            if ((h & 3) != 3)
                printf("%08" PRIx32 "\n", h);
        return 0;
    }
    if (argc != 3) {
        fputs("usage: words compressed | words SEED COUNT\n", stderr);
        return 64;
    }
    r.state = strtoull(argv[1], NULL, 0) * 2 + 1;
    count = strtoull(argv[2], NULL, 0);
    while (count) {
        uint32_t w = random_word(&r);

        /* Low bits 11111 begin instructions longer than 32 bits. */
        if ((w & 3) != 3 || (w & 0x1f) == 0x1f)
            continue;
        printf("%08" PRIx32 "\n", w);
        count--;
    }
    return 0;
}
