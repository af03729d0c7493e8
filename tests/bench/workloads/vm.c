/* An interpreter of bytecode running a sieve: an indirect jump each dozen
   instructions, to a target that depends on data. */
#include "bench.h"

#define ROUNDS 180
#define LIMIT 8192

const uint64_t workload_operations = 0;

enum op { SET, ADD, ADDI, MUL, XOR, SHR, LESS, LOAD, STORE, JUMP, ZERO, HALT };

struct code {
    uint8_t op, to, a, b;
    int32_t value;
};

enum { I, N, T, J, COUNT, ONE, HASH, FACTOR };

#define LOOP 7
#define MARK 13
#define NEXT 18
#define END 24

static const struct code program[] = {
    { SET, I, 0, 0, 2 },
    { SET, N, 0, 0, LIMIT },
    { SET, T, 0, 0, 0 },
    { SET, COUNT, 0, 0, 0 },
    { SET, ONE, 0, 0, 1 },
    { SET, HASH, 0, 0, 1 },
    { SET, FACTOR, 0, 0, 1000003 },
    [LOOP] = { LESS, T, I, N, 0 },
    { ZERO, 0, T, 0, END },
    { LOAD, T, I, 0, 0 },
    { XOR, T, T, ONE, 0 },
    { ZERO, 0, T, 0, NEXT },
    { ADD, J, I, I, 0 },
    [MARK] = { LESS, T, J, N, 0 },
    { ZERO, 0, T, 0, NEXT },
    { STORE, ONE, J, 0, 0 },
    { ADD, J, J, I, 0 },
    { JUMP, 0, 0, 0, MARK },
    [NEXT] = { LOAD, T, I, 0, 0 },
    { ADD, COUNT, COUNT, T, 0 },
    { MUL, HASH, HASH, FACTOR, 0 },
    { XOR, HASH, HASH, T, 0 },
    { ADDI, I, I, 0, 1 },
    { JUMP, 0, 0, 0, LOOP },
    [END] = { SHR, T, HASH, ONE, 0 },
    { XOR, HASH, HASH, T, 0 },
    { ADD, HASH, HASH, COUNT, 0 },
    { HALT, HASH, 0, 0, 0 },
};

static int64_t memory[LIMIT];

static uint64_t interpret(const struct code *code)
{
    uint64_t r[8] = { 0 };
    const struct code *pc = code;

    for (;;) {
        const struct code *c = pc++;

        switch ((enum op)c->op) {
        case SET: r[c->to] = (uint64_t)(int64_t)c->value; break;
        case ADD: r[c->to] = r[c->a] + r[c->b]; break;
        case ADDI: r[c->to] = r[c->a] + (uint64_t)(int64_t)c->value; break;
        case MUL: r[c->to] = r[c->a] * r[c->b]; break;
        case XOR: r[c->to] = r[c->a] ^ r[c->b]; break;
        case SHR: r[c->to] = r[c->a] >> (r[c->b] & 63); break;
        case LESS: r[c->to] = r[c->a] < r[c->b]; break;
        case LOAD: r[c->to] = (uint64_t)memory[r[c->a] % LIMIT]; break;
        case STORE: memory[r[c->a] % LIMIT] = (int64_t)r[c->to]; break;
        case JUMP: pc = code + c->value; break;
        case ZERO:
            if (r[c->a] == 0)
                pc = code + c->value;
            break;
        case HALT: return r[c->to];
        }
    }
}

uint64_t workload(void)
{
    uint64_t sum = 0;

    for (unsigned k = 0; k < ROUNDS; k++) {
        for (unsigned n = 0; n < LIMIT; n++)
            memory[n] = 0;
        sum = sum * 31 + interpret(program);
    }
    return sum;
}
