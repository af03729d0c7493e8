/*
 * Which words are tried in which states.
 *
 *   the lattice   in each state some words of every group, on all sides
 *   compressed    all 49,152 16-bit encodings, in COMPRESSED_STATES states
 *   SYSTEM        all 2^25 words of that opcode, in a state in which as little
 *                 traps as can be; those that do not trap under the monitor are
 *                 run on all sides
 *   all words     2^32, less the two above: decoded, and executed where that
 *                 can say more
 */
#include "check/riscv/sweep.h"

#include "check/riscv/classify.h"

#define COMPRESSED_STATES 4u
#define COMPRESSED_BLOCKS 16u
#define COMPRESSED_WORDS  (65536u / COMPRESSED_BLOCKS)
#define SYSTEM_BLOCKS     1024u
#define SYSTEM_WORDS      ((1u << 25) / SYSTEM_BLOCKS)
#define ALL_BLOCKS        4096u
#define ALL_WORDS         ((1u << 30) / ALL_BLOCKS)
#define EXECUTED          257u
#define OPCODE_SYSTEM     0x73u
#define DEFAULT_SAMPLES   2u

struct plan {
    unsigned lattice, compressed, system, all;
};

static struct plan plan_of(const struct riscv_part *part)
{
    unsigned stride = part->stride ? part->stride : 1;

    return (struct plan){
        .lattice = (LATTICE_STATES + stride - 1) / stride,
        .compressed =
            part->lattice_only ? 0 : COMPRESSED_STATES * COMPRESSED_BLOCKS,
        .system = part->lattice_only ? 0 : SYSTEM_BLOCKS,
        .all = part->exhaustive ? ALL_BLOCKS : 0,
    };
}

unsigned sweep_items(const struct riscv_part *part)
{
    struct plan p = plan_of(part);

    return p.lattice + p.compressed + p.system + p.all;
}

unsigned sweep_cost(const struct riscv_part *part, unsigned n)
{
    struct plan p = plan_of(part);

    if (n < p.lattice)
        return 5;
    n -= p.lattice;
    if (n < p.compressed)
        return 16;
    return n - p.compressed < p.system ? 12 : 10;
}

/* Some words of the group, in the state that the labs are in, the n-th. */
static void try_group(struct bench *b, unsigned n, unsigned group,
                      unsigned samples)
{
    const struct groups *g = &b->part->groups;
    struct dice d = dice_new(b->part->seed, 16 + group, n);

    for (unsigned i = 0; i < samples; i++) {
        uint32_t word = group_word(g, group, &d);

        b->order = (uint64_t)n << 24 | group << 8 | (i & 0xff);
        bench_try(b, word, group_of(g, word));
    }
}

static void lattice_item(struct bench *b, unsigned n)
{
    unsigned samples = b->part->samples ? b->part->samples : DEFAULT_SAMPLES;

    bench_set(b, n);
    for (unsigned group = 0; group < b->part->groups.n; group++)
        try_group(b, n, group, samples);
}

bool sweep_condition(struct bench *b, enum riscv_condition c, unsigned n)
{
    bench_set(b, n);
    for (unsigned group = 0; group < b->part->groups.n; group++)
        if (classify_concerned(b->part, c, group))
            try_group(b, n, group, 4);
    return !b->failed;
}

static void compressed_item(struct bench *b, unsigned n)
{
    const struct groups *g = &b->part->groups;
    unsigned block = n % COMPRESSED_BLOCKS;
    bool first = n < COMPRESSED_BLOCKS;

    bench_set_open(b, n / COMPRESSED_BLOCKS);
    for (unsigned i = 0; i < COMPRESSED_WORDS; i++) {
        uint32_t word = block * COMPRESSED_WORDS + i;
        unsigned group;

        if ((word & 3) == 3)
            continue;
        group = group_of(g, word);
        b->part->tally[group].encodings += first;
        b->order = BIT(56) | (uint64_t)n << 24 | i;
        bench_try(b, word, group);
    }
}

/* Millions of words that do not exist, but do not trap, need not all be
   compared: a hole is a hole. */
static bool worth_trying(const struct groups *g, unsigned group, uint32_t word)
{
    const struct group *of = &g->group[group];
    bool exists = of->kind == GROUP_ROW ||
                  (of->kind == GROUP_CSR && csr_exists(g->isa, of->csr));

    return exists || word * UINT32_C(0x9e3779b1) >> 24 == 0;
}

static void system_item(struct bench *b, unsigned n)
{
    const struct groups *g = &b->part->groups;

    bench_set_open(b, LATTICE_STATES + 7);
    for (unsigned i = 0; i < SYSTEM_WORDS; i++) {
        uint32_t word = (n * SYSTEM_WORDS + i) << 7 | OPCODE_SYSTEM;
        unsigned group = group_of(g, word);

        b->part->tally[group].encodings++;
        b->order = BIT(57) | (uint64_t)n << 24 | i;
        if (!bench_traps(b, word, group) && worth_trying(g, group, word))
            bench_try(b, word, group);
    }
}

/*
 * All 32-bit words in order of their upper bits; the lowest two are ones.
 *
 * Executing all of them would say no more than this does: what the engine runs
 * is a function of what insn_decode() makes of the word, and of nothing else
 * (block_single() and decode_ops() in cpu/block.c: insn_decode, then op_make).
 * For INSN_illegal op_make gives op_illegal, which raises the exception, and
 * passes the word on to mtval alone. So one call of insn_decode, by group_of(),
 * tells that a word traps. (A hole, too, is looked for by what the word decodes
 * to: isa/hole.c.) That it is so is still tried: of each EXECUTED words one is
 * executed. It is an odd number, so that those executed have all opcodes.
 */
static void all_item(struct bench *b, unsigned n)
{
    const struct groups *g = &b->part->groups;

    bench_set_open(b, LATTICE_STATES + 8);
    for (unsigned i = 0; i < ALL_WORDS; i++) {
        uint32_t word = (n * ALL_WORDS + i) << 2 | 3;
        unsigned group;

        if ((word & 0x7f) == OPCODE_SYSTEM)
            continue;
        group = group_of(g, word);
        b->part->tally[group].encodings++;
        if (i % EXECUTED != n % EXECUTED)
            continue;
        b->order = BIT(58) | (uint64_t)n << 24 | i;
        bench_try(b, word, group);
    }
}

bool sweep_item(struct bench *b, unsigned n)
{
    struct plan p = plan_of(b->part);
    unsigned stride = b->part->stride ? b->part->stride : 1;

    if (n < p.lattice)
        lattice_item(b, n * stride);
    else if ((n -= p.lattice) < p.compressed)
        compressed_item(b, n);
    else if ((n -= p.compressed) < p.system)
        system_item(b, n);
    else
        all_item(b, n - p.system);
    return !b->failed;
}
