/* Multiplication of matrices of doubles: fused multiply-add, and loads. */
#include "bench.h"

#define SIDE 200
#define ROUNDS 9

const uint64_t workload_operations = 0;

static double a[SIDE][SIDE], b[SIDE][SIDE], c[SIDE][SIDE];

static void multiply(void)
{
    for (unsigned i = 0; i < SIDE; i++)
        for (unsigned j = 0; j < SIDE; j++) {
            double dot = 0;

            for (unsigned k = 0; k < SIDE; k++)
                dot += a[i][k] * b[k][j];
            c[i][j] = dot;
        }
}

uint64_t workload(void)
{
    union {
        double value;
        uint64_t bits;
    } sum = { .value = 0 };

    for (unsigned i = 0; i < SIDE; i++)
        for (unsigned j = 0; j < SIDE; j++) {
            a[i][j] = 1.0 / (i + j + 1);
            b[i][j] = i == j ? 1.0 : 0.001 * (i % 7);
        }
    for (unsigned r = 0; r < ROUNDS; r++) {
        multiply();
        for (unsigned i = 0; i < SIDE; i++)
            for (unsigned j = 0; j < SIDE; j++) {
                a[i][j] = c[i][j] * 0.5;
                sum.value += a[i][j];
            }
    }
    return sum.bits;
}
