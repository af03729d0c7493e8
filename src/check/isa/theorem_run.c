/* The square, executed on concrete states. */
#include "check/isa/theorem_run.h"

#include <stdlib.h>
#include <string.h>

static void run_free_buffers(struct theorem_run *r)
{
    free(r->own);
    free(r->before);
    free(r->after);
    free(r->mapped);
    free(r->expected);
    free(r->actual);
    free(r->real_before);
    free(r->real_after);
    free(r->scratch);
}

void theorem_run_free(struct theorem_run *r)
{
    if (!r)
        return;
    isa_executor_free(r->machine);
    isa_executor_free(r->machine_trap);
    isa_executor_free(r->real);
    isa_executor_free(r->real_trap);
    isa_executor_free(r->start);
    for (size_t i = 0; r->routine && i < r->insn->body.traps; i++)
        isa_executor_free(r->routine[i]);
    free(r->routine);
    run_free_buffers(r);
    free(r);
}

static bool make_buffers(struct theorem_run *r)
{
    size_t machine = r->t->machine->state_words * sizeof(uint64_t);
    size_t monitor = r->t->monitor->state_words * sizeof(uint64_t);

    r->own = calloc(1, machine);
    r->before = calloc(1, machine);
    r->after = calloc(1, machine);
    r->real_before = calloc(1, machine);
    r->real_after = calloc(1, machine);
    r->mapped = calloc(1, monitor);
    r->expected = calloc(1, monitor);
    r->actual = calloc(1, monitor);
    r->scratch = calloc(1, monitor);
    return r->own && r->before && r->after && r->real_before && r->real_after &&
           r->mapped && r->expected && r->actual && r->scratch;
}

/* What a trap does, as an instruction whose operand is the cause. It is kept
   where the caller says: the executor goes on looking at it. */
static struct isa_executor *trap_executor(const struct isa_model *m,
                                          struct isa_insn *insn)
{
    static const struct isa_operand cause = { "cause", ISA_CAUSE_WIDTH };

    *insn = (struct isa_insn){
        .name = "trap", .operand = &cause, .operands = 1, .body = m->on_trap
    };
    return isa_executor_new(m, insn);
}

static bool make_executors(struct theorem_run *r)
{
    const struct theorem *t = r->t;
    const struct isa_insn *real = isa_find_insn(t->real, r->insn->name);
    bool good;

    r->machine = isa_executor_new(t->machine, r->insn);
    r->machine_trap = trap_executor(t->machine, &r->trap_insn[0]);
    r->real = isa_executor_new(t->real, real);
    r->real_trap = trap_executor(t->real, &r->trap_insn[1]);
    r->start = isa_executor_new(t->monitor, t->start);
    r->routine = calloc(r->insn->body.traps + 1, sizeof *r->routine);
    good = r->machine && r->machine_trap && r->real && r->real_trap &&
           r->start && r->routine;
    for (size_t i = 0; good && i < r->insn->body.traps; i++) {
        r->routine[i] = isa_executor_new(
            t->monitor, theorem_routine(t, real, &real->body.trap[i]));
        good = r->routine[i] != NULL;
    }
    return good;
}

struct theorem_run *theorem_run_new(const struct theorem *t,
                                    const struct isa_insn *insn)
{
    struct theorem_run *r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    r->t = t;
    r->insn = insn;
    if (make_buffers(r) && make_executors(r))
        return r;
    theorem_run_free(r);
    return NULL;
}

/* ---- the map f ---- */

/* The monitor's state with this machine in it, but for what `start` sets. */
static void place(const struct theorem_run *r, const uint64_t *machine,
                  uint64_t *monitor)
{
    const struct theorem *t = r->t;

    for (size_t i = 0; i < t->monitor->elements; i++) {
        const struct theorem_link *l = &t->link[i];
        const uint64_t *from =
            l->role == THEOREM_OWN || l->role == THEOREM_STORAGE ? r->own
                                                                 : machine;

        memcpy(monitor + l->element->offset, from + l->machine->offset,
               isa_element_length(l->element) * sizeof *monitor);
        if (l->role != THEOREM_STORAGE)
            continue;
        for (size_t n = 0; n < t->words; n++)
            monitor[l->element->offset + t->window[n]] =
                machine[l->machine->offset + n];
    }
}

static void map(struct theorem_run *r, const uint64_t *machine, uint64_t *to)
{
    place(r, machine, r->scratch);
    isa_execute(r->start, r->scratch, NULL, to);
}

void theorem_run_state(struct theorem_run *r, const uint64_t *machine,
                       const uint64_t *own)
{
    size_t bytes = r->t->machine->state_words * sizeof *machine;

    memcpy(r->before, machine, bytes);
    memcpy(r->own, own, bytes);
    map(r, machine, r->mapped);
}

/* ---- both ways ---- */

/* Copies what the real machine and the monitor's description both have. */
static void copy_real(const struct theorem *t, uint64_t *monitor,
                      uint64_t *real, bool to_real)
{
    for (size_t i = 0; i < t->monitor->elements; i++) {
        const struct theorem_link *l = &t->link[i];
        size_t bytes = isa_element_length(l->element) * sizeof *real;

        if (!l->real)
            continue;
        if (to_real)
            memcpy(real + l->real->offset, monitor + l->element->offset, bytes);
        else
            memcpy(monitor + l->element->offset, real + l->real->offset, bytes);
    }
}

static void run_machine(struct theorem_run *r, const uint64_t *operand)
{
    uint64_t cause;

    r->trap[0] = isa_execute(r->machine, r->before, operand, r->after);
    if (r->trap[0] == ISA_NO_TRAP)
        return;
    cause = theorem_cause(r->t->machine, &r->insn->body.trap[r->trap[0]]);
    isa_execute(r->machine_trap, r->before, &cause, r->after);
}

static void run_real(struct theorem_run *r, const uint64_t *operand)
{
    const struct theorem *t = r->t;
    const struct isa_element *mode = t->real->mode;
    uint64_t cause;

    r->is_lost = false;
    memcpy(r->actual, r->mapped, t->monitor->state_words * sizeof *r->actual);
    copy_real(t, r->actual, r->real_before, true);
    r->trap[1] = isa_execute(r->real, r->real_before, operand, r->real_after);
    if (r->trap[1] != ISA_NO_TRAP) {
        cause = theorem_cause(t->real, &r->insn->body.trap[r->trap[1]]);
        isa_execute(r->real_trap, r->real_before, &cause, r->real_after);
        r->is_lost = r->real_after[mode->offset] != theorem_monitor_mode(t);
    }
    copy_real(t, r->actual, r->real_after, false);
    if (r->trap[1] == ISA_NO_TRAP)
        return;
    memcpy(r->scratch, r->actual, t->monitor->state_words * sizeof *r->actual);
    r->is_lost |= isa_execute(r->routine[r->trap[1]], r->scratch, operand,
                              r->actual) != ISA_NO_TRAP;
}

bool theorem_run_differs(const struct theorem_run *r,
                         const struct theorem_link *l, size_t index)
{
    size_t at = l->element->offset + index;

    return r->expected[at] != r->actual[at] &&
           !(l->role == THEOREM_STORAGE && theorem_is_scratch(r->t, index));
}

static bool leaves_window(const struct theorem_run *r)
{
    const struct isa_element *e = r->t->machine->memory;

    for (size_t i = r->t->words; e && i < isa_element_length(e); i++)
        if (r->before[e->offset + i] != r->after[e->offset + i])
            return true;
    return false;
}

bool theorem_run_square(struct theorem_run *r, const uint64_t *operand)
{
    const struct theorem *t = r->t;

    run_machine(r, operand);
    run_real(r, operand);
    map(r, r->after, r->expected);
    if (r->is_lost || leaves_window(r))
        return false;
    for (size_t i = 0; i < t->monitor->elements; i++)
        for (size_t k = 0; k < isa_element_length(t->link[i].element); k++)
            if (theorem_run_differs(r, &t->link[i], k))
                return false;
    return true;
}
