/*
 * PMP settings.  Entry 0 allows the S-mode handler, entry 15 everything that
 * no other entry matches; the random ones lie in the data.  Regions finer
 * than a page are kept away from code (README, "exclusions").
 */
#include "torture.h"

#define PMP_TOR 0x08u
#define PMP_NA4 0x10u
#define PMP_NAPOT 0x18u
#define PMP_RWX 7u

static uint64_t napot(uint64_t pa, uint64_t size)
{
    return pa >> 2 | ((size >> 3) - 1);
}

static void set_cfg(struct pmp_setup *s, unsigned entry, uint64_t cfg)
{
    s->cfg[entry / 8] |= cfg << 8 * (entry % 8);
}

/* Permissions, never the reserved W without R. */
static uint64_t random_rwx(struct rng *r)
{
    static const uint8_t rwx[] = {0, 1, 3, 4, 5, 7};

    return rwx[rng_below(r, 6)];
}

/* One region in the data; returns an address at its edge. */
static uint64_t random_region(struct program *p, struct pmp_setup *s,
                              unsigned entry)
{
    struct rng *r = &p->rng;
    uint64_t pa = L_DATA + rng_below(r, 8) * 4096 + 1024;
    uint64_t size = 8ull << rng_below(r, 9);

    pa += rng_below(r, 256) * 8;
    switch (rng_below(r, 3)) {
    case 0:
        s->addr[entry] = pa >> 2;
        set_cfg(s, entry, PMP_NA4 | random_rwx(r));
        return pa;
    case 1:
        pa &= ~(size - 1);
        s->addr[entry] = napot(pa, size);
        set_cfg(s, entry, PMP_NAPOT | random_rwx(r));
        return pa + (rng_below(r, 2) ? size : 0);
    default: /* from where the entry below ends */
        s->addr[entry] = (pa + 4 * rng_below(r, 2)) >> 2;
        set_cfg(s, entry, PMP_TOR | random_rwx(r));
        return pa;
    }
}

static void make_setup(struct program *p, unsigned index)
{
    struct pmp_setup *s = &p->pmp[index];
    uint64_t edges[16] = {L_DATA + 2048};
    uint64_t list = list_set(PMP_SET + index);
    struct rng *r = &p->rng;

    for (unsigned e = 1; e < 15; e++)
        edges[e] = rng_chance(r, 60) ? random_region(p, s, e) : edges[0];
    if (rng_chance(r, 30)) { /* the tables under test, page by page */
        /* Not read without write: QEMU sets A and D nevertheless. */
        static const uint8_t rwx[] = {0, 3, 4, 7};

        s->addr[1] = napot(p->spaces[rng_below(r, SPACES)].leaf_table, 4096);
        s->cfg[0] &= ~0xff00ull;
        set_cfg(s, 1, PMP_NAPOT | rwx[rng_below(r, 4)]);
    }
    for (unsigned i = 0; i < LIST_WORDS; i++) {
        uint64_t pa = edges[rng_below(r, 15)] + rng_below(r, 3) * 8 - 8;

        if (i >= 128 && i < 160)
            pa = L_STUB;
        put64(p, list + 8 * i, pa);
    }
}

static void allow(struct pmp_setup *s)
{
    s->addr[0] = napot(L_S_CODE, 8192);
    set_cfg(s, 0, PMP_NAPOT | PMP_RWX);
    s->addr[15] = (1ull << 54) - 1;
    set_cfg(s, 15, PMP_NAPOT | PMP_RWX);
}

void pmp_make(struct program *p)
{
    for (unsigned i = 0; i < PMP_SETUPS; i++) {
        make_setup(p, i);
        allow(&p->pmp[i]);
    }
    allow(&p->pmp[PMP_SETUPS]);
    /* One program in two locks 64 bytes of data against all modes. */
    if (rng_chance(&p->rng, 50)) {
        put64(p, L_PARAM + PA_LOCK_ADDR, napot(L_DATA + 15 * 4096 + 2048, 64));
        put64(p, L_PARAM + PA_LOCK_CFG, 0x99ull << 24);
    } else {
        put64(p, L_PARAM + PA_LOCK_ADDR, 0);
    }
}
