/* fork, exec of a program that ends at once, wait. */
#include "bench.h"
#include "linux.h"

#define ROUNDS 200

const uint64_t workload_operations = ROUNDS;

uint64_t workload(void)
{
    static char path[] = "/bench/nothing";
    char *arguments[] = { path, 0 };
    uint64_t waited = 0;

    for (unsigned r = 0; r < ROUNDS; r++) {
        long child = linux_fork();

        if (child == 0) {
            linux_call(SYS_execve, (long)path, (long)arguments, 0, 0);
            linux_exit(1);
        }
        waited += linux_wait(child) == child;
    }
    return waited;
}
