/* The two machines of a square: made, put into a state, run, compared. */
#include "check/square_lab.h"

#include <string.h>

const uint16_t square_csr[SQUARE_CSRS] = {
    CSR_menvcfg,  CSR_senvcfg,  CSR_mcounteren, CSR_scounteren,    CSR_medeleg,
    CSR_mideleg,  CSR_mie,      CSR_mip,        CSR_mtvec,         CSR_stvec,
    CSR_mscratch, CSR_sscratch, CSR_mepc,       CSR_sepc,          CSR_mcause,
    CSR_scause,   CSR_mtval,    CSR_stval,      CSR_mcountinhibit, CSR_mcycle,
    CSR_minstret, CSR_stimecmp, CSR_pmpaddr0,   CSR_pmpaddr1,      CSR_pmpaddr2,
    CSR_pmpaddr3, CSR_pmpaddr4, CSR_pmpaddr5,   CSR_pmpaddr6,      CSR_pmpaddr7,
    CSR_pmpaddr8, CSR_pmpaddr9, CSR_pmpaddr10,  CSR_pmpcfg0,       CSR_pmpcfg2,
    CSR_satp,     CSR_frm,      CSR_fflags,     CSR_fcsr,          CSR_mstatus,
};

static uint8_t *ram_of(struct machine *m)
{
    return m->ops->ram(m, SQUARE_BASE, SQUARE_SIZE, false);
}

bool square_lab_make(struct square_lab *l, const struct square_config *c)
{
    struct board_config guest = { .harts = 1,
                                  .memory = SQUARE_MEMORY,
                                  .isa = c->isa };
    struct board_config host = guest;

    *l = (struct square_lab){ 0 };
    guest.isa.holes = c->holes[0];
    host.isa.holes = c->holes[1];
    host.memory = vm_host_memory(guest.memory, guest.harts);
    l->bare = bare_new(&guest);
    l->host = bare_new(&host);
    if (l->host)
        l->vm = vm_new(&l->host->machine, &guest);
    if (!l->bare || !l->vm) {
        square_lab_free(l);
        return false;
    }
    l->m[0] = &l->bare->machine;
    l->m[1] = &l->vm->machine;
    l->b[0] = &l->bare->board;
    l->b[1] = &l->vm->board;
    for (unsigned k = 0; k < 2; k++)
        l->ram[k] = ram_of(l->m[k]);
    return true;
}

void square_lab_free(struct square_lab *l)
{
    if (l->vm)
        vm_free(l->vm);
    bare_free(l->host);
    bare_free(l->bare);
    *l = (struct square_lab){ 0 };
}

void square_write(struct square_lab *l, const uint8_t *from, unsigned first,
                  unsigned n)
{
    for (unsigned k = 0; k < 2; k++) {
        struct machine *m = l->m[k];
        size_t at = first * (size_t)RAM_PAGE, size = n * (size_t)RAM_PAGE;

        memcpy(m->ops->ram(m, SQUARE_BASE + at, size, true), from, size);
        m->ops->fence(m, 0, NULL, NULL);
    }
    memcpy(l->before + first * (size_t)RAM_PAGE, from, n * (size_t)RAM_PAGE);
}

void square_apply(struct square_lab *l, const struct square_state *s)
{
    for (unsigned k = 0; k < 2; k++) {
        struct machine *m = l->m[k];
        struct csr_file *c = l->b[k]->csr[0];

        c->count = s->count;
        c->instret = s->instret;
        c->lines = s->lines;
        for (unsigned n = 0; n < SQUARE_CSRS; n++)
            m->ops->csr_set(m, 0, square_csr[n], s->csr[n]);
        for (unsigned r = 0; r <= REG_RESERVATION; r++)
            m->ops->reg_set(m, 0, r, s->reg[r]);
    }
    square_write(l, s->ram, 0, SQUARE_PAGES);
}

void square_capture(struct square_lab *l, struct square_state *s)
{
    struct machine *m = l->m[0];
    const struct csr_file *c = l->b[0]->csr[0];

    for (unsigned r = 0; r <= REG_RESERVATION; r++)
        s->reg[r] = m->ops->reg_get(m, 0, r);
    for (unsigned n = 0; n < SQUARE_CSRS; n++)
        if (m->ops->csr_get(m, 0, square_csr[n], &s->csr[n]) != STATUS_OK)
            s->csr[n] = 0;
    s->lines = c->lines;
    s->count = c->count;
    s->instret = c->instret;
}

/* Hidden exits take a run or two; an attention of the board ends one early. */
#define RUNS 100

static void step(struct machine *m, struct board *b)
{
    struct stop s;

    for (unsigned n = 0; n < RUNS; n++) {
        b->bus.attention = b->bus.clock.changed = false;
        s = m->ops->run(m, 0, 1);
        b->bus.clock.now = b->csr[0]->count;
        if (s.count || s.reason == STOP_WAIT)
            break;
    }
    board_timer_update(b, 0);
}

void square_step(struct square_lab *l)
{
    l->bare->hart[0].waiting = l->vm->monitor.hart[0].waiting = false;
    for (unsigned k = 0; k < 2; k++) {
        l->b[k]->finished = l->b[k]->reset_wanted = false;
        step(l->m[k], l->b[k]);
    }
}

static uint64_t csr_of(struct machine *m, unsigned csr)
{
    uint64_t v = 0;

    m->ops->csr_get(m, 0, csr, &v);
    return v;
}

/*
 * The CSRs, seen from the registers that they are made of: many times quicker
 * than reading each. Reading mstatus brings FS and the time up to date. False
 * says that reading each may find a difference.
 */
static bool same_csrs(struct square_lab *l)
{
    const size_t from = offsetof(struct csr_file, hartid);
    const char *a = (const char *)l->b[0]->csr[0];
    const char *b = (const char *)l->b[1]->csr[0];

    return csr_of(l->m[0], CSR_mstatus) == csr_of(l->m[1], CSR_mstatus) &&
           csr_of(l->m[0], CSR_fcsr) == csr_of(l->m[1], CSR_fcsr) &&
           memcmp(a + from, b + from, offsetof(struct csr_file, fcsr) - from) ==
               0;
}

static bool same_regs(struct square_lab *l)
{
    for (unsigned r = 0; r <= REG_RESERVATION; r++)
        if (l->m[0]->ops->reg_get(l->m[0], 0, r) !=
            l->m[1]->ops->reg_get(l->m[1], 0, r))
            return false;
    return true;
}

static bool same_boards(const struct square_lab *l)
{
    return l->b[0]->finished == l->b[1]->finished &&
           l->b[0]->reset_wanted == l->b[1]->reset_wanted;
}

static bool same_wait(const struct square_lab *l)
{
    return l->bare->hart[0].waiting == l->vm->monitor.hart[0].waiting;
}

static void note(struct square_parting *p, unsigned number, bool is_csr,
                 uint64_t bare, uint64_t virtual)
{
    if (bare == virtual)
        return;
    if (p->registers < SQUARE_REGISTERS)
        p->reg[p->registers] = (struct difference_register){
            .number = number, .is_csr = is_csr, .value = { bare, virtual }
        };
    p->registers++;
}

bool square_part(struct square_lab *l, struct square_parting *p)
{
    const struct isa *isa = l->m[0]->isa;

    *p = (struct square_parting){ .wait = !same_wait(l),
                                  .board = !same_boards(l) };
    for (unsigned n = 0; n <= REG_RESERVATION; n++) {
        unsigned reg = (n + REG_PC) % (REG_RESERVATION + 1); /* pc first */

        note(p, reg, false, l->m[0]->ops->reg_get(l->m[0], 0, reg),
             l->m[1]->ops->reg_get(l->m[1], 0, reg));
    }
    for (int n = csr_next(isa, 0); n >= 0; n = csr_next(isa, (unsigned)n + 1))
        note(p, (unsigned)n, true, csr_of(l->m[0], (unsigned)n),
             csr_of(l->m[1], (unsigned)n));
    for (size_t at = 0; at < SQUARE_SIZE && !p->ram_at; at++)
        if (l->ram[0][at] != l->ram[1][at])
            p->ram_at = SQUARE_BASE + at;
    return p->registers || p->ram_at || p->wait || p->board;
}

/* Most instructions change nothing, or one page. */
static bool same_ram(struct square_lab *l, bool *tables)
{
    bool same = true;

    *tables = false;
    if (memcmp(l->ram[0], l->before, SQUARE_SIZE) == 0 &&
        memcmp(l->ram[1], l->before, SQUARE_SIZE) == 0)
        return true;
    for (unsigned page = 0; page < SQUARE_PAGES && same; page++) {
        size_t at = page * (size_t)RAM_PAGE;

        same = memcmp(l->ram[0] + at, l->ram[1] + at, RAM_PAGE) == 0;
        if (memcmp(l->ram[0] + at, l->before + at, RAM_PAGE) != 0)
            *tables |= page >= PAGE_LEVEL0 && page < PAGE_LEVEL0 + TABLE_PAGES;
    }
    if (same)
        memcpy(l->before, l->ram[0], SQUARE_SIZE);
    return same;
}

bool square_same(struct square_lab *l, bool *tables)
{
    struct square_parting p;

    if (!same_regs(l) || !same_wait(l) || !same_boards(l) ||
        !same_ram(l, tables))
        return false;
    return same_csrs(l) || !square_part(l, &p);
}
