/* The cheapest system call: entry to the kernel, and return. */
#include "bench.h"
#include "linux.h"

#define CALLS 500000

const uint64_t workload_operations = CALLS;

uint64_t workload(void)
{
    uint64_t sum = 0;

    for (unsigned k = 0; k < CALLS; k++)
        sum += (uint64_t)linux_call(SYS_getppid, 0, 0, 0, 0);
    return sum;
}
