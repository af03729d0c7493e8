/* A square that does not commute, made plain and told. */
#include <inttypes.h>
#include <string.h>

#include "check/isa/theorem_run.h"
#include "check/isa/witness.h"

/* ---- making it plainer ---- */

static bool still_fails(struct theorem_run *r, const struct isa_assignment *a)
{
    theorem_run_state(r, a->side[0], a->side[1]);
    return !theorem_run_square(r, a->operand);
}

/* Sets it to 0, unless the square commutes then. */
static void try_zero(struct theorem_run *r, struct isa_assignment *a,
                     uint64_t *value)
{
    uint64_t old = *value;

    if (old == 0)
        return;
    *value = 0;
    if (!still_fails(r, a))
        *value = old;
}

static void minimise(struct theorem_run *r, struct isa_assignment *a)
{
    const struct isa_model *m = r->t->machine;

    for (size_t i = 0; i < m->state_words; i++)
        if (i != m->mode->offset || isa_mode_of(m, 0))
            try_zero(r, a, &a->side[0][i]);
    for (size_t i = 0; i < m->state_words; i++)
        try_zero(r, a, &a->side[1][i]);
    for (size_t i = 0; i < r->insn->operands; i++)
        try_zero(r, a, &a->operand[i]);
    still_fails(r, a);
}

/* ---- telling it ---- */

static const char *value_text(const struct theorem_link *l,
                              const struct theorem *t, uint64_t value,
                              struct verdict_arena *arena)
{
    return isa_value_text(t->machine, l->machine, value, arena);
}

static const char *link_name(const struct theorem_link *l, size_t index,
                             struct verdict_arena *arena)
{
    return l->element->index_width
               ? verdict_format(arena, "%s[%zu]", l->element->name, index)
               : verdict_format(arena, "%s", l->element->name);
}

/* The value of S that this place of the monitor's holds; NULL: none. */
static const char *guest_value(const struct theorem_run *r,
                               const struct theorem_link *l, size_t index,
                               struct verdict_arena *arena)
{
    if (l->role == THEOREM_OWN)
        return NULL;
    for (size_t n = 0; l->role == THEOREM_STORAGE; n++) {
        if (n == r->t->words)
            return NULL;
        if (r->t->window[n] == index) {
            index = n;
            break;
        }
    }
    return value_text(l, r->t, r->before[l->machine->offset + index], arena);
}

/* The operands and what holds a value, or is changed, or comes out wrong. */
static bool is_told(const struct theorem_run *r, const struct theorem_link *l,
                    size_t index)
{
    size_t at = l->element->offset + index;

    return theorem_run_differs(r, l, index) || r->mapped[at] != r->actual[at] ||
           l->role == THEOREM_KEPT;
}

static void tell_place(const struct theorem_run *r,
                       const struct theorem_link *l, size_t index,
                       struct verdict_arena *arena, struct witness_item *item)
{
    size_t at = l->element->offset + index;

    item->name = link_name(l, index, arena);
    item->before[0] = guest_value(r, l, index, arena);
    item->before[1] = value_text(l, r->t, r->mapped[at], arena);
    item->after[0] = value_text(l, r->t, r->expected[at], arena);
    item->after[1] = value_text(l, r->t, r->actual[at], arena);
    item->differs = theorem_run_differs(r, l, index);
}

static const char *outcome(const struct isa_insn *insn, int trap,
                           struct verdict_arena *arena)
{
    return trap == ISA_NO_TRAP ? "does not trap"
                               : verdict_format(arena, "traps (%s)",
                                                insn->body.trap[trap].name);
}

/* "virtual_m is supervisor and should be user" */
static const char *differences(const struct witness *w,
                               struct verdict_arena *arena)
{
    const char *text = "";

    for (size_t i = 0; text && i < w->items; i++)
        if (w->item[i].differs)
            text = verdict_format(arena, "%s%s%s is %s and should be %s", text,
                                  *text ? ", " : "", w->item[i].name,
                                  w->item[i].after[1], w->item[i].after[0]);
    return text;
}

static const char *sentence(const struct theorem_run *r,
                            const struct witness *w,
                            struct verdict_arena *arena)
{
    const struct isa_model *m = r->t->machine;
    const char *mode =
        isa_value_text(m, m->mode, r->before[m->mode->offset], arena);
    const char *on_machine = outcome(r->insn, r->trap[0], arena);
    const char *on_real = outcome(r->insn, r->trap[1], arena);
    const char *end = r->is_lost ? "the trap does not lead into the monitor"
                                 : differences(w, arena);

    if (!mode || !on_machine || !on_real || !end)
        return NULL;
    if (!*end)
        end = "the virtual machine uses storage that it does not have";
    return verdict_format(arena,
                          "%s of a guest that believes to be in %s mode "
                          "%s on its own machine and %s on the real one; "
                          "afterwards %s.%s%s%s",
                          w->text, mode, on_machine, on_real, end,
                          r->insn->note ? " That is: " : "",
                          r->insn->note ? r->insn->note : "",
                          r->insn->note ? "." : "");
}

static const char *instance(const struct theorem_run *r,
                            const struct isa_assignment *a,
                            struct verdict_arena *arena)
{
    const char *text = verdict_format(arena, "%s", r->insn->name);

    for (size_t i = 0; text && i < r->insn->operands; i++)
        text = verdict_format(arena, "%s %s=%" PRIu64, text,
                              r->insn->operand[i].name, a->operand[i]);
    return text;
}

enum status theorem_tell(struct theorem_run *r, struct isa_assignment *a,
                         struct verdict_arena *arena, struct witness **w)
{
    const struct theorem *t = r->t;
    struct witness_item *item =
        verdict_alloc(arena, (t->monitor->state_words + 1) * sizeof *item);

    *w = verdict_alloc(arena, sizeof **w);
    if (!item || !*w)
        return STATUS_NO_MEMORY;
    minimise(r, a);
    **w = (struct witness){ .item = item, .property = PROPERTY_CONTROL };
    for (size_t i = 0; i < t->monitor->elements; i++) {
        const struct theorem_link *l = &t->link[i];

        for (size_t k = 0; k < isa_element_length(l->element); k++)
            if (is_told(r, l, k))
                tell_place(r, l, k, arena, &item[(*w)->items++]);
    }
    (*w)->insn = verdict_format(arena, "%s", r->insn->name);
    (*w)->text = instance(r, a, arena);
    if ((*w)->text)
        (*w)->sentence = sentence(r, *w, arena);
    return (*w)->insn && (*w)->sentence ? STATUS_OK : STATUS_NO_MEMORY;
}
