#include "cli/why_print.h"

#include <inttypes.h>

#include "cli/report.h"
#include "debug/why_write.h"

/* ---- for people ---- */

static void put(void *context, const char *text, size_t n)
{
    fwrite(text, 1, n, context);
}

void why_print(const struct why *w, bool colour)
{
    const struct text_sink out = { put, stdout };

    why_write(w, colour, &out);
    fflush(stdout);
}

/* ---- for machines ---- */

/* Many readers of JSON keep 53 bits of a number. */
static void json_address(struct report *r, const char *name, uint64_t v)
{
    char text[24];

    snprintf(text, sizeof text, "%#" PRIx64, v);
    report_text(r, name, text);
}

static void json_trap(struct report *r, const struct why *w,
                      const struct why_event *event)
{
    const struct trap *t = why_trap_of(w, event->part);
    const struct why_entry *e = why_entry_of(w, event->part);

    report_begin(r, "trap");
    report_text(r, "cause-name", cause_name(t->cause));
    report_number(r, "cause", t->cause & ~CAUSE_INTERRUPT);
    report_flag(r, "interrupt", (t->cause & CAUSE_INTERRUPT) != 0);
    json_address(r, "tval", t->tval);
    report_text(r, "to", exit_log_mode(e->after.priv));
    json_address(r, "handler", e->handler);
    report_end(r);
}

static void json_exits(struct report *r, const struct why *w)
{
    report_list(r, "exits");
    for (unsigned k = 0; k < w->exits; k++) {
        const struct why_exit *x = &w->exit[k];

        report_item(r, exit_action_name((enum exit_action)x->record.action));
        report_number(r, "level", x->level);
        report_number(r, "host-cause", x->record.host.cause);
        json_address(r, "host-tval", x->record.host.tval);
        json_address(r, "gpa", x->record.gpa);
        report_end(r);
    }
    report_list_end(r);
}

static void json_lines(struct report *r, const struct why *w)
{
    report_list(r, "lines");
    for (size_t k = 0; k < w->lines; k++) {
        report_item(r, why_kind_name((enum why_kind)w->line[k].kind));
        report_number(r, "level", w->line[k].level);
        report_text(r, "text", w->line[k].text);
        report_end(r);
    }
    report_list_end(r);
}

void why_print_json(const struct why *w, const struct why_event *event)
{
    const struct why_look *l = &w->look;
    bool interrupt = event->part == WHY_THE_INTERRUPT;
    struct report r = report_open(stdout, true);

    report_number(&r, "number", event->number);
    report_number(&r, "count", w->count);
    report_number(&r, "hart", w->hart);
    report_number(&r, "depth", w->depth);
    json_address(&r, "pc", interrupt ? l->interrupt.pc : l->pc);
    report_text(&r, "from",
                exit_log_mode(interrupt ? l->before.priv : l->csr.priv));
    report_text(&r, "rule", interrupt ? "interrupt" : why_rule_name(l));
    report_text(&r, "reason", interrupt ? "" : why_reason_name(l));
    if (why_trap_of(w, event->part))
        json_trap(&r, w, event);
    json_exits(&r, w);
    json_lines(&r, w);
    report_close(&r);
    fflush(stdout);
}
