/* Witnesses in words. */
#include "check/riscv/say.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "check/riscv/bench.h"

#define ITEMS_MAX (STATE_KEYS + 8)
#define TEXT_SIZE 512

struct text {
    char buf[TEXT_SIZE];
    size_t length;
};

static void add(struct text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void add(struct text *t, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(t->buf + t->length, TEXT_SIZE - t->length, format, args);
    va_end(args);
    t->length += n > 0 ? (size_t)n : 0;
    if (t->length >= TEXT_SIZE)
        t->length = TEXT_SIZE - 1;
}

struct isa say_isa(const struct isa *isa, enum riscv_condition without)
{
    struct isa with = *isa;

    if (without != CONDITIONS)
        with.holes |= bench_holes(without);
    return with;
}

void say_outcome(const struct outcome *o, char *buf, size_t size)
{
    if (o->kind == RUN_RETIRED)
        snprintf(buf, size, "retires");
    else
        snprintf(buf, size, "traps (%s)", cause_name(o->trap.cause));
}

static const char *mode_name(uint64_t mode)
{
    return mode == PRIV_U ? "U" : mode == PRIV_S ? "S" : "M";
}

/* What the guest must not see differ, or, of one run, what it changed. */
static bool key_matters(const struct twin *t, const struct finding *f,
                        enum state_key k)
{
    enum state_owner owner = state_owner(k);
    bool guest =
        owner == OWNER_GUEST || (k == STATE_fs && lab_fs_is_guests(t->lab[0]));

    if (k == STATE_reservation && !lab_reservation_is_guests(t->lab[0]))
        guest = false;
    if (k == STATE_count || k == STATE_instret || k == STATE_time)
        return false;
    return f->property == PROPERTY_CONTROL ? !guest : guest;
}

static bool key_differs(const struct twin *t, const struct finding *f,
                        enum state_key k)
{
    uint64_t after0 = lab_value(t->lab[0], k);

    if (t->outcome[0].kind != RUN_RETIRED || !key_matters(t, f, k))
        return false;
    if (f->property == PROPERTY_CONTROL)
        return after0 != f->state[0].v[k];
    return t->outcome[1].kind == RUN_RETIRED &&
           after0 != lab_value(t->lab[1], k);
}

/* "x10 is 0x5, mstatus.FS is dirty": the first few that differ, on one side. */
static unsigned add_results(struct text *out, const struct twin *t,
                            const struct finding *f, unsigned side)
{
    char value[32];
    unsigned n = 0;

    for (unsigned k = 0; k < STATE_KEYS; k++) {
        if (!key_differs(t, f, k) || n++ >= 3)
            continue;
        state_value_text(k, lab_value(t->lab[side], k), value, sizeof value);
        add(out, "%s%s becomes %s", n > 1 ? ", " : "", state_name(k), value);
    }
    return n;
}

/* What one side did, as far as it matters. */
static void add_outcome(struct text *out, const struct twin *t,
                        const struct finding *f, unsigned side)
{
    const struct outcome *o = &t->outcome[side];
    char buf[80];
    unsigned n;

    if (o->kind != RUN_RETIRED) {
        say_outcome(o, buf, sizeof buf);
        add(out, "it %s", buf);
        return;
    }
    if (f->property != PROPERTY_CONTROL &&
        t->outcome[0].kind != t->outcome[1].kind) {
        add(out, "it does not trap");
        return;
    }
    n = add_results(out, t, f, side);
    if (!n && (t->difference & DIFFER_PC))
        n += (unsigned)(add(out, "it goes on at 0x%llx",
                            (unsigned long long)t->lab[side]->hart.pc),
                        1);
    if (!n && (t->difference & DIFFER_TABLES))
        n += (unsigned)(add(out, side ? "the guest's table does not note it"
                                      : "A or D of the guest's own table is "
                                        "set"),
                        1);
    if (!n && (t->difference & DIFFER_MEMORY))
        n += (unsigned)(add(out, "memory %s",
                            side ? "holds something else" : "is written"),
                        1);
    if (!n && o->flushed)
        n += (unsigned)(add(out, "a cached translation is dropped"), 1);
    if (!n && t->lab[side]->hart.waiting)
        n += (unsigned)(add(out, "the hart stops and waits"), 1);
    if (!n)
        add(out,
            o->owned ? "it changes what the monitor owns" : "it does nothing");
}

static void add_where(struct text *out, const struct machine_state *s)
{
    if (s->v[STATE_view] == VIEW_OWN)
        add(out, "in %s-mode", mode_name(s->v[STATE_mode]));
    else
        add(out, "under the monitor in %s-mode, the guest believing in %s-mode",
            mode_name(s->v[STATE_mode]), mode_name(state_guest_mode(s)));
}

/* "where mstatus.SPP is 1 and not 0". */
static void add_varied(struct text *out, const struct finding *f)
{
    char a[32], b[32];
    unsigned n = 0;

    for (unsigned k = 0; k < STATE_KEYS; k++) {
        if (f->state[0].v[k] == f->state[1].v[k] || n++ >= 2)
            continue;
        state_value_text(k, f->state[0].v[k], a, sizeof a);
        state_value_text(k, f->state[1].v[k], b, sizeof b);
        add(out, "%s%s is %s and not %s", n > 1 ? ", " : "", state_name(k), b,
            a);
    }
}

static void sentence(struct text *out, const struct twin *t,
                     const struct finding *f, const char *insn)
{
    bool shadow = f->state[0].v[STATE_view] != f->state[1].v[STATE_view];

    add(out, "%s ", insn);
    add_where(out, &f->state[0]);
    add(out, ": ");
    add_outcome(out, t, f, 0);
    if (f->property == PROPERTY_CONTROL) {
        add(out, ", without a trap.");
        return;
    }
    add(out, "; ");
    if (shadow)
        add_where(out, &f->state[1]);
    else if (f->property == PROPERTY_LOCATION)
        add(out, "with other frames behind the same addresses");
    else
        add(out, "where "), add_varied(out, f);
    add(out, ": ");
    add_outcome(out, t, f, 1);
    add(out, ".");
}

static const char *copy(struct verdict_arena *arena, const char *text)
{
    return verdict_format(arena, "%s", text);
}

static void value_item(struct witness_item *item, const struct twin *t,
                       const struct finding *f, enum state_key k,
                       struct verdict_arena *arena)
{
    unsigned sides = f->property == PROPERTY_CONTROL ? 1 : 2;
    char buf[32];

    *item = (struct witness_item){ .name = state_name(k) };
    item->varied = f->state[0].v[k] != f->state[1].v[k];
    item->differs = key_differs(t, f, k);
    for (unsigned side = 0; side < sides; side++) {
        uint64_t before = f->state[side].v[k];
        uint64_t after = lab_value(t->lab[side], k);

        state_value_text(k, before, buf, sizeof buf);
        item->before[side] = copy(arena, buf);
        if (t->outcome[side].kind != RUN_RETIRED || after == before)
            continue;
        state_value_text(k, after, buf, sizeof buf);
        item->after[side] = copy(arena, buf);
    }
}

/* Worth showing: set, varied, or changed in a way that matters. */
static bool is_shown(const struct twin *t, const struct finding *f,
                     enum state_key k)
{
    return f->state[0].v[k] != state_neutral_value(k) ||
           f->state[0].v[k] != f->state[1].v[k] || key_differs(t, f, k) ||
           k == STATE_mode;
}

static void outcome_item(struct witness_item *item, const struct twin *t,
                         const struct finding *f, struct verdict_arena *arena)
{
    unsigned sides = f->property == PROPERTY_CONTROL ? 1 : 2;

    *item = (struct witness_item){ .name = "outcome" };
    item->differs = sides == 2 && t->outcome[0].kind != t->outcome[1].kind;
    for (unsigned side = 0; side < sides; side++) {
        struct text out = { .length = 0 };

        add_outcome(&out, t, f, side);
        item->before[side] = "";
        item->after[side] = copy(arena, out.buf);
    }
}

static bool put_items(struct witness *w, const struct twin *t,
                      const struct finding *f, struct verdict_arena *arena)
{
    struct witness_item *item = verdict_alloc(arena, ITEMS_MAX * sizeof *item);
    size_t n = 0;

    if (!item)
        return false;
    for (unsigned k = 0; k < STATE_KEYS; k++)
        if (is_shown(t, f, k))
            value_item(&item[n++], t, f, k, arena);
    outcome_item(&item[n++], t, f, arena);
    w->item = item;
    w->items = n;
    return true;
}

bool say_witness(struct replay *r, struct twin *t, const char *insn,
                 struct verdict_arena *arena, struct witness *w)
{
    struct text out = { .length = 0 };
    char disassembly[80], *replay;

    if (!twin_shows(t, &r->finding, r->without))
        return false;
    twin_minimise(t, &r->finding, r->without);
    twin_shows(t, &r->finding, r->without); /* the labs as it leaves them */
    replay_insn_text(r->finding.word, &r->isa, disassembly, sizeof disassembly);
    sentence(&out, t, &r->finding, disassembly);
    replay = replay_text(r);
    *w = (struct witness){ .insn = insn,
                           .text = copy(arena, disassembly),
                           .property = r->finding.property,
                           .sentence = copy(arena, out.buf),
                           .replay = replay ? copy(arena, replay) : NULL };
    free(replay);
    return w->text && w->sentence && put_items(w, t, &r->finding, arena);
}
