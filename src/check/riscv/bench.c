/*
 * One instruction in one state of the lattice, on all sides. Definitions: the
 * 1974 paper, as docs/check-riscv.md applies them.
 */
#include "check/riscv/bench.h"

#include <string.h>

#include "isa/hole.h"

#define BARE(m)  (m)
#define UNDER(m) (3 + (m))

static const uint8_t modes[] = { PRIV_U, PRIV_S, PRIV_M };
static const uint8_t shadows[] = { VIEW_SHADOW_U, VIEW_SHADOW_S,
                                   VIEW_SHADOW_M };

/* Findings in a mode that the guest has not got are kept if there is no other.
 */
#define ORDER_LAST BIT(62)

enum status bench_init(struct bench *b, struct riscv_part *part,
                       const struct isa *isa)
{
    *b = (struct bench){ .part = part };
    for (unsigned i = 0; i < BENCH_SIDES; i++)
        b->side[i] = lab_new(isa);
    b->moved = lab_new(isa);
    b->changed = lab_new(isa);
    for (unsigned i = 0; i < BENCH_SIDES; i++)
        if (!b->side[i])
            b->failed = true;
    if (!b->moved || !b->changed || b->failed) {
        bench_free(b);
        return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

void bench_free(struct bench *b)
{
    for (unsigned i = 0; i < BENCH_SIDES; i++)
        lab_free(b->side[i]);
    lab_free(b->moved);
    lab_free(b->changed);
}

uint64_t bench_holes(enum riscv_condition without)
{
    switch (without) {
    case CONDITION_SSSTRICT:
        return BIT(HOLE_reserved_nop) | BIT(HOLE_unknown_csr_nop);
    case CONDITION_SFENCE:
        return BIT(HOLE_sfence_silent);
    case CONDITION_WFI:
        return BIT(HOLE_wfi_nop);
    default:
        return 0;
    }
}

void bench_pin(enum riscv_condition without, struct machine_state *s)
{
    switch (without) {
    case CONDITION_COUNTEREN:
        s->v[STATE_mcounteren] = s->v[STATE_scounteren] = MASK(31, 0);
        break;
    case CONDITION_SFENCE:
        s->v[STATE_tvm] = 0;
        break;
    case CONDITION_WFI:
        s->v[STATE_tw] = 0;
        break;
    case CONDITION_ENVCFG:
        s->v[STATE_menvcfg] =
            ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE | MENVCFG_STCE;
        s->v[STATE_senvcfg] = ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE;
        break;
    case CONDITION_FS:
        if (s->v[STATE_fs] == FS_OFF)
            s->v[STATE_fs] = FS_INITIAL;
        break;
    default:
        break;
    }
}

/* What a monitor cannot set for the host, its guest may still have set for
   itself: then the host does not do as the guest's own machine would. The
   others say what no machine of the kind has. */
static bool bare_lacks(enum riscv_condition without)
{
    return without != CONDITION_COUNTEREN && without != CONDITION_ENVCFG;
}

static bool guest_has(const struct bench *b, unsigned m)
{
    return modes[m] <= b->part->question->guest;
}

static bool side_is_used(const struct bench *b, unsigned side)
{
    return side < 3 || guest_has(b, side - 3);
}

/* The state of one side. */
static struct machine_state side_state(const struct bench *b,
                                       const struct machine_state *s,
                                       unsigned side)
{
    struct machine_state of = *s;

    of.v[STATE_mode] = side < 3 ? modes[side] : b->part->question->host;
    of.v[STATE_view] = side < 3 ? VIEW_OWN : shadows[side - 3];
    if (side >= 3)
        bench_pin(b->part->without, &of);
    return of;
}

/* Other frames behind the same addresses. On the bare machine only the guest's
   own tables could do that. */
static bool move(struct machine_state *s)
{
    if (s->v[STATE_view] != VIEW_OWN) {
        s->v[STATE_p2m] = (s->v[STATE_p2m] + 5) & 15;
        return true;
    }
    s->v[STATE_frames] = (s->v[STATE_frames] + 1) & 3;
    return s->v[STATE_mode] != PRIV_M && s->v[STATE_paging] != SATP_BARE;
}

/* In one state of three a knob is turned, if the monitor owns it and may turn
   it; in others all else is changed at once. */
static bool change(const struct bench *b, struct machine_state *s,
                   struct dice *d)
{
    enum riscv_condition without = b->part->without;
    enum knob k = dice_below(d, KNOBS);

    if (dice_below(d, 3)) {
        state_vary_owned(s, d);
        if (without == CONDITION_RESERVATION)
            s->v[STATE_reservation] = 0;
        return true;
    }
    if (k == KNOB_FS && without != CONDITION_FS)
        return false;
    state_vary_knob(s, k, d);
    if (s->v[STATE_view] != VIEW_OWN || bare_lacks(without))
        bench_pin(without, s);
    return true;
}

static void set_varied(struct bench *b, struct dice *d)
{
    enum riscv_condition without = b->part->without;
    struct machine_state s;

    do {
        b->varied = dice_below(d, BENCH_SIDES);
    } while (!side_is_used(b, b->varied));
    s = b->side[b->varied]->state;
    b->moves = move(&s);
    if (b->moves)
        lab_set(b->moved, &s, without);
    s = b->side[b->varied]->state;
    b->changes = change(b, &s, d);
    if (b->changes)
        lab_set(b->changed, &s, without);
}

static void base_state(const struct bench *b, unsigned n, struct machine_state *s)
{
    struct dice d = dice_new(b->part->seed, 2, n);

    lattice_state(b->part->seed, n, s);
    if (b->part->question->guest == PRIV_M)
        s->v[STATE_pmp] = dice_below(&d, 2);
    if (bare_lacks(b->part->without))
        bench_pin(b->part->without, s);
}

static void set_sides(struct bench *b, const struct machine_state *s, unsigned n)
{
    struct dice d = dice_new(b->part->seed, 3, n);

    for (unsigned side = 0; side < BENCH_SIDES; side++) {
        struct machine_state of = side_state(b, s, side);

        if (side_is_used(b, side))
            lab_set(b->side[side], &of, b->part->without);
    }
    set_varied(b, &d);
}

void bench_set(struct bench *b, unsigned n)
{
    struct machine_state s;

    base_state(b, n, &s);
    set_sides(b, &s, n);
}

void bench_set_open(struct bench *b, unsigned n)
{
    static const uint8_t open[] = { CONDITION_COUNTEREN, CONDITION_ENVCFG,
                                    CONDITION_WFI, CONDITION_SFENCE,
                                    CONDITION_FS };
    struct machine_state s;

    base_state(b, n, &s);
    for (size_t i = 0; i < sizeof open; i++)
        bench_pin(open[i], &s);
    s.v[STATE_tsr] = 0;
    set_sides(b, &s, n);
}

/* Where the guest's most privileged mode runs under the monitor. */
static unsigned top(const struct bench *b)
{
    return UNDER(b->part->question->guest == PRIV_M ? 2 : 1);
}

static void count(struct tally *t, const struct lab *lab, unsigned side,
                  const struct outcome *o)
{
    unsigned where = side < 3 ? side : SIDE_HOST;
    bool user = lab->state.v[STATE_mode] == PRIV_U, host = side >= 3;

    t->states++;
    if (o->kind == RUN_TRAPPED)
        t->trapped[where]++;
    if (o->kind == RUN_RETIRED)
        t->retired[where]++;
    for (unsigned k = 0; k < KNOBS; k++) {
        bool retired = o->kind == RUN_RETIRED;

        if (!knob_on(k, &lab->state))
            continue;
        if (host) {
            t->host[k].seen++;
            t->host[k].retired += retired;
        }
        if (user) {
            t->user[k].seen++;
            t->user[k].retired += retired;
        }
    }
}

static unsigned options_of(const struct bench *b, unsigned group)
{
    const struct group *g = &b->part->groups.group[group];

    return (g->memory ? LAB_MEMORY : 0) | (g->probe ? LAB_PROBE : 0);
}

bool bench_traps(struct bench *b, uint32_t word, unsigned group)
{
    unsigned side = top(b);
    struct outcome o = lab_run(b->side[side], word, options_of(b, group));

    count(&b->part->tally[group], b->side[side], side, &o);
    return o.kind == RUN_TRAPPED;
}

/* What a finding means, besides its property. */
struct meaning {
    bool guest;     /* in a mode of the guest's, or under the monitor */
    bool user;      /* in U-mode */
    bool harm;      /* the host did not trap */
    bool user_harm; /* U-mode did not trap */
};

static void note(struct bench *b, unsigned group, struct finding *f,
                 struct meaning m)
{
    struct tally *t = &b->part->tally[group];

    f->order = b->order | (m.guest ? 0 : ORDER_LAST);
    t->sensitive += m.guest;
    t->user_sensitive += m.user_harm;
    if (!tally_keep(t, f->property, f) ||
        (m.user && !tally_keep(t, PROPERTY_USER, f)) ||
        (m.guest && m.harm && !tally_keep(t, FINDING_HARM, f)))
        b->failed = true;
}

static struct finding finding_of(enum property p, uint32_t word,
                                 const struct lab *side0,
                                 const struct lab *side1)
{
    return (struct finding){ .property = (uint8_t)p,
                             .word = word,
                             .state = { side0->state, side1->state } };
}

static bool is_user(const struct lab *lab)
{
    return lab->state.v[STATE_mode] == PRIV_U;
}

/* Does the host let it through where the guest is in mode m? */
static bool host_retires(const struct bench *b, unsigned m)
{
    return guest_has(b, m) && b->outcome[UNDER(m)].kind == RUN_RETIRED;
}

static void find_control(struct bench *b, uint32_t word, unsigned group)
{
    for (unsigned side = 0; side < BENCH_SIDES; side++) {
        const struct lab *lab = b->side[side];
        struct finding f;

        if (!side_is_used(b, side) || !b->outcome[side].owned)
            continue;
        f = finding_of(PROPERTY_CONTROL, word, lab, lab);
        note(b, group, &f,
             (struct meaning){ .guest = side >= 3 || guest_has(b, side),
                               .user = is_user(lab),
                               .user_harm = is_user(lab),
                               .harm = side >= 3 || host_retires(b, side) });
    }
}

/* The bare machine in mode m, and the host in its mode with m's view: they
   differ in the mode; or, if that is the same, in the mapping. */
static void find_mode(struct bench *b, uint32_t word, unsigned group,
                      bool memory)
{
    for (unsigned m = 0; m < 3; m++) {
        const struct lab *bare = b->side[BARE(m)], *under = b->side[UNDER(m)];
        const struct outcome *o0 = &b->outcome[BARE(m)],
                             *o1 = &b->outcome[UNDER(m)];
        bool same = modes[m] == b->part->question->host;
        unsigned difference;
        struct finding f;

        if (!guest_has(b, m) ||
            !twin_differs(bare, o0, under, o1, memory, &difference))
            continue;
        f = finding_of(same ? PROPERTY_LOCATION : PROPERTY_MODE, word, bare,
                       under);
        note(b, group, &f,
             (struct meaning){ .guest = true,
                               .user = is_user(bare) || is_user(under),
                               .user_harm =
                                   (is_user(bare) && o0->kind == RUN_RETIRED) ||
                                   (is_user(under) && o1->kind == RUN_RETIRED),
                               .harm = o1->kind == RUN_RETIRED });
    }
}

/* Runs on `other`, which is side[varied] but for one thing. */
static void find_varied(struct bench *b, uint32_t word, unsigned group,
                        struct lab *other, enum property property)
{
    struct lab *side = b->side[b->varied];
    unsigned options = options_of(b, group), difference;
    const struct outcome *o0 = &b->outcome[b->varied];
    struct outcome o1 = lab_run(other, word, options);
    bool user = is_user(side), host = b->varied >= 3;
    bool retired = o0->kind == RUN_RETIRED || o1.kind == RUN_RETIRED;
    struct finding f;

    b->part->tally[group].states++;
    if (!twin_differs(side, o0, other, &o1, options & LAB_MEMORY, &difference))
        return;
    f = finding_of(property, word, side, other);
    note(b, group, &f,
         (struct meaning){ .guest = host || guest_has(b, b->varied),
                           .user = user,
                           .user_harm = user && retired,
                           .harm =
                               host ? retired : host_retires(b, b->varied) });
}

void bench_try(struct bench *b, uint32_t word, unsigned group)
{
    unsigned options = options_of(b, group);

    for (unsigned side = 0; side < BENCH_SIDES; side++) {
        b->outcome[side] = (struct outcome){ .kind = RUN_TRAPPED };
        if (!side_is_used(b, side))
            continue;
        b->outcome[side] = lab_run(b->side[side], word, options);
        count(&b->part->tally[group], b->side[side], side, &b->outcome[side]);
    }
    find_control(b, word, group);
    find_mode(b, word, group, options & LAB_MEMORY);
    if (b->moves)
        find_varied(b, word, group, b->moved, PROPERTY_LOCATION);
    if (b->changes)
        find_varied(b, word, group, b->changed, PROPERTY_OTHER);
}
