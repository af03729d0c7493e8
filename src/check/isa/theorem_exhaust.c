/* The square for all states, executed one after another. */
#include <string.h>

#include "check/isa/theorem_parts.h"

/* How many values of this element belong to the virtual machine. */
static size_t length_of(const struct theorem *t, const struct isa_element *e)
{
    return e == t->machine->memory ? t->words : isa_element_length(e);
}

unsigned theorem_state_bits(const struct theorem *t)
{
    size_t bits = 0;

    for (size_t i = 0; i < t->machine->elements; i++) {
        const struct isa_element *e = t->machine->element[i];

        bits += length_of(t, e) * e->width;
    }
    return bits > 1000 ? 1000 : (unsigned)bits;
}

/* State number n: its bits are the elements', one after another. */
static void number_state(const struct theorem *t, uint64_t n, uint64_t *state)
{
    for (size_t i = 0; i < t->machine->elements; i++) {
        const struct isa_element *e = t->machine->element[i];

        for (size_t k = 0; k < length_of(t, e); k++) {
            state[e->offset + k] = n & MASK(e->width - 1, 0);
            n >>= e->width;
        }
    }
}

/* What is the monitor's: any values, others for each state. */
static void scramble(const struct theorem *t, uint64_t n, uint64_t *own)
{
    uint64_t x = n * UINT64_C(0x9e3779b97f4a7c15) + 1;

    for (size_t i = 0; i < t->machine->elements; i++) {
        const struct isa_element *e = t->machine->element[i];

        for (size_t k = 0; k < isa_element_length(e); k++) {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            own[e->offset + k] = x >> 20 & MASK(e->width - 1, 0);
        }
    }
}

static bool is_possible(const struct theorem *t, struct isa_program *assume,
                        const uint64_t *state)
{
    const uint64_t *const side[2] = { state, NULL };

    return isa_mode_of(t->machine, state[t->machine->mode->offset]) &&
           isa_program_run(assume, side, NULL, NULL)[0];
}

static unsigned operand_bits(const struct isa_insn *insn)
{
    unsigned bits = 0;

    for (size_t i = 0; i < insn->operands; i++)
        bits += insn->operand[i].width;
    return bits;
}

static void number_operands(const struct isa_insn *insn, uint64_t n,
                            uint64_t *operand)
{
    for (size_t i = 0; i < insn->operands; i++) {
        operand[i] = n & MASK(insn->operand[i].width - 1, 0);
        n >>= insn->operand[i].width;
    }
}

/* All operands in the state that the run is in; false: one of them does not
   commute, which `a` is left with. */
static bool try_operands(struct theorem_run *r, const struct isa_insn *insn,
                         struct isa_assignment *a, uint64_t *states)
{
    for (uint64_t o = 0; o < UINT64_C(1) << operand_bits(insn); o++) {
        number_operands(insn, o, a->operand);
        ++*states;
        if (!theorem_run_square(r, a->operand))
            return false;
    }
    return true;
}

static enum status try_states(const struct theorem *t, struct theorem_run *r,
                              const struct isa_insn *insn,
                              struct isa_program *assume,
                              struct isa_assignment *a,
                              struct verdict_arena *arena,
                              struct theorem_answer *answer)
{
    answer->commutes = TRUTH_YES;
    answer->evidence = EVIDENCE_PROVED;
    for (uint64_t n = 0; n < UINT64_C(1) << theorem_state_bits(t); n++) {
        number_state(t, n, a->side[0]);
        if (!is_possible(t, assume, a->side[0]))
            continue;
        scramble(t, n, a->side[1]);
        theorem_run_state(r, a->side[0], a->side[1]);
        if (try_operands(r, insn, a, &answer->states))
            continue;
        answer->commutes = TRUTH_NO;
        answer->evidence = EVIDENCE_WITNESS;
        return theorem_tell(r, a, arena, &answer->witness);
    }
    return STATUS_OK;
}

enum status theorem_exhaust(struct theorem *t, const struct isa_insn *insn,
                            struct verdict_arena *arena,
                            struct theorem_answer *answer)
{
    struct theorem_run *r;
    struct isa_program *assume;
    struct isa_assignment a;
    enum status status;

    *answer = (struct theorem_answer){ TRUTH_UNKNOWN, EVIDENCE_NONE, 0, NULL };
    if (theorem_state_bits(t) > THEOREM_EXHAUST_BITS ||
        operand_bits(insn) > THEOREM_EXHAUST_BITS)
        return STATUS_TOO_BIG;
    status = isa_assignment_new(t->machine, &a);
    if (status != STATUS_OK)
        return status;
    r = theorem_run_new(t, insn);
    assume = isa_program_new(t->machine, &t->machine->assume, 1);
    status = r && assume ? try_states(t, r, insn, assume, &a, arena, answer)
                         : STATUS_NO_MEMORY;
    theorem_run_free(r);
    isa_program_free(assume);
    isa_assignment_free(&a);
    return status;
}
