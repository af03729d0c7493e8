#include "check/ownership.h"

#include <stdlib.h>

#include "mmu/pte.h"
#include "vmm/core/shadow.h"

enum status ownership_init(struct ownership *o, struct machine *host,
                           uint64_t memory, struct vm *const *vm, unsigned vms)
{
    *o = (struct ownership){
        .host = host, .vm = vm, .vms = vms, .pages = memory >> PAGE_SHIFT
    };
    o->page = calloc(o->pages, sizeof *o->page);
    o->span = calloc(o->pages, PTES_PER_PAGE);
    if (o->page && o->span)
        return STATUS_OK;
    ownership_free(o);
    return STATUS_NO_MEMORY;
}

void ownership_free(struct ownership *o)
{
    free(o->page);
    free(o->span);
    o->page = NULL;
    o->span = NULL;
}

struct page_owner *ownership_of(const struct ownership *o, uint64_t hpa)
{
    uint64_t page = (hpa - BOARD_RAM_BASE) >> PAGE_SHIFT;

    return hpa >= BOARD_RAM_BASE && page < o->pages ? &o->page[page] : NULL;
}

/* ---- whose each page is ---- */

/* A range that was `before` becomes `kind`. */
static bool claim(struct ownership *o, unsigned i, uint64_t hpa, uint64_t pages,
                  enum owner_kind before, enum owner_kind kind,
                  struct finding *f)
{
    for (uint64_t n = 0; n < pages; n++) {
        struct page_owner *p = ownership_of(o, hpa + (n << PAGE_SHIFT));

        if (!p || p->kind != before || (before && p->vm != i))
            return finding_note(f,
                                "two machines' parts of the host's RAM "
                                "overlap, or one leaves it",
                                i, 0, hpa + (n << PAGE_SHIFT));
        *p = (struct page_owner){ .kind = (uint8_t)kind, .vm = (uint8_t)i };
    }
    return true;
}

/* The frames of the p2m: each once, in the machine's own half of its part. */
static bool claim_frames(struct ownership *o, unsigned i, uint64_t start,
                         uint64_t end, struct finding *f)
{
    const struct p2m *p2m = &o->vm[i]->monitor.p2m;

    for (uint64_t gfn = 0; gfn < p2m->ram_pages; gfn++) {
        uint64_t hpa = p2m->frame[gfn];
        struct page_owner *p = ownership_of(o, hpa);

        if (!p || hpa < start || hpa >= end || (hpa & PAGE_MASK))
            return finding_note(f,
                                "the p2m names a page that is not in the "
                                "machine's RAM",
                                i, 0, hpa);
        if (p->kind != OWNER_NOBODY)
            return finding_note(f, "the p2m names a page twice", i, 0, hpa);
        *p = (struct page_owner){ .kind = OWNER_RAM,
                                  .vm = (uint8_t)i,
                                  .gfn = (uint32_t)gfn };
    }
    return true;
}

static bool assign_vm(struct ownership *o, unsigned i, struct finding *f)
{
    const struct vm *vm = o->vm[i];
    const struct monitor *m = &vm->monitor;
    uint64_t memory = vm->board.config.memory;
    uint64_t start = BOARD_RAM_BASE + vm->place;
    uint64_t region = vm_host_memory(memory, m->harts) - memory;

    return claim(o, i, start, region >> PAGE_SHIFT, OWNER_NOBODY, OWNER_MONITOR,
                 f) &&
           claim(o, i, m->pool_hpa, m->tables, OWNER_MONITOR,
                 OWNER_TABLES, f) &&
           claim(o, i, m->p2m.rom_hpa, m->p2m.rom_pages, OWNER_MONITOR,
                 OWNER_ROM, f) &&
           claim_frames(o, i, start + region, start + region + memory, f);
}

bool ownership_assign(struct ownership *o, struct finding *f)
{
    for (uint64_t n = 0; n < o->pages; n++)
        o->page[n] = (struct page_owner){ 0 };
    for (unsigned i = 0; i < o->vms; i++)
        if (!assign_vm(o, i, f))
            return false;
    return true;
}

/* ---- the tables, as the host's MMU reads them ---- */

static bool audit_leaf(const struct ownership *o, unsigned i, uint64_t va,
                       uint64_t pte, struct finding *f)
{
    const struct page_owner *p =
        ownership_of(o, field_get(pte, PTE_PPN) << PAGE_SHIFT);

    if (!(pte & PTE_U) || (pte & (PTE_R | PTE_W)) == PTE_W ||
        (pte & (PTE_RESERVED | PTE_PBMT | PTE_N)))
        return finding_note(f, "a shadow leaf is not a plain user page", i, va,
                            pte);
    if (p && p->vm == i && p->kind == OWNER_RAM)
        return true;
    if (p && p->vm == i && p->kind == OWNER_ROM)
        return !(pte & (PTE_R | PTE_W)) ||
               finding_note(f, "a shadow leaf gives ROM to data", i, va, pte);
    return finding_note(
        f,
        !p                        ? "a shadow leaf maps what is not RAM"
        : p->kind == OWNER_NOBODY ? "a shadow leaf maps a page that is nobody's"
        : p->vm != i              ? "a shadow leaf maps another machine's page"
                                  : "a shadow leaf maps a page of the monitor",
        i, va, pte);
}

static bool audit_table(struct ownership *o, unsigned i, uint64_t pa,
                        unsigned level, uint64_t va, struct finding *f)
{
    struct page_owner *p = ownership_of(o, pa);
    const uint64_t *table;

    if (!p || p->kind != OWNER_TABLES || p->vm != i)
        return finding_note(f,
                            "a shadow table lies outside the machine's "
                            "pool",
                            i, va, pa);
    if (p->seen)
        return finding_note(f, "a shadow table is in two places", i, va, pa);
    p->seen = true;
    table = o->host->ops->ram(o->host, pa, PAGE_SIZE, false);
    for (unsigned slot = 0; slot < PTES_PER_PAGE; slot++) {
        uint64_t pte = table[slot];
        uint64_t at = va | (uint64_t)slot << (PAGE_SHIFT + 9 * level);
        bool leaf = pte & (PTE_R | PTE_W | PTE_X);

        if (!(pte & PTE_V))
            continue;
        if (leaf != (level == 0) || (!leaf && (pte & ~(PTE_V | PTE_PPN))))
            return finding_note(f,
                                "a shadow table holds what does not belong "
                                "at its level",
                                i, at, pte);
        if (leaf ? !audit_leaf(o, i, at, pte, f)
                 : !audit_table(o, i, field_get(pte, PTE_PPN) << PAGE_SHIFT,
                                level - 1, at, f))
            return false;
    }
    return true;
}

/* The tree that a value of satp stands for. */
static bool audit_satp(struct ownership *o, unsigned i, uint64_t satp,
                       struct finding *f)
{
    unsigned levels = satp_levels(field_get(satp, SATP_MODE));
    unsigned asid = (unsigned)field_get(satp, SATP_ASID);
    unsigned first = o->vm[i]->monitor.asid;

    if (!levels || asid < first || asid - first >= SHADOW_SPACES)
        return finding_note(f, "a space has not an ASID of its machine", i, 0,
                            satp);
    return audit_table(o, i, field_get(satp, SATP_PPN) << PAGE_SHIFT,
                       levels - 1, 0, f);
}

static bool audit_spaces(struct ownership *o, unsigned i, struct finding *f)
{
    const struct monitor *m = &o->vm[i]->monitor;

    for (unsigned n = 0; n < m->harts * SHADOW_SPACES; n++) {
        unsigned hart = n / SHADOW_SPACES, s = n % SHADOW_SPACES;

        if (shadow_space(m, hart, s)->live &&
            !audit_satp(o, i, shadow_satp(m, hart, s), f))
            return false;
    }
    return true;
}

/* ---- the host's harts ---- */

static uint64_t host_csr(const struct ownership *o, unsigned hart, unsigned csr)
{
    uint64_t v = 0;

    o->host->ops->csr_get(o->host, hart, csr, &v);
    return v;
}

/* What each register must be, in the bits of the mask, while a guest runs. */
static const struct {
    unsigned csr;
    uint64_t mask, value;
    const char *what;
} required[] = {
    { CSR_medeleg, UINT64_MAX, 0, "the host delegates exceptions" },
    { CSR_mideleg, UINT64_MAX, 0, "the host delegates interrupts" },
    { CSR_mie, UINT64_MAX, 0, "the host has interrupts enabled" },
    { CSR_mcounteren, UINT64_MAX, 0, "the host's counters are open" },
    { CSR_mstatus, MSTATUS_TW, MSTATUS_TW, "the host's wfi does not trap" },
    { CSR_menvcfg, MENVCFG_STCE | MENVCFG_PBMTE | MENVCFG_ADUE, 0,
      "the host's menvcfg is not the monitor's" },
};

/* Is it a live tree of the machine? One that has not run yet has none. */
static bool satp_is_own(const struct monitor *m, unsigned hart, uint64_t satp)
{
    const struct vhart *v = &m->hart[hart];

    if (v->space == SHADOW_SPACES)
        return v->world_changed;
    return shadow_space(m, hart, v->space)->live &&
           satp == shadow_satp(m, hart, v->space);
}

static bool audit_hart(const struct ownership *o, unsigned i, unsigned hart,
                       struct finding *f)
{
    uint64_t satp = host_csr(o, hart, CSR_satp);

    for (size_t n = 0; n < sizeof required / sizeof required[0]; n++) {
        uint64_t v = host_csr(o, hart, required[n].csr);

        if ((v & required[n].mask) != required[n].value)
            return finding_note(f, required[n].what, i, 0, v);
    }
    if (o->host->ops->reg_get(o->host, hart, REG_PRIV) != PRIV_U)
        return finding_note(f, "the host hart is not in U-mode", i, 0, hart);
    if (!satp_is_own(&o->vm[i]->monitor, hart, satp))
        return finding_note(f, "the host's satp is not the present machine's",
                            i, 0, satp);
    return true;
}

/* Does this machine have the host's harts? */
static bool is_present(const struct vm *vm)
{
    return !vm->siblings || vm->siblings->current == vm;
}

static bool audit_vm(struct ownership *o, unsigned i, struct finding *f)
{
    struct vm *vm = o->vm[i];
    const char *wrong;

    if (!audit_spaces(o, i, f))
        return false;
    for (unsigned h = 0; is_present(vm) && h < vm->monitor.harts; h++)
        if (!audit_hart(o, i, h, f))
            return false;
    wrong = shadow_audit(&vm->monitor);
    return !wrong || finding_note(f, wrong, i, 0, 0);
}

bool ownership_audit(struct ownership *o, struct finding *f)
{
    if (!ownership_assign(o, f))
        return false;
    for (unsigned i = 0; i < o->vms; i++)
        if (!audit_vm(o, i, f))
            return false;
    return true;
}
