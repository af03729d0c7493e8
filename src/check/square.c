/* The commuting square, many times over. */
#include "check/square.h"

#include <stdlib.h>
#include <string.h>

#include "check/square_lab.h"
#include "isa/insn.h"
#include "isa/trap.h"
#include "machine/fetch.h"

#define PROGRESS_EVERY 8192

struct squares {
    const struct square_config *c;
    struct square_result *r;
    struct square_lab lab;
    struct square_random random;
    bool row_seen[INSN_COUNT];
    bool csr_seen[4096];
};

uint32_t square_fetch(struct square_lab *l)
{
    struct machine *m = l->m[0];

    return machine_fetch(m, l->b[0], 0,
                         (uint8_t)m->ops->reg_get(m, 0, REG_PRIV),
                         m->ops->reg_get(m, 0, REG_PC));
}

/* Counts what the square is about. */
static void count(struct squares *q, uint32_t raw, unsigned priv)
{
    struct insn i;

    q->r->modes[priv & 3]++;
    insn_decode(raw, &q->c->isa, &i);
    if (i.op == INSN_illegal)
        return;
    q->r->rows += !q->row_seen[i.op];
    q->row_seen[i.op] = true;
    if (insn_class(i.op) != CLASS_CSR)
        return;
    q->r->csrs += !q->csr_seen[i.imm];
    q->csr_seen[i.imm] = true;
}

/* One square. False: it does not commute. */
static bool square(struct squares *q, unsigned n)
{
    const size_t at = PAGE_LEVEL0 * (size_t)RAM_PAGE;
    struct square_lab *l = &q->lab;
    struct square_result *r = q->r;
    const struct csr_file *c = l->b[0]->csr[0];
    bool tables;

    square_shuffle(&q->random, l, n);
    square_capture(l, &r->state);
    r->insn = square_fetch(l);
    r->interrupt = interrupt_choose(c);
    count(q, r->insn, c->priv);
    square_step(l);
    r->squares++;
    r->traps += c->instret == r->state.instret;
    if (!square_same(l, &tables)) {
        memcpy(r->state.ram, l->before, SQUARE_SIZE);
        square_part(l, &r->parting);
        return false;
    }
    /* Tables that the guest, or its A and D bits, have changed are put back:
       of what is kept of them the two may make different use. */
    if (tables)
        square_write(l, q->random.ram + at, PAGE_LEVEL0, TABLE_PAGES);
    return true;
}

/* RAM outside the state's is looked at once a scene. */
static bool same_elsewhere(struct squares *q)
{
    for (uint64_t pa = BOARD_RAM_BASE; pa < BOARD_RAM_BASE + SQUARE_MEMORY;
         pa += RAM_PAGE) {
        const uint8_t *page[2];

        for (unsigned k = 0; k < 2; k++)
            page[k] = q->lab.m[k]->ops->ram(q->lab.m[k], pa, RAM_PAGE, false);
        if (memcmp(page[0], page[1], RAM_PAGE) == 0)
            continue;
        q->r->parting = (struct square_parting){ .ram_at = pa };
        return false;
    }
    return true;
}

static bool locked(const struct square_lab *l)
{
    const uint8_t *cfg = l->b[0]->csr[0]->pmpcfg;
    uint8_t any = 0;

    for (unsigned i = 0; i < PMP_ENTRIES; i++)
        any |= cfg[i];
    return any & PMPCFG_L;
}

/* A PMP entry that is locked stays so until reset. */
static bool unlock(struct squares *q)
{
    if (!locked(&q->lab))
        return true;
    square_lab_free(&q->lab);
    if (!square_lab_make(&q->lab, q->c))
        return false;
    square_unlocked(&q->random, &q->lab);
    return true;
}

static enum square_verdict scene(struct squares *q)
{
    const struct square_config *c = q->c;

    square_scene(&q->random, &q->lab);
    for (unsigned n = 0; n < q->random.starts; n++) {
        if (q->r->squares == c->samples)
            break;
        if (!square(q, n))
            return SQUARE_BROKEN;
        if (!unlock(q))
            return SQUARE_FAILED;
        if (q->r->squares % PROGRESS_EVERY != 0)
            continue;
        if (c->progress)
            c->progress(c->context, q->r->squares);
        if (c->cancel && *c->cancel)
            return SQUARE_CANCELLED;
    }
    return same_elsewhere(q) ? SQUARE_HOLDS : SQUARE_BROKEN;
}

static enum square_verdict run(struct squares *q)
{
    enum square_verdict v = SQUARE_HOLDS;

    if (!square_lab_make(&q->lab, q->c))
        return SQUARE_FAILED;
    while (v == SQUARE_HOLDS && q->r->squares < q->c->samples)
        v = scene(q);
    square_lab_free(&q->lab);
    if (v == SQUARE_BROKEN)
        square_minimise(q->c, q->r);
    return v;
}

void square_check(const struct square_config *c, struct square_result *r)
{
    struct squares *q = calloc(1, sizeof *q);

    memset(r, 0, sizeof *r);
    r->verdict = SQUARE_FAILED;
    if (!q)
        return;
    q->c = c;
    q->r = r;
    q->random.seed = c->seed;
    r->verdict = run(q);
    free(q);
}
