/* A byte goes to another process through a pipe, and one comes back: two
   switches of the address space each round trip. */
#include "bench.h"
#include "linux.h"

#define ROUNDS 20000

const uint64_t workload_operations = ROUNDS;

static void echo(int from, int to)
{
    char byte;

    while (linux_call(SYS_read, from, (long)&byte, 1, 0) == 1)
        linux_call(SYS_write, to, (long)&byte, 1, 0);
}

uint64_t workload(void)
{
    int there[2], back[2];
    uint64_t sum = 0;
    long child;

    linux_call(SYS_pipe2, (long)there, 0, 0, 0);
    linux_call(SYS_pipe2, (long)back, 0, 0, 0);
    child = linux_fork();
    if (child == 0) {
        /* Not to hold the writing end that the parent's exit closes. */
        linux_call(SYS_close, there[1], 0, 0, 0);
        echo(there[0], back[1]);
        linux_exit(0);
    }
    for (unsigned r = 0; r < ROUNDS; r++) {
        char byte = (char)r;

        linux_call(SYS_write, there[1], (long)&byte, 1, 0);
        linux_call(SYS_read, back[0], (long)&byte, 1, 0);
        sum += (unsigned char)byte;
    }
    linux_call(SYS_close, there[1], 0, 0, 0);
    linux_wait(child);
    return sum;
}
