/*
 * A counterexample made small: the square is tried again on new machines, each
 * time with one piece of its state as it is in reset, and what does not matter
 * stays so.
 */
#include <stdlib.h>
#include <string.h>

#include "check/square_lab.h"
#include "isa/trap.h"

struct minimise {
    const struct square_config *c;
    struct square_lab lab;
    struct square_state reset, tried;
    struct square_parting parting, wanted;
    uint32_t insn;
    uint64_t interrupt;
};

/* The same piece of state first: else another deviation would be shown. */
static bool alike(const struct square_parting *a,
                  const struct square_parting *b)
{
    if (!a->registers != !b->registers || !a->ram_at != !b->ram_at ||
        a->wait != b->wait || a->board != b->board)
        return false;
    return !a->registers || (a->reg[0].number == b->reg[0].number &&
                             a->reg[0].is_csr == b->reg[0].is_csr);
}

/* Does the square of m->tried part, on new machines? */
static bool parts(struct minimise *m)
{
    struct square_lab *l = &m->lab;
    bool parted;

    if (!square_lab_make(l, m->c))
        return false;
    square_apply(l, &m->tried);
    square_capture(l, &m->tried);
    m->insn = square_fetch(l);
    m->interrupt = interrupt_choose(l->b[0]->csr[0]);
    square_step(l);
    parted = square_part(l, &m->parting);
    square_lab_free(l);
    return parted;
}

/* `size` bytes of the state, as they are in reset; false: they matter. */
static bool leave_out(struct minimise *m, struct square_state *s, size_t at,
                      size_t size)
{
    char *to = (char *)&m->tried + at;

    m->tried = *s;
    if (memcmp(to, (const char *)&m->reset + at, size) == 0)
        return true;
    memcpy(to, (const char *)&m->reset + at, size);
    if (!parts(m) || !alike(&m->parting, &m->wanted))
        return false;
    *s = m->tried;
    return true;
}

/* The bits of mstatus that matter. */
static void leave_out_bits(struct minimise *m, struct square_state *s)
{
    uint64_t *last = &s->csr[SQUARE_CSRS - 1];

    for (unsigned bit = 0; bit < 64; bit++) {
        if (!(*last & BIT(bit)))
            continue;
        m->tried = *s;
        m->tried.csr[SQUARE_CSRS - 1] &= ~BIT(bit);
        if (parts(m) && alike(&m->parting, &m->wanted))
            *s = m->tried;
    }
}

/* Of `n` pieces of `size` bytes what matters is looked for in halves, for most
   does not. */
static void leave_out_all(struct minimise *m, struct square_state *s, size_t at,
                          size_t size, size_t n)
{
    if (leave_out(m, s, at, size * n) || n == 1)
        return;
    leave_out_all(m, s, at, size, n / 2);
    leave_out_all(m, s, at + n / 2 * size, size, n - n / 2);
}

#define LEAVE_OUT(member, size, n)                                             \
    leave_out_all(m, s, offsetof(struct square_state, member), size, n)

static void minimise(struct minimise *m, struct square_state *s)
{
    LEAVE_OUT(ram, RAM_PAGE, SQUARE_PAGES);
    LEAVE_OUT(csr, 8, SQUARE_CSRS);
    LEAVE_OUT(reg, 8, REG_PC);
    LEAVE_OUT(reg[REG_PRIV], 8, 2); /* and the reservation */
    LEAVE_OUT(lines, 8, 3);         /* and the counts */
    leave_out_bits(m, s);
}

static void begin(struct minimise *m, struct square_result *r)
{
    if (!square_lab_make(&m->lab, m->c))
        return;
    square_capture(&m->lab, &m->reset);
    square_lab_free(&m->lab);
    m->tried = r->state;
    if (!parts(m))
        return;
    m->wanted = m->parting;
    minimise(m, &r->state);
    /* Once more, for what is to be shown. */
    m->tried = r->state;
    r->minimised = parts(m);
    r->parting = m->parting;
    r->insn = m->insn;
    r->interrupt = m->interrupt;
}

void square_minimise(const struct square_config *c, struct square_result *r)
{
    struct minimise *m = calloc(1, sizeof *m);

    if (!m)
        return;
    m->c = c;
    begin(m, r);
    free(m);
}
