/*
 * Address spaces of a test program.  All spaces of one mode have the same
 * shape; going down from the root (Sv39 has no upper tables):
 *
 *   upper tables  entry 0 and one random entry lead on: two names for all
 *   gigapages     entry 2: identity, S only: handler, pool, data, tables,
 *                 code; entry ku: the same for U; entry kt: the window
 *   window        entry 0: leaf table, 32 data pages and 16 pages of the jump
 *                 stub; 496 to 511: superpages; right or wrong at random
 */
#include "torture.h"

#define PTE_V 1u
#define PTE_R 2u
#define PTE_W 4u
#define PTE_X 8u
#define PTE_U 16u
#define PTE_A 64u
#define PTE_D 128u
#define PTE_AD (PTE_A | PTE_D)
#define PTE_N (1ull << 63)
#define HOLE_PPN (0x10000000000ull >> 12)
#define SUPER 496u

uint64_t list_set(unsigned i)
{
    return L_LISTS + (uint64_t)i * LIST_WORDS * 8;
}

static uint64_t new_table(struct program *p)
{
    return L_TABLES + 4096 * p->tables_used++;
}

static void set_pte(struct program *p, uint64_t table, unsigned index,
                    uint64_t pa, uint64_t bits)
{
    put64(p, table + 8 * index, pa >> 12 << 10 | bits);
}

static uint64_t random_rwx(struct rng *r)
{
    static const uint8_t rwx[] = {PTE_R | PTE_W,
                                  PTE_R | PTE_W,
                                  PTE_R | PTE_W,
                                  PTE_R | PTE_W | PTE_X,
                                  PTE_R | PTE_W | PTE_X,
                                  PTE_R,
                                  PTE_R | PTE_X,
                                  PTE_R | PTE_X,
                                  PTE_X,
                                  PTE_X,
                                  PTE_W,
                                  PTE_W | PTE_X,
                                  0};

    return rwx[rng_below(r, sizeof rwx)];
}

uint64_t pages_random_entry(struct program *p, uint64_t ppn)
{
    struct rng *r = &p->rng;
    uint64_t e = ppn << 10 | random_rwx(r) | rng_below(r, 4) << 8;

    e |= rng_chance(r, 95) ? PTE_V : 0;
    e |= rng_chance(r, 50) ? PTE_U : 0;
    e |= rng_chance(r, 75) ? PTE_A : 0;
    e |= rng_chance(r, 65) ? PTE_D : 0;
    e |= rng_chance(r, 20) ? 32 : 0;
    if (rng_chance(r, 6))
        e |= PTE_N;
    if (rng_chance(r, 6))
        e |= (1 + rng_below(r, 2)) << 61; /* QEMU accepts the reserved 3 */
    if (p->profile.pte_reserved && rng_chance(r, 3))
        e |= 1ull << (54 + rng_below(r, 7));
    return e;
}

static uint64_t data_page(struct rng *r)
{
    return (L_DATA >> 12) + rng_below(r, 15);
}

static void fill_leaf_table(struct program *p, uint64_t table)
{
    struct rng *r = &p->rng;

    for (unsigned i = 0; i < 48; i++) {
        bool stub = i >= 32;
        uint64_t e =
            pages_random_entry(p, stub ? L_STUB >> 12 : data_page(r));

        if (stub)
            e &= ~(PTE_N | PTE_W); /* stays what it is */
        else if (i < CROSS_PAGES)
            e |= PTE_AD;
        if (stub && rng_chance(r, 60))
            e |= PTE_X | PTE_R | PTE_A;
        if (e & PTE_N) /* 64 KiB: the low four bits of the number say so */
            e = (e & ~(0x3full << 10)) | 8 << 10 |
                (i < CROSS_PAGES && rng_chance(r, 30) ? 1 << 10 : 0);
        put64(p, table + 8 * i, e);
    }
    /* One that leads where there is no memory, for list B only. */
    set_pte(p, table, 31, HOLE_PPN << 12, PTE_V | 0xe | PTE_AD |
                                             (rng_chance(r, 50) ? PTE_U : 0));
}

/* Twelve superpages of data, four of the stub; some misaligned. */
static void fill_superpages(struct program *p, uint64_t table)
{
    struct rng *r = &p->rng;

    for (unsigned i = SUPER; i < 512; i++) {
        bool stub = i >= 508;
        uint64_t ppn = stub ? L_RAM >> 12 : L_DATA >> 12;
        uint64_t e = pages_random_entry(p, ppn);

        if (stub)
            e &= ~(uint64_t)PTE_W;
        if (!(e & 0xe)) /* a pointer here would walk through data */
            e |= PTE_R;
        if (e & PTE_N) /* a fault; QEMU sets A and D before it notices */
            e |= PTE_AD;
        if (rng_chance(r, 15))
            e |= 1ull << (10 + rng_below(r, 9));
        put64(p, table + 8 * i, e);
    }
}

static uint64_t window_table(struct program *p, struct space *s)
{
    uint64_t table = new_table(p);

    s->leaf_table = new_table(p);
    s->live = table + 8 * SUPER;
    set_pte(p, table, 0, s->leaf_table, PTE_V);
    fill_superpages(p, table);
    fill_leaf_table(p, s->leaf_table);
    for (unsigned i = 0; i < TESTED_ENTRIES; i++)
        put64(p, s->pristine + 8 * i, get64(p, s->live + 8 * i));
    return table;
}

/* RAM at the low 30 bits of its addresses, for S or for U. */
static uint64_t ram_table(struct program *p, bool user)
{
    uint64_t table = new_table(p), low = new_table(p);
    uint64_t u = PTE_V | PTE_AD | (user ? PTE_U : 0);

    set_pte(p, table, 0, low, PTE_V);
    set_pte(p, table, 1, L_DATA, u | PTE_R | PTE_W);
    if (!user)
        set_pte(p, table, 2, L_TABLES, u | PTE_R | PTE_W);
    for (uint64_t pa = L_CODE; pa < L_END; pa += 0x200000)
        set_pte(p, table, (unsigned)((pa - L_RAM) >> 21), pa,
                u | PTE_X | PTE_R);
    for (uint64_t pa = L_POOL; pa < L_PRISTINE; pa += 4096)
        set_pte(p, low, (unsigned)((pa - L_RAM) >> 12), pa, u | PTE_R);
    if (!user) {
        set_pte(p, low, 16, L_S_CODE, u | PTE_X);
        set_pte(p, low, 17, L_S_DATA, u | PTE_R | PTE_W);
    }
    return table;
}

/*
 * Wrong entries of a gigapage table, for list B: each must fault, but one.
 * As physical addresses they are beyond the devices of virt, too.
 */
static void fill_wrong(struct program *p, uint64_t table)
{
    uint64_t good = PTE_V | PTE_AD | PTE_R | PTE_W | PTE_X;

    set_pte(p, table, 40, L_RAM, good | (rng_below(&p->rng, 2) ? PTE_U : 0));
    set_pte(p, table, 41, L_DATA, good);                 /* misaligned */
    set_pte(p, table, 42, L_TABLES, PTE_V | PTE_U);      /* pointer with U */
    set_pte(p, table, 43, L_TABLES, PTE_V | PTE_A);      /* with A */
    set_pte(p, table, 44, L_TABLES, PTE_V | PTE_D);      /* with D */
    set_pte(p, table, 45, L_TABLES, PTE_V | PTE_W);      /* reserved */
    set_pte(p, table, 46, L_RAM, good & ~(uint64_t)PTE_R); /* reserved */
    set_pte(p, table, 47, L_RAM, good & ~(uint64_t)PTE_V);
    set_pte(p, table, 48, L_RAM, good | 1ull << 61);     /* PBMT = NC */
}

/* A list entry is the middle of a page. */
static void fill_lists(struct program *p, unsigned index, struct space *s,
                       uint64_t top)
{
    struct rng *r = &p->rng;
    uint64_t list = list_set(index);

    for (unsigned i = 0; i < 128; i++) {
        uint64_t super = SUPER + rng_below(r, 12);
        uint64_t va = s->window + rng_below(r, 31) * 4096;

        if (rng_chance(r, 25))
            va = s->window + (super << 21) + rng_below(r, 15) * 4096;
        if (i >= 64 && rng_chance(r, 30))
            va = (s->satp >> 60 == 8 ? 0 : top) + 0x200000 +
                 ((40 + rng_below(r, 9)) << 30);
        if (i >= 64 && rng_chance(r, 10))
            va = s->window + 31 * 4096;
        if (i >= 64 && rng_chance(r, 10))
            va ^= 1ull << (47 + rng_below(r, 17)); /* rarely canonical */
        put64(p, list + 8 * i, va + 2048);
    }
    for (unsigned i = 0; i < 32; i++) {
        uint64_t va = s->window + (32 + rng_below(r, 16)) * 4096;

        if (rng_chance(r, 25))
            va = s->window + ((508 + rng_below(r, 4)) << 21) + 0x118000;
        put64(p, list + LIST_X + 8 * i, va + 2 * rng_below(r, 100));
        va = s->window + rng_below(r, CROSS_PAGES) * 4096;
        put64(p, list + LIST_C + 8 * i, va + 2048);
    }
}

/* Tables above the gigapages; `*top` becomes the other name's address. */
static uint64_t upper_tables(struct program *p, unsigned levels, uint64_t giga,
                             uint64_t *top)
{
    uint64_t root = giga, slot = 0;

    for (unsigned level = 0; level < levels; level++) {
        uint64_t table = new_table(p);
        bool last = level + 1 == levels;

        slot = rng_below(&p->rng, last ? 512 : 256) | 1;
        set_pte(p, table, 0, root, PTE_V);
        set_pte(p, table, (unsigned)slot, root, PTE_V);
        *top |= slot << (39 + 9 * level);
        root = table;
    }
    if (levels) {
        unsigned shift = 64 - (39 + 9 * levels);

        *top = (uint64_t)((int64_t)(*top << shift) >> shift);
    }
    return root;
}

static void make_space(struct program *p, unsigned index)
{
    struct space *s = &p->spaces[index];
    uint64_t mode = 8 + index % 3, giga = new_table(p), root, top = 0;
    uint64_t ku = 64 + rng_below(&p->rng, 96);
    uint64_t kt = 160 + rng_below(&p->rng, 96);

    if (mode == 8 && rng_chance(&p->rng, 50)) { /* the upper half */
        ku += 256;
        kt += 256;
        top = ~0ull << 39;
    }
    s->pristine = L_PRISTINE + (uint64_t)index * TESTED_ENTRIES * 8;
    set_pte(p, giga, 2, ram_table(p, false), PTE_V | 32);
    set_pte(p, giga, (unsigned)ku, ram_table(p, true), PTE_V);
    set_pte(p, giga, (unsigned)kt, window_table(p, s), PTE_V);
    fill_wrong(p, giga);
    root = upper_tables(p, (unsigned)mode - 8, giga, &top);
    /* User code runs at the window of U, under either name. */
    s->u_alias = (top | ku << 30) - L_RAM;
    s->s_alias = mode == 8 ? 0 : top; /* Sv39 has the identity only */
    s->window = top | kt << 30;
    s->satp = mode << 60 | rng_below(&p->rng, 65536) << 44 | root >> 12;
    fill_lists(p, index, s, top);
}

static void make_bare_lists(struct program *p)
{
    uint64_t list = list_set(BARE_SET);

    for (unsigned i = 0; i < LIST_WORDS; i++) {
        uint64_t pa = L_DATA + rng_below(&p->rng, 15) * 4096 + 2048;

        if (i >= 64 && i < 128 && rng_chance(&p->rng, 40))
            pa = (HOLE_PPN + rng_below(&p->rng, 999)) << 12 | 2048;
        if (i >= 128 && i < 160)
            pa = L_STUB + 2 * rng_below(&p->rng, 2000);
        put64(p, list + 8 * i, pa);
    }
}

void pages_make(struct program *p)
{
    for (uint64_t pa = L_STUB; pa < L_STUB + 4096; pa += 8)
        put64(p, pa, 0x8082808280828082);
    for (unsigned i = 0; i < SPACES; i++)
        make_space(p, i);
    make_bare_lists(p);
}
