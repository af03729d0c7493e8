/*
 * The page-table walk. Privileged manual 1.13, "Virtual Address Translation
 * Process" for Sv39, Sv48 and Sv57, whose steps the comments number; Svnapot,
 * Svpbmt, Svade and Svadu chapters.
 */
#include "mmu/walk.h"

/* How often a PTE may change under an A/D update before the walk gives up. */
#define UPDATE_ATTEMPTS 8

/* Svnapot: the only encoding defined, 64 KiB: ppn[3:0] = 1000 at level 0. */
#define NAPOT_BITS     4
#define NAPOT_CODE     8
#define PTE_NAPOT_CODE MASK(13, 10)

#define PBMT_RESERVED 3

uint64_t page_fault_cause(enum access a)
{
    return a == ACCESS_FETCH   ? CAUSE_FETCH_PAGE
           : a == ACCESS_STORE ? CAUSE_STORE_PAGE
                               : CAUSE_LOAD_PAGE;
}

uint64_t access_fault_cause(enum access a)
{
    return a == ACCESS_FETCH   ? CAUSE_FETCH_ACCESS
           : a == ACCESS_STORE ? CAUSE_STORE_ACCESS
                               : CAUSE_LOAD_ACCESS;
}

/* The bits above the highest that is translated must all equal that one. */
bool walk_canonical(uint64_t va, uint64_t satp_mode)
{
    unsigned levels = satp_levels(satp_mode);

    if (!levels)
        return true;
    return (uint64_t)sign_extend(va, PAGE_SHIFT + 9 * levels) == va;
}

static bool is_leaf(uint64_t pte)
{
    return (pte & (PTE_R | PTE_X)) != 0;
}

/* The page-number bits of pte, as a physical address. */
static uint64_t pte_address(uint64_t pte)
{
    return field_get(pte, PTE_PPN) << PAGE_SHIFT;
}

/* Step 3, Svpbmt: bits 62:61 are reserved unless PBMTE, and 3 always is. */
static bool pbmt_reserved(const struct csr_file *c, uint64_t pte)
{
    uint64_t pbmt = field_get(pte, PTE_PBMT);

    if (!pbmt)
        return false;
    return !is_leaf(pte) || pbmt == PBMT_RESERVED ||
           !(c->menvcfg & MENVCFG_PBMTE);
}

/* Step 3, Svnapot: every encoding with N=1 but one is reserved. */
static bool napot_reserved(const struct csr_file *c, uint64_t pte,
                           unsigned level)
{
    if (!(pte & PTE_N))
        return false;
    return !is_leaf(pte) || level != 0 || !isa_has(c->isa, EXT_SVNAPOT) ||
           field_get(pte, PTE_NAPOT_CODE) != NAPOT_CODE;
}

/* Step 3: is the PTE invalid, or does it use a reserved bit or encoding? */
static enum walk_reason malformed(const struct csr_file *c, uint64_t pte,
                                  unsigned level)
{
    if (!(pte & PTE_V))
        return WALK_INVALID;
    if ((pte & (PTE_R | PTE_W)) == PTE_W)
        return WALK_WRITE_ONLY;
    if (pte & PTE_RESERVED)
        return WALK_RESERVED;
    if (pbmt_reserved(c, pte))
        return WALK_PBMT;
    if (napot_reserved(c, pte, level))
        return WALK_NAPOT;
    /* D, A and U of a pointer to the next level are reserved. */
    return !is_leaf(pte) && (pte & (PTE_D | PTE_A | PTE_U)) ? WALK_POINTER_BITS
                                                            : WALK_OK;
}

/* Step 5: the page-number bits below a superpage's level must be zero. */
static bool superpage_misaligned(uint64_t pte, unsigned level)
{
    return (pte_address(pte) & (level_size(level) - 1)) != 0;
}

/* Steps 6 and 7: what `priv` may do by the leaf's U, R, W and X, given SUM and
   MXR. "Irrespective of SUM, the supervisor may not execute code on pages
   with U=1." */
static unsigned leaf_permissions(const struct csr_file *c, enum priv priv,
                                 uint64_t pte)
{
    bool user_page = pte & PTE_U, user = priv == PRIV_U;
    unsigned rights = 0;

    if (user && !user_page)
        return 0;
    if ((pte & PTE_R) || ((pte & PTE_X) && (c->mstatus & MSTATUS_MXR)))
        rights |= ACCESS_LOAD;
    if (pte & PTE_W)
        rights |= ACCESS_STORE;
    if (user_page && !user)
        return c->mstatus & MSTATUS_SUM ? rights : 0;
    if (pte & PTE_X)
        rights |= ACCESS_FETCH;
    return rights;
}

/* Which of them it is that refuses `access`: the page's mode, or its rights. */
static enum walk_reason refusal(const struct walk_request *q, uint64_t pte)
{
    bool user_page = pte & PTE_U, user = q->priv == PRIV_U;

    if (user && !user_page)
        return WALK_SUPERVISOR_PAGE;
    if (user_page && !user && q->access == ACCESS_FETCH)
        return WALK_USER_CODE;
    if (user_page && !user && !(q->csr->mstatus & MSTATUS_SUM))
        return WALK_USER_PAGE;
    return q->access == ACCESS_FETCH   ? WALK_NO_EXECUTE
           : q->access == ACCESS_STORE ? WALK_NO_WRITE
                                       : WALK_NO_READ;
}

/* What of `permissions` needs no update of A or D any more. */
static unsigned settled_rights(unsigned permissions, uint64_t pte)
{
    if (!(pte & PTE_A))
        return 0;
    return pte & PTE_D ? permissions : permissions & ~(unsigned)ACCESS_STORE;
}

static void page_fault(const struct walk_request *q, enum walk_reason reason,
                       struct walk_result *r)
{
    r->ok = false;
    r->reason = (uint8_t)reason;
    r->cause = page_fault_cause(q->access);
}

static void access_fault(const struct walk_request *q, enum walk_reason reason,
                         struct walk_result *r)
{
    r->ok = false;
    r->reason = (uint8_t)reason;
    r->cause = access_fault_cause(q->access);
}

/* Step 9: the translation is found. */
static void succeed(const struct walk_request *q, uint64_t pte,
                    struct walk_result *r)
{
    uint64_t size = level_size(r->level);

    if (pte & PTE_N)
        size <<= NAPOT_BITS;
    r->ok = true;
    r->reason = WALK_OK;
    r->cause = 0;
    r->pte = pte;
    r->size = size;
    r->pa = bits_merge(pte_address(pte), q->va, size - 1);
    r->rights = settled_rights(leaf_permissions(q->csr, q->priv, pte), pte);
}

enum outcome { DONE, AGAIN };

/*
 * Step 8: A, and D for a store, must be set; ADUE chooses whether hardware
 * does that or software, told by a page fault. AGAIN: the PTE has changed.
 */
static enum outcome update_leaf(const struct walk_request *q,
                                const struct walk_memory *mem, uint64_t pte,
                                struct walk_result *r)
{
    uint64_t want = PTE_A | (q->access == ACCESS_STORE ? PTE_D : 0);

    if ((pte & want) == want) {
        succeed(q, pte, r);
    } else if (!(q->csr->menvcfg & MENVCFG_ADUE)) {
        page_fault(q, pte & PTE_A ? WALK_NOT_DIRTY : WALK_NOT_ACCESSED, r);
    } else if (!pmp_permits(q->csr, PRIV_S, r->pte_pa, 8, ACCESS_STORE)) {
        access_fault(q, WALK_UPDATE_PMP, r);
    } else {
        if (!mem->pte_update(mem->context, r->pte_pa, pte, pte | want))
            return AGAIN;
        succeed(q, pte | want, r);
    }
    return DONE;
}

/* Steps 5 to 9, for the leaf at r->pte_pa, r->level. */
static enum outcome visit_leaf(const struct walk_request *q,
                               const struct walk_memory *mem, uint64_t pte,
                               struct walk_result *r)
{
    if (superpage_misaligned(pte, r->level)) {
        page_fault(q, WALK_MISALIGNED, r);
        return DONE;
    }
    if (q->any_access) {
        succeed(q, pte, r);
        return DONE;
    }
    if (!(leaf_permissions(q->csr, q->priv, pte) & q->access)) {
        page_fault(q, refusal(q, pte), r);
        return DONE;
    }
    return update_leaf(q, mem, pte, r);
}

/* Step 2: reads the PTE at r->pte_pa and notes the step. */
static enum walk_reason read_pte(const struct walk_request *q,
                                 const struct walk_memory *mem, unsigned step,
                                 struct walk_result *r, uint64_t *pte)
{
    if (!q->any_access &&
        !pmp_permits(q->csr, PRIV_S, r->pte_pa, 8, ACCESS_LOAD))
        return WALK_PTE_PMP;
    if (!mem->pte_read(mem->context, r->pte_pa, pte))
        return WALK_PTE_NO_MEMORY;
    r->step[step] = (struct walk_step){ r->pte_pa, *pte };
    r->steps = step + 1;
    return WALK_OK;
}

/* One walk from the root down. AGAIN: a PTE changed under its update. */
static enum outcome walk_once(const struct walk_request *q,
                              const struct walk_memory *mem, unsigned levels,
                              struct walk_result *r)
{
    uint64_t table = field_get(q->csr->satp, SATP_PPN) << PAGE_SHIFT;

    r->steps = 0;
    for (unsigned step = 0; step < levels; step++) {
        enum walk_reason reason;
        uint64_t pte;

        r->level = (uint8_t)(levels - 1 - step);
        r->pte_pa = table + 8 * pte_index(q->va, r->level);
        reason = read_pte(q, mem, step, r, &pte);
        if (reason != WALK_OK) {
            access_fault(q, reason, r);
            return DONE;
        }
        reason = malformed(q->csr, pte, r->level);
        if (reason != WALK_OK) {
            page_fault(q, reason, r);
            return DONE;
        }
        if (is_leaf(pte))
            return visit_leaf(q, mem, pte, r);
        table = pte_address(pte);
    }
    page_fault(q, WALK_NO_LEAF, r); /* step 4 */
    return DONE;
}

static void walk_bare(const struct walk_request *q, struct walk_result *r)
{
    r->ok = true;
    r->bare = true;
    r->pa = q->va;
    r->size = ~UINT64_C(0);
    r->rights = ACCESS_ALL;
}

/* All but step[], of which r->steps are valid. */
static void clear_result(struct walk_result *r)
{
    r->ok = r->bare = false;
    r->reason = WALK_OK;
    r->cause = r->pa = r->pte = r->pte_pa = r->size = 0;
    r->level = 0;
    r->rights = r->steps = 0;
}

void walk(const struct walk_request *q, const struct walk_memory *mem,
          struct walk_result *r)
{
    uint64_t mode = field_get(q->csr->satp, SATP_MODE);
    unsigned levels = satp_levels(mode);

    clear_result(r);
    if (q->priv == PRIV_M || !levels) {
        walk_bare(q, r);
        return;
    }
    if (!walk_canonical(q->va, mode)) {
        page_fault(q, WALK_NOT_CANONICAL, r);
        return;
    }
    for (unsigned i = 0; i < UPDATE_ATTEMPTS; i++) {
        if (walk_once(q, mem, levels, r) == DONE)
            return;
    }
    access_fault(q, WALK_UPDATE_FAILED, r);
}
