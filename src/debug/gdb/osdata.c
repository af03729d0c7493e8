/* The rows of the tables. */
#include "debug/gdb/osdata.h"

#include <stdio.h>

#include "debug/page_tables.h"

typedef unsigned long long ull;

/* ---- worlds ---- */

static void each_hart(struct debugger *d, unsigned world,
                      const struct text_sink *out)
{
    const struct board *b = session_board(d->session, world);
    char modes[64] = "", counts[256] = "";
    int m = 0, c = 0;

    for (unsigned h = 0; h < session_harts(d->session, world); h++) {
        m += snprintf(modes + m, sizeof modes - (size_t)m, "%s%s",
                      h ? " " : "", exit_log_mode(b->csr[h]->priv));
        c += snprintf(counts + c, sizeof counts - (size_t)c, "%s%llu",
                      h ? " " : "", (ull)b->csr[h]->count);
    }
    osdata_column(out, "Modes", "%s", modes);
    osdata_column(out, "Counts", "%s", counts);
}

void osdata_worlds(struct debugger *d, const struct text_sink *out)
{
    for (unsigned w = 0; w < session_worlds(d->session); w++) {
        osdata_begin_row(out);
        osdata_column(out, "World", "%u", w);
        osdata_column(out, "Process", "%u", w + 1); /* stub.h: to attach to */
        osdata_column(out, "Level", "%u", session_level(d->session, w));
        osdata_column(out, "Kind", "%s%s",
                      w ? "virtual machine" : "bare machine",
                      session_is_guest(d->session, w) ? ", the guest's" : "");
        osdata_column(out, "Harts", "%u", session_harts(d->session, w));
        each_hart(d, w, out);
        osdata_end_row(out);
    }
}

/* ---- traps ---- */

/* Where it was, by name. */
static void print_symbol(struct debugger *d, unsigned world,
                         const struct recent_event *e,
                         const struct text_sink *out)
{
    const struct exit_log *names = debugger_names(d, world);
    const struct symbol_place place = {
        .level = session_level(d->session, world),
        .satp = e->satp,
        .va = e->exit.pc,
    };
    char symbol[128] = "";

    if (names)
        symbol_sets_format(names->symbols, place, symbol, sizeof symbol);
    osdata_column(out, "Symbol", "%s", symbol);
}

static void print_deed(const struct recent_event *e,
                       const struct text_sink *out)
{
    char deed[128];

    if (!e->vm) {
        osdata_column(out, "Then", "entered in %s-mode",
                      exit_log_mode(e->target));
        return;
    }
    exit_log_deed(&e->exit, deed, sizeof deed);
    osdata_column(out, "Then", "%s", deed);
}

void osdata_traps(struct debugger *d, const struct text_sink *out)
{
    for (unsigned n = 0; d->recent && n < recent_count(d->recent); n++) {
        const struct recent_event *e = recent_at(d->recent, n);
        unsigned world = recent_world(d->recent, e);

        osdata_begin_row(out);
        osdata_column(out, "World", "%u", world);
        osdata_column(out, "Hart", "%u", e->exit.hart);
        osdata_column(out, "Count", "%llu", (ull)e->exit.count);
        osdata_column(out, "Mode", "%s", exit_log_mode(e->exit.priv));
        osdata_column(out, "PC", "%#llx", (ull)e->exit.pc);
        print_symbol(d, world, e, out);
        osdata_column(out, "Cause", "%s", exit_log_cause(&e->exit));
        osdata_column(out, "Tval", "%#llx", (ull)e->exit.host.tval);
        print_deed(e, out);
        osdata_end_row(out);
    }
}

/* ---- monitors ---- */

static uint64_t sum_of_exits(const struct core_stats *s)
{
    uint64_t sum = 0;

    for (unsigned cause = 0; cause < 16; cause++)
        for (unsigned a = 0; a < EXIT_ACTIONS; a++)
            sum += s->exits[cause][a];
    return sum;
}

static uint64_t sum_of_interrupts(const struct core_stats *s)
{
    uint64_t sum = 0;

    for (unsigned n = 0; n < 16; n++)
        sum += s->interrupts[n];
    return sum;
}

static uint64_t memory_of(const struct monitor *m)
{
    return monitor_region_size(m->p2m.ram_pages * PAGE_SIZE,
                               m->p2m.rom_pages * PAGE_SIZE, m->harts);
}

void osdata_vms(struct debugger *d, const struct text_sink *out)
{
    for (unsigned w = 1; w < session_worlds(d->session); w++) {
        const struct monitor *m = &session_vm(d->session, w)->monitor;
        const struct core_stats *s = &m->stats;

        osdata_begin_row(out);
        osdata_column(out, "World", "%u", w);
        osdata_column(out, "Exits", "%llu", (ull)sum_of_exits(s));
        osdata_column(out, "Run directly", "%llu", (ull)s->direct);
        osdata_column(out, "Emulated", "%llu", (ull)s->emulated);
        osdata_column(out, "Interrupts", "%llu", (ull)sum_of_interrupts(s));
        osdata_column(out, "Fills", "%llu", (ull)s->fills);
        osdata_column(out, "Dropped", "%llu", (ull)s->leaves_dropped);
        osdata_column(out, "Fences", "%llu", (ull)s->fences);
        osdata_column(out, "Memory", "%llu", (ull)memory_of(m));
        osdata_end_row(out);
    }
}

static void print_exits(unsigned world, unsigned cause,
                        const uint64_t n[EXIT_ACTIONS],
                        const struct text_sink *out)
{
    for (unsigned a = 0; a < EXIT_ACTIONS; a++) {
        if (!n[a])
            continue;
        osdata_begin_row(out);
        osdata_column(out, "World", "%u", world);
        osdata_column(out, "Cause", "%s", cause_name(cause));
        osdata_column(out, "Then", "%s", exit_action_name(a));
        osdata_column(out, "Exits", "%llu", (ull)n[a]);
        osdata_end_row(out);
    }
}

void osdata_exits(struct debugger *d, const struct text_sink *out)
{
    for (unsigned w = 1; w < session_worlds(d->session); w++) {
        const struct monitor *m = &session_vm(d->session, w)->monitor;

        for (unsigned cause = 0; cause < 16; cause++)
            print_exits(w, cause, m->stats.exits[cause], out);
    }
}

/* ---- shadow ---- */

/* What a tree has: tables, and leaves in them. */
static void count_tree(const struct translations *t, uint32_t table,
                       unsigned level, uint64_t *tables, uint64_t *leaves)
{
    const uint64_t *pte = translations_table(t, table);

    (*tables)++;
    for (unsigned i = 0; i < PTES_PER_PAGE; i++) {
        if (!(pte[i] & PTE_V))
            continue;
        if (level == 0)
            (*leaves)++;
        else
            count_tree(t, translations_child(t, pte[i]), level - 1, tables,
                       leaves);
    }
}

static void print_space(const struct monitor *m, unsigned world, unsigned hart,
                        unsigned n, const struct text_sink *out)
{
    const struct space *sp = shadow_space(m, hart, n);
    uint64_t host = shadow_satp(m, hart, n), tables = 0, leaves = 0;
    char view[32];

    count_tree(&shadow_of(m, hart, n)->kept, sp->root, sp->levels - 1u,
               &tables, &leaves);
    page_tables_view(sp->view, view, sizeof view);
    osdata_begin_row(out);
    osdata_column(out, "World", "%u", world);
    osdata_column(out, "Hart", "%u", hart);
    osdata_column(out, "Guest's satp", "%#llx", (ull)sp->satp);
    osdata_column(out, "View", "%s", view);
    osdata_column(out, "Host's satp", "%#llx", (ull)host);
    osdata_column(out, "ASID", "%llu", (ull)field_get(host, SATP_ASID));
    osdata_column(out, "Tables", "%llu", (ull)tables);
    osdata_column(out, "Leaves", "%llu", (ull)leaves);
    osdata_column(out, "In use", "%s", m->hart[hart].space == n ? "now" : "");
    osdata_end_row(out);
}

void osdata_shadow(struct debugger *d, const struct text_sink *out)
{
    for (unsigned w = 1; w < session_worlds(d->session); w++) {
        const struct monitor *m = &session_vm(d->session, w)->monitor;

        for (unsigned h = 0; h < m->harts; h++)
            for (unsigned n = 0; n < SHADOW_SPACES; n++)
                if (shadow_space(m, h, n)->live)
                    print_space(m, w, h, n, out);
    }
}
