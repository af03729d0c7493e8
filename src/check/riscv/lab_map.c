/*
 * The mapping: the guest's page tables as states describe them, and the shadow
 * that a monitor makes of them. The shadow is computed as the manual says what
 * the guest may do: by mmu/walk.h and mmu/pmp.h, on the guest's CSRs.
 */
#include <string.h>

#include "check/riscv/lab.h"

#define INDEX_OF_BASE 2u /* GUEST_BASE is in the third gigabyte */

static uint64_t frame_pa(unsigned frame)
{
    return GUEST_BASE + 4096u * frame;
}

static uint64_t pte_of(unsigned frame, uint64_t flags)
{
    return field_set(PTE_V | flags, PTE_PPN, frame_pa(frame) >> PAGE_SHIFT);
}

static void put_pte(struct lab *lab, unsigned frame, unsigned index,
                    uint64_t pte)
{
    memcpy(lab_frame(lab, frame) + 8 * index, &pte, sizeof pte);
}

/* The guest frame that the guest's tables name for a page. Multiplication by
   an odd number and addition permute. Page 6, which PMP may deny, never is in
   frame 0, where the instruction is if nothing is translated. */
static unsigned named_frame(const struct machine_state *s, unsigned page)
{
    static const uint8_t factor[] = { 5, 3, 7, 1 };
    static const uint8_t summand[] = { 3, 1, 5, 4 };
    unsigned k = s->v[STATE_frames] & 3;

    return (factor[k] * page + summand[k]) % PAGES;
}

unsigned lab_guest_frame(const struct machine_state *s, unsigned guest_frame)
{
    unsigned k = s->v[STATE_p2m] & 15;

    if (s->v[STATE_view] == VIEW_OWN)
        return guest_frame;
    return FRAME_HOST + ((8 * k + 5) * guest_frame + 7 * k) % GUEST_FRAMES;
}

unsigned lab_page_frame(const struct machine_state *s, unsigned page)
{
    return lab_guest_frame(s, named_frame(s, page));
}

static unsigned levels(const struct machine_state *s)
{
    return satp_levels(s->v[STATE_paging]);
}

/* The rights of a page in the guest's tables, for data accesses of `data`. */
static uint64_t guest_flags(const struct machine_state *s, unsigned page,
                            enum priv fetch, enum priv data)
{
    uint64_t user = data == PRIV_U ? PTE_U : 0;
    uint64_t set = PTE_A | PTE_D;

    switch (page) {
    case 0:
        return PTE_R | PTE_X | set | (fetch == PRIV_U ? PTE_U : 0);
    case 1:
        return PTE_R | PTE_W | set;
    case 2:
        return PTE_R | PTE_W | PTE_U | set;
    case 3:
        return PTE_R | user | set;
    case 4:
        return PTE_X | user | set;
    case 5:
        set &= s->v[STATE_ad] == 0 ? set : s->v[STATE_ad] == 1 ? PTE_A : 0;
        return PTE_R | PTE_W | user | set;
    default:
        return PTE_R | PTE_W | user | set;
    }
}

/* From the root, of `n` levels, down: one table each. */
static void put_tables(struct lab *lab, const unsigned *frame,
                       const unsigned *named, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        memset(lab_frame(lab, frame[i]), 0, 4096);
    for (unsigned i = 0; i + 1 < n; i++) {
        unsigned level = n - 1 - i;

        put_pte(lab, frame[i], level == 2 ? INDEX_OF_BASE : 0,
                pte_of(named[i + 1], 0));
    }
}

static void put_guest_tables(struct lab *lab)
{
    const struct machine_state *s = &lab->state;
    unsigned frame[WALK_MAX_LEVELS] = { 0 }, named[WALK_MAX_LEVELS] = { 0 };
    unsigned n = levels(s);
    enum priv fetch = state_guest_mode(s), data = csr_data_priv(&lab->csr);

    for (unsigned i = 0; i < n; i++) {
        named[i] = FRAME_TABLE + i;
        frame[i] = lab_guest_frame(s, named[i]);
    }
    put_tables(lab, frame, named, n);
    for (unsigned page = 0; n && page < PAGES; page++)
        put_pte(
            lab, frame[n - 1], page,
            pte_of(named_frame(s, page), guest_flags(s, page, fetch, data)));
}

static bool guest_pte_read(void *context, uint64_t pa, uint64_t *pte)
{
    const struct lab *lab = context;
    uint64_t offset = pa - GUEST_BASE;
    unsigned frame;

    if (offset >= GUEST_FRAMES * 4096u)
        return false;
    frame = lab_guest_frame(&lab->state, (unsigned)(offset / 4096));
    memcpy(pte, lab_frame(lab, frame) + offset % 4096, sizeof *pte);
    return true;
}

/* A and D that are not set yet: an exact monitor gives no right for which they
   would have to be; the access exits, and it sets them. */
static bool refuse_update(void *context, uint64_t pa, uint64_t expected,
                          uint64_t desired)
{
    (void)context;
    (void)pa;
    (void)expected;
    (void)desired;
    return false;
}

/* A sloppy one gives the right at once, and nobody sets them. */
static bool forget_update(void *context, uint64_t pa, uint64_t expected,
                          uint64_t desired)
{
    (void)refuse_update(context, pa, expected, desired);
    return true;
}

/* May the guest make this access in mode `priv`? *pa is guest-physical. */
static bool guest_may(struct lab *lab, const struct csr_file *c, enum priv priv,
                      enum access access, uint64_t va, uint64_t *pa)
{
    struct walk_memory mem = { lab, guest_pte_read,
                               lab->without == CONDITION_AD ? forget_update
                                                            : refuse_update };
    struct walk_request q = {
        .csr = c, .priv = priv, .access = access, .va = va
    };
    struct walk_result r;

    walk(&q, &mem, &r);
    if (!r.ok || r.pa - GUEST_BASE >= GUEST_FRAMES * 4096u)
        return false;
    *pa = r.pa;
    return lab->without == CONDITION_PMP ||
           pmp_permits(c, priv, r.pa, 4096, access);
}

/* Without views: what any of the modes that are translated may. */
static bool anyone_may(struct lab *lab, enum access access, uint64_t va,
                       uint64_t *pa)
{
    struct csr_file c = lab->csr;

    c.mstatus |= MSTATUS_SUM | MSTATUS_MXR;
    return guest_may(lab, &c, PRIV_U, access, va, pa) ||
           guest_may(lab, &c, PRIV_S, access, va, pa);
}

struct right {
    enum access access;
    uint64_t flag;
};

/* The shadow's leaf for va, 0 if there is none. Where fetches and loads go to
   different frames (MPRV), fetches have it, and loads exit. */
static uint64_t shadow_leaf(struct lab *lab, uint64_t va, enum priv fetch,
                            enum priv data)
{
    static const struct right rights[] = { { ACCESS_FETCH, PTE_X },
                                           { ACCESS_LOAD, PTE_R },
                                           { ACCESS_STORE, PTE_W } };
    uint64_t flags = 0, at = 0;

    for (unsigned i = 0; i < 3; i++) {
        enum access a = rights[i].access;
        enum priv priv = a == ACCESS_FETCH ? fetch : data;
        uint64_t pa;
        bool may = lab->without == CONDITION_VIEWS && priv != PRIV_M
                       ? anyone_may(lab, a, va, &pa)
                       : guest_may(lab, &lab->csr, priv, a, va, &pa);

        if (!may || (flags && pa != at) ||
            (a == ACCESS_STORE && !(flags & PTE_R)))
            continue;
        flags |= rights[i].flag;
        at = pa;
    }
    if (!flags)
        return 0;
    return pte_of(
        lab_guest_frame(&lab->state, (unsigned)((at - GUEST_BASE) / 4096)),
        flags | PTE_A | PTE_D);
}

/* Untranslated, the guest finds all of its frames. */
static void put_shadow(struct lab *lab)
{
    const struct machine_state *s = &lab->state;
    static const unsigned frame[] = { FRAME_SHADOW, FRAME_SHADOW + 1,
                                      FRAME_SHADOW + 2 };
    enum priv fetch = state_guest_mode(s);
    enum priv data =
        lab->without == CONDITION_MPRV ? fetch : csr_data_priv(&lab->csr);
    uint64_t user = s->v[STATE_mode] == PRIV_U ? PTE_U : 0;

    put_tables(lab, frame, frame, 3);
    for (unsigned i = 0; i < GUEST_FRAMES; i++) {
        uint64_t leaf = shadow_leaf(lab, GUEST_BASE + 4096u * i, fetch, data);

        if (leaf)
            put_pte(lab, frame[2], i, leaf | user);
    }
}

static uint64_t satp_of(uint64_t mode, unsigned frame)
{
    return field_set(0, SATP_MODE, mode) | frame_pa(frame) >> PAGE_SHIFT;
}

static void set_pmp(struct csr_file *c, unsigned entry, uint64_t address,
                    uint8_t rights)
{
    c->pmpaddr[entry] = address & PMPADDR_ADDRESS;
    c->pmpcfg[entry] = (uint8_t)(field_set(0, PMPCFG_A, PMP_NAPOT) | rights);
}

/* Entry 1 permits everything; entry 0 is of the denied page. */
static void set_guest_pmp(struct csr_file *c, const struct machine_state *s)
{
    uint64_t denied = frame_pa(named_frame(s, 6));

    set_pmp(c, 1, ~UINT64_C(0), PMPCFG_R | PMPCFG_W | PMPCFG_X);
    if (s->v[STATE_pmp])
        set_pmp(c, 0, denied >> 2 | (4096 / 8 - 1), 0);
}

/* The host's own: nothing but the shadow says what the guest may do. */
static void set_host_map(struct csr_file *c)
{
    c->satp = satp_of(SATP_SV39, FRAME_SHADOW);
    c->mstatus &= ~(MSTATUS_SUM | MSTATUS_MXR | MSTATUS_MPRV);
    c->pmpcfg[0] = 0;
    c->pmpaddr[0] = 0;
}

void lab_map(struct lab *lab)
{
    struct machine_state *s = &lab->state;
    struct csr_file *c = &lab->csr;
    bool shadow = s->v[STATE_view] != VIEW_OWN;
    uint64_t host = c->priv;
    bool translated;

    c->priv = (uint8_t)state_guest_mode(s);
    if (shadow)
        c->isa = &lab->manual;
    c->satp = satp_of(s->v[STATE_paging], FRAME_TABLE);
    set_guest_pmp(c, s);
    put_guest_tables(lab);
    translated = c->priv != PRIV_M && s->v[STATE_paging] != SATP_BARE;
    lab->code_pa =
        frame_pa(translated ? lab_page_frame(s, 0) : lab_guest_frame(s, 0));
    if (!shadow)
        return;
    put_shadow(lab);
    set_host_map(c);
    c->priv = (uint8_t)host;
    c->isa = &lab->isa;
}
