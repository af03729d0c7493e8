/*
 * Counts primes with a sieve. It only computes: each time it loses the hart
 * to another program, the timer took it.
 */
#include "user.h"

#define LIMIT 10000
#define STEP  2000

static long count_primes(char *composite, long limit)
{
    long count = 0;

    for (long i = 0; i < limit; i++)
        composite[i] = 0;
    for (long i = 2; i < limit; i++) {
        if (composite[i])
            continue;
        count++;
        for (long j = i * i; j < limit; j += i)
            composite[j] = 1;
    }
    return count;
}

void primes(void)
{
    char *sieve = sys_sbrk(LIMIT); /* no page of it exists yet */

    for (long limit = STEP; limit <= LIMIT; limit += STEP)
        say("primes: %d below %d", count_primes(sieve, limit), limit, 0);
    /* Now all other programs are done or waiting: the hart sleeps too. */
    sys_sleep(3);
    say("primes: slept for 3 ticks", 0, 0, 0);
    sys_exit(0);
}
