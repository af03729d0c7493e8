/*
 * The page walk of an address, step by step: in the world looked at, and for
 * each monitor below it where its p2m puts each step, and how its shadow, which
 * is the table of the machine below, is walked for the same address.
 */
#include "ui/tui/inside.h"

#include <stdio.h>

#include "debug/page_tables.h"
#include "debug/why_look.h"
#include "mmu/pte.h"

#define ROWS   (WALK_MAX_LEVELS + 1) /* the PTEs, and the page */
#define COLUMN 80
#define WIDE   116 /* columns from which on each PTE's address is shown */

struct table {
    char row[ROWS][COLUMN];
    uint64_t pa[ROWS]; /* where the PTE lies; of the page, where that is */
    unsigned rows;
};

static void add_step(struct table *t, const struct walk_result *r, uint64_t va,
                     unsigned level, unsigned step, bool wide)
{
    const struct walk_step *s = &r->step[step];
    char flags[PAGE_TABLES_FLAGS], where[24] = "";

    page_tables_flags(s->pte, flags);
    if (wide)
        snprintf(where, sizeof where, " %#llx:", (ull)s->pte_pa);
    snprintf(t->row[t->rows], COLUMN, "L%u [%3u]%s %#llx %s", level,
             pte_index(va, level), where, (ull)s->pte,
             !(s->pte & PTE_V)                  ? "invalid"
             : s->pte & (PTE_R | PTE_W | PTE_X) ? flags
                                                : "pointer");
    t->pa[t->rows++] = s->pte_pa;
}

static void add_page(struct table *t, const struct walk_result *r)
{
    if (r->ok)
        snprintf(t->row[t->rows], COLUMN, "page %#llx%s",
                 (ull)(r->pa & ~PAGE_MASK), r->bare ? ", untranslated" : "");
    else
        snprintf(t->row[t->rows], COLUMN, "no page: %s", cause_name(r->cause));
    t->pa[t->rows++] = r->ok ? r->pa & ~PAGE_MASK : 0;
}

/* By the rules of the mode that runs: M-mode translates nothing. */
static struct csr_file rules(const struct tui *t, unsigned world)
{
    const struct debugger *d = t->debugger;
    struct csr_file c = *session_board(d->session, world)->csr[d->hart];

    if (c.priv == PRIV_M)
        c.satp = 0;
    return c;
}

static void read_table(const struct tui *t, struct table *out, unsigned world,
                       uint64_t va, bool wide)
{
    const struct csr_file c = rules(t, world);
    unsigned levels = satp_levels(field_get(c.satp, SATP_MODE));
    struct walk_result r;

    out->rows = 0;
    why_walk(session_machine(t->debugger->session, world), &c, va, &r);
    for (unsigned k = 0; k < r.steps; k++)
        add_step(out, &r, va, levels - 1 - k, k, wide);
    add_page(out, &r);
}

/* The pages are in the last row of both. */
static const char *row_of(const struct table *t, unsigned k, bool last,
                          uint64_t *pa)
{
    unsigned at = last ? t->rows - 1 : k;

    if (!last && k + 1 >= t->rows)
        return "";
    *pa = t->pa[at];
    return t->row[at];
}

static void say_beside(struct tui *t, const struct vm *vm, int width,
                       const struct table *own, const struct table *shadow)
{
    unsigned rows = own->rows > shadow->rows ? own->rows : shadow->rows;

    for (unsigned k = 0; k < rows; k++) {
        uint64_t pa = 0, unused;
        const char *left = row_of(own, k, k + 1 == rows, &pa);
        char p2m[PAGE_TABLES_ADDRESS] = "";

        if (left[0])
            page_tables_p2m(vm, pa, p2m);
        tui_text_say(&t->page, TUI_PLAIN, "%-*s| %-11s| %s", width, left, p2m,
                     row_of(shadow, k, k + 1 == rows, &unused));
    }
}

/* World `world` over the one below. */
static void say_pair(struct tui *t, unsigned world, uint64_t va, bool wide)
{
    const struct vm *vm = session_vm(t->debugger->session, world);
    struct table own, shadow;
    char name[TUI_NAME_SIZE], below[TUI_NAME_SIZE], left[2 * TUI_NAME_SIZE];
    int width = wide ? 50 : 33;

    read_table(t, &own, world, va, wide);
    read_table(t, &shadow, tui_below(t, world), va, wide);
    tui_world_name(world, name);
    tui_world_name(tui_below(t, world), below);
    if (world == t->debugger->world)
        snprintf(left, sizeof left, "%s%#llx in %s", t->walks_at ? "" : "pc ",
                 (ull)va, name);
    else
        snprintf(left, sizeof left, "%s's table is that shadow", name);
    tui_text_say(&t->page, TUI_NAME, "%-*s| %-11s| the shadow, for %s", width,
                 left, "p2m", below);
    say_beside(t, vm, width, &own, &shadow);
}

static void say_bare(struct tui *t, uint64_t va, bool wide)
{
    struct table own;

    read_table(t, &own, 0, va, wide);
    tui_text_say(&t->page, TUI_NAME, "%s%#llx in the bare machine",
                 t->walks_at ? "" : "pc ", (ull)va);
    for (unsigned k = 0; k < own.rows; k++)
        tui_text_say(&t->page, TUI_PLAIN, "%s", own.row[k]);
}

void tui_page_walk(struct tui *t, unsigned columns)
{
    uint64_t va = t->walks_at ? t->walk_va : tui_pc(t);
    unsigned world = t->debugger->world;
    bool wide = columns >= WIDE;

    if (world == 0)
        say_bare(t, va, wide);
    for (; world > 0; world = tui_below(t, world))
        say_pair(t, world, va, wide);
}
