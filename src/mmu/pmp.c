/*
 * Physical memory protection: which entry decides about an access, and what
 * it grants. Privileged manual 1.13, "Physical Memory Protection": address
 * matching, locking and privilege mode, priority and matching logic.
 */
#include "mmu/pmp.h"

#include "mmu/pte.h"

/* An entry's R, W and X are a set of enum access as they stand. */
_Static_assert(PMPCFG_R == ACCESS_LOAD && PMPCFG_W == ACCESS_STORE &&
                   PMPCFG_X == ACCESS_FETCH,
               "pmpcfg's permission bits are access rights");

/* The bytes [lo, hi) that an entry matches; none if lo >= hi. */
struct range {
    uint64_t lo, hi;
};

/*
 * NAPOT: the low ones of pmpaddr, n of them, encode the size 2^(n+3). The
 * largest, all 54 bits set, ends at 2^57, beyond any physical address.
 */
static struct range napot_range(uint64_t addr)
{
    uint64_t low = addr ^ (addr + 1);
    uint64_t lo = (addr & ~low) << 2;

    return (struct range){ lo, lo + ((low + 1) << 2) };
}

static struct range entry_range(const struct csr_file *c, unsigned i)
{
    uint64_t addr = c->pmpaddr[i];

    switch (field_get(c->pmpcfg[i], PMPCFG_A)) {
    case PMP_TOR: /* entry 0 starts at address 0 */
        return (struct range){ i ? c->pmpaddr[i - 1] << 2 : 0, addr << 2 };
    case PMP_NA4:
        return (struct range){ addr << 2, (addr << 2) + 4 };
    case PMP_NAPOT:
        return napot_range(addr);
    default:
        return (struct range){ 0, 0 };
    }
}

/* "If L is clear, any M-mode access matching the entry will succeed." */
static unsigned entry_rights(uint8_t cfg, enum priv priv)
{
    if (priv == PRIV_M && !(cfg & PMPCFG_L))
        return ACCESS_ALL;
    return cfg & ACCESS_ALL;
}

/* "If no PMP entry matches an M-mode access, the access succeeds; … an S-mode
   or U-mode access, … but at least one PMP entry is implemented, fails." */
static unsigned default_rights(enum priv priv)
{
    return priv == PRIV_M ? ACCESS_ALL : 0;
}

/* The entry that decides about the bytes first..last, and what it matches;
   PMP_ENTRIES: none. */
static unsigned deciding_entry(const struct csr_file *c, uint64_t first,
                               uint64_t last, struct range *e)
{
    for (unsigned i = 0; i < PMP_ENTRIES; i++) {
        if (!(c->pmpcfg[i] & PMPCFG_A)) /* most are off, most of the time */
            continue;
        *e = entry_range(c, i);
        if (e->lo < e->hi && last >= e->lo && first < e->hi)
            return i;
    }
    return PMP_ENTRIES;
}

/*
 * The rights of `priv` on the bytes first..last. False: the entry that decides
 * matches only some of them, and so any access to all of them fails
 * "irrespective of the L, R, W, and X bits".
 */
static bool span_rights(const struct csr_file *c, enum priv priv,
                        uint64_t first, uint64_t last, unsigned *rights)
{
    struct range e;
    unsigned i = deciding_entry(c, first, last, &e);

    if (i == PMP_ENTRIES) {
        *rights = default_rights(priv);
        return true;
    }
    *rights = entry_rights(c->pmpcfg[i], priv);
    return first >= e.lo && last < e.hi;
}

/* Of `size` bytes. What wraps around matches no entry in full. */
static uint64_t last_byte(uint64_t pa, uint64_t size)
{
    uint64_t last = pa + size - 1;

    return last < pa ? UINT64_MAX : last;
}

bool pmp_permits(const struct csr_file *c, enum priv priv, uint64_t pa,
                 uint64_t size, enum access access)
{
    unsigned rights;

    return span_rights(c, priv, pa, last_byte(pa, size), &rights) &&
           (rights & access);
}

struct pmp_decision pmp_decide(const struct csr_file *c, enum priv priv,
                               uint64_t pa, uint64_t size, enum access access)
{
    uint64_t last = last_byte(pa, size);
    struct pmp_decision d = { .permitted = false };
    struct range e = { 0, 0 };

    d.whole = span_rights(c, priv, pa, last, &d.rights);
    d.permitted = d.whole && (d.rights & access);
    d.entry = (uint8_t)deciding_entry(c, pa, last, &e);
    d.lo = e.lo;
    d.hi = e.hi;
    return d;
}

bool pmp_page_rights(const struct csr_file *c, enum priv priv, uint64_t pa,
                     unsigned *rights)
{
    return span_rights(c, priv, pa & ~PAGE_MASK, pa | PAGE_MASK, rights);
}

void pmp_range_rights(const struct csr_file *c, enum priv priv, uint64_t pa,
                      uint64_t *lo, uint64_t *hi, unsigned *rights)
{
    uint64_t first = pa & ~PAGE_MASK, last = pa | PAGE_MASK;

    *rights = default_rights(priv);
    for (unsigned i = 0; i < PMP_ENTRIES; i++) {
        struct range e = entry_range(c, i);

        if (e.lo >= e.hi || last < e.lo || first >= e.hi)
            continue;
        if (pa >= e.hi) { /* the entry lies below pa: start after it */
            first = e.hi;
            continue;
        }
        if (pa < e.lo) { /* above: end before it */
            last = e.lo - 1;
            continue;
        }
        first = e.lo > first ? e.lo : first;
        last = e.hi - 1 < last ? e.hi - 1 : last;
        *rights = entry_rights(c->pmpcfg[i], priv);
        break;
    }
    *lo = first;
    *hi = last + 1;
}

/*
 * An unlocked entry binds M-mode too where it begins or ends inside a page: an
 * access across its boundary fails. Accesses across pages are split.
 */
static bool binds_m(uint8_t cfg, struct range e)
{
    return (cfg & PMPCFG_L) || ((e.lo | e.hi) & PAGE_MASK);
}

bool pmp_active(const struct csr_file *c, enum priv priv)
{
    for (unsigned i = 0; i < PMP_ENTRIES; i++) {
        uint8_t cfg = c->pmpcfg[i];
        struct range e = entry_range(c, i);

        if (e.lo >= e.hi)
            continue;
        if (priv != PRIV_M) /* free only if the first entry grants it all */
            return e.lo != 0 || e.hi < BIT(PA_BITS) ||
                   (cfg & ACCESS_ALL) != ACCESS_ALL;
        if (binds_m(cfg, e))
            return true;
    }
    return priv != PRIV_M; /* no match: S and U may nothing */
}
