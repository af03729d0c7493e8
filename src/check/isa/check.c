/* A described ISA: every instruction's class, and from these the theorems. */
#include "check/isa/check.h"

#include <string.h>

#include "check/isa/classify.h"
#include "check/isa/summary.h"

/* The report keeps names of the model's, which may be freed before it. */
static enum status keep_names(struct verdict_arena *a, struct insn_result *r)
{
    const char **const text[] = { &r->name, &r->encoding, &r->reason,
                                  &r->cure };

    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        if (!*text[i])
            continue;
        *text[i] = verdict_format(a, "%s", *text[i]);
        if (!*text[i])
            return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

static enum status check_insns(struct isa_decider *d, struct isa_findings *f,
                               struct insn_result *result, uint32_t *pinned)
{
    const struct isa_check_config *c = d->config;
    const struct isa_model *m = d->model;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < m->insns && status == STATUS_OK; i++) {
        status = isa_classify(d, &m->insn[i], f, &result[i], &pinned[i]);
        if (status == STATUS_OK)
            status = keep_names(f->arena, &result[i]);
        if (status == STATUS_OK && !d->is_ended && c->progress)
            d->is_ended =
                !c->progress(c->context, i + 1, m->insns, &m->insn[i]);
    }
    return status;
}

static enum status fill(struct isa_decider *d, struct verdict_report *r)
{
    const struct isa_model *m = d->model;
    struct isa_findings f = { .arena = r->arena };
    struct insn_result *result =
        verdict_alloc(r->arena, m->insns * sizeof *result + 1);
    uint32_t *pinned = verdict_alloc(r->arena, m->insns * sizeof *pinned + 1);
    enum status status = result && pinned ? check_insns(d, &f, result, pinned)
                                          : STATUS_NO_MEMORY;

    if (status != STATUS_OK)
        return status;
    r->insn = result;
    r->insns = m->insns;
    r->witness = f.witness;
    r->witnesses = f.witnesses;
    r->states = d->search.tried + d->queries;
    r->seed = d->config->use_search ? d->config->seed : 0;
    return isa_summarise(m, pinned, r);
}

enum status isa_check(struct isa_model *m, const struct isa_check_config *c,
                      struct verdict_report *report)
{
    double start = isa_clock();
    struct isa_decider d;
    enum status status;

    *report = (struct verdict_report){ .arena = verdict_arena_new() };
    if (!report->arena)
        return STATUS_NO_MEMORY;
    status = isa_decider_new(&d, m, c);
    if (status == STATUS_OK) {
        status = fill(&d, report);
        isa_decider_free(&d);
    }
    report->seconds = isa_clock() - start;
    if (status != STATUS_OK)
        verdict_free(report);
    return status;
}
