#include "cli/efficiency_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#include "cli/report.h"
#include "machine/run.h"

#define NAMED 3 /* groups that the verdict names */

bool efficiency_holds(const struct efficiency_found *f)
{
    const struct core_stats *s = &f->efficiency->vm->monitor.stats;

    return efficiency_share(s) >= f->at_least;
}

/* ---- the verdict ---- */

__attribute__((format(printf, 4, 5))) static size_t append(
    char *buf, size_t size, size_t n, const char *format, ...)
{
    va_list args;
    int more;

    va_start(args, format);
    more = vsnprintf(buf + n, size - n, format, args);
    va_end(args);
    return more < 0 ? n : n + (size_t)more < size ? n + (size_t)more : size - 1;
}

/* Rounded down: what is below the threshold shall not look as if it were not,
   and 100 % is all. */
static double rounded(double share)
{
    return floor(share * 100) / 100;
}

static bool emulates(enum exit_class c)
{
    return c == EXIT_CLASS_CSR || c == EXIT_CLASS_RETURN ||
           c == EXIT_CLASS_FENCE || c == EXIT_CLASS_DEVICE ||
           c == EXIT_CLASS_MEMORY;
}

void efficiency_verdict(const struct efficiency_found *f, char *buf,
                        size_t size)
{
    uint64_t rest = efficiency_emulated(f->efficiency);
    double share = efficiency_share(&f->efficiency->vm->monitor.stats);
    bool holds = efficiency_holds(f);
    unsigned named = 0;
    size_t n = append(buf, size, 0, "efficiency %s: %.2f %% direct",
                      holds ? "holds" : "does not hold", rounded(share));

    if (!holds)
        n = append(buf, size, n, ", less than %g %%", f->at_least);
    for (size_t k = 0; k < f->groups && named < NAMED; k++) {
        if (!emulates(f->group[k].class))
            continue;
        n = append(buf, size, n, "%s%.0f %% %s",
                   named++ ? ", " : "; the rest is ",
                   100.0 * (double)f->group[k].tally.exits / (double)rest,
                   f->group[k].name);
    }
    if (named == NAMED)
        append(buf, size, n, " …");
}

/* ---- tables ---- */

struct row {
    char name[EXIT_GROUP_NAME];
    enum exit_class class;
    bool has_class;
    struct tally tally;
};

static double percent(uint64_t part, uint64_t all)
{
    return all ? 100.0 * (double)part / (double)all : 0;
}

static void json_row(struct report *r, const struct efficiency *e,
                     const struct row *row)
{
    report_item(r, row->name);
    if (row->has_class)
        report_text(r, "class", exit_class_name(row->class));
    report_number(r, "exits", row->tally.exits);
    report_number(r, "nanoseconds", efficiency_ns(e, row->tally.ticks));
    report_end(r);
}

static void text_row(struct report *r, const struct efficiency *e,
                     const struct row *row, struct tally all)
{
    uint64_t ns = efficiency_ns(e, row->tally.ticks);

    fprintf(r->out, "  %12" PRIu64 " %6.2f %% %9.0f %6.2f %%  %s",
            row->tally.exits, percent(row->tally.exits, all.exits),
            row->tally.exits ? (double)ns / (double)row->tally.exits : 0.0,
            percent(row->tally.ticks, all.ticks), row->name);
    if (row->has_class)
        fprintf(r->out, " (%s)", exit_class_name(row->class));
    putc('\n', r->out);
}

/* `heading` names the list; one row for each exit that is not 0. */
static void table(struct report *r, const struct efficiency *e,
                  const char *heading, const struct row *row, size_t rows)
{
    struct tally all = efficiency_exits(e);

    report_list(r, heading);
    if (!r->json)
        fprintf(r->out, "  %12s %8s %9s %8s\n", "exits", "of all", "ns each",
                "of time");
    for (size_t k = 0; k < rows; k++)
        if (r->json)
            json_row(r, e, &row[k]);
        else
            text_row(r, e, &row[k], all);
    report_list_end(r);
}

static int by_exits(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->tally.exits != y->tally.exits)
        return x->tally.exits > y->tally.exits ? -1 : 1;
    return 0;
}

static void by_kind(struct report *r, const struct efficiency *e)
{
    struct row row[EXIT_KINDS];
    size_t n = 0;

    for (unsigned k = 0; k < EXIT_KINDS; k++)
        if (e->kind[k].exits) {
            row[n] = (struct row){ .tally = e->kind[k] };
            efficiency_kind_name(k, row[n].name, sizeof row[n].name);
            n++;
        }
    qsort(row, n, sizeof *row, by_exits);
    table(r, e, "exits by cause", row, n);
}

static void by_class(struct report *r, const struct efficiency *e)
{
    struct row row[EXIT_CLASSES];
    size_t n = 0;

    for (unsigned c = 0; c < EXIT_CLASSES; c++)
        if (e->class[c].exits) {
            row[n] = (struct row){ .tally = e->class[c] };
            snprintf(row[n].name, sizeof row[n].name, "%s", exit_class_name(c));
            n++;
        }
    qsort(row, n, sizeof *row, by_exits);
    table(r, e, "exits by class", row, n);
}

static void by_instruction(struct report *r, const struct efficiency_found *f)
{
    size_t n = f->groups < f->top ? f->groups : f->top;
    struct row *row = n ? calloc(n, sizeof *row) : NULL;

    for (size_t k = 0; row && k < n; k++) {
        row[k].tally = f->group[k].tally;
        row[k].class = f->group[k].class;
        row[k].has_class = true;
        snprintf(row[k].name, sizeof row[k].name, "%s", f->group[k].name);
    }
    table(r, f->efficiency, "exits by guest instruction", row, row ? n : 0);
    free(row);
    report_number(r, "places that exited", f->efficiency->sites.used);
    if (f->efficiency->lost)
        report_number(r, "exits whose place was not noted",
                      f->efficiency->lost);
}

static void shadow(struct report *r, const struct core_stats *s)
{
    report_begin(r, "shadow page tables");
    report_number(r, "fills", s->fills);
    report_number(r, "leaves dropped", s->leaves_dropped);
    report_number(r, "guest fences", s->fences);
    report_number(r, "spaces made", s->spaces_made);
    report_number(r, "spaces reclaimed", s->spaces_reclaimed);
    report_end(r);
}

static void host_time(struct report *r, const struct efficiency *e)
{
    struct tally exits = efficiency_exits(e);
    uint64_t direct = efficiency_direct(e);
    uint64_t ns = efficiency_ns(e, e->direct);

    report_begin(r, "host time (nanoseconds)");
    report_number(r, "all", efficiency_total_ns(e));
    report_number(r, "in which Pogo had a processor", e->processor_ns);
    report_number(r, "the guest, directly", ns);
    report_number(r, "exits", efficiency_ns(e, exits.ticks));
    report_number(r, "the monitor, without an exit",
                  efficiency_ns(e, e->monitor));
    report_number(r, "run loop, board, consoles", efficiency_ns(e, e->outside));
    report_number(r, "counting for this report", efficiency_ns(e, e->watching));
    report_real(r, "an instruction that ran directly",
                direct ? (double)ns / (double)direct : 0);
    report_real(r, "an exit",
                exits.exits ? (double)efficiency_ns(e, exits.ticks) /
                                  (double)exits.exits
                            : 0);
    report_number(r, "readings of the clock", e->readings);
    report_real(r, "one of them", e->ns_per_reading);
    report_number(r, "all of them, within the figures above",
                  efficiency_timing_ns(e));
    report_end(r);
}

/* What the monitors further down did meanwhile: their guest is a monitor. */
static void levels(struct report *r, const struct built *b)
{
    if (b->depth < 2)
        return;
    report_list(r, "levels below");
    for (unsigned k = b->depth - 1; k > 0; k--) {
        const struct core_stats *s = &b->vm[k - 1]->monitor.stats;
        uint64_t exits = 0;
        char name[32];

        for (unsigned c = 0; c < 16; c++)
            for (unsigned a = 0; a < EXIT_ACTIONS; a++)
                exits += s->exits[c][a];
        snprintf(name, sizeof name, "virtual machine %u", k);
        if (r->json) {
            report_item(r, name);
            report_number(r, "direct", s->direct);
            report_number(r, "emulated", s->emulated);
            report_real(r, "direct (percent)", efficiency_share(s));
            report_number(r, "exits", exits);
            report_number(r, "fills", s->fills);
            report_end(r);
        } else {
            fprintf(r->out,
                    "  %s: %.2f %% direct, %" PRIu64 " emulated, %" PRIu64
                    " exits, %" PRIu64 " shadow fills\n",
                    name, rounded(efficiency_share(s)), s->emulated, exits,
                    s->fills);
        }
    }
    report_list_end(r);
}

static void instructions(struct report *r, const struct efficiency_found *f)
{
    const struct core_stats *s = &f->efficiency->vm->monitor.stats;
    struct tally exits = efficiency_exits(f->efficiency);

    report_begin(r, "instructions");
    report_number(r, "all", s->direct + s->emulated);
    report_number(r, "direct", s->direct);
    report_number(r, "emulated", s->emulated);
    report_real(r, "direct (percent)", efficiency_share(s));
    report_real(r, "at least (percent)", f->at_least);
    report_end(r);
    report_number(r, "exits", exits.exits);
    report_number(r, "of them foreseen by the monitor", s->ahead);
    report_real(r, "instructions an exit",
                exits.exits
                    ? (double)(s->direct + s->emulated) / (double)exits.exits
                    : 0);
}

void efficiency_print(FILE *out, const struct efficiency_found *f, bool json)
{
    const struct efficiency *e = f->efficiency;
    struct report r;
    char verdict[512];

    efficiency_verdict(f, verdict, sizeof verdict);
    if (!json)
        fprintf(out, "%s\n\n", verdict);
    r = report_open(out, json);
    if (json) {
        report_text(&r, "verdict", verdict);
        report_flag(&r, "holds", efficiency_holds(f));
    }
    report_text(&r, "end", f->end);
    report_number(&r, "depth", f->built->depth);
    report_number(&r, "count", machine_count(f->built->board));
    instructions(&r, f);
    by_class(&r, e);
    by_kind(&r, e);
    by_instruction(&r, f);
    shadow(&r, &e->vm->monitor.stats);
    host_time(&r, e);
    levels(&r, f->built);
    report_close(&r);
}
