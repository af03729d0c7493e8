/*
 * The auditor: what must hold of all shadow tables between any two exits. For
 * tests and fuzzers.
 */
#include "vmm/core/shadow_list.h"

static const char *audit_leaf(const struct monitor *m, uint64_t pte)
{
    uint64_t hpa = field_get(pte, PTE_PPN) << PAGE_SHIFT;
    uint64_t rom = m->p2m.rom_hpa;
    uint64_t gpa;

    if (!(pte & PTE_U))
        return "a shadow leaf is not a user page";
    if (hpa >= rom && hpa < rom + m->p2m.rom_pages * PAGE_SIZE)
        return pte & (PTE_R | PTE_W) ? "a shadow leaf gives ROM to data"
                                     : NULL;
    return p2m_reverse(&m->p2m, hpa, &gpa)
        ? NULL : "a shadow leaf maps what is not the guest's";
}

static const char *audit_table(const struct monitor *m, const struct shadow *s,
                               uint32_t table, unsigned level,
                               uint64_t *ram_leaves)
{
    const uint64_t *pte = translations_table(&s->kept, table);
    uint64_t rom = m->p2m.rom_hpa;
    const char *wrong = NULL;

    for (unsigned i = 0; i < PTES_PER_PAGE && !wrong; i++) {
        uint64_t hpa = field_get(pte[i], PTE_PPN) << PAGE_SHIFT;

        if (!(pte[i] & PTE_V))
            continue;
        if (level > 0) {
            uint32_t child = translations_child(&s->kept, pte[i]);

            wrong = child >= s->kept.tables
                ? "a shadow table points out of its hart's pool"
                : audit_table(m, s, child, level - 1, ram_leaves);
            continue;
        }
        wrong = audit_leaf(m, pte[i]);
        *ram_leaves += hpa < rom || hpa >= rom + m->p2m.rom_pages * PAGE_SIZE;
    }
    return wrong;
}

const char *shadow_audit(struct monitor *m)
{
    uint64_t ram_leaves = 0;

    for (unsigned i = 0; i < m->harts * SHADOW_SPACES; i++) {
        unsigned hart = i / SHADOW_SPACES, n = i % SHADOW_SPACES;
        const struct space *sp = shadow_space(m, hart, n);
        const char *wrong = NULL;

        if (sp->live)
            wrong = audit_table(m, shadow_of(m, hart, n), sp->root,
                                sp->levels - 1u, &ram_leaves);
        if (wrong)
            return wrong;
    }
    return shadow_lists_sound(m, ram_leaves)
        ? NULL : "a list of the reverse map is broken";
}
