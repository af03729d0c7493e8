/* virtio input: what a keyboard and a tablet say they can, and their events. */
#include "devices/virtio_driver.h"

#include <linux/input-event-codes.h>

#include "devices/state_memory.h"

#define KEYBOARD DEVICES_KEYBOARD_SLOT
#define TABLET   DEVICES_TABLET_SLOT
#define EVENT    VIRTIO_INPUT_EVENT

enum { EVENTS = 0, STATUS_QUEUE = 1 };

static void select_config(struct fixture *f, unsigned slot, uint8_t select,
                          uint8_t subsel)
{
    bus_put(f, VIRTIO_BASE(slot) + V_CONFIG, 1, select);
    bus_put(f, VIRTIO_BASE(slot) + V_CONFIG + 1, 1, subsel);
    assert_int_equal(bus_get(f, VIRTIO_BASE(slot) + V_CONFIG, 1), select);
    assert_int_equal(bus_get(f, VIRTIO_BASE(slot) + V_CONFIG + 1, 1), subsel);
}

static uint64_t config(struct fixture *f, unsigned slot, unsigned offset,
                       unsigned size)
{
    return bus_get(f, VIRTIO_BASE(slot) + V_CONFIG + offset, size);
}

static unsigned size_of(struct fixture *f, unsigned slot, uint8_t select,
                        uint8_t subsel)
{
    select_config(f, slot, select, subsel);
    return (unsigned)config(f, slot, 2, 1);
}

/* Is the code in the bitmap of the type? */
static bool can(struct fixture *f, unsigned slot, unsigned type, unsigned code)
{
    unsigned size = size_of(f, slot, 0x11, (uint8_t)type);

    return code / 8 < size && config(f, slot, 8 + code / 8, 1) >> code % 8 & 1;
}

static void they_say_who_they_are(void **state)
{
    struct fixture *f = *state;
    static const struct {
        unsigned slot;
        const char *name, *serial;
    } devices[] = {
        { KEYBOARD, "Pogo keyboard", "pogo-keyboard" },
        { TABLET, "Pogo tablet", "pogo-tablet" },
    };

    for (unsigned i = 0; i < 2; i++) {
        unsigned slot = devices[i].slot;

        assert_int_equal(virtio_get(f, slot, V_DEVICE_ID), 18);
        assert_int_equal(size_of(f, slot, 0, 0), 0);
        assert_int_equal(size_of(f, slot, 1, 0), strlen(devices[i].name));
        for (size_t k = 0; devices[i].name[k]; k++)
            assert_int_equal(config(f, slot, 8 + (unsigned)k, 1),
                             devices[i].name[k]);
        assert_int_equal(size_of(f, slot, 2, 0), strlen(devices[i].serial));
        assert_int_equal(config(f, slot, 8, 1), 'p');
        assert_int_equal(size_of(f, slot, 3, 0), 8);
        assert_int_equal(config(f, slot, 8, 2), 6);
        assert_int_equal(config(f, slot, 12, 2), i + 1);
        /* What nobody knows has no size, and no bytes. */
        assert_int_equal(size_of(f, slot, 1, 1), 0);
        assert_int_equal(config(f, slot, 8, 8), 0);
        assert_int_equal(size_of(f, slot, 4, 0), 0);
        assert_int_equal(size_of(f, slot, 0x10, 0), 0);
        assert_int_equal(size_of(f, slot, 0xff, 0xff), 0);
    }
}

static void a_keyboard_has_keys_and_repeats_them(void **state)
{
    struct fixture *f = *state;

    assert_true(can(f, KEYBOARD, EV_KEY, KEY_ESC));
    assert_true(can(f, KEYBOARD, EV_KEY, KEY_A));
    assert_true(can(f, KEYBOARD, EV_KEY, KEY_RIGHTMETA));
    assert_true(can(f, KEYBOARD, EV_KEY, KEY_COMPOSE));
    assert_true(can(f, KEYBOARD, EV_KEY, KEY_F24));
    assert_false(can(f, KEYBOARD, EV_KEY, 0));
    assert_false(can(f, KEYBOARD, EV_KEY, 128));
    assert_false(can(f, KEYBOARD, EV_KEY, BTN_LEFT));
    assert_int_not_equal(size_of(f, KEYBOARD, 0x11, EV_REP), 0);
    assert_int_equal(size_of(f, KEYBOARD, 0x11, EV_REL), 0);
    assert_int_equal(size_of(f, KEYBOARD, 0x11, EV_ABS), 0);
    assert_int_equal(size_of(f, KEYBOARD, 0x12, ABS_X), 0);
}

static void a_tablet_has_two_axes_a_wheel_and_buttons(void **state)
{
    struct fixture *f = *state;

    for (uint8_t axis = 0; axis < 64; axis++) {
        assert_int_equal(can(f, TABLET, EV_ABS, axis), axis < 2);
        assert_int_equal(size_of(f, TABLET, 0x12, axis), axis < 2 ? 20 : 0);
        assert_int_equal(config(f, TABLET, 8, 4), 0);
        assert_int_equal(config(f, TABLET, 12, 4), axis < 2 ? 32767 : 0);
        assert_int_equal(config(f, TABLET, 16, 8), 0);
    }
    assert_true(can(f, TABLET, EV_REL, REL_WHEEL));
    assert_true(can(f, TABLET, EV_REL, REL_HWHEEL));
    assert_false(can(f, TABLET, EV_REL, REL_X));
    for (unsigned code = 0; code < 0x2ff; code++)
        assert_int_equal(can(f, TABLET, EV_KEY, code),
                         code >= BTN_LEFT && code <= BTN_EXTRA);
    assert_int_equal(size_of(f, TABLET, 0x11, EV_REP), 0);
}

static void both_selectors_can_be_written_at_once(void **state)
{
    struct fixture *f = *state;

    bus_put(f, VIRTIO_BASE(TABLET) + V_CONFIG, 2, 0x0012 | ABS_Y << 8);
    assert_int_equal(config(f, TABLET, 2, 1), 20);
    assert_int_equal(config(f, TABLET, 1, 1), ABS_Y);
    /* The rest of it is not the driver's to write. */
    bus_put(f, VIRTIO_BASE(TABLET) + V_CONFIG, 8,
            UINT64_C(0xffffffffffff0000) | 0x0012);
    assert_int_equal(config(f, TABLET, 2, 2), 20);
    bus_put(f, VIRTIO_BASE(TABLET) + V_CONFIG + 2, 2, 0xffff);
    bus_put(f, VIRTIO_BASE(TABLET) + V_CONFIG + 0x80, 8, UINT64_MAX);
    assert_int_equal(config(f, TABLET, 0, 4), 0x140012);
    virtio_set(f, TABLET, V_STATUS, 0);
    assert_int_equal(config(f, TABLET, 0, 4), 0);
}

/* n events: the keys 1, 2, 3 …; the last is a SYN_REPORT. */
static size_t packet(uint8_t *to, unsigned n)
{
    for (unsigned i = 1; i < n; i++, to += EVENT)
        virtio_input_event(to, EV_KEY, (uint16_t)i, i);
    virtio_input_event(to, EV_SYN, SYN_REPORT, 0);
    return (size_t)n * EVENT;
}

/* Gives the keyboard buffers 0 to n - 1 of the ring, each of `size` bytes. */
static void give(struct fixture *f, unsigned n, uint32_t size)
{
    for (unsigned i = 0; i < n; i++) {
        virtio_describe(f, DESC(EVENTS), i, BUFFER + 16 * i, size, WRITE, 0);
        virtio_offer(f, EVENTS, i);
    }
    virtio_set(f, KEYBOARD, V_QUEUE_NOTIFY, EVENTS);
}

static void an_event_goes_into_a_buffer_of_its_own(void **state)
{
    struct fixture *f = *state;
    uint8_t events[4 * EVENT];
    size_t n = packet(events, 3);

    virtio_start(f, KEYBOARD, 2);
    give(f, 4, 16);
    assert_int_equal(virtio_used(f, EVENTS), 0);
    assert_int_equal(virtio_input_push(&f->devices.keyboard, events, n), n);
    assert_int_equal(virtio_used(f, EVENTS), 3);
    assert_int_equal(virtio_used_length(f, EVENTS, 0), EVENT);
    assert_int_equal(bus_get(f, BUFFER, 8), UINT64_C(0x0000000100010001));
    assert_int_equal(bus_get(f, BUFFER + 16, 8), UINT64_C(0x0000000200020001));
    assert_int_equal(bus_get(f, BUFFER + 32, 8), 0);
    assert_int_equal(virtio_get(f, KEYBOARD, V_INTERRUPT_STATUS), 1);
    assert_true(plic_pending(f, 14));
}

static void events_wait_for_buffers(void **state)
{
    struct fixture *f = *state;
    uint8_t events[8 * EVENT];
    size_t n = packet(events, 5);

    virtio_start(f, KEYBOARD, 2);
    assert_int_equal(virtio_input_push(&f->devices.keyboard, events, n), n);
    give(f, 2, 8);
    assert_int_equal(virtio_used(f, EVENTS), 2);
    assert_int_equal(bus_get(f, BUFFER + 16, 2), EV_KEY);
    give(f, 4, 8);
    assert_int_equal(virtio_used(f, EVENTS), 5);
    assert_int_equal(bus_get(f, BUFFER, 8), UINT64_C(0x0000000300030001));
    assert_int_equal(bus_get(f, BUFFER + 32, 8), 0);
    /* The sixth buffer waits for the next. */
    assert_int_equal(
        virtio_input_push(&f->devices.keyboard, events + n - EVENT, EVENT),
        EVENT);
    assert_int_equal(virtio_used(f, EVENTS), 6);
}

static void a_packet_is_taken_as_a_whole_or_not(void **state)
{
    struct fixture *f = *state;
    static uint8_t events[(VIRTIO_INPUT_QUEUE + 1) * EVENT];
    struct virtio_input *v = &f->devices.keyboard;
    size_t n = packet(events, 3);

    virtio_start(f, KEYBOARD, 2);
    assert_int_equal(virtio_input_push(v, events, n - 1), 0);
    assert_int_equal(virtio_input_push(v, events, n - EVENT), 0);
    assert_int_equal(virtio_input_push(v, events, 0), 0);
    assert_int_equal(v->waiting, 0);
    /* What no SYN_REPORT ends stays outside. */
    virtio_input_event(events + n, EV_KEY, 1, 1);
    assert_int_equal(virtio_input_push(v, events, n + EVENT), n);
    assert_int_equal(v->waiting, 3);
    /* Room for one event less than a packet has. */
    n = packet(events, VIRTIO_INPUT_QUEUE - 5);
    assert_int_equal(virtio_input_push(v, events, n), n);
    n = packet(events, 3);
    assert_int_equal(virtio_input_push(v, events, n), 0);
    assert_int_equal(v->waiting, VIRTIO_INPUT_QUEUE - 2);
    give(f, 1, 8);
    assert_int_equal(virtio_input_push(v, events, n), n);
    assert_int_equal(v->waiting, VIRTIO_INPUT_QUEUE);
    /* One that never fits. */
    virtio_start(f, KEYBOARD, 2);
    n = packet(events, VIRTIO_INPUT_QUEUE + 1);
    assert_int_equal(virtio_input_push(v, events, n), 0);
    n = packet(events, VIRTIO_INPUT_QUEUE);
    assert_int_equal(virtio_input_push(v, events, n), n);
}

static void without_a_driver_events_are_lost(void **state)
{
    struct fixture *f = *state;
    uint8_t events[3 * EVENT];
    size_t n = packet(events, 3);

    assert_int_equal(virtio_input_push(&f->devices.keyboard, events, n), n);
    virtio_start(f, KEYBOARD, 2);
    give(f, 4, 8);
    assert_int_equal(virtio_used(f, EVENTS), 0);
    /* A reset loses what waits. */
    give(f, 0, 8);
    for (unsigned i = 0; i < 3; i++)
        virtio_input_push(&f->devices.keyboard, events, n);
    virtio_set(f, KEYBOARD, V_STATUS, 0);
    assert_int_equal(f->devices.keyboard.waiting, 0);
    assert_int_equal(virtio_input_push(&f->devices.keyboard, events, n), n);
    assert_int_equal(f->devices.keyboard.waiting, 0);
}

static void a_buffer_that_is_too_small_goes_back_empty(void **state)
{
    struct fixture *f = *state;
    uint8_t events[EVENT];

    packet(events, 1);
    virtio_start(f, KEYBOARD, 2);
    give(f, 2, 7);
    assert_int_equal(virtio_input_push(&f->devices.keyboard, events, EVENT),
                     EVENT);
    assert_int_equal(virtio_used(f, EVENTS), 2);
    assert_int_equal(virtio_used_length(f, EVENTS, 1), 0);
    assert_int_equal(f->devices.keyboard.waiting, 1);
    give(f, 1, 8);
    assert_int_equal(f->devices.keyboard.waiting, 0);
}

static void what_the_driver_says_is_taken(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, KEYBOARD, 2);
    virtio_describe(f, DESC(STATUS_QUEUE), 0, BUFFER, 8, 0, 0);
    virtio_submit(f, KEYBOARD, STATUS_QUEUE, 0);
    assert_int_equal(virtio_used(f, STATUS_QUEUE), 1);
    assert_int_equal(virtio_used_length(f, STATUS_QUEUE, 0), 0);
}

#define STATE_MOST 10000

static void its_state_is_the_same_when_it_is_loaded(void **state)
{
    struct fixture *f = *state;
    static uint8_t first[STATE_MOST], second[STATE_MOST];
    struct state_bytes s = state_bytes_of(first, STATE_MOST, true);
    struct virtio_input *v = &f->devices.keyboard;
    uint8_t events[6 * EVENT];
    size_t n = packet(events, 6);

    virtio_start(f, KEYBOARD, 2);
    virtio_input_push(v, events, n);
    give(f, 2, 8);
    select_config(f, KEYBOARD, 1, 0);
    virtio_input_state(v, &s.state);
    n = s.at;
    assert_int_equal(virtio_input_push(v, events, 6 * EVENT), 6 * EVENT);
    give(f, 5, 8);
    select_config(f, KEYBOARD, 0x11, EV_KEY);
    s = state_bytes_of(first, n, false);
    virtio_input_state(v, &s.state);
    assert_false(s.state.bad);
    assert_int_equal(v->waiting, 4);
    assert_int_equal(config(f, KEYBOARD, 8, 1), 'P');
    s = state_bytes_of(second, STATE_MOST, true);
    virtio_input_state(v, &s.state);
    assert_int_equal(s.at, n);
    assert_memory_equal(first, second, n);
    give(f, 1, 8);
    assert_int_equal(bus_get(f, BUFFER, 8), UINT64_C(0x0000000300030001));
}

static void what_cannot_be_is_not_loaded(void **state)
{
    struct fixture *f = *state;
    static uint8_t bytes[STATE_MOST];
    struct virtio_input *v = &f->devices.keyboard;

    state_bytes_seed();
    virtio_start(f, KEYBOARD, 2);
    for (unsigned round = 0; round < 1000; round++) {
        struct state_bytes s = state_bytes_of(bytes, STATE_MOST, true);
        size_t n;

        virtio_input_state(v, &s.state);
        n = s.at;
        for (unsigned k = 0; k < 4; k++)
            bytes[4 + (unsigned)rand() % 12] = (uint8_t)rand();
        s = state_bytes_of(bytes, round % 3 ? n : (unsigned)rand() % n, false);
        virtio_input_state(v, &s.state);
        if (s.state.bad)
            virtio_start(f, KEYBOARD, 2);
        else
            give(f, 3, 8);
        assert_true(v->waiting <= VIRTIO_INPUT_QUEUE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(they_say_who_they_are),
        FIXTURE_TEST(a_keyboard_has_keys_and_repeats_them),
        FIXTURE_TEST(a_tablet_has_two_axes_a_wheel_and_buttons),
        FIXTURE_TEST(both_selectors_can_be_written_at_once),
        FIXTURE_TEST(an_event_goes_into_a_buffer_of_its_own),
        FIXTURE_TEST(events_wait_for_buffers),
        FIXTURE_TEST(a_packet_is_taken_as_a_whole_or_not),
        FIXTURE_TEST(without_a_driver_events_are_lost),
        FIXTURE_TEST(a_buffer_that_is_too_small_goes_back_empty),
        FIXTURE_TEST(what_the_driver_says_is_taken),
        FIXTURE_TEST(its_state_is_the_same_when_it_is_loaded),
        FIXTURE_TEST(what_cannot_be_is_not_loaded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
