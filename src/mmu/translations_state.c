/*
 * Translations saved and loaded. A space is its key and its tree; a tree, from
 * the root down, is for each table how many entries it has, whether it holds a
 * superpage's fragments, and its entries: a slot and a table, or all of a leaf
 * in one number.
 */
#include "mmu/translations_inside.h"

#define LEAF_RIGHTS (PTE_R | PTE_W | PTE_X)
#define LEAF_SAVED  (LEAF_RIGHTS | LEAF_NAPOT | LEAF_GLOBAL | PTE_PPN)
#define LEAF_SLOT   MASK(62, 54)

struct mover {
    struct translations *t;
    const struct translation_pages *pages;
    struct state *s;
};

static void save_leaf(const struct mover *m, uint32_t leaf, uint64_t pte)
{
    uint64_t gpa = m->pages->gpa(m->pages->context, leaf);
    uint64_t v = field_set(pte & LEAF_SAVED, PTE_PPN, gpa >> PAGE_SHIFT);

    v = field_set(v, LEAF_SLOT, leaf % PTES_PER_PAGE);
    state_u64(m->s, &v);
}

static void save_table(const struct mover *m, uint32_t table, unsigned level)
{
    struct translation_table *of = &m->t->table[table];
    const uint64_t *pte = translations_table(m->t, table);
    unsigned left = of->used;

    state_u16(m->s, &of->used);
    state_bool(m->s, &of->has_superpage);
    for (uint16_t i = 0; left > 0; i++) {
        if (!(pte[i] & PTE_V))
            continue;
        left--;
        if (level == 0) {
            save_leaf(m, table * PTES_PER_PAGE + i, pte[i]);
            continue;
        }
        state_u16(m->s, &i);
        save_table(m, translations_child(m->t, pte[i]), level - 1);
    }
}

/* What the fields say, if it is what the code makes of a translation. */
static bool leaf_legal(uint64_t v)
{
    return !(v & ~(LEAF_SAVED | LEAF_SLOT)) && (v & LEAF_RIGHTS) &&
           ((v & PTE_R) || !(v & PTE_W));
}

static void load_leaf(const struct mover *m, uint32_t table, uint64_t v)
{
    unsigned slot = (unsigned)field_get(v, LEAF_SLOT);
    uint64_t *pte = &translations_table(m->t, table)[slot];
    uint64_t gpa = field_get(v, PTE_PPN) << PAGE_SHIFT, made = 0;

    if (leaf_legal(v) && !(*pte & PTE_V))
        made = m->pages->leaf(m->pages->context, table * PTES_PER_PAGE + slot,
                              gpa, v & LEAF_RIGHTS);
    state_require(m->s, made != 0);
    if (!made)
        return;
    *pte = made | PTE_V | (v & (LEAF_RIGHTS | LEAF_NAPOT | LEAF_GLOBAL));
    m->t->table[table].used++;
    m->t->table[table].local += !(v & LEAF_GLOBAL);
}

static void load_table(const struct mover *m, uint32_t table, unsigned level);

static void load_entry(const struct mover *m, uint32_t table, unsigned level)
{
    uint64_t *pte;
    uint16_t slot = 0;
    uint32_t child;

    state_u16(m->s, &slot);
    pte = &translations_table(m->t, table)[slot % PTES_PER_PAGE];
    state_require(m->s, slot < PTES_PER_PAGE && !(*pte & PTE_V) &&
                            m->t->free_tables > 0);
    if (m->s->bad)
        return;
    child = translations_new_table(m->t);
    *pte = translations_pointer(m->t, child);
    m->t->table[table].used++;
    load_table(m, child, level - 1);
}

static void load_table(const struct mover *m, uint32_t table, unsigned level)
{
    struct translation_table *of = &m->t->table[table];
    uint16_t used = 0;

    state_u16(m->s, &used);
    state_bool(m->s, &of->has_superpage);
    state_require(m->s, used <= PTES_PER_PAGE);
    for (unsigned i = 0; i < used && !m->s->bad; i++) {
        uint64_t v = 0;

        if (level > 0) {
            load_entry(m, table, level);
            continue;
        }
        state_u64(m->s, &v);
        load_leaf(m, table, v);
    }
}

/* The live space that was entered first after `after`. */
static const struct space *next_used(const struct translations *t,
                                     uint64_t after)
{
    const struct space *best = NULL;

    for (unsigned i = 0; i < t->spaces; i++) {
        const struct space *sp = &t->space[i];

        if (sp->live && sp->used > after && (!best || sp->used < best->used))
            best = sp;
    }
    return best;
}

static void save_spaces(const struct mover *m)
{
    const struct space *sp = next_used(m->t, 0);
    uint16_t live = 0;

    for (unsigned i = 0; i < m->t->spaces; i++)
        live += m->t->space[i].live;
    state_u16(m->s, &live);
    for (; sp; sp = next_used(m->t, sp->used)) {
        uint64_t satp = sp->satp;
        uint8_t view = sp->view;

        state_u64(m->s, &satp);
        state_u8(m->s, &view);
        save_table(m, sp->root, sp->levels - 1u);
    }
}

/* Could a hart have entered it? */
static bool key_legal(uint64_t satp, uint8_t view)
{
    return satp_levels(field_get(satp, SATP_MODE)) &&
           !(view & ~(VIEW_FETCH | VIEW_DATA | VIEW_SUM | VIEW_MXR));
}

static void load_space(const struct mover *m)
{
    struct translations *t = m->t;
    uint64_t satp = 0, made = t->made;
    uint8_t view = 0;
    unsigned i;

    state_u64(m->s, &satp);
    state_u8(m->s, &view);
    state_require(m->s, key_legal(satp, view) && t->free_tables > 0);
    if (m->s->bad)
        return;
    i = translations_enter(t, satp, view);
    state_require(m->s, t->made == made + 1); /* else it was there already */
    if (!m->s->bad)
        load_table(m, t->space[i].root, t->space[i].levels - 1u);
}

static void load_spaces(const struct mover *m)
{
    uint16_t live = 0;

    for (unsigned i = 0; i < m->t->spaces; i++)
        if (m->t->space[i].live)
            translations_give_up(m->t, i);
    state_u16(m->s, &live);
    state_require(m->s, live <= TRANSLATION_SPACES);
    for (unsigned i = 0; i < live && !m->s->bad; i++)
        load_space(m);
}

void translations_state(struct translations *t,
                        const struct translation_pages *p, struct state *s)
{
    const struct mover m = { t, p, s };

    if (s->saving)
        save_spaces(&m);
    else
        load_spaces(&m);
}
