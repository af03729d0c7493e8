/*
 * Translation in two stages, or more: for each monitor its guest's own page
 * table, the p2m that says where the guest's memory lies, and the shadow, which
 * is what the host's hart walks, beside one another. On a machine that is
 * virtual itself the shadow is the guest's table of the monitor below.
 */
#include "debug/why_text.h"

#include <stdio.h>

#include "debug/page_tables.h"

#define ROWS   (WALK_MAX_LEVELS + 1) /* the PTEs, and the page */
#define COLUMN 96

struct table {
    char row[ROWS][COLUMN];
    uint64_t pa[ROWS]; /* where the PTE lies; of the page, where that is */
    unsigned rows;
};

/* "L2 [1] 0x80214008: 0x20085001 pointer" */
static void add_step(struct table *t, const struct walk_result *r, uint64_t va,
                     unsigned levels, unsigned step)
{
    const struct walk_step *s = &r->step[step];
    unsigned level = levels - 1 - step;
    bool pointer = (s->pte & PTE_V) && !(s->pte & (PTE_R | PTE_W | PTE_X));
    char flags[WHY_NAME];

    snprintf(t->row[t->rows], COLUMN, "L%u [%3u] %#llx: %#llx %s", level,
             pte_index(va, level), (ull)s->pte_pa, (ull)s->pte,
             pointer ? "pointer" : why_flags(s->pte, flags));
    t->pa[t->rows++] = s->pte_pa;
}

static void add_page(struct table *t, const struct walk_result *r)
{
    snprintf(t->row[t->rows], COLUMN, r->ok ? "page %#llx%s" : "no page",
             (ull)(r->pa & ~PAGE_MASK), r->bare ? ", untranslated" : "");
    t->pa[t->rows++] = r->ok ? r->pa & ~PAGE_MASK : 0;
}

static void read_table(struct table *t, struct machine *m,
                       const struct csr_file *c, uint64_t va)
{
    unsigned levels = satp_levels(field_get(c->satp, SATP_MODE));
    struct walk_result r;

    t->rows = 0;
    why_walk(m, c, va, &r);
    for (unsigned k = 0; k < r.steps; k++)
        add_step(t, &r, va, levels, k);
    add_page(t, &r);
}

static void say_beside(struct why *w, unsigned level, const struct vm *vm,
                       const struct table *guest, const struct table *shadow)
{
    unsigned rows = guest->rows > shadow->rows ? guest->rows : shadow->rows;

    for (unsigned k = 0; k < rows; k++) {
        /* The pages are in the last row of both. */
        bool last = k + 1 == rows;
        unsigned g = last ? guest->rows - 1 : k,
                 s = last ? shadow->rows - 1 : k;
        const char *left = last || k + 1 < guest->rows ? guest->row[g] : "";
        const char *right = last || k + 1 < shadow->rows ? shadow->row[s] : "";
        char p2m[PAGE_TABLES_ADDRESS] = "";

        if (left[0])
            page_tables_p2m(vm, guest->pa[g], p2m);
        why_say(w, WHY_STAGES, level, "%-46s | %-12s | %s", left, p2m, right);
    }
}

/* The rules that the machine translates by: of the one that is asked about,
   those that the instruction found; below, those that its monitor's guest runs
   by. */
static struct csr_file rules_of(struct why *w, unsigned level, bool data)
{
    struct csr_file c = level == w->depth
                            ? w->look.csr
                            : *why_board(why_machine(w, level))->csr[w->hart];
    enum priv priv = data ? csr_data_priv(&c) : (enum priv)c.priv;

    if (priv == PRIV_M)
        c.satp = 0;
    return c;
}

static void say_level(struct why *w, unsigned level, uint64_t va, bool data)
{
    struct machine *m = why_machine(w, level);
    const struct vm *vm = vm_from(m);
    struct csr_file guest = rules_of(w, level, data);
    struct csr_file host = rules_of(w, level - 1, data);
    struct table own, shadow;
    char name[WHY_NAME];

    read_table(&own, m, &guest, va);
    read_table(&shadow, vm->host, &host, va);
    why_say(w, WHY_STAGES, level,
            "%#llx in vm%u, and how %s walks for it:", (ull)va, level,
            why_machine_name(level - 1, name));
    why_say(w, WHY_STAGES, level, "%-46s | %-12s | %s",
            level == w->depth ? "the guest's own table"
                              : "its guest's table, "
                                "which is the shadow "
                                "above",
            "p2m", "the shadow");
    say_beside(w, level, vm, &own, &shadow);
}

void why_say_stages(struct why *w, uint64_t va, bool data)
{
    for (unsigned level = w->depth; level > 0; level--)
        say_level(w, level, va, data);
}

void why_say_table(struct why *w, uint64_t va, bool data)
{
    struct csr_file rules = rules_of(w, w->depth, data);
    char name[WHY_NAME];
    struct table own;

    read_table(&own, w->machine, &rules, va);
    why_say(w, WHY_STAGES, w->depth, "%#llx in %s:", (ull)va,
            why_machine_name(w->depth, name));
    for (unsigned k = 0; k < own.rows; k++)
        why_say(w, WHY_STAGES, w->depth, "%s", own.row[k]);
}
