/* A replay as a witness: which places are shown, and as what. */
#include "check/isa/witness.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ITEMS 24 /* what a person reads; a minimised witness has fewer */

const char *isa_value_text(const struct isa_model *m,
                           const struct isa_element *e, uint64_t value,
                           struct verdict_arena *arena)
{
    const struct isa_mode *mode = e == m->mode ? isa_mode_of(m, value) : NULL;

    if (mode)
        return verdict_format(arena, "%s", mode->name);
    return verdict_format(arena, value < 10 ? "%" PRIu64 : "0x%" PRIx64, value);
}

/* ---- what the result depended on ---- */

/* The places that the instruction has read, of both states, as marks. */
struct reads {
    const struct isa_replay *replay;
    bool *mark[2];            /* by place in the state */
    bool *seen;               /* by id: nodes that were gone through */
    const struct ast **index; /* of array readings */
    const struct ast **select;
    size_t selects, size;
    bool failed;
};

static void note_select(struct reads *d, const struct ast *n)
{
    const struct ast **more;

    if (d->selects == d->size) {
        d->size = d->size * 2 + 16;
        more = realloc(d->index, d->size * sizeof *more);
        if (more)
            d->index = more;
        d->failed |= !more;
        more = realloc(d->select, d->size * sizeof *more);
        if (more)
            d->select = more;
        d->failed |= !more;
        if (d->failed)
            return;
    }
    d->index[d->selects] = n->arg[0];
    d->select[d->selects++] = n;
}

/* Descriptions nest their expressions a few dozen deep: recursion will do. */
static void note_reads(struct reads *d, const struct ast *n)
{
    if (!n || d->failed || d->seen[n->id])
        return;
    d->seen[n->id] = true;
    if (n->op == AST_STATE)
        d->mark[0][n->element->offset] = d->mark[1][n->element->offset] = true;
    if (n->op == AST_SELECT)
        note_select(d, n);
    for (unsigned i = 0; i < 3; i++)
        note_reads(d, n->arg[i]);
}

/* Which elements of arrays were read, with the values that they have. */
static void mark_selects(struct reads *d)
{
    const struct isa_replay *r = d->replay;
    struct isa_program *p;

    if (d->failed || !d->selects)
        return;
    p = isa_program_new(r->model, d->index, d->selects);
    d->failed = !p;
    for (unsigned s = 0; p && s < r->sides; s++) {
        const uint64_t *const side[2] = { r->assignment->side[s], NULL };
        const uint64_t *v =
            isa_program_run(p, side, r->assignment->operand, NULL);

        for (size_t i = 0; i < d->selects; i++)
            d->mark[s][d->select[i]->element->offset + v[i]] = true;
    }
    isa_program_free(p);
}

/* Was some place of this element changed, or does it differ? Its updates then
   matter, and those of other elements do not. */
static bool matters(const struct isa_replay *r, const struct isa_element *e)
{
    struct isa_place p;
    size_t cursor = 0;

    while (isa_replay_next(r, &cursor, &p))
        if (p.element == e && (isa_place_differs(r, &p) ||
                               (r->sides == 1 && isa_place_is_taken(&p))))
            return true;
    return false;
}

static void find_reads(struct reads *d)
{
    const struct isa_body *b = &d->replay->query->insn->body;

    for (size_t i = 0; i < b->traps; i++)
        if (b->trap[i].kind != ISA_TRAP_MEMORY)
            note_reads(d, b->trap[i].when);
    for (size_t i = 0; i < b->updates; i++) {
        if (!matters(d->replay, b->update[i].element))
            continue;
        note_reads(d, b->update[i].guard);
        note_reads(d, b->update[i].index);
        note_reads(d, b->update[i].value);
    }
    mark_selects(d);
}

static enum status reads_new(struct reads *d, const struct isa_replay *r)
{
    size_t words = r->model->state_words;

    *d = (struct reads){ .replay = r };
    d->mark[0] = calloc(words, 1);
    d->mark[1] = calloc(words, 1);
    d->seen = calloc(ast_pool_count(r->model->pool), 1);
    d->failed = !d->mark[0] || !d->mark[1] || !d->seen;
    if (!d->failed)
        find_reads(d);
    return d->failed ? STATUS_NO_MEMORY : STATUS_OK;
}

static void reads_free(struct reads *d)
{
    free(d->mark[0]);
    free(d->mark[1]);
    free(d->seen);
    free(d->index);
    free(d->select);
}

/* ---- items ---- */

static const char *place_name(const struct isa_replay *r,
                              const struct isa_place *p,
                              struct verdict_arena *arena)
{
    const struct isa_element *e = p->element;
    unsigned below = e->index_width - e->bank_width;
    const struct isa_mode *bank =
        e->bank_width ? isa_mode_of(r->model, p->index >> below) : NULL;
    size_t rest = p->index & (((size_t)1 << below) - 1);

    if (p->is_in_view)
        return verdict_format(arena, "%s[%zu]", r->model->guest_view->name,
                              p->index);
    if (e->index_width == 0)
        return verdict_format(arena, "%s", e->name);
    if (!bank)
        return verdict_format(arena, "%s[%zu]", e->name, p->index);
    if (below == 0)
        return verdict_format(arena, "%s[%s]", e->name, bank->name);
    return verdict_format(arena, "%s[%s, %zu]", e->name, bank->name, rest);
}

static void make_item(const struct isa_replay *r, const struct isa_place *p,
                      struct verdict_arena *arena, struct witness_item *item)
{
    item->name = place_name(r, p, arena);
    for (unsigned s = 0; s < r->sides; s++) {
        item->before[s] =
            isa_value_text(r->model, p->element, p->before[s], arena);
        if (p->after[s] != p->before[s])
            item->after[s] =
                isa_value_text(r->model, p->element, p->after[s], arena);
    }
    item->varied = r->sides == 2 && p->before[0] != p->before[1];
    item->differs =
        r->sides == 2 ? isa_place_differs(r, p) : isa_place_is_taken(p);
}

static void make_trap_item(const struct isa_replay *r,
                           struct verdict_arena *arena,
                           struct witness_item *item)
{
    const struct isa_trap *trap = r->query->insn->body.trap;

    item->name = "trap";
    for (unsigned s = 0; s < 2; s++)
        item->after[s] =
            r->trap[s] == ISA_NO_TRAP
                ? "none"
                : verdict_format(arena, "%s", trap[r->trap[s]].name);
    item->differs = true;
}

/* Places that differ, were varied, or were read; the others do not matter. */
static void make_items(const struct isa_replay *r, const struct reads *d,
                       struct verdict_arena *arena, struct witness_item *item,
                       size_t *items)
{
    bool trapped = r->trap[0] != ISA_NO_TRAP;
    struct isa_place p;
    size_t cursor = 0;

    while (*items < MAX_ITEMS && isa_replay_next(r, &cursor, &p)) {
        bool varied = r->sides == 2 && p.before[0] != p.before[1];
        bool differs = r->sides == 2 ? !trapped && isa_place_differs(r, &p)
                                     : isa_place_is_taken(&p);

        if (varied || differs || d->mark[0][p.at[0]] || d->mark[1][p.at[1]])
            make_item(r, &p, arena, &item[(*items)++]);
        if (*items && trapped)
            item[*items - 1].differs = false;
    }
}

static const char *instance(const struct isa_replay *r,
                            struct verdict_arena *arena)
{
    const struct isa_insn *i = r->query->insn;
    const char *text = verdict_format(arena, "%s", i->name);

    for (size_t k = 0; text && k < i->operands; k++)
        text = verdict_format(arena, "%s%s %s=%" PRIu64, text, k ? "," : "",
                              i->operand[k].name, r->assignment->operand[k]);
    return text;
}

enum status isa_witness_make(const struct isa_replay *r,
                             struct verdict_arena *arena, struct witness *w)
{
    struct witness_item *item =
        verdict_alloc(arena, (MAX_ITEMS + 1) * sizeof *item);
    struct reads d;
    enum status status = item ? reads_new(&d, r) : STATUS_NO_MEMORY;

    if (!item)
        return status;
    *w = (struct witness){ .insn = verdict_format(arena, "%s",
                                                  r->query->insn->name),
                           .property = r->query->property,
                           .item = item };
    if (status == STATUS_OK) {
        make_items(r, &d, arena, item, &w->items);
        if (r->trap[0] != ISA_NO_TRAP)
            make_trap_item(r, arena, &item[w->items++]);
        w->text = instance(r, arena);
        w->sentence = isa_witness_sentence(r, arena, w);
        if (!w->insn || !w->text || !w->sentence)
            status = STATUS_NO_MEMORY;
        for (size_t i = 0; i < w->items; i++)
            if (!item[i].name)
                status = STATUS_NO_MEMORY;
    }
    reads_free(&d);
    return status;
}
