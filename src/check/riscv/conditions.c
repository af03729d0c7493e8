/*
 * The named conditions. One holds if none of the instructions it is there for
 * is a violation; what it is there for is shown by a short check of a host that
 * lacks it: the lattice's first states, until a violation turns up.
 */
#include <stdlib.h>

#include "check/riscv/bench.h"
#include "check/riscv/classify.h"
#include "check/riscv/report.h"
#include "check/riscv/sweep.h"

#define PROBE_STATES 96u

/* The first group that the condition is there for and that is a violation. */
static unsigned first_violation(const struct riscv_part *p,
                                enum riscv_condition c)
{
    enum knob knob;
    unsigned g = 0;

    while (g < p->groups.n && !(classify_concerned(p, c, g) &&
                                classify(p, g, &knob) == VERDICT_VIOLATION))
        g++;
    return g;
}

static struct riscv_part *probe_part(const struct riscv_part *of,
                                     enum riscv_condition without)
{
    struct riscv_check_config c = { .question = of->question,
                                    .without = without,
                                    .isa = &of->isa,
                                    .seed = of->seed,
                                    .stride = 1,
                                    .samples = 1,
                                    .shards = 1 };

    return part_new(&c);
}

/* What goes wrong without the condition: a part with a violation, and which
   group it is; NULL: nothing that a few states show. */
static struct riscv_part *probe(const struct riscv_part *of,
                                enum riscv_condition without, unsigned *group)
{
    struct isa isa = say_isa(&of->isa, without);
    struct riscv_part *p = probe_part(of, without);
    struct bench b;

    if (!p || bench_init(&b, p, &isa) != STATUS_OK) {
        riscv_part_free(p);
        return NULL;
    }
    *group = p->groups.n;
    for (unsigned n = 0; n < PROBE_STATES && *group == p->groups.n; n++) {
        if (!sweep_condition(&b, without, n))
            break;
        if (n >= 8) /* knobs have been seen on and off */
            *group = first_violation(p, without);
    }
    bench_free(&b);
    if (*group < p->groups.n)
        return p;
    riscv_part_free(p);
    return NULL;
}

/* "Without it csrr cycle …": the witness of a probe. */
static int probe_witness(struct report_writer *w, const struct riscv_part *p,
                         unsigned group)
{
    struct replay r = {
        p->question, p->without, say_isa(&p->isa, p->without), { 0 }
    };
    const struct finding *f = classify_finding(p, group);
    struct twin t = { .lab = { lab_new(&r.isa), lab_new(&r.isa) } };
    int witness = NO_WITNESS;

    if (f && t.lab[0] && t.lab[1]) {
        r.finding = *f;
        witness = report_witness(w, &r, &t, w->insn[group].name);
    }
    replay_free(&t);
    return witness;
}

static void show_need(struct report_writer *w, enum riscv_condition c,
                      struct condition_result *out)
{
    const char *title = riscv_condition_row(c)->title;
    unsigned group;
    struct riscv_part *p = probe(w->part, c, &group);

    if (!p) {
        out->sentence = verdict_format(
            w->arena, "That %s makes no difference that was seen.", title);
        return;
    }
    out->insn = w->insn[group].name;
    out->witness = probe_witness(w, p, group);
    riscv_part_free(p);
    if (out->witness == NO_WITNESS)
        return;
    out->sentence = verdict_format(w->arena, "Without it: %s",
                                   w->witness[out->witness].sentence);
}

static void set_condition(struct report_writer *w, enum riscv_condition c,
                          struct condition_result *out)
{
    const struct riscv_condition_row *row = riscv_condition_row(c);
    unsigned broken = first_violation(w->part, c);
    const struct insn_result *insn;

    *out = (struct condition_result){
        .name = row->title,
        .holds = w->complete ? TRUTH_YES : TRUTH_UNKNOWN,
        .evidence = w->complete ? EVIDENCE_SAMPLED : EVIDENCE_NONE,
        .sentence = row->title,
        .witness = NO_WITNESS,
    };
    if (broken == w->part->groups.n && w->part->without != c) {
        show_need(w, c, out);
        return;
    }
    out->holds = TRUTH_NO;
    if (broken == w->part->groups.n) {
        out->sentence = "The host lacks it, and nothing was seen that needs "
                        "it.";
        return;
    }
    insn = &w->insn[broken];
    out->evidence = EVIDENCE_WITNESS;
    out->insn = insn->name;
    out->sentence = insn->reason;
    for (unsigned i = 0; i < PROPERTIES && out->witness == NO_WITNESS; i++)
        out->witness = insn->property[i].witness;
}

void report_conditions(struct report_writer *w)
{
    w->condition = verdict_alloc(w->arena, CONDITIONS * sizeof *w->condition);
    for (unsigned c = 0; w->condition && c < CONDITIONS; c++)
        if (riscv_condition_concerns(c, w->part->question))
            set_condition(w, c, &w->condition[w->conditions++]);
}
