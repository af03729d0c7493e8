#include "machine/bare.h"

#include <stdlib.h>

/* &bare->machine is bare's first member. */
static struct bare *bare_of(struct machine *m)
{
    return (struct bare *)m;
}

static uint64_t reg_get(struct machine *m, unsigned hart, unsigned reg)
{
    const struct hart *h = &bare_of(m)->hart[hart];

    if (reg < REG_F0)
        return reg ? h->x[reg] : 0;
    if (reg < REG_PC)
        return h->f[reg - REG_F0];
    if (reg == REG_RESERVATION)
        return h->reserved ? h->reservation : RESERVATION_NONE;
    return reg == REG_PC ? h->pc : h->csr.priv;
}

static void reg_set(struct machine *m, unsigned hart, unsigned reg, uint64_t v)
{
    struct hart *h = &bare_of(m)->hart[hart];

    if (reg < REG_F0) {
        if (reg)
            h->x[reg] = v;
    } else if (reg < REG_PC) {
        h->f[reg - REG_F0] = v;
    } else if (reg == REG_PC) {
        h->pc = v;
    } else if (reg == REG_RESERVATION) {
        h->reserved = v != RESERVATION_NONE;
        h->reservation = v;
    } else {
        h->csr.priv = (uint8_t)v;
    }
}

/* The counts are exact whenever no hart is running; time follows from them. */
static struct csr_file *csr_now(struct machine *m, unsigned hart)
{
    struct bare *b = bare_of(m);
    struct csr_file *c = &b->hart[hart].csr;

    c->time = clock_time(&b->board.bus.clock, c->count);
    return c;
}

static enum status csr_get(struct machine *m, unsigned hart, unsigned csr,
                           uint64_t *v)
{
    if (!csr_exists(m->isa, csr))
        return STATUS_NO_CSR;
    *v = csr_read(csr_now(m, hart), csr);
    return STATUS_OK;
}

static enum status csr_set(struct machine *m, unsigned hart, unsigned csr,
                           uint64_t v)
{
    struct bare *b = bare_of(m);
    unsigned effects;

    if (!csr_exists(m->isa, csr))
        return STATUS_NO_CSR;
    effects = csr_write(csr_now(m, hart), csr, v);
    if (effects & CSR_EFFECT_TIMER)
        board_timer_update(&b->board, hart);
    if (effects)
        hart_changed(&b->hart[hart], effects);
    return STATUS_OK;
}

static void fence(struct machine *m, unsigned hart, const uint64_t *va,
                  const uint64_t *asid)
{
    hart_fence(&bare_of(m)->hart[hart], va, asid);
}

static void *ram(struct machine *m, uint64_t pa, uint64_t len, bool write)
{
    return ram_pointer(&bare_of(m)->board.bus.ram, pa, len, write);
}

static bool discard(struct machine *m, uint64_t pa, uint64_t len)
{
    return ram_discard(&bare_of(m)->board.bus.ram, pa, len);
}

static enum status load(struct machine *m, uint64_t pa, unsigned size,
                        uint64_t *v)
{
    return bus_load(&bare_of(m)->board.bus, pa, size, v);
}

static enum status store(struct machine *m, uint64_t pa, unsigned size,
                         uint64_t v)
{
    return bus_store(&bare_of(m)->board.bus, pa, size, v);
}

static struct stop run(struct machine *m, unsigned hart, uint64_t budget)
{
    return hart_run(&bare_of(m)->hart[hart], budget);
}

static void idle(struct machine *m, unsigned hart, uint64_t n)
{
    hart_idle(&bare_of(m)->hart[hart], n);
}

static void state(struct machine *m, unsigned hart, struct state *s)
{
    hart_state(&bare_of(m)->hart[hart], s);
}

static void attach(struct machine *m, unsigned hart, bool attached)
{
    struct hart *h = &bare_of(m)->hart[hart];

    h->attached = attached;
    hart_changed(h, ~0u);
}

static const struct machine_ops bare_ops = {
    .reg_get = reg_get, .reg_set = reg_set,
    .csr_get = csr_get, .csr_set = csr_set,
    .fence = fence, .ram = ram, .discard = discard,
    .load = load, .store = store,
    .run = run, .idle = idle, .hart_state = state, .attach = attach,
};

static enum status init_harts(struct bare *b)
{
    for (unsigned h = 0; h < b->machine.harts; h++) {
        enum status s = hart_init(&b->hart[h], h, b->machine.isa,
                                  &b->board.bus, b->engine, BOARD_ROM_BASE);

        if (s != STATUS_OK) {
            while (h-- > 0)
                hart_free(&b->hart[h]);
            return s;
        }
        b->board.csr[h] = &b->hart[h].csr;
    }
    return STATUS_OK;
}

struct bare *bare_new(const struct board_config *c)
{
    struct bare *b = calloc(1, sizeof *b);

    if (!b)
        return NULL;
    if (board_init(&b->board, c, NULL, NULL) != STATUS_OK) {
        free(b);
        return NULL;
    }
    b->machine = (struct machine){ .ops = &bare_ops, .harts = c->harts,
                                   .isa = &b->board.config.isa };
    b->engine = engine_new(&b->board.bus, b->machine.isa);
    if (!b->engine || init_harts(b) != STATUS_OK) {
        if (b->engine)
            engine_free(b->engine);
        board_free(&b->board);
        free(b);
        return NULL;
    }
    return b;
}

void bare_free(struct bare *b)
{
    if (!b)
        return;
    for (unsigned h = 0; h < b->machine.harts; h++)
        hart_free(&b->hart[h]);
    engine_free(b->engine);
    board_free(&b->board);
    free(b);
}

struct bare *bare_from(struct machine *m)
{
    return m->ops == &bare_ops ? bare_of(m) : NULL;
}

void bare_watch(struct bare *b, hart_watcher *watcher, void *context)
{
    for (unsigned h = 0; h < b->machine.harts; h++) {
        b->hart[h].watcher = watcher;
        b->hart[h].watcher_context = context;
    }
}
