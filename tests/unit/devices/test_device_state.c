/*
 * The devices' state: what one board's devices are, another's become, and do
 * the same from there on. What is damaged is refused or does no harm.
 */
#include "devices/fixture.h"
#include "seed.h"
#include "state_trip.h"

static void all_state(void *fixture, struct state *s)
{
    struct fixture *f = fixture;

    clock_state(&f->bus.clock, s);
    devices_state(&f->devices, s);
}

/* Something that a driver may store there: often what makes sense. */
static uint64_t value(uint64_t *random, unsigned size)
{
    uint64_t r = trip_random(random), v = trip_random(random);

    switch (r % 6) {
    case 0:
        v = FIXTURE_RAM + v % FIXTURE_RAM_SIZE / 64 * 64;
        break;
    case 1:
        v = BIT(v % 9); /* a queue's size, a feature, a status bit */
        break;
    case 2:
        v %= 16;
        break;
    case 3:
        v = 0x0f; /* all of virtio's status */
        break;
    case 4:
        v %= 5000;
        break;
    }
    return size < 8 ? v & MASK(8 * size - 1, 0) : v;
}

/* The register files begin where their ranges do, and are small; the PLIC's
   contexts have some of their own. */
static uint64_t offset(uint64_t *random, const struct device_slot *slot)
{
    uint64_t r = trip_random(random), span = slot->size;

    if (slot->kind == DEVICE_PLIC && r >> 62 == 1)
        return 0x200000 + r % 8 * 0x1000 + (r >> 8 & 4);
    if (slot->kind == DEVICE_PLIC && r >> 62 > 1)
        span = r >> 40 & 1 ? 0x80 : 0x2400;
    else if (r >> 62)
        span = 0x110;
    return r % (span < slot->size ? span : slot->size) / 4 * 4;
}

/* Returns what was read. */
static uint64_t access_device(struct fixture *f, uint64_t *random)
{
    size_t n;
    const struct device_slot *slot = device_slots(&n);
    uint64_t r = trip_random(random), v = 0;
    unsigned size = r >> 20 & 7 ? 4 : 1u << (r >> 24 & 3);
    uint64_t pa;

    slot += r % n;
    pa = slot->base + offset(random, slot);
    if (slot->kind == DEVICE_UART)
        pa = slot->base + r % 8, size = 1;
    if (r >> 40 & 3)
        bus_store(&f->bus, pa, size, value(random, size));
    else
        bus_load(&f->bus, pa, size, &v);
    return v;
}

static void pass_time(struct fixture *f, uint64_t n)
{
    uint64_t until = f->bus.clock.now + n;

    while (clock_next(&f->bus.clock) <= until)
        clock_advance(&f->bus.clock, clock_next(&f->bus.clock));
    clock_advance(&f->bus.clock, until);
}

/* Returns a number that stands for all that was read. */
static uint64_t shake(struct fixture *f, uint64_t *random, unsigned steps)
{
    uint64_t sum = 0;

    while (steps-- > 0) {
        uint64_t r = trip_random(random);
        uint8_t bytes[32];

        for (unsigned i = 0; i < sizeof bytes; i++)
            bytes[i] = (uint8_t)(r >> i % 57);
        switch (r % 16) {
        case 0:
            pass_time(f, r >> 32 & 0xffff);
            break;
        case 1:
            console_push(&f->console, bytes, r >> 32 & 31);
            break;
        case 2:
            console_push(&f->virtio_console, bytes, r >> 32 & 31);
            break;
        case 3:
            f->net.deliver(f->net.device, bytes, sizeof bytes);
            break;
        default:
            sum = 31 * sum + access_device(f, random);
            break;
        }
    }
    return sum;
}

static struct fixture *make(void)
{
    void *state;

    assert_int_equal(fixture_set_up_disks(&state), 0);
    return state;
}

static void drop(struct fixture *f)
{
    void *state = f;

    fixture_tear_down(&state);
}

static void what_is_loaded_goes_on_as_it_was(void **state)
{
    uint64_t random = test_seed();

    (void)state;
    for (unsigned i = 0; i < 60; i++) {
        struct fixture *a = make(), *b = make();
        uint64_t same, sum;

        shake(a, &random, 400);
        memcpy(b->bus.ram.bytes, a->bus.ram.bytes, FIXTURE_RAM_SIZE);
        shake(b, &random, 50); /* what was there is gone after loading */
        memcpy(b->bus.ram.bytes, a->bus.ram.bytes, FIXTURE_RAM_SIZE);
        trip(all_state, a, b);
        memcpy(b->lines, a->lines, sizeof b->lines);
        memcpy(b->ssip, a->ssip, sizeof b->ssip);
        b->outputs = a->outputs;
        b->finished = a->finished;
        same = random;
        sum = shake(a, &random, 300);
        assert_true(shake(b, &same, 300) == sum);
        trip(all_state, a, b);
        assert_memory_equal(a->lines, b->lines, sizeof a->lines);
        assert_memory_equal(a->ssip, b->ssip, sizeof a->ssip);
        assert_int_equal(a->outputs, b->outputs);
        assert_memory_equal(a->bus.ram.bytes, b->bus.ram.bytes,
                            FIXTURE_RAM_SIZE);
        drop(a);
        drop(b);
    }
}

/* What is loaded may say of a wire what it is not. */
static void any_level(void *context, unsigned hart, unsigned irq, bool level)
{
    (void)context, (void)hart, (void)irq, (void)level;
}

static void what_is_damaged_does_no_harm(void **state)
{
    uint64_t random = test_seed();
    unsigned refused = 0;

    (void)state;
    for (unsigned i = 0; i < 300; i++) {
        struct fixture *a = make(), *b = make();
        struct state_buffer s;

        shake(a, &random, 100);
        b->devices.config.hart_line = any_level;
        s = trip_save(all_state, a);
        trip_spoil(&s, &random);
        if (trip_load(all_state, b, s.bytes, s.size))
            shake(b, &random, 100);
        else
            refused++;
        state_buffer_free(&s);
        drop(a);
        drop(b);
    }
    assert_true(refused > 0 && refused < 300);
}

static void noise_is_refused(void **state)
{
    uint64_t random = test_seed();

    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        struct fixture *f = make();
        uint8_t bytes[512];

        for (unsigned k = 0; k < sizeof bytes; k++)
            bytes[k] = (uint8_t)trip_random(&random);
        assert_false(trip_load(all_state, f, bytes, sizeof bytes));
        drop(f);
    }
}

/* ---- one by one ---- */

static void rom_of(void *o, struct state *s)
{
    rom_state(o, s);
}

static void rtc_of(void *o, struct state *s)
{
    clock_state(((struct rtc *)o)->clock, s);
    rtc_state(o, s);
}

static void aclint_of(void *o, struct state *s)
{
    clock_state(((struct aclint *)o)->clock, s);
    aclint_state(o, s);
}

static void plic_of(void *o, struct state *s)
{
    plic_state(o, s);
}

static void uart_of(void *o, struct state *s)
{
    uart_state(o, s);
}

static void console_of(void *o, struct state *s)
{
    console_state(o, s);
}

static void virtio_of(void *o, struct state *s)
{
    virtio_mmio_state(o, s);
}

static void queue_of(void *o, struct state *s)
{
    virtqueue_state(o, s);
}

/* From one member to the end of another, byte for byte. */
#define SAME(a, b, first, last)                                                \
    assert_memory_equal(&(a)->first, &(b)->first,                              \
                        (size_t)((const char *)&(a)->last + sizeof(a)->last -  \
                                 (const char *)&(a)->first))

/* All ones and more: no member has what it has to begin with. */
static void fill(struct devices *d)
{
    memset(d->plic.priority, 5, sizeof d->plic.priority);
    for (unsigned i = 0; i <= PLIC_SOURCES; i++)
        d->plic.priority[i] = i % 8;
    for (unsigned w = 0; w < PLIC_WORDS; w++) {
        d->plic.level[w] = 0x10 << w;
        d->plic.pending[w] = 0x20 << w;
        d->plic.claimed[w] = 0x40 << w;
    }
    d->rtc.time_high = 7;
    d->rtc.alarm = 99;
    d->rtc.alarm_set = d->rtc.irq_enabled = d->rtc.irq_pending = true;
    d->uart.ier = 5, d->uart.lcr = 3, d->uart.mcr = 2, d->uart.lsr = 2;
    d->uart.msr = 0xb1, d->uart.scr = 9, d->uart.fcr = 0xc1;
    d->uart.dll = 12, d->uart.dlm = 1, d->uart.thr_emptied = true;
    d->virtio[0].accepted = 3, d->virtio[0].device_word = 1;
    d->virtio[0].driver_word = 2, d->virtio[0].queue_selected = 4;
    d->virtio[0].status = 15, d->virtio[0].interrupt = 3;
    d->virtio[0].generation = 8;
    d->virtio[0].queue[0] = (struct virtqueue){ .ram = d->virtio[0].ram,
                                                .broken = true,
                                                .indirect = true,
                                                .size = 16,
                                                .descriptors = 1,
                                                .available = 2,
                                                .used = 3,
                                                .next_available = 4,
                                                .next_used = 5 };
    d->rng.state = 6;
    d->net.cable->mac[5] = 77;
}

static void each_object_is_moved_whole(void **state)
{
    struct fixture *a = make(), *b = make();
    struct devices *x = &a->devices, *y = &b->devices;

    (void)state;
    fill(x);
    assert_int_equal(rom_fill(&x->rom, 100, "bytes", 5), STATUS_OK);
    memset(y->rom.bytes, 0xff, ROM_SIZE);
    trip(rom_of, &x->rom, &y->rom);
    SAME(&x->rom, &y->rom, bytes, bytes);
    trip(rtc_of, &x->rtc, &y->rtc);
    SAME(&x->rtc, &y->rtc, offset, irq_pending);
    bus_put(a, ACLINT_BASE, 4, 1);
    bus_put(a, ACLINT_BASE + 0x4008, 8, 4711);
    trip(aclint_of, &x->aclint, &y->aclint);
    SAME(&x->aclint, &y->aclint, msip, msip);
    assert_int_equal(y->aclint.timer[1].compare, 4711);
    assert_int_equal(y->aclint.timer[1].event.due, 471100);
    trip(plic_of, &x->plic, &y->plic);
    SAME(&x->plic, &y->plic, priority[1], driven);
    console_push(&a->console, (const uint8_t *)"more than a FIFO holds", 22);
    trip(uart_of, &x->uart, &y->uart);
    SAME(&x->uart, &y->uart, ier, thr_emptied);
    SAME(&a->console, &b->console, waiting, waiting);
    assert_int_equal(b->console.waiting, 22 - UART_FIFO);
    trip(console_of, &a->virtio_console, &b->virtio_console);
    for (unsigned i = 0; i < DEVICES_VIRTIO_SLOTS; i++)
        trip(virtio_of, &x->virtio[i], &y->virtio[i]);
    SAME(&x->virtio[0], &y->virtio[0], accepted, generation);
    SAME(&x->virtio[0].queue[0], &y->virtio[0].queue[0], ready, next_used);
    assert_int_equal(y->rng.state, 6);
    assert_memory_equal(y->net.cable->mac, x->net.cable->mac, NET_MAC);
    drop(a);
    drop(b);
}

static void another_kind_of_device_is_refused(void **state)
{
    struct fixture *f = make();
    struct state_buffer s = trip_save(virtio_of, &f->devices.virtio[0]);

    (void)state;
    /* Disk 1 is read-only, and offers that. */
    assert_true(trip_load(virtio_of, &f->devices.virtio[0], s.bytes, s.size));
    assert_false(trip_load(virtio_of, &f->devices.virtio[1], s.bytes, s.size));
    assert_false(trip_load(virtio_of, &f->devices.virtio[2], s.bytes, s.size));
    assert_false(trip_load(virtio_of, &f->devices.virtio[DEVICES_NET_SLOT],
                           s.bytes, s.size));
    state_buffer_free(&s);
    drop(f);
}

/* What no register can be made to say. */
static void an_impossible_number_is_refused(void **state)
{
    struct fixture *f = make();
    struct virtqueue *q = &f->devices.virtio[0].queue[0];
    struct state_buffer s;

    (void)state;
    q->ready = true;
    q->size = 3;
    s = trip_save(queue_of, q);
    assert_false(trip_load(queue_of, q, s.bytes, s.size));
    state_buffer_free(&s);
    f->devices.uart.filled = UART_FIFO + 1;
    s = trip_save(uart_of, &f->devices.uart);
    assert_false(trip_load(uart_of, &f->devices.uart, s.bytes, s.size));
    state_buffer_free(&s);
    f->devices.plic.priority[7] = PLIC_MAX_PRIORITY + 1;
    s = trip_save(plic_of, &f->devices.plic);
    assert_false(trip_load(plic_of, &f->devices.plic, s.bytes, s.size));
    state_buffer_free(&s);
    drop(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_loaded_goes_on_as_it_was),
        cmocka_unit_test(what_is_damaged_does_no_harm),
        cmocka_unit_test(noise_is_refused),
        cmocka_unit_test(each_object_is_moved_whole),
        cmocka_unit_test(another_kind_of_device_is_refused),
        cmocka_unit_test(an_impossible_number_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
