/*
 * Random accesses to every device, while time passes and keys arrive. Nothing
 * crashes; every wire is at each step what the registers say.
 */
#include "device_board.h"

/* The timer's rule: MTIP is set while mtime >= mtimecmp. */
static void check_timers(const struct device_board *b)
{
    const struct aclint *a = &b->devices.aclint;
    uint64_t time = clock_time(&b->bus.clock, b->bus.clock.now);

    for (unsigned i = 0; i < a->harts; i++) {
        bool level = b->lines[i] >> 7 & 1;

        REQUIRE(level == (time >= a->timer[i].compare));
        REQUIRE((b->lines[i] >> 3 & 1) == a->msip[i]);
    }
}

/* A context's line is up if an enabled pending source beats its threshold. */
static void check_plic(const struct device_board *b)
{
    const struct plic *p = &b->devices.plic;

    for (unsigned c = 0; c < p->contexts; c++) {
        bool level = false;

        for (unsigned s = 1; s <= PLIC_SOURCES; s++)
            level |=
                (p->pending[s / 32] & p->enable[c][s / 32]) >> s % 32 & 1 &&
                p->priority[s] > p->threshold[c];
        REQUIRE(level == (b->lines[c / 2] >> (c % 2 ? 9 : 11) & 1));
    }
    for (unsigned w = 0; w < PLIC_WORDS; w++) {
        REQUIRE((p->pending[w] & p->claimed[w]) == 0);
        REQUIRE((p->level[w] & ~p->pending[w] & ~p->claimed[w]) == 0);
    }
}

/* What is due has fired, and the rest is in order. */
static void check_clock(const struct device_board *b)
{
    const struct clock_event *e = b->bus.clock.queue;

    REQUIRE(!e || e->due > b->bus.clock.now);
    for (; e; e = e->next)
        REQUIRE(!e->next || e->due <= e->next->due);
}

static void access_device(struct device_board *b, struct fuzz_input *in,
                          bool write)
{
    size_t n;
    const struct device_slot *slot = device_slots(&n);
    uint64_t row = fuzz_take(in, 1), which = fuzz_take(in, 1);
    unsigned size = 1u << (which >> 4 & 3);
    uint64_t offset = fuzz_take(in, 3);
    uint64_t pa, v;

    slot += row % n;
    pa = slot->base + offset % slot->size;
    if (which >> 6) /* mostly aligned */
        pa &= ~(uint64_t)(size - 1);
    if (write)
        bus_store(&b->bus, pa, size, fuzz_take(in, size));
    else if (bus_load(&b->bus, pa, size, &v) == STATUS_OK)
        REQUIRE(size == 8 || v >> (8 * size) == 0);
}

static void step(struct device_board *b, struct fuzz_input *in)
{
    uint64_t what = fuzz_take(in, 1), until;
    uint8_t bytes[8] = { (uint8_t)what, 1, 2, 3, 4, 5, 6, 7 };

    switch (what % 8) {
    case 0: /* time passes, event by event as in the run loop */
        until = b->bus.clock.now + fuzz_take(in, 1 + (what >> 5));
        if (until < b->bus.clock.now || until == CLOCK_NEVER)
            break; /* no count is that high */
        while (clock_next(&b->bus.clock) <= until)
            clock_advance(&b->bus.clock, clock_next(&b->bus.clock));
        clock_advance(&b->bus.clock, until);
        break;
    case 1:
        console_push(&b->console, bytes, 1 + (what >> 5));
        break;
    case 2:
    case 3:
        access_device(b, in, false);
        break;
    default:
        access_device(b, in, true);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct device_board *b = device_board_new();
    struct fuzz_input in = { data, size };

    while (in.left) {
        step(b, &in);
        check_timers(b);
        check_plic(b);
        check_clock(b);
        device_board_check_virtio(b);
    }
    device_board_free(b);
    return 0;
}
