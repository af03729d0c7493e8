/*
 * Where random tests begin. POGO_TEST_SEED=N repeats one seed. Without it
 * POGO_TEST_FIRST says the first; ./test makes it from the sources, so that the
 * same sources are tested alike each time, and others otherwise. Without either
 * the first seed is another each time. POGO_TEST_SECONDS=N runs longer.
 */
#ifndef POGO_TESTS_UNIT_SEED_H
#define POGO_TESTS_UNIT_SEED_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* The first seed; prints it. */
static inline uint64_t test_seed(void)
{
    const char *given = getenv("POGO_TEST_SEED");
    uint64_t seed;

    if (!given)
        given = getenv("POGO_TEST_FIRST");
    seed = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    printf("POGO_TEST_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

/* Runs one seed after the other for so many seconds of processor time. */
static inline void test_seeds(void (*run)(uint64_t seed), int default_seconds)
{
    const char *seconds = getenv("POGO_TEST_SECONDS");
    clock_t end = clock() + (seconds ? atoi(seconds) : default_seconds) *
                                CLOCKS_PER_SEC;
    uint64_t seed = test_seed();

    do {
        run(seed++);
    } while (!getenv("POGO_TEST_SEED") && clock() < end);
    printf("... to %llu\n", (unsigned long long)seed - 1);
}

#endif
