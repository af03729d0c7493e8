#include "cli/verdict_json.h"

#include "check/verdict_view.h"
#include "cli/report.h"

static void text(struct report *r, const char *name, const char *v)
{
    if (v)
        report_text(r, name, v);
}

/* The number of a witness, if there is that one. */
static void witness_of(struct report *r, const struct verdict_report *v,
                       int index)
{
    if (verdict_witness(v, index))
        report_number(r, "witness", (uint64_t)index + 1);
}

static void write_insn(struct report *r, const struct verdict_report *v,
                       const struct insn_result *i)
{
    report_item(r, i->name);
    text(r, "encoding", i->encoding);
    report_text(r, "class", insn_verdict_name(i->verdict));
    for (unsigned p = 0; p < PROPERTIES; p++) {
        const struct property_result *c = &i->property[p];

        report_begin(r, property_name((enum property)p));
        report_text(r, "truth", truth_name(c->truth));
        report_text(r, "evidence", evidence_name(c->evidence));
        witness_of(r, v, c->witness);
        report_end(r);
    }
    text(r, "reason", i->reason);
    text(r, "cure", i->cure);
    report_number(r, "encodings", i->encodings);
    report_number(r, "states", i->states);
    report_end(r);
}

static void write_condition(struct report *r, const struct verdict_report *v,
                            const struct condition_result *c)
{
    if (!c->name)
        return;
    report_item(r, c->name);
    report_text(r, "holds", truth_name(c->holds));
    report_text(r, "evidence", evidence_name(c->evidence));
    text(r, "sentence", c->sentence);
    text(r, "instruction", c->insn);
    witness_of(r, v, c->witness);
    report_end(r);
}

static void write_item(struct report *r, const struct witness_item *i)
{
    static const char *const before[] = { "before 1", "before 2" };
    static const char *const after[] = { "after 1", "after 2" };

    report_item(r, i->name);
    for (unsigned side = 0; side < 2; side++) {
        text(r, before[side], i->before[side]);
        text(r, after[side], i->after[side]);
    }
    report_flag(r, "varied", i->varied);
    report_flag(r, "differs", i->differs);
    report_end(r);
}

static void write_witness(struct report *r, const struct witness *w,
                          size_t number)
{
    report_item(r, w->insn);
    report_number(r, "number", number);
    text(r, "text", w->text);
    report_text(r, "property", property_name(w->property));
    text(r, "sentence", w->sentence);
    report_list(r, "state");
    for (size_t k = 0; k < w->items; k++)
        write_item(r, &w->item[k]);
    report_list_end(r);
    text(r, "replay", w->replay);
    report_end(r);
}

static void write_lists(struct report *r, const struct verdict_report *v)
{
    report_list(r, "theorems");
    for (unsigned k = 0; k < 3; k++)
        write_condition(r, v, &v->theorem[k]);
    report_list_end(r);
    report_list(r, "conditions");
    for (size_t k = 0; k < v->conditions; k++)
        write_condition(r, v, &v->condition[k]);
    report_list_end(r);
    report_list(r, "instructions");
    for (size_t k = 0; k < v->insns; k++)
        write_insn(r, v, &v->insn[k]);
    report_list_end(r);
    report_list(r, "witnesses");
    for (size_t k = 0; k < v->witnesses; k++)
        write_witness(r, &v->witness[k], k + 1);
    report_list_end(r);
}

static void write_report(struct report *r, const struct verdict_report *v)
{
    size_t count[VERDICT_VERDICTS];

    verdict_count(v, count);
    report_item(r, v->subject);
    text(r, "question", v->question);
    report_text(r, "virtualizable", truth_name(v->virtualizable));
    text(r, "sentence", v->sentence);
    report_begin(r, "classes");
    for (unsigned k = 0; k < VERDICT_VERDICTS; k++)
        report_number(r, insn_verdict_name((enum insn_verdict)k), count[k]);
    report_end(r);
    write_lists(r, v);
    report_number(r, "seed", v->seed);
    report_number(r, "states", v->states);
    report_real(r, "seconds", v->seconds);
    report_end(r);
}

void verdict_json_write(FILE *out, const struct verdict_report *v, size_t n)
{
    struct report r = report_open(out, true);
    enum truth worst = TRUTH_YES;

    for (size_t k = 0; k < n; k++)
        worst = verdict_worse(worst, v[k].virtualizable);
    report_text(&r, "verdict", verdict_outcome(worst));
    report_list(&r, "reports");
    for (size_t k = 0; k < n; k++)
        write_report(&r, &v[k]);
    report_list_end(&r);
    report_close(&r);
}
