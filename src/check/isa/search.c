/* Trying states: all of them where they are few, else at random. */
#include "check/isa/search.h"

#include <time.h>

#include "check/isa/evaluate.h"
#include "check/isa/variables.h"

double isa_clock(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A query being decided. */
struct trial {
    struct isa_search *search;
    const struct isa_query *query;
    struct isa_assignment *assignment;
    struct isa_variables v;
    struct isa_program *program;
};

static bool holds(const struct trial *t)
{
    const uint64_t *const side[2] = { t->assignment->side[0],
                                      t->assignment->side[1] };

    return isa_program_holds(t->program, side, t->assignment->operand,
                             t->assignment->extra);
}

/* xorshift64*, Vigna 2016. */
static uint64_t next_random(struct isa_search *s)
{
    uint64_t x = s->random ? s->random : 1;

    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    s->random = x;
    return x * UINT64_C(0x2545f4914f6cdd1d);
}

static unsigned below(struct isa_search *s, size_t n)
{
    return (unsigned)((next_random(s) >> 32) % n);
}

/* A value that is likely to matter. */
static uint64_t choose(struct trial *t, const struct isa_variable *v)
{
    struct isa_search *s = t->search;
    const struct isa_model *m = s->model;
    uint64_t mask = MASK(v->width - 1, 0);

    if (v->element == m->mode)
        return m->mode_value[below(s, m->modes)].value;
    switch (below(s, 8)) {
    case 0:
        return 0;
    case 1:
        return mask;
    case 2:
        return below(s, 4) & mask;
    case 3:
    case 4:
        if (t->v.constants)
            return t->v.constant[below(s, t->v.constants)] & mask;
        /* fall through */
    default:
        return next_random(s) >> 16 & mask;
    }
}

/* On side 1: often what it is on side 0, and then, when memory is moved, what
   moves the mapping as far. */
static uint64_t choose_other(struct trial *t, const struct isa_variable *v,
                             bool moves)
{
    const struct isa_model *m = t->search->model;
    unsigned index_width = m->memory ? m->memory->index_width : 0;
    uint64_t x = t->assignment->extra[ISA_EXTRA_MOVE], same = *v->other;

    if (below(t->search, 8) == 0)
        return choose(t, v);
    if (t->query->twin != ISA_TWIN_LOCATION || !moves)
        return same;
    if (v->width < index_width)
        x >>= index_width - v->width;
    return (same + x) & MASK(v->width - 1, 0);
}

/* How many values of one array are chosen anew for a try. */
#define ARRAY_VALUES 64

static void randomise(struct trial *t)
{
    bool moves = below(t->search, 2);
    size_t n = t->v.count;
    size_t step = n > 4 * ARRAY_VALUES ? n / ARRAY_VALUES : 1;
    const struct isa_variable *v;

    /* side 1 looks at side 0 and at extras: these come first */
    for (unsigned other = 0; other < 2; other++)
        for (size_t i = 0; i < n; i++) {
            v = &t->v.list[i];
            if ((v->other != NULL) != (other == 1))
                continue;
            if (step > 1 && v->element && v->element->index_width &&
                below(t->search, step))
                continue;
            *v->value = other ? choose_other(t, v, moves) : choose(t, v);
        }
}

/* Adds 1 to all variables as one number; false: that was the last. */
static bool count_up(struct trial *t)
{
    for (size_t i = 0; i < t->v.count; i++) {
        const struct isa_variable *v = &t->v.list[i];

        *v->value = (*v->value + 1) & MASK(v->width - 1, 0);
        if (*v->value)
            return true;
    }
    return false;
}

static bool is_late(const struct isa_search *s)
{
    return s->until > 0 && s->tried % 1024 == 0 && isa_clock() > s->until;
}

static enum isa_answer exhaust(struct trial *t)
{
    for (size_t i = 0; i < t->v.count; i++)
        *t->v.list[i].value = 0;
    do {
        t->search->tried++;
        if (holds(t))
            return ISA_SAT;
        if (is_late(t->search))
            return ISA_OPEN;
    } while (count_up(t));
    return ISA_UNSAT;
}

static enum isa_answer sample(struct trial *t)
{
    for (uint64_t i = 0; i < t->search->states; i++) {
        t->search->tried++;
        randomise(t);
        if (holds(t))
            return ISA_SAT;
        if (is_late(t->search))
            return ISA_OPEN;
    }
    return ISA_OPEN;
}

static enum status start(struct trial *t, const struct isa_model *m,
                         const struct isa_query *q, struct isa_assignment *a)
{
    enum status s = isa_variables_new(&t->v, m, q, a);

    t->query = q;
    t->assignment = a;
    t->program = s == STATUS_OK ? isa_program_of_truth(m, q->formula) : NULL;
    return t->program ? STATUS_OK : STATUS_NO_MEMORY;
}

static void end(struct trial *t)
{
    isa_variables_free(&t->v);
    isa_program_free(t->program);
}

enum isa_answer isa_search(struct isa_search *s, const struct isa_query *q,
                           struct isa_assignment *found, enum status *status)
{
    struct trial t = { .search = s };
    enum isa_answer answer = ISA_OPEN;

    if (q->formula->op == AST_CONST && !q->formula->value)
        return ISA_UNSAT;
    if (start(&t, s->model, q, found) != STATUS_OK)
        *status = STATUS_NO_MEMORY;
    else if (t.v.bits < 64 && BIT(t.v.bits) <= s->exhaust)
        answer = exhaust(&t);
    else
        answer = sample(&t);
    end(&t);
    if (answer == ISA_SAT)
        isa_twin_state(s->model, q, found);
    return answer;
}

/* Keeps the new value if the formula still holds. */
static bool plainer(struct trial *t, uint64_t *place, uint64_t value)
{
    uint64_t old = *place;

    if (old == value)
        return false;
    *place = value;
    if (holds(t))
        return true;
    *place = old;
    return false;
}

/* One variable: as on side 0; 0, on both sides together or alone; 1. */
static bool minimise_one(struct trial *t, const struct isa_variable *v)
{
    uint64_t *other = NULL, old[2];
    bool changed = false;

    if (v->other) {
        other = t->assignment->side[0] + (v->value - t->assignment->side[1]);
        changed = plainer(t, v->value, *other);
        old[0] = *other;
        old[1] = *v->value;
        *other = *v->value = 0;
        if (!holds(t)) {
            *other = old[0];
            *v->value = old[1];
        } else if (old[0] || old[1]) {
            return true;
        }
        if (*v->value == *other)
            return changed;
    }
    if (*v->value == 0)
        return changed;
    return plainer(t, v->value, 0) ||
           (*v->value != 1 && plainer(t, v->value, 1)) || changed;
}

#define MINIMISE_ROUNDS 4

enum status isa_minimise(const struct isa_model *m, const struct isa_query *q,
                         struct isa_assignment *a)
{
    struct trial t = { .search = NULL };
    enum status s = start(&t, m, q, a);
    bool changed = s == STATUS_OK;

    for (unsigned round = 0; changed && round < MINIMISE_ROUNDS; round++) {
        changed = false;
        for (size_t i = 0; i < t.v.count; i++)
            changed = minimise_one(&t, &t.v.list[i]) || changed;
    }
    end(&t);
    if (s == STATUS_OK)
        isa_twin_state(m, q, a);
    return s;
}
