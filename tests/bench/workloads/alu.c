/* Integer arithmetic in registers: no memory, one branch in twelve. */
#include "bench.h"

#define ROUNDS 42000000

const uint64_t workload_operations = 0;

uint64_t workload(void)
{
    uint64_t a = 0x123456789abcdef, b = 0x9e3779b97f4a7c15, sum = 0;

    for (uint32_t k = 0; k < ROUNDS; k++) {
        a ^= a << 13;
        a ^= a >> 7;
        b = b * 5 + k;
        sum += a ^ b;
        if (sum & 64)
            sum -= (uint32_t)(b >> 20);
    }
    return sum;
}
