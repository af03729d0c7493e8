/*
 * Would an access go? In the order of the machine (cpu/memory.c, cpu/access.c,
 * and vmm/core/ for a virtual one): a translation that is kept; else the walk
 * and PMP; then what lies at the physical address.
 */
#include "debug/why_access.h"

#include <string.h>

#include "machine/bare.h"
#include "mmu/translations.h"
#include "vmm/vm.h"

struct board *why_board(struct machine *m)
{
    struct bare *bare = bare_from(m);
    struct vm *vm = vm_from(m);

    return bare ? &bare->board : vm ? &vm->board : NULL;
}

/* ---- memory ---- */

/* Page tables lie in RAM; anywhere else they are not found. */
static bool pte_read(void *context, uint64_t pa, uint64_t *pte)
{
    struct machine *m = context;
    const void *p = m->ops->ram(m, pa, sizeof *pte, false);

    if (p)
        memcpy(pte, p, sizeof *pte);
    return p != NULL;
}

/* What the machine is going to do is only seen, not done. */
static bool pte_update(void *context, uint64_t pa, uint64_t expected,
                       uint64_t desired)
{
    uint64_t pte;

    (void)desired;
    return pte_read(context, pa, &pte) && pte == expected;
}

static struct walk_memory memory_of(struct machine *m)
{
    return (struct walk_memory){ m, pte_read, pte_update };
}

void why_walk(struct machine *m, const struct csr_file *c, uint64_t va,
              struct walk_result *r)
{
    const struct walk_memory mem = memory_of(m);
    const struct walk_request q = { .csr = c,
                                    .priv = PRIV_S,
                                    .access = ACCESS_LOAD,
                                    .va = va,
                                    .any_access = true };

    walk(&q, &mem, r);
}

/* ---- translations kept ---- */

static const struct translations *kept_by(struct machine *m, unsigned hart)
{
    struct bare *bare = bare_from(m);
    struct vm *vm = vm_from(m);

    return bare ? hart_translations(&bare->hart[hart])
           : vm ? &vm->monitor.hart[hart].shadow[SHADOW_TRANSLATED].kept
                : NULL;
}

/* A virtual machine's leaves have host-physical addresses. */
static bool to_physical(struct machine *m, uint64_t *pa)
{
    struct vm *vm = vm_from(m);
    const struct p2m *p = vm ? &vm->monitor.p2m : NULL;

    if (!p || p2m_reverse(p, *pa, pa))
        return true;
    if (*pa < p->rom_hpa || *pa - p->rom_hpa >= p->rom_pages * PAGE_SIZE)
        return false;
    *pa = p->rom_gpa + (*pa - p->rom_hpa);
    return true;
}

/* Under MPRV nothing is kept of data. */
static bool is_kept(struct machine *m, unsigned hart, const struct csr_file *c,
                    struct why_access *a)
{
    static const uint64_t right[] = {
        [ACCESS_FETCH] = PTE_X, [ACCESS_LOAD] = PTE_R, [ACCESS_STORE] = PTE_W
    };
    const struct translations *t = kept_by(m, hart);
    uint64_t satp, leaf;
    uint8_t view = translation_view(c, &satp);
    unsigned space = satp ? translations_find(t, satp, view) : NO_SPACE;

    if (space == NO_SPACE || (a->access != ACCESS_FETCH && view_is_split(view)))
        return false;
    leaf = translations_leaf(t, space, a->va);
    a->pa = field_get(leaf, PTE_PPN) << PAGE_SHIFT | (a->va & PAGE_MASK);
    return (leaf & right[a->access]) && to_physical(m, &a->pa);
}

/* ---- the access ---- */

/* A ROM is to loads and stores a device like others. */
static uint8_t place_of(struct machine *m, struct why_access *a)
{
    struct board *b = why_board(m);
    const struct bus_device *d = bus_device_at(&b->bus, a->pa, 1);

    a->device = d ? d->name : NULL;
    if (m->ops->ram(m, a->pa, a->size, false))
        return PLACE_RAM;
    if (d && d->memory)
        return PLACE_ROM;
    return d ? PLACE_DEVICE : PLACE_NOTHING;
}

/* Only a plain load or store that lies in one page may go to a device, and only
   in its shape. */
static enum why_refusal refused_by_place(struct machine *m,
                                         enum why_kind_of_access kind,
                                         bool crosses,
                                         const struct why_access *a)
{
    unsigned size = (unsigned)a->size;

    if (a->place == PLACE_RAM ||
        (a->place == PLACE_ROM && a->access == ACCESS_FETCH))
        return ACCESS_GOES;
    if (a->access == ACCESS_FETCH || kind != ACCESS_PLAIN || crosses ||
        !bus_well_formed(a->pa, size) ||
        !bus_device_at(&why_board(m)->bus, a->pa, size))
        return ACCESS_REFUSED_PLACE;
    return ACCESS_ASKS_DEVICE;
}

/* Translation and PMP. */
static enum why_refusal locate(struct machine *m, unsigned hart,
                               const struct csr_file *c, struct why_access *a)
{
    const struct walk_memory mem = memory_of(m);
    const struct walk_request q = {
        .csr = c, .priv = a->priv, .access = a->access, .va = a->va
    };

    a->kept = is_kept(m, hart, c, a);
    if (a->kept)
        return ACCESS_GOES;
    walk(&q, &mem, &a->walk);
    if (!a->walk.ok)
        return ACCESS_REFUSED_WALK;
    a->pa = a->walk.pa;
    a->pmp = pmp_decide(c, a->priv, a->pa, a->size, a->access);
    return a->pmp.permitted ? ACCESS_GOES : ACCESS_REFUSED_PMP;
}

void why_access(struct machine *m, unsigned hart, const struct csr_file *c,
                enum why_kind_of_access kind, bool crosses,
                struct why_access *a)
{
    enum why_refusal refusal = ACCESS_GOES;

    a->priv = a->access == ACCESS_FETCH ? (enum priv)c->priv : csr_data_priv(c);
    if (kind == ACCESS_ATOMIC && (a->va & (a->size - 1)))
        refusal = ACCESS_REFUSED_ALIGNED;
    if (refusal == ACCESS_GOES)
        refusal = locate(m, hart, c, a);
    if (refusal == ACCESS_GOES) {
        a->place = place_of(m, a);
        refusal = refused_by_place(m, kind, crosses, a);
    }
    a->refusal = (uint8_t)refusal;
}
