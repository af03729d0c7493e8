/* What a witness shows, as a sentence. */
#include "check/isa/witness.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text that `f` collects, moved to the arena; frees `text`. */
static const char *finish(FILE *f, char **text, struct verdict_arena *arena)
{
    const char *done = NULL;

    if (fclose(f) == 0)
        done = verdict_format(arena, "%s", *text);
    free(*text);
    return done;
}

static const char *mode_name(const struct isa_replay *r, unsigned side)
{
    const struct isa_model *m = r->model;
    const struct isa_mode *mode =
        isa_mode_of(m, r->assignment->side[side][m->mode->offset]);

    return mode ? mode->name : "?";
}

/* The first two items of this kind tell the story; the rest are counted. */
static bool is_told(FILE *f, unsigned *told)
{
    if (++*told <= 2)
        fputs(*told == 1 ? "" : ", and ", f);
    return *told <= 2;
}

static void tell_rest(FILE *f, unsigned told)
{
    if (told > 2)
        fprintf(f, " (and %u more)", told - 2);
}

static const char *result(const struct witness_item *i, unsigned side)
{
    return i->after[side] ? i->after[side] : i->before[side];
}

/* "l from 0 to 2" */
static void tell_changes(FILE *f, const struct witness *w)
{
    unsigned told = 0;

    for (size_t k = 0; k < w->items; k++) {
        const struct witness_item *i = &w->item[k];

        if (i->differs && is_told(f, &told))
            fprintf(f, "%s from %s to %s", i->name, i->before[0], i->after[0]);
    }
    tell_rest(f, told);
}

/* "a becomes 1 instead of 0": what side 1 has, and side 0. */
static void tell_results(FILE *f, const struct witness *w)
{
    unsigned told = 0;

    for (size_t k = 0; k < w->items; k++) {
        const struct witness_item *i = &w->item[k];

        if (!i->differs || !is_told(f, &told))
            continue;
        fprintf(f, "%s %s %s where it %s %s", i->name,
                i->after[1] ? "becomes" : "stays", result(i, 1),
                i->after[0] ? "would become" : "would stay", result(i, 0));
    }
    tell_rest(f, told);
}

/* "l is 2 instead of 0": what the sides were made to differ in. */
static void tell_varied(FILE *f, const struct witness *w)
{
    unsigned told = 0;

    for (size_t k = 0; k < w->items; k++) {
        const struct witness_item *i = &w->item[k];

        if (i->varied && is_told(f, &told))
            fprintf(f, "%s is %s instead of %s", i->name, i->before[1],
                    i->before[0]);
    }
    tell_rest(f, told);
}

/* The mode in which the guest's mode of side 0 really runs; NULL: it is the
   same. */
static const struct isa_mode *real_mode(const struct isa_replay *r)
{
    const struct isa_model *m = r->model;
    const struct isa_mode *mode =
        isa_mode_of(m, r->assignment->side[0][m->mode->offset]);

    return mode && mode->is_guest && mode->real != mode->value
               ? isa_mode_of(m, mode->real)
               : NULL;
}

/* "intr stays 1": what the instruction makes, in the real mode, of the first
   place that it changes in the guest's mode. */
static void tell_real_change(FILE *f, const struct isa_replay *r,
                             const uint64_t *after, const struct witness *w,
                             struct verdict_arena *arena)
{
    struct isa_place p;
    size_t cursor = 0, item = 0;

    while (item + 1 < w->items && !w->item[item].differs)
        item++;
    while (isa_replay_next(r, &cursor, &p)) {
        if (!isa_place_is_taken(&p))
            continue;
        fprintf(f, "%s %s %s there", w->item[item].name,
                after[p.at[0]] == p.before[0] ? "stays" : "becomes",
                isa_value_text(r->model, p.element, after[p.at[0]], arena));
        return;
    }
}

/* What is changed in the guest's mode matters because of the mode in which the
   guest really runs: the same state, but for that, executed. */
static bool tell_real_mode(FILE *f, const struct isa_replay *r,
                           const struct witness *w, struct verdict_arena *arena)
{
    const struct isa_mode *mode = real_mode(r);
    size_t words = r->model->state_words;
    uint64_t *state = mode ? malloc(2 * words * sizeof *state) : NULL;
    struct isa_executor *x =
        state ? isa_executor_new(r->model, r->query->insn) : NULL;
    int trap;

    if (x) {
        memcpy(state, r->assignment->side[0], words * sizeof *state);
        state[r->model->mode->offset] = mode->value;
        trap = isa_execute(x, state, r->assignment->operand, state + words);
        fprintf(f, "; in %s mode, where a guest's %s mode really runs, it ",
                mode->name, mode_name(r, 0));
        if (trap == ISA_NO_TRAP) {
            fputs("does not trap either, and ", f);
            tell_real_change(f, r, state + words, w, arena);
        } else {
            fprintf(f, "traps (%s)", r->query->insn->body.trap[trap].name);
        }
    }
    isa_executor_free(x);
    free(state);
    return x || !mode;
}

static void tell_mode(FILE *f, const struct isa_replay *r,
                      const struct witness *w)
{
    fprintf(f,
            "%s in %s mode, where a guest's %s mode really runs, does not "
            "trap: ",
            w->text, mode_name(r, 1), mode_name(r, 0));
    if (r->trap[0] == ISA_NO_TRAP)
        tell_results(f, w);
    else
        fprintf(f, "the guest should have got the trap '%s'",
                r->query->insn->body.trap[r->trap[0]].name);
}

const char *isa_witness_sentence(const struct isa_replay *r,
                                 struct verdict_arena *arena,
                                 const struct witness *w)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    const char *sentence;
    bool good = true;

    if (!f)
        return NULL;
    if (r->query->twin == ISA_TWIN_NONE) {
        fprintf(f,
                "%s in %s mode does not trap, and changes what the monitor "
                "owns: ",
                w->text, mode_name(r, 0));
        tell_changes(f, w);
        good = tell_real_mode(f, r, w, arena);
    } else if (r->query->twin == ISA_TWIN_MODE) {
        tell_mode(f, r, w);
    } else {
        fprintf(f,
                "%s in %s mode does not trap, and shows the guest what the "
                "monitor owns: where ",
                w->text, mode_name(r, 0));
        tell_varied(f, w);
        fputs(", ", f);
        tell_results(f, w);
    }
    putc('.', f);
    sentence = finish(f, &text, arena);
    return good ? sentence : NULL;
}
