/*
 * The walker against a second one, written from the manual's text in another
 * shape, over random page tables, modes, status bits and extensions.
 */
#include "walk_world.h"

/* What the manual's steps say about one access. */
struct answer {
    uint64_t cause; /* if not ok */
    bool ok;
    uint64_t pa;
    uint64_t updated_at; /* the PTE that hardware rewrites, or 0 */
    uint64_t updated_to;
};

struct kind {
    uint64_t page_fault, access_fault;
};

static struct kind kind_of(enum access a)
{
    if (a == ACCESS_FETCH)
        return (struct kind){ 12, 1 };
    if (a == ACCESS_LOAD)
        return (struct kind){ 13, 5 };
    return (struct kind){ 15, 7 };
}

/* "Any bits or encodings that are reserved for future standard use." */
static bool is_reserved(const struct csr_file *c, uint64_t pte, int i)
{
    bool r = pte & 2, w = pte & 4, x = pte & 8;
    unsigned pbmt = pte >> 61 & 3, n = pte >> 63;

    if (!r && w)
        return true;
    if (pte >> 54 & 0x7f)
        return true;
    if (pbmt && (!(c->menvcfg >> 62 & 1) || pbmt == 3))
        return true;
    if (n && (!isa_has(c->isa, EXT_SVNAPOT) || i > 0 || (pte >> 10 & 15) != 8))
        return true;
    if (!r && !x) /* a pointer: U, A, D, PBMT, N */
        return n || pbmt || (pte & 0x10) || (pte & 0x40) || (pte & 0x80);
    return false;
}

/* Steps 6 and 7. */
static bool is_allowed(const struct csr_file *c, enum priv priv, enum access a,
                       uint64_t pte)
{
    bool r = pte & 2, w = pte & 4, x = pte & 8, u = pte & 16;
    bool sum = c->mstatus >> 18 & 1, mxr = c->mstatus >> 19 & 1;

    if (priv == PRIV_U && !u)
        return false;
    if (priv == PRIV_S && u && (!sum || a == ACCESS_FETCH))
        return false;
    if (a == ACCESS_FETCH)
        return x;
    if (a == ACCESS_STORE)
        return w;
    return r || (mxr && x);
}

/* Step 8 on a leaf at `at`. */
static struct answer finish(struct world *w, enum access a, uint64_t pte,
                            uint64_t at, uint64_t pa)
{
    struct kind k = kind_of(a);
    uint64_t next = pte | 0x40 | (a == ACCESS_STORE ? 0x80 : 0);

    if (next == pte)
        return (struct answer){ .ok = true, .pa = pa };
    if (!(w->f.c.menvcfg >> 61 & 1))
        return (struct answer){ .cause = k.page_fault };
    if (!pmp_permits(&w->f.c, PRIV_S, at, 8, ACCESS_STORE))
        return (struct answer){ .cause = k.access_fault };
    return (struct answer){
        .ok = true, .pa = pa, .updated_at = at, .updated_to = next
    };
}

static struct answer model(struct world *w, enum priv priv, enum access a,
                           uint64_t va)
{
    const struct csr_file *c = &w->f.c;
    struct kind k = kind_of(a);
    int levels = (int)(c->satp >> 60) - 5;
    uint64_t table = (c->satp & MASK(43, 0)) * 4096;
    int64_t top = (int64_t)va >> (12 + 9 * levels - 1);

    if (top != 0 && top != -1)
        return (struct answer){ .cause = k.page_fault };
    for (int i = levels - 1; i >= 0; i--) {
        uint64_t span = UINT64_C(4096) << (9 * i);
        uint64_t at = table + va / span % 512 * 8, pte, ppn;
        uint64_t *here = slot(w, at);

        if (!pmp_permits(c, PRIV_S, at, 8, ACCESS_LOAD) || !here)
            return (struct answer){ .cause = k.access_fault };
        pte = *here;
        ppn = pte >> 10 & MASK(43, 0);
        if (!(pte & 1) || is_reserved(c, pte, i))
            return (struct answer){ .cause = k.page_fault };
        if (!(pte & 2) && !(pte & 8)) {
            table = ppn * 4096;
            continue;
        }
        if (ppn * 4096 % span || !is_allowed(c, priv, a, pte))
            return (struct answer){ .cause = k.page_fault };
        if (pte >> 63)
            span = 16 * 4096, ppn -= 8;
        return finish(w, a, pte, at, ppn * 4096 + va % span);
    }
    return (struct answer){ .cause = k.page_fault };
}

/* Table n points at table n+1 and up, so that walks end. */
static uint64_t some_pte(struct rng *r, unsigned table)
{
    uint64_t pa = rng_next(r) & MASK(55, 12), pte;

    if (rng_below(r, 12) == 0)
        return rng_value(r);
    if (table + 1 < TABLES && rng_below(r, 3)) {
        pte = PTE_PTR(table + 1 + rng_below(r, TABLES - table - 1));
    } else {
        pa &= ~UINT64_C(0) << (12 + 9 * rng_below(r, 4));
        pte = pa >> 2 | PTE_V | (rng_next(r) & 0x3fe);
        pte |= rng_below(r, 4) ? PTE_A | PTE_D : 0;
        if (rng_below(r, 6) == 0)
            pte = field_set(pte, MASK(13, 10), rng_below(r, 3) ? 8 : 4) | PTE_N;
        if (rng_below(r, 6) == 0)
            pte = field_set(pte, PTE_PBMT, rng_below(r, 4));
    }
    return rng_below(r, 16) ? pte : pte ^ BIT(rng_below(r, 64));
}

/* The indices in use: few, so that walks meet what was written. */
static unsigned some_index(struct rng *r)
{
    static const unsigned index[] = { 0, 1, 255, 256, 511 };

    return index[rng_below(r, 5)];
}

static uint64_t some_va(struct rng *r, uint64_t mode)
{
    unsigned levels = satp_levels(mode);
    uint64_t va = rng_next(r) & PAGE_MASK;

    for (unsigned i = 0; i < levels; i++)
        va |= (uint64_t)some_index(r) << (12 + 9 * i);
    va = (uint64_t)sign_extend(va, 12 + 9 * levels);
    return rng_below(r, 20) ? va : va ^ BIT(rng_below(r, 64));
}

static void randomise(struct world *w, struct rng *r)
{
    struct csr_file *c = &w->f.c;

    world_init(w);
    w->f.isa.ext &= ~(rng_below(r, 4) ? 0 : BIT(EXT_SVNAPOT));
    csr_write(c, CSR_satp,
              field_set(BASE >> PAGE_SHIFT, SATP_MODE, 8 + rng_below(r, 3)));
    csr_write(c, CSR_mstatus, rng_next(r) & (MSTATUS_SUM | MSTATUS_MXR));
    csr_write(c, CSR_menvcfg, rng_next(r));
    if (rng_below(r, 4) == 0) { /* some table is not all there for S-mode */
        uint64_t pa = BASE + rng_below(r, TABLES) * PAGE_SIZE;

        csr_write(c, CSR_pmpaddr1, ~UINT64_C(0));
        csr_write(c, CSR_pmpaddr0, pa >> 2 | 0x1ff);
        csr_write(c, CSR_pmpcfg0, 0x1f18 | rng_below(r, 8));
    }
    for (unsigned t = 0; t < TABLES; t++) {
        for (unsigned i = 0; i < 20; i++)
            w->table[t][some_index(r)] = some_pte(r, t);
    }
}

static void compare(struct world *w, enum priv priv, enum access a, uint64_t va,
                    unsigned *found)
{
    struct answer want = model(w, priv, a, va);
    struct walk_result got;
    unsigned before = w->updates;

    for (unsigned settled = 0; settled < 2; settled++) {
        got = look(w, priv, a, va);
        assert_int_equal(got.ok, want.ok);
        assert_int_equal(got.ok, got.reason == WALK_OK);
        if (!got.ok) {
            assert_int_equal(got.cause, want.cause);
            assert_int_equal(w->updates, before);
            return;
        }
        assert_int_equal(got.pa, want.pa);
        assert_int_equal(*slot(w, got.pte_pa), got.pte);
        assert_int_equal(w->updates, before + (want.updated_at != 0));
        if (want.updated_at)
            assert_int_equal(*slot(w, want.updated_at), want.updated_to);
    }
    (*found)++;
    /* Rights: what succeeds without another update, anywhere in the leaf. */
    for (unsigned b = 1; b <= 4; b <<= 1) {
        uint64_t other = bits_merge(va, ~va, got.size - 1);
        struct answer also = model(w, priv, b, va);

        assert_int_equal((got.rights & b) != 0, also.ok && !also.updated_at);
        if (got.pte & PTE_N) /* one PTE of 16 was looked at */
            continue;
        also = model(w, priv, b, other);
        assert_int_equal(also.ok && !also.updated_at, (got.rights & b) != 0);
    }
}

static void random_walks_agree_with_the_model(void **state)
{
    static struct world w;
    struct rng r = rng_new();
    unsigned found = 0;

    (void)state;
    for (unsigned n = 0; n < 5000; n++) {
        randomise(&w, &r);
        for (unsigned i = 0; i < 100; i++) {
            uint64_t va = some_va(&r, w.f.c.satp >> 60);

            compare(&w, rng_below(&r, 2) ? PRIV_S : PRIV_U,
                    1u << rng_below(&r, 3), va, &found);
        }
    }
    print_message("%u of 500000 accesses were allowed\n", found);
    assert_true(found > 2000); /* the tables are not all broken */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_walks_agree_with_the_model),
    };

    return cmocka_run_group_tests_name("mmu/walk_random", tests, NULL, NULL);
}
