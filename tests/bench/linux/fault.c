/* Page faults: a mapping is made, each of its pages touched, and unmapped. One
   MiB at a time, which is too small for huge pages. */
#include "bench.h"
#include "linux.h"

#define PAGE 4096
#define PAGES 256
#define ROUNDS 192
#define READ_WRITE 3
#define PRIVATE_ANONYMOUS 0x22

const uint64_t workload_operations = PAGES * ROUNDS;

uint64_t workload(void)
{
    uint64_t sum = 0;

    for (unsigned r = 0; r < ROUNDS; r++) {
        long at = linux_call(SYS_mmap, 0, PAGES * PAGE, READ_WRITE,
                             PRIVATE_ANONYMOUS);
        volatile unsigned char *bytes = (volatile unsigned char *)at;

        for (unsigned k = 0; k < PAGES; k++) {
            bytes[(uint64_t)k * PAGE] = 1;
            sum += bytes[(uint64_t)k * PAGE];
        }
        linux_call(SYS_munmap, at, PAGES * PAGE, 0, 0);
    }
    return sum;
}
