/* Swaps of mscratch, sixteen in a row: in a virtual machine each one is an
   instruction of the monitor's to emulate. */
#include "bench.h"

#define ROUNDS 250000

const uint64_t workload_operations = ROUNDS * 16;

#define SWAP "csrrw %0, mscratch, %0\n\t"
#define FOUR SWAP SWAP SWAP SWAP

uint64_t workload(void)
{
    uint64_t x = 1;

    for (uint64_t k = 0; k < ROUNDS; k++) {
        __asm__ volatile(FOUR FOUR FOUR FOUR : "+r"(x));
        x += k;
    }
    return x;
}
