/* Steps that do not end in a trap's handler. */
#include "debug/session_inside.h"

#include "isa/csr_file.h"

/* Where a hart is, for one who waits until it is there again. */
struct place {
    unsigned world, hart;
    uint64_t pc, sp, priv, satp;
    unsigned length; /* of the instruction at pc, bytes */
};

static uint64_t reg_of(struct session *s, const struct place *p, unsigned reg)
{
    uint64_t v = 0;

    session_get(s, p->world, p->hart, reg, &v);
    return v;
}

static const struct csr_file *csrs(const struct session *s,
                                   const struct place *p)
{
    return s->c.board[p->world]->csr[p->hart];
}

static struct place place_of(struct session *s, unsigned world, unsigned hart)
{
    const struct session_view v = { .world = world, .hart = hart };
    struct place p = { .world = world, .hart = hart };
    uint8_t low = 3;

    p.pc = reg_of(s, &p, REG_PC);
    p.sp = reg_of(s, &p, REG_X0 + 2);
    p.priv = reg_of(s, &p, REG_PRIV);
    p.satp = csrs(s, &p)->satp;
    session_read(s, &v, p.pc, &low, 1);
    p.length = (low & 3) == 3 ? 4 : 2;
    return p;
}

/* At that instruction, or behind it. */
static bool is_at(struct session *s, const struct place *p, uint64_t pc)
{
    return reg_of(s, p, REG_PC) == pc && reg_of(s, p, REG_X0 + 2) == p->sp &&
           reg_of(s, p, REG_PRIV) == p->priv && csrs(s, p)->satp == p->satp;
}

static unsigned stop_at(struct session *s, const struct place *p, uint64_t pc)
{
    const struct stop_point point = { .kind = STOP_AT_CODE,
                                      .world = p->world,
                                      .satp = p->satp,
                                      .va = pc,
                                      .size = 1 };

    return session_add(s, &point);
}

/* Runs on until the hart is back, or something else ends the run. */
static enum session_end run_back_to(struct session *s, const struct place *p)
{
    unsigned here = stop_at(s, p, p->pc);
    unsigned behind = stop_at(s, p, p->pc + p->length);
    enum session_end end = SESSION_STEPPED;
    uint64_t start = session_time(s); /* there it has not been away */

    while (here && behind) {
        unsigned number;

        end = session_run(s, UINT64_MAX);
        if (end != SESSION_POINT)
            break;
        number = s->hit.number;
        if (number != here && number != behind)
            break;
        if (s->hit.hart == p->hart && session_time(s) != start &&
            (is_at(s, p, p->pc) || is_at(s, p, p->pc + p->length))) {
            end = SESSION_STEPPED;
            break;
        }
    }
    session_remove(s, here);
    session_remove(s, behind);
    return end;
}

/* A step of the hart; *trap: it is about to take this one. */
static enum session_end step_to_trap(struct session *s, const struct place *p,
                                     struct trap *trap, bool *traps)
{
    const struct stop_point point = { .kind = STOP_AT_TRAP,
                                      .world = p->world,
                                      .any_space = true,
                                      .cause = SESSION_ANY_CAUSE };
    const struct session_event *e = session_stands_at(s);
    enum session_end end;
    unsigned number;
    bool of_this;

    /* Stopped before it already, it would not be asked again. */
    *traps = e && e->kind == STOP_AT_TRAP && e->world == p->world &&
             e->hart == p->hart;
    if (*traps) {
        *trap = e->trap;
        return SESSION_POINT;
    }
    number = session_add(s, &point);
    do {
        end = session_step(s, p->world, p->hart);
        of_this = number && end == SESSION_POINT && s->hit.number == number;
    } while (of_this && s->hit.hart != p->hart);
    session_remove(s, number);
    *traps = of_this;
    *trap = s->hit.trap;
    return end;
}

static bool is_interrupt(const struct trap *t)
{
    return t->cause >> 63;
}

enum session_end session_step_past(struct session *s, unsigned world,
                                   unsigned hart, enum session_past past)
{
    const struct place p = place_of(s, world, hart);
    enum session_end end;

    if (!session_is_guest(s, world))
        return session_step(s, world, hart);
    do { /* back there, the instruction has not been executed yet */
        struct trap trap;
        bool traps;

        end = step_to_trap(s, &p, &trap, &traps);
        if (!traps)
            break;
        if (past == PAST_TRAPS || is_interrupt(&trap))
            end = run_back_to(s, &p);
        else
            return session_step(s, world, hart);
    } while (end == SESSION_STEPPED && is_at(s, &p, p.pc));
    return end;
}
