#include "machine/board.h"

#include <string.h>

#include "machine/board_inputs.h"

/* A wire of the board reaches a hart. SSIP is no line: the ACLINT sets the bit
   as software does, and software clears it (ACLINT 1.0, SSWI). */
static void hart_line(void *context, unsigned hart, unsigned irq, bool level)
{
    struct board *b = context;
    struct csr_file *c = hart < BOARD_MAX_HARTS ? b->csr[hart] : NULL;

    if (!c)
        return;
    if (irq == IRQ_SSI)
        c->mip |= BIT(IRQ_SSI);
    else if (level)
        c->lines |= BIT(irq);
    else
        c->lines &= ~BIT(irq);
    b->bus.attention = true;
}

static void time_written(void *context)
{
    struct board *b = context;

    for (unsigned h = 0; h < b->config.harts; h++)
        board_timer_update(b, h);
    b->bus.attention = true;
}

static void finish(void *context, int status)
{
    struct board *b = context;

    b->finished = true;
    b->status = status;
    b->bus.attention = true;
}

static void reset(void *context)
{
    struct board *b = context;

    b->reset_wanted = true;
    b->bus.attention = true;
}

/* The comparator's line as it is at the hart's count (Sstc: STIP is pending
   while time >= stimecmp, unsigned). */
static void update_line(struct board *b, struct csr_file *c)
{
    uint64_t lines = c->lines;

    c->time = clock_time(&b->bus.clock, c->count);
    csr_timer_update(c);
    if (c->lines != lines)
        b->bus.attention = true;
}

/* When the line changes by itself: when time reaches stimecmp, and when it
   wraps around to 0 after that. */
static uint64_t line_changes(struct board *b, const struct csr_file *c)
{
    struct clock *k = &b->bus.clock;
    uint64_t now = k->now, due;

    if (!isa_has(&b->config.isa, EXT_SSTC) || !(c->menvcfg & MENVCFG_STCE))
        return CLOCK_NEVER;
    k->now = c->count;
    due = c->stimecmp > c->time ? clock_count_of(k, c->stimecmp)
                                : clock_count_of_wrap(k);
    k->now = now;
    return due;
}

static void timer_due(void *context, uint64_t now)
{
    struct board_timer *t = context;

    (void)now;
    board_timer_update(t->board, t->hart);
}

void board_timer_update(struct board *b, unsigned hart)
{
    struct csr_file *c = b->csr[hart];
    struct clock_event *e = &b->timer[hart].event;
    uint64_t due;

    if (!c)
        return;
    update_line(b, c);
    due = line_changes(b, c);
    if (due != e->due)
        clock_schedule(&b->bus.clock, e, due);
}

static enum status init_devices(struct board *b)
{
    const struct board_config *c = &b->config;
    struct devices_config d = {
        .harts = c->harts, .seed = c->seed, .epoch = c->epoch,
        .console = c->console, .virtio_console = c->virtio_console,
        .port = c->port, .ports = c->ports,
        .balloon = c->balloon, .balloon_oom = c->balloon_oom,
        .net = c->net, .share = c->share, .display = c->display,
        .disk = c->disk, .disks = c->disks,
        .context = b, .hart_line = hart_line, .time_written = time_written,
        .finish = finish, .reset = reset,
    };

    board_inputs_between(b, &d);
    return devices_init(&b->devices, &b->bus, &d);
}

enum status board_init(struct board *b, const struct board_config *c,
                       uint8_t *(*lookup)(void *, uint64_t, uint64_t, bool),
                       void *context)
{
    enum status s = STATUS_OK;

    memset(b, 0, sizeof *b);
    if (c->harts < 1 || c->harts > BOARD_MAX_HARTS || c->memory == 0 ||
        c->memory % RAM_PAGE || c->disks > BOARD_MAX_DISKS)
        return STATUS_BAD_ARGUMENT;
    b->config = *c;
    if (lookup)
        ram_init_lookup(&b->bus.ram, BOARD_RAM_BASE, c->memory, lookup,
                        context);
    else
        s = ram_init(&b->bus.ram, BOARD_RAM_BASE, c->memory);
    if (s != STATUS_OK)
        return s;
    clock_init(&b->bus.clock);
    bus_init(&b->bus);
    for (unsigned h = 0; h < BOARD_MAX_HARTS; h++) {
        struct board_timer *t = &b->timer[h];

        *t = (struct board_timer){ .board = b, .hart = h };
        t->event = (struct clock_event){ .due = CLOCK_NEVER, .context = t,
                                         .fire = timer_due };
    }
    s = init_devices(b);
    if (s == STATUS_OK)
        board_inputs_connect(b);
    else
        board_free(b);
    return s;
}

void board_free(struct board *b)
{
    devices_free(&b->devices);
    ram_free(&b->bus.ram);
}

void board_state(struct board *b, struct state *s)
{
    uint32_t status = (uint32_t)b->status;

    clock_state(&b->bus.clock, s);
    state_require(s, b->bus.clock.now <= CSR_COUNT_MAX);
    state_bool(s, &b->finished);
    state_bool(s, &b->reset_wanted);
    state_u32(s, &status);
    b->status = (int)status;
    for (unsigned h = 0; h < b->config.harts; h++)
        clock_event_state(&b->bus.clock, &b->timer[h].event, s);
    devices_state(&b->devices, s);
    if (!s->saving)
        b->bus.attention = false;
}
