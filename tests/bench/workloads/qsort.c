/* Quicksort with a comparison behind a pointer, as the library's: branches that
   nobody can predict, indirect calls, four MiB of memory. */
#include "bench.h"

#define NUMBERS (512 * 1024)
#define ROUNDS 2
#define FEW 8

const uint64_t workload_operations = 0;

static uint64_t numbers[NUMBERS];

typedef int order_fn(const uint64_t *, const uint64_t *);

static int __attribute__((noinline)) ascending(const uint64_t *a,
                                               const uint64_t *b)
{
    return (*a > *b) - (*a < *b);
}

static void swap(uint64_t *a, uint64_t *b)
{
    uint64_t t = *a;

    *a = *b;
    *b = t;
}

static void insertion_sort(uint64_t *v, long n, order_fn *order)
{
    for (long k = 1; k < n; k++)
        for (long j = k; j > 0 && order(&v[j - 1], &v[j]) > 0; j--)
            swap(&v[j - 1], &v[j]);
}

/* Hoare's partition: everything up to the result is at most the pivot. */
static long partition(uint64_t *v, long n, order_fn *order)
{
    uint64_t pivot = v[(n - 1) / 2];
    long low = -1, high = n;

    for (;;) {
        do
            low++;
        while (order(&v[low], &pivot) < 0);
        do
            high--;
        while (order(&v[high], &pivot) > 0);
        if (low >= high)
            return high;
        swap(&v[low], &v[high]);
    }
}

static void sort(uint64_t *v, long n, order_fn *order)
{
    while (n > FEW) {
        long left = partition(v, n, order) + 1;

        if (left < n - left) {
            sort(v, left, order);
            v += left;
            n -= left;
        } else {
            sort(v + left, n - left, order);
            n = left;
        }
    }
    insertion_sort(v, n, order);
}

uint64_t workload(void)
{
    order_fn *volatile order = ascending; /* the compiler may not see through */
    uint64_t seed = 88172645463325252u, sum = 0;

    for (unsigned r = 0; r < ROUNDS; r++) {
        for (long k = 0; k < NUMBERS; k++)
            numbers[k] = bench_random(&seed);
        sort(numbers, NUMBERS, order);
        for (long k = 1; k < NUMBERS; k++)
            sum += numbers[k - 1] <= numbers[k] ? numbers[k] ^ (uint64_t)k : 1;
    }
    return sum;
}
