#include "machine/machine_state.h"

#include "machine/run.h"
#include "mmu/translations.h"

/* Everything but what translations take: the largest part of it is the ROM. */
#define BOARD_LIMIT (UINT64_C(1) << 20)
#define HART_LIMIT  (UINT64_C(1) << 16)

/* One that the hart_state before it does not move. */
static void reg_state(struct machine *m, unsigned hart, unsigned reg,
                      struct state *s)
{
    uint64_t v = m->ops->reg_get(m, hart, reg);

    state_u64(s, &v);
    if (!s->saving)
        m->ops->reg_set(m, hart, reg, v);
}

/* LR works on RAM only. */
static void reservation_state(struct machine *m, const struct board *b,
                              unsigned hart, struct state *s)
{
    uint64_t pa;

    reg_state(m, hart, REG_RESERVATION, s);
    pa = m->ops->reg_get(m, hart, REG_RESERVATION);
    state_require(s,
                  pa == RESERVATION_NONE || ram_contains(&b->bus.ram, pa, 4));
}

static void registers_state(struct machine *m, unsigned hart, struct state *s)
{
    uint64_t low = isa_has(m->isa, EXT_C) ? 1 : 3;

    for (unsigned reg = REG_X0 + 1; reg <= REG_PC; reg++)
        reg_state(m, hart, reg, s);
    state_require(s, !(m->ops->reg_get(m, hart, REG_PC) & low));
}

/* Harts that take turns are never further apart than a turn is long. */
static bool together(const struct board *b)
{
    for (unsigned h = 0; h < b->config.harts; h++)
        if (machine_count(b) - b->csr[h]->count > RUN_QUANTUM)
            return false;
    return true;
}

/* An input that has just entered ends the wait. That a hart alone waits is in
   its own state, and whether its last run has found that out, or would have had
   to go on for it, is nobody's business. */
static void turn_state(struct board *b, struct state *s)
{
    struct run_turn *t = &b->turn;
    uint8_t hart = (uint8_t)t->hart;
    bool idle = t->idle && !b->bus.attention && b->config.harts > 1;

    state_bool(s, &idle);
    state_bool(s, &t->open);
    state_u8(s, &hart);
    state_u64(s, &t->target);
    t->idle = s->saving ? t->idle : idle;
    t->hart = hart;
    state_require(s, !t->open ||
                         (t->hart < b->config.harts && b->config.harts > 1 &&
                          t->target - machine_count(b) <= RUN_QUANTUM));
}

void machine_state(struct machine *m, struct board *b, struct state *s)
{
    if (s->saving)
        b->bus.clock.now = machine_count(b);
    state_tag(s, "brd.");
    board_state(b, s);
    for (unsigned h = 0; h < m->harts && !s->bad; h++) {
        state_tag(s, "hart");
        m->ops->hart_state(m, h, s);
        registers_state(m, h, s);
        reservation_state(m, b, h, s);
    }
    turn_state(b, s);
    state_tag(s, "end.");
    state_require(s, together(b));
    b->bus.clock.now = machine_count(b); /* looking at harts moves it */
}

uint64_t machine_state_limit(const struct board *b)
{
    uint64_t tables = translations_tables(b->config.memory);

    return BOARD_LIMIT +
           b->config.harts *
               (HART_LIMIT + tables * PTES_PER_PAGE * sizeof(uint64_t));
}
