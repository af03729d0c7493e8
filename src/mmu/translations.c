/* Translations kept: spaces, their tables, fences, giving up. */
#include "mmu/translations_inside.h"
#include "mmu/walk.h"

/* What one fill may need: a table a level. */
#define TABLES_FOR_A_FILL WALK_MAX_LEVELS

/* ---- which translation holds when ---- */

uint8_t translation_view(const struct csr_file *c, uint64_t *satp)
{
    bool translates = field_get(c->satp, SATP_MODE) != SATP_BARE;
    unsigned mode = c->priv, data = csr_data_priv(c);
    uint64_t view;

    *satp = translates && mode != PRIV_M ? c->satp : 0;
    if (mode != data)
        return (uint8_t)field_set(mode, VIEW_DATA, VIEW_NO_DATA);
    /* Without translation, S and U differ in nothing that a page shows. */
    if (!translates && mode == PRIV_U)
        mode = PRIV_S;
    view = field_set(mode, VIEW_DATA, mode);
    if (*satp == 0)
        return (uint8_t)view;
    if (mode == PRIV_S && (c->mstatus & MSTATUS_SUM))
        view |= VIEW_SUM;
    if (c->mstatus & MSTATUS_MXR)
        view |= VIEW_MXR;
    return (uint8_t)view;
}

bool translation_rules_change(unsigned effects)
{
    const unsigned envcfg = CSR_EFFECT_ENVCFG | CSR_EFFECT_TRANSLATION;

    return (effects & CSR_EFFECT_PMP) || (effects & envcfg) == envcfg;
}

/* ---- the pool of tables ---- */

/* A base, and one for every 2 MiB of RAM. */
uint32_t translations_tables(uint64_t ram_size)
{
    return 512 + (uint32_t)(ram_size >> 21);
}

void translations_init(struct translations *t, uint8_t *pool, uint64_t pool_pa,
                       struct translation_table *table, uint32_t tables,
                       const struct translation_user *user)
{
    t->user = *user;
    t->pool = pool;
    t->pool_pa = pool_pa;
    t->table = table;
    t->tables = t->free_tables = tables;
    t->free_head = 0;
    t->tick = t->made = t->reclaimed = t->dropped = 0;
    t->spaces = 0;
    t->last.table = NO_TABLE;
    for (uint32_t i = 0; i < tables; i++)
        table[i].next_free = i + 1 < tables ? i + 1 : NO_TABLE;
    for (unsigned i = 0; i < TRANSLATION_SPACES; i++)
        t->space[i].live = false;
    for (unsigned i = 0; i < TRANSLATION_HINTS; i++)
        t->hint[i] = 0;
}

uint32_t translations_new_table(struct translations *t)
{
    uint32_t table = t->free_head;
    uint64_t *pte = translations_table(t, table);

    t->free_head = t->table[table].next_free;
    t->free_tables--;
    t->table[table] = (struct translation_table){ .next_free = NO_TABLE };
    for (unsigned i = 0; i < PTES_PER_PAGE; i++)
        pte[i] = 0;
    return table;
}

static void table_free(struct translations *t, uint32_t table)
{
    t->table[table].next_free = t->free_head;
    t->free_head = table;
    t->free_tables++;
    t->last.table = NO_TABLE;
}

uint64_t translations_pointer(const struct translations *t, uint32_t table)
{
    uint64_t pa = t->pool_pa + (uint64_t)table * PAGE_SIZE;

    return field_set(PTE_V, PTE_PPN, pa >> PAGE_SHIFT);
}

static void forget(struct translations *t, unsigned space, const uint64_t *va)
{
    if (t->user.forget)
        t->user.forget(t->user.context, space, va);
}

void translations_drop(struct translations *t, uint32_t leaf)
{
    struct translation_table *table = &t->table[leaf / PTES_PER_PAGE];
    uint64_t *pte =
        &translations_table(t, leaf / PTES_PER_PAGE)[leaf % PTES_PER_PAGE];

    if (t->user.drop)
        t->user.drop(t->user.context, leaf);
    table->used--;
    table->local -= !(*pte & LEAF_GLOBAL);
    *pte = 0;
    t->dropped++;
}

static void clear_leaves(struct translations *t, uint32_t table,
                         bool keep_global)
{
    const uint64_t *pte = translations_table(t, table);
    const struct translation_table *of = &t->table[table];

    for (unsigned i = 0; keep_global ? of->local : of->used; i++)
        if ((pte[i] & PTE_V) && !(keep_global && (pte[i] & LEAF_GLOBAL)))
            translations_drop(t, table * PTES_PER_PAGE + i);
}

/* Gives back a table of leaves, one by one if somebody keeps account. */
static void free_leaves(struct translations *t, uint32_t table)
{
    if (t->user.drop)
        clear_leaves(t, table, false);
    t->dropped += t->table[table].used;
    table_free(t, table);
}

static bool table_clear(struct translations *t, uint32_t table, unsigned level,
                        bool keep_global);

/* Drops all below an entry of `level`, and gives back the table under it. */
static void free_below(struct translations *t, uint32_t table, unsigned level)
{
    if (level == 0) {
        free_leaves(t, table);
        return;
    }
    table_clear(t, table, level, false);
    table_free(t, table);
}

/*
 * Drops every leaf below `table`, of `level`, and gives back the tables under
 * it, not itself. With keep_global, leaves that are global stay, and so do all
 * tables. Returns whether any table was given back.
 */
static bool table_clear(struct translations *t, uint32_t table, unsigned level,
                        bool keep_global)
{
    uint64_t *pte = translations_table(t, table);
    unsigned left = t->table[table].used;
    bool freed = false;

    if (!keep_global)
        t->table[table].has_superpage = false;
    if (level == 0) {
        clear_leaves(t, table, keep_global);
        return false;
    }
    for (unsigned i = 0; left > 0; i++) {
        uint32_t child = translations_child(t, pte[i]);

        if (!(pte[i] & PTE_V))
            continue;
        left--;
        if (keep_global) {
            table_clear(t, child, level - 1, true);
            continue;
        }
        free_below(t, child, level - 1);
        pte[i] = 0;
        t->table[table].used--;
        freed = true;
    }
    return freed;
}

/* ---- spaces ---- */

static void clear_space(struct translations *t, unsigned space)
{
    const struct space *sp = &t->space[space];

    table_clear(t, sp->root, sp->levels - 1u, false);
    forget(t, space, NULL);
}

/* The live space longest unused, but not `except`. */
static unsigned oldest(const struct translations *t, unsigned except)
{
    unsigned best = NO_SPACE;

    for (unsigned i = 0; i < t->spaces; i++)
        if (t->space[i].live && i != except &&
            (best == NO_SPACE || t->space[i].used < t->space[best].used))
            best = i;
    return best;
}

void translations_give_up(struct translations *t, unsigned space)
{
    clear_space(t, space);
    table_free(t, t->space[space].root);
    t->space[space].live = false;
    t->reclaimed++;
}

/*
 * Makes room in the pool: other spaces, the one longest unused first; last what
 * this space has: a fill after that succeeds, for the pool is larger than a
 * root and one fill (TRANSLATION_MIN_TABLES).
 */
static void reclaim(struct translations *t, unsigned need, unsigned space)
{
    while (t->free_tables < need) {
        unsigned victim = oldest(t, space);

        if (victim == NO_SPACE) {
            clear_space(t, space);
            return;
        }
        translations_give_up(t, victim);
    }
}

static bool is_space(const struct space *sp, uint64_t satp, uint8_t view)
{
    return sp->live && sp->satp == satp && sp->view == view;
}

unsigned translations_find(const struct translations *t, uint64_t satp,
                           uint8_t view)
{
    for (unsigned i = 0; i < t->spaces; i++)
        if (is_space(&t->space[i], satp, view))
            return i;
    return NO_SPACE;
}

static unsigned free_space(struct translations *t)
{
    unsigned i;

    for (i = 0; i < t->spaces; i++)
        if (!t->space[i].live)
            return i;
    if (i < TRANSLATION_SPACES) {
        t->spaces++;
        return i;
    }
    i = oldest(t, NO_SPACE);
    translations_give_up(t, i);
    return i;
}

static unsigned make_space(struct translations *t, uint64_t satp, uint8_t view)
{
    unsigned levels = satp_levels(field_get(satp, SATP_MODE));
    unsigned i;

    reclaim(t, 1, NO_SPACE);
    i = free_space(t);
    t->space[i] = (struct space){
        .live = true,
        .view = view,
        .levels = levels ? (uint8_t)levels : 3,
        .satp = satp,
        .root = translations_new_table(t),
    };
    t->made++;
    return i;
}

unsigned translations_enter(struct translations *t, uint64_t satp, uint8_t view)
{
    uint8_t *hint = &t->hint[(satp ^ satp >> 44 ^ view) % TRANSLATION_HINTS];
    unsigned i = *hint;

    if (!is_space(&t->space[i], satp, view))
        i = translations_find(t, satp, view);
    if (i == NO_SPACE)
        i = make_space(t, satp, view);
    *hint = (uint8_t)i;
    t->space[i].used = ++t->tick;
    return i;
}

/* ---- leaves ---- */

static bool canonical(const struct space *sp, uint64_t va)
{
    unsigned above = 63 - (PAGE_SHIFT + 9u * sp->levels - 1);

    return (uint64_t)((int64_t)(va << above) >> above) == va;
}

/* The level-0 table that has va's leaf, or NO_TABLE. */
static uint32_t leaf_table(const struct translations *t, unsigned space,
                           uint64_t va)
{
    const struct space *sp = &t->space[space];
    uint32_t table = sp->root;

    if (!canonical(sp, va))
        return NO_TABLE;
    for (unsigned level = sp->levels - 1u; level > 0; level--) {
        uint64_t pte = translations_table(t, table)[pte_index(va, level)];

        if (!(pte & PTE_V))
            return NO_TABLE;
        table = translations_child(t, pte);
    }
    return table;
}

static uint64_t leaf_in(const struct translations *t, uint32_t table,
                        uint64_t va)
{
    return table == NO_TABLE ? 0
                             : translations_table(t, table)[pte_index(va, 0)];
}

uint64_t translations_leaf(const struct translations *t, unsigned space,
                           uint64_t va)
{
    return leaf_in(t, leaf_table(t, space, va), va);
}

uint64_t translations_leaf_near(struct translations *t, unsigned space,
                                uint64_t va)
{
    uint64_t region = va >> 21;

    if (t->last.region != region || t->last.space != space ||
        t->last.table == NO_TABLE) {
        t->last.table = leaf_table(t, space, va);
        t->last.region = region;
        t->last.space = space;
    }
    return leaf_in(t, t->last.table, va);
}

/* The level-0 table for a leaf: makes what is missing, and marks the table that
   a superpage fills. */
static uint32_t make_leaf_table(struct translations *t, const struct space *sp,
                                const struct translation *p)
{
    uint32_t table = sp->root;

    for (unsigned level = sp->levels - 1u; level > 0; level--) {
        uint64_t *pte = &translations_table(t, table)[pte_index(p->va, level)];

        if (!(*pte & PTE_V)) {
            *pte = translations_pointer(t, translations_new_table(t));
            t->table[table].used++;
        }
        table = translations_child(t, *pte);
        if (p->guest_size == level_size(level))
            t->table[table].has_superpage = true;
    }
    return table;
}

uint32_t translations_map(struct translations *t, unsigned space,
                          const struct translation *p)
{
    unsigned slot = pte_index(p->va, 0);
    uint32_t table;
    uint64_t *pte;

    reclaim(t, TABLES_FOR_A_FILL, space);
    table = make_leaf_table(t, &t->space[space], p);
    pte = &translations_table(t, table)[slot];
    if (*pte & PTE_V) {
        translations_drop(t, table * PTES_PER_PAGE + slot);
        forget(t, space, &p->va);
    }
    *pte = p->pte | (p->guest_size == PAGE_SIZE * 16 ? LEAF_NAPOT : 0);
    t->table[table].used++;
    t->table[table].local += !(*pte & LEAF_GLOBAL);
    return table * PTES_PER_PAGE + slot;
}

/* ---- fences ---- */

/* Drops va's leaf, and with it the other fragments of its 64 KiB page. */
static void fence_leaf(struct translations *t, uint32_t table, uint64_t va,
                       bool keep_global)
{
    const uint64_t *pte = translations_table(t, table);
    unsigned slot = pte_index(va, 0);
    unsigned first = slot & ~15u;

    for (unsigned i = first; i < first + 16; i++)
        if ((pte[i] & PTE_V) && (i == slot || (pte[i] & LEAF_NAPOT)) &&
            !(keep_global && (pte[i] & LEAF_GLOBAL)))
            translations_drop(t, table * PTES_PER_PAGE + i);
}

/*
 * One address: its leaf; or, where a superpage was mapped piecemeal, all the
 * pieces, for the fence covers its one leaf PTE. Returns whether tables were
 * given back.
 */
static bool fence_address(struct translations *t, const struct space *sp,
                          uint64_t va, bool keep_global)
{
    uint32_t table = sp->root;

    for (unsigned level = sp->levels - 1u;; level--) {
        uint64_t pte = translations_table(t, table)[pte_index(va, level)];

        if (t->table[table].has_superpage)
            return table_clear(t, table, level, keep_global);
        if (level == 0)
            break;
        if (!(pte & PTE_V))
            return false;
        table = translations_child(t, pte);
    }
    fence_leaf(t, table, va, keep_global);
    return false;
}

/* Where nothing is dropped, TLBs have nothing to forget. */
static void fence_space(struct translations *t, unsigned space,
                        const uint64_t *va, bool keep_global)
{
    const struct space *sp = &t->space[space];
    uint64_t dropped = t->dropped;
    bool there = va && (translations_leaf(t, space, *va) & PTE_V);
    bool freed;

    if (va)
        freed = fence_address(t, sp, *va, keep_global);
    else
        freed = table_clear(t, sp->root, sp->levels - 1u, keep_global);
    dropped = t->dropped - dropped;
    /* One leaf may be another fragment of va's superpage than va's own. */
    if (freed || dropped > 0)
        forget(t, space, there && !freed && dropped == 1 ? va : NULL);
}

void translations_fence(struct translations *t, const uint64_t *va,
                        const uint64_t *asid)
{
    for (unsigned i = 0; i < t->spaces; i++) {
        const struct space *sp = &t->space[i];

        if (!sp->live || sp->satp == 0)
            continue;
        if (asid && field_get(sp->satp, SATP_ASID) != *asid)
            continue;
        if (va && !canonical(sp, *va))
            continue;
        fence_space(t, i, va, asid != NULL);
    }
}

void translations_drop_all(struct translations *t)
{
    for (unsigned i = 0; i < t->spaces; i++)
        if (t->space[i].live)
            clear_space(t, i);
}
