/*
 * Sorts numbers, recursively, so that its stack grows; and forks first: the
 * child changes what both share, and neither notices the other.
 */
#include "user.h"

#define COUNT 3000

static void fill(uint32_t *a)
{
    uint32_t x = 2463534242U;

    for (int i = 0; i < COUNT; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        a[i] = x % 1000000;
    }
}

static void quicksort(uint32_t *a, long low, long high)
{
    uint32_t pivot = a[(low + high) / 2];
    long i = low, j = high;

    while (i <= j) {
        while (a[i] < pivot)
            i++;
        while (a[j] > pivot)
            j--;
        if (i <= j) {
            uint32_t t = a[i];

            a[i++] = a[j];
            a[j--] = t;
        }
    }
    if (low < j)
        quicksort(a, low, j);
    if (i < high)
        quicksort(a, i, high);
}

/* Each level of this recursion takes a good part of a page of stack. */
static long deep(long level)
{
    volatile char local[1000];

    local[0] = local[999] = (char)level;
    return level ? 1 + deep(level - 1) + local[0] - local[999] : 0;
}

/* The child inverts its copy: each page it writes is copied for it. */
static void child(uint32_t *a)
{
    for (int i = 0; i < COUNT; i++)
        a[i] = 1000000 - a[i];
    quicksort(a, 0, COUNT - 1);
    say("sort's child (pid %d): smallest %d, largest %d", sys_getpid(), a[0],
        a[COUNT - 1]);
    sys_exit(0);
}

void sort(void)
{
    uint32_t *a = sys_sbrk(COUNT * sizeof *a);

    fill(a);
    say("sort: %d numbers, the first is %d", COUNT, a[0], 0);
    if (sys_fork() == 0)
        child(a);
    say("sort: after fork, the first is still %d", a[0], 0, 0);
    quicksort(a, 0, COUNT - 1);
    say("sort: smallest %d, median %d, largest %d", a[0], a[COUNT / 2],
        a[COUNT - 1]);
    say("sort: recursed %d deep on a growing stack", deep(40), 0, 0);
    sys_exit(0);
}
