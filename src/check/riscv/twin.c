/* Pairs of runs: what they show, and how little it takes to show it. */
#include "check/riscv/twin.h"

static bool is_shadow_pair(const struct lab *side0, const struct lab *side1)
{
    return side0->state.v[STATE_view] == VIEW_OWN &&
           side1->state.v[STATE_view] != VIEW_OWN;
}

bool twin_differs(const struct lab *side0, const struct outcome *o0,
                  const struct lab *side1, const struct outcome *o1,
                  bool memory, unsigned *difference)
{
    bool shadow = is_shadow_pair(side0, side1);
    bool tables = side0->state.v[STATE_frames] == side1->state.v[STATE_frames];

    *difference = 0;
    if (shadow && o1->kind == RUN_MEMORY_TRAPPED)
        return false;
    if (shadow && o0->kind == RUN_MEMORY_TRAPPED)
        return o1->kind == RUN_RETIRED;
    if (o0->kind != o1->kind)
        return true;
    if (o0->kind != RUN_RETIRED)
        return false;
    *difference = lab_compare(side0, side1, memory, tables);
    return *difference || o0->owned != o1->owned;
}

/* Other frames are behind the same addresses only if addresses are translated;
   else they are other addresses. */
static bool is_pair(const struct finding *f)
{
    const struct machine_state *s = &f->state[0];

    return s->v[STATE_frames] == f->state[1].v[STATE_frames] ||
           (s->v[STATE_paging] != SATP_BARE && state_guest_mode(s) != PRIV_M);
}

bool twin_shows(struct twin *t, const struct finding *f,
                enum riscv_condition without)
{
    unsigned sides = f->property == PROPERTY_CONTROL ? 1 : 2;

    t->difference = 0;
    if (!is_pair(f))
        return false;
    for (unsigned i = 0; i < sides; i++) {
        if (!state_valid(&f->state[i]))
            return false;
        lab_set(t->lab[i], &f->state[i], without);
        t->outcome[i] = lab_run(t->lab[i], f->word, LAB_MEMORY | LAB_PROBE);
    }
    if (sides == 1)
        return t->outcome[0].kind == RUN_RETIRED && t->outcome[0].owned;
    return twin_differs(t->lab[0], &t->outcome[0], t->lab[1], &t->outcome[1],
                        true, &t->difference);
}

/* The keys [from, to) become neutral on both sides, but for those that tell the
   sides apart; kept if the finding still shows. True: something was changed
   for good. */
static bool neutralise(struct twin *t, struct finding *f,
                       enum riscv_condition without, unsigned from, unsigned to)
{
    struct finding try = *f;
    bool changed = false;

    for (unsigned k = from; k < to; k++) {
        uint64_t neutral = state_neutral_value(k);

        if (f->state[0].v[k] != f->state[1].v[k] || f->state[0].v[k] == neutral)
            continue;
        try.state[0].v[k] = try.state[1].v[k] = neutral;
        changed = true;
    }
    if (!changed || !twin_shows(t, &try, without))
        return false;
    *f = try;
    return true;
}

/* A half at a time, so that what does not matter goes quickly. */
static void halve(struct twin *t, struct finding *f,
                  enum riscv_condition without, unsigned from, unsigned to)
{
    unsigned middle = from + (to - from) / 2;

    if (neutralise(t, f, without, from, to) || to - from < 2)
        return;
    halve(t, f, without, from, middle);
    halve(t, f, without, middle, to);
}

/* Makes the sides alike in a key that is not what the finding is about. */
static void unvary(struct twin *t, struct finding *f,
                   enum riscv_condition without, unsigned k)
{
    struct finding try = *f;

    if (f->state[0].v[k] == f->state[1].v[k] || k == STATE_mode ||
        k == STATE_view)
        return;
    try.state[1].v[k] = try.state[0].v[k];
    if (twin_shows(t, &try, without))
        *f = try;
}

void twin_minimise(struct twin *t, struct finding *f,
                   enum riscv_condition without)
{
    if (f->property == PROPERTY_CONTROL)
        f->state[1] = f->state[0];
    for (unsigned k = 0; k < STATE_KEYS; k++)
        unvary(t, f, without, k);
    halve(t, f, without, STATE_x1, STATE_KEYS);
    halve(t, f, without, 0, STATE_x1);
}
