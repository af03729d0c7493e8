#include "cli/top_screen.h"

#include <stdlib.h>
#include <string.h>

#include "cli/report.h"
#include "isa/cause.h"
#include "machine/run.h"

#define REVERSE "\033[7m"
#define BOLD    "\033[1m"
#define NORMAL  "\033[0m"

struct canvas {
    FILE *out;
    unsigned rows, columns, row;
};

/* One line, cut off where the screen ends; `style` is put around it. */
static void line(struct canvas *c, const char *style, const char *text)
{
    if (c->row >= c->rows)
        return;
    fprintf(c->out, "%s%s%-*.*s%s\033[K", c->row ? "\r\n" : "", style,
            *style ? (int)c->columns : 0, (int)c->columns, text, NORMAL);
    c->row++;
}

static void bar(struct canvas *c, const struct top_screen *t)
{
    const struct top_moment *to = &t->moment[(t->moments - 1) % TOP_WINDOW];
    const struct fleet *f = t->fleet;
    char text[256];
    unsigned ended = 0;

    for (unsigned i = 0; i < f->vms; i++)
        ended += f->scheduled[i].ended;
    snprintf(text, sizeof text,
             "pogo top: %u machine%s at depth %u, %u ended; "
             "%.1f s of their time, %.0f %% of it idle",
             f->vms, f->vms == 1 ? "" : "s", (unsigned)f->plan->all.depth,
             ended, (double)to->time / 1e9,
             to->time ? 100.0 * (double)to->idle / (double)to->time : 0.0);
    line(c, BOLD, text);
}

/* 1234567 as 1.2M: at most five characters. */
static const char *short_number(double v, char *buf, size_t size)
{
    static const char unit[] = " kMGT";
    unsigned k = 0;

    for (; v >= 9999.5 && k < 4; k++)
        v /= 1000;
    snprintf(buf, size, "%.0f%.1s", v, k ? unit + k : "");
    return buf;
}

static void state_text(const struct fleet *f, unsigned i, char *buf,
                       size_t size)
{
    if (f->scheduled[i].ended && f->scheduled[i].end == RUN_FINISHED)
        snprintf(buf, size, "ended %d", f->vm[i].status);
    else
        snprintf(buf, size, "%s", top_state(f, i));
}

static void machine_line(struct canvas *c, const struct top_screen *t,
                         const struct top_row *r)
{
    unsigned i = r->machine;
    char state[32], exits[16], fills[16], memory[16], text[256];

    state_text(t->fleet, i, state, sizeof state);
    snprintf(text, sizeof text,
             "%-12.12s %-9.9s %5.1f %5.1f %6.1f %6.1f %6s %6s %7s  %s",
             t->fleet->vm[i].name, state, r->wanted, r->got, r->mips, r->direct,
             short_number(r->exits, exits, sizeof exits),
             short_number(r->fills, fills, sizeof fills),
             short_number((double)t->dirty[i], memory, sizeof memory),
             r->cause);
    line(c, i == t->selected ? REVERSE : "", text);
}

/* What the selected machine's exits are, and what it said last. */
static void details(struct canvas *c, const struct top_screen *t)
{
    const struct fleet *f = t->fleet;
    const struct fleet_vm *v = &f->vm[t->selected];
    const struct core_stats *s = &v->vm->monitor.stats;
    char text[512];

    line(c, "", "");
    snprintf(text, sizeof text, "%s: count %llu, %llu turns, %u resets%s",
             v->name, (unsigned long long)machine_count(&v->vm->board),
             (unsigned long long)f->scheduled[t->selected].turns, v->resets,
             v->on_switch || v->net.user ? ", on the network" : "");
    line(c, BOLD, text);
    snprintf(text, sizeof text, "  console: %s", vm_console_last(&v->console));
    line(c, "", text);
    for (unsigned k = 0; k < TOP_CAUSES; k++)
        for (unsigned a = 0; a < EXIT_ACTIONS; a++) {
            if (!s->exits[k][a] || c->row + 1 >= c->rows)
                continue;
            snprintf(text, sizeof text, "  %12llu  %s, %s",
                     (unsigned long long)s->exits[k][a], cause_name(k),
                     exit_action_name(a));
            line(c, "", text);
        }
}

/* Those above the selected one scroll away if there are too many. */
static unsigned first_shown(const struct top_screen *t,
                            const struct top_row *row, unsigned room)
{
    unsigned at = 0;

    while (at + 1 < t->fleet->vms && row[at].machine != t->selected)
        at++;
    return at >= room ? at - room + 1 : 0;
}

void top_draw(const struct top_screen *t, unsigned rows, unsigned columns,
              FILE *out)
{
    struct canvas c = { out, rows - 1, columns, 0 };
    struct top_row row[VM_MAX_SIBLINGS];
    unsigned vms = t->fleet->vms, room, first;

    top_rows(t, row);
    fputs("\033[H", out);
    bar(&c, t);
    line(&c, "", "");
    line(&c, REVERSE,
         "NAME         STATE     WANT%  GOT%   MIPS DIRECT EXIT/s FILL/s "
         "WRITTEN  MOST EXITS BY");
    room = rows > 12 ? rows - 10 : 2;
    first = first_shown(t, row, room);
    for (unsigned k = first; k < vms && k < first + room; k++)
        machine_line(&c, t, &row[k]);
    details(&c, t);
    while (c.row < c.rows)
        line(&c, "", "");
    c.rows++;
    line(&c, REVERSE,
         "q quit   up/down select   space pause   sort by: c "
         "processor  e exits  n name");
    fputs("\033[J", out);
}

void top_move(struct top_screen *t, int n)
{
    struct top_row row[VM_MAX_SIBLINGS];
    int at = 0, vms = (int)t->fleet->vms;

    top_rows(t, row);
    while (at + 1 < vms && row[at].machine != t->selected)
        at++;
    at += n;
    t->selected = row[at < 0 ? 0 : at >= vms ? vms - 1 : at].machine;
}

static void report_row(struct report *r, const struct top_screen *t,
                       const struct top_row *row)
{
    const struct fleet *f = t->fleet;
    unsigned i = row->machine;

    report_item(r, f->vm[i].name);
    report_text(r, "state", top_state(f, i));
    report_number(r, "exit status", (uint64_t)f->vm[i].status);
    report_number(r, "count", machine_count(&f->vm[i].vm->board));
    report_number(r, "weight", f->scheduled[i].weight);
    report_number(r, "processor time", f->scheduled[i].ran);
    report_real(r, "share wanted (percent)", row->wanted);
    report_real(r, "share got (percent)", row->got);
    report_real(r, "MIPS", row->mips);
    report_real(r, "share run directly (percent)", row->direct);
    report_real(r, "exits per second", row->exits);
    report_text(r, "cause of most exits", row->cause);
    report_real(r, "shadow fills per second", row->fills);
    report_number(r, "memory written (bytes)", t->dirty[i]);
    report_text(r, "last line", vm_console_last(&f->vm[i].console));
    report_end(r);
}

void top_report(const struct top_screen *t, FILE *out, bool json)
{
    struct report r = report_open(out, json);
    struct top_row row[VM_MAX_SIBLINGS];

    top_rows(t, row);
    report_number(&r, "depth", t->fleet->plan->all.depth);
    report_number(&r, "time", t->fleet->scheduler.now);
    report_number(&r, "idle", t->fleet->scheduler.idle);
    report_list(&r, "machines");
    for (unsigned k = 0; k < t->fleet->vms; k++)
        report_row(&r, t, &row[k]);
    report_list_end(&r);
    report_close(&r);
}
