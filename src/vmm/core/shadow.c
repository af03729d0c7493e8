/* Shadow spaces: the translations a virtual hart keeps, as the host walks
 * them. */
#include "vmm/core/shadow.h"

#include "vmm/core/core.h"
#include "vmm/core/shadow_list.h"

/* One tree that maps all RAM as it is, and some more for other views. */
static uint32_t identity_tables(uint64_t ram_size)
{
    return 64 + (uint32_t)(ram_size >> 21);
}

uint32_t shadow_tables(uint64_t ram_size)
{
    return translations_tables(ram_size) + identity_tables(ram_size);
}

static void drop(void *context, uint32_t leaf)
{
    const struct shadow *s = context;

    s->monitor->stats.leaves_dropped++;
    shadow_list_remove(s->monitor, s->first_table * PTES_PER_PAGE + leaf);
}

/* The host ASID of a space. ASIDs are each hart's own. */
static uint64_t asid_of(const struct shadow *s, unsigned space)
{
    return s->monitor->asid + s->first_space + space;
}

static void forget(void *context, unsigned space, const uint64_t *va)
{
    const struct shadow *s = context;
    struct machine *host = s->monitor->host;
    uint64_t asid = asid_of(s, space);

    host->ops->fence(host, s->hart, va, &asid);
}

static void init_kind(struct monitor *m, unsigned hart, enum shadow_kind kind,
                      uint32_t first, uint32_t tables)
{
    struct shadow *s = &m->hart[hart].shadow[kind];
    const struct translation_user user = { s, drop, forget };
    uint64_t at = first * PAGE_SIZE;

    s->monitor = m;
    s->hart = hart;
    s->first_space = kind * TRANSLATION_SPACES;
    s->first_table = first;
    translations_init(&s->kept, m->pool + at, m->pool_hpa + at,
                      m->table + first, tables, &user);
}

void shadow_init(struct monitor *m, unsigned hart, uint32_t first)
{
    uint64_t ram_size = m->p2m.ram_pages << PAGE_SHIFT;
    uint32_t tables = translations_tables(ram_size);

    init_kind(m, hart, SHADOW_TRANSLATED, first, tables);
    init_kind(m, hart, SHADOW_IDENTITY, first + tables,
              identity_tables(ram_size));
}

unsigned shadow_enter(struct monitor *m, unsigned hart)
{
    uint64_t satp;
    uint8_t view = translation_view(&m->hart[hart].csr, &satp);
    struct shadow *s =
        &m->hart[hart].shadow[satp ? SHADOW_TRANSLATED : SHADOW_IDENTITY];
    uint64_t made = s->kept.made, reclaimed = s->kept.reclaimed;
    unsigned space = translations_enter(&s->kept, satp, view);

    m->stats.spaces_made += s->kept.made - made;
    m->stats.spaces_reclaimed += s->kept.reclaimed - reclaimed;
    return s->first_space + space;
}

static struct shadow *owner(struct monitor *m, unsigned hart, unsigned space)
{
    return &m->hart[hart].shadow[space / TRANSLATION_SPACES];
}

const struct shadow *shadow_of(const struct monitor *m, unsigned hart,
                               unsigned space)
{
    return &m->hart[hart].shadow[space / TRANSLATION_SPACES];
}

const struct space *shadow_space(const struct monitor *m, unsigned hart,
                                 unsigned space)
{
    return &shadow_of(m, hart, space)->kept.space[space % TRANSLATION_SPACES];
}

uint64_t shadow_satp(const struct monitor *m, unsigned hart, unsigned space)
{
    const struct shadow *s = shadow_of(m, hart, space);
    unsigned n = space % TRANSLATION_SPACES;
    uint64_t satp = field_set(0, SATP_MODE, s->kept.space[n].levels + 5u);

    satp = field_set(satp, SATP_ASID, asid_of(s, n));
    return field_set(satp, SATP_PPN,
                     translations_root(&s->kept, n) >> PAGE_SHIFT);
}

uint64_t shadow_leaf(const struct monitor *m, unsigned hart, unsigned space,
                     uint64_t va)
{
    return translations_leaf(&shadow_of(m, hart, space)->kept,
                             space % TRANSLATION_SPACES, va);
}

uint64_t shadow_leaf_near(struct monitor *m, unsigned hart, unsigned space,
                          uint64_t va)
{
    return translations_leaf_near(&owner(m, hart, space)->kept,
                                  space % TRANSLATION_SPACES, va);
}

static uint64_t leaf_pte(const struct shadow_map *p)
{
    uint64_t pte = PTE_V | PTE_U | PTE_A | PTE_D;

    if (p->rights & ACCESS_LOAD)
        pte |= PTE_R;
    if (p->rights & ACCESS_STORE)
        pte |= PTE_W;
    if (p->rights & ACCESS_FETCH)
        pte |= PTE_X;
    if (p->global)
        pte |= LEAF_GLOBAL;
    return field_set(pte, PTE_PPN, p->hpa >> PAGE_SHIFT);
}

void shadow_map(struct monitor *m, unsigned hart, unsigned space,
                const struct shadow_map *p)
{
    struct shadow *s = owner(m, hart, space);
    const struct translation t = { p->va, leaf_pte(p), p->guest_size };
    uint64_t reclaimed = s->kept.reclaimed;
    uint32_t leaf =
        translations_map(&s->kept, space % TRANSLATION_SPACES, &t);

    shadow_list_add(m, s->first_table * PTES_PER_PAGE + leaf, p->gpa);
    m->stats.fills++;
    m->stats.spaces_reclaimed += s->kept.reclaimed - reclaimed;
}

/* The shadow whose table of the pool this is. */
static struct shadow *owner_of_table(struct monitor *m, uint32_t table)
{
    unsigned i = 0;

    for (; i < m->harts * SHADOW_KINDS - 1; i++) {
        struct shadow *s = &m->hart[i / SHADOW_KINDS].shadow[i % SHADOW_KINDS];

        if (table - s->first_table < s->kept.tables)
            return s;
    }
    return &m->hart[i / SHADOW_KINDS].shadow[i % SHADOW_KINDS];
}

void shadow_unmap(struct monitor *m, uint64_t hpa)
{
    uint64_t gpa, gfn;

    if (!p2m_reverse(&m->p2m, hpa, &gpa)) { /* ROM is on no list */
        for (unsigned h = 0; h < m->harts; h++)
            shadow_drop_all(m, h);
        return;
    }
    gfn = (gpa - m->p2m.ram_gpa) >> PAGE_SHIFT;
    while (m->p2m.first_leaf[gfn] != P2M_NO_LEAF) {
        uint32_t leaf = m->p2m.first_leaf[gfn];
        struct shadow *s = owner_of_table(m, leaf / PTES_PER_PAGE);

        translations_drop(&s->kept, leaf - s->first_table * PTES_PER_PAGE);
    }
    for (unsigned h = 0; h < m->harts; h++)
        m->host->ops->fence(m->host, h, NULL, NULL);
}

void shadow_fence(struct monitor *m, unsigned hart, const uint64_t *va,
                  const uint64_t *asid)
{
    m->stats.fences++;
    translations_fence(&m->hart[hart].shadow[SHADOW_TRANSLATED].kept, va,
                       asid);
}

void shadow_drop_all(struct monitor *m, unsigned hart)
{
    for (unsigned k = 0; k < SHADOW_KINDS; k++)
        translations_drop_all(&m->hart[hart].shadow[k].kept);
}
