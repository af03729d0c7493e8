/* virtio console with further ports: what the driver is told, who is at which
   end, and drivers that do what none should. */
#include "devices/state_bytes.h"
#include "devices/virtio_driver.h"
#include "seed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONSOLE DEVICES_CONSOLE_SLOT
enum { RECEIVE = 0, TRANSMIT = 1, CONTROL_RECEIVE = 2, CONTROL_TRANSMIT = 3 };
enum { QUEUES = 10, ALPHA = 4, BETA = 6 }; /* receive queues */

enum {
    DEVICE_READY = 0,
    DEVICE_ADD = 1,
    PORT_READY = 3,
    CONSOLE_PORT = 4,
    PORT_OPEN = 6,
    PORT_NAME = 7
};

/* Control buffers, CONTROL(i) for descriptor i; what the driver says. */
#define CONTROL_SIZE 64
#define CONTROL(i)   (BUFFER + 0x1000 + CONTROL_SIZE * (i))
#define SAID         (BUFFER + 0x2000)

/* The driver's eight control buffers are with the device from the start. */
static void give_control_buffer(struct fixture *f, unsigned i)
{
    virtio_describe(f, DESC(CONTROL_RECEIVE), i, CONTROL(i), CONTROL_SIZE,
                    WRITE, 0);
    virtio_submit(f, CONSOLE, CONTROL_RECEIVE, i);
}

static void start(struct fixture *f)
{
    for (unsigned q = 0; q < QUEUES; q++) { /* its rings are empty again */
        bus_put(f, AVAIL(q) + 2, 2, 0);
        bus_put(f, USED(q) + 2, 2, 0);
    }
    virtio_start(f, CONSOLE, QUEUES);
    for (unsigned i = 0; i < QUEUE_SIZE; i++)
        give_control_buffer(f, i);
}

static void say(struct fixture *f, unsigned id, unsigned event, unsigned value)
{
    bus_put(f, SAID, 4, id);
    bus_put(f, SAID + 4, 2, event);
    bus_put(f, SAID + 6, 2, value);
    virtio_describe(f, DESC(CONTROL_TRANSMIT), 0, SAID, 8, 0, 0);
    virtio_submit(f, CONSOLE, CONTROL_TRANSMIT, 0);
}

/* The n-th message that the device sent is this one; its buffer goes back. */
static void assert_told(struct fixture *f, unsigned n, unsigned id,
                        unsigned event, unsigned value)
{
    uint64_t at = CONTROL(n % QUEUE_SIZE);

    assert_true(virtio_used(f, CONTROL_RECEIVE) > n);
    assert_int_equal(bus_get(f, at, 4), id);
    assert_int_equal(bus_get(f, at + 4, 2), event);
    assert_int_equal(bus_get(f, at + 6, 2), value);
    assert_int_equal(virtio_used_length(f, CONTROL_RECEIVE, n),
                     event != PORT_NAME ? 8
                     : id == 1          ? 8 + 5
                                        : 8 + 4);
    give_control_buffer(f, n % QUEUE_SIZE);
}

static void assert_all_told(struct fixture *f, unsigned n)
{
    assert_int_equal(virtio_used(f, CONTROL_RECEIVE), n);
}

/* Up to where every port is there, and its name is known. */
static unsigned set_up_ports(struct fixture *f)
{
    start(f);
    say(f, 0, DEVICE_READY, 1);
    for (unsigned i = 0; i < 3; i++)
        assert_told(f, i, i, DEVICE_ADD, 1);
    for (unsigned i = 0; i < 3; i++) {
        say(f, i, PORT_READY, 1);
        assert_told(f, 3 + 2 * i, i, i ? PORT_NAME : CONSOLE_PORT, 1);
        assert_told(f, 4 + 2 * i, i, PORT_OPEN, 1);
    }
    assert_all_told(f, 9);
    return 9;
}

static void push(struct console *c, const char *text)
{
    uint8_t bytes[64] = { CONSOLE_BYTES };
    size_t n = 1 + strlen(text);

    strcpy((char *)bytes + 1, text);
    assert_int_equal(console_port_push(c, bytes, n), n);
}

static void connect(struct console *c, bool connected)
{
    uint8_t byte = connected ? CONSOLE_COME : CONSOLE_GONE;

    assert_int_equal(console_port_push(c, &byte, 1), 1);
}

static void give_buffer(struct fixture *f, unsigned queue, unsigned i)
{
    virtio_describe(f, DESC(queue), i, BUFFER + 16 * i, 16, WRITE, 0);
    virtio_submit(f, CONSOLE, queue, i);
}

static void it_says_what_it_is(void **state)
{
    struct fixture *f = *state;

    virtio_set(f, CONSOLE, V_DEVICE_FEATURES_SEL, 0);
    assert_int_equal(virtio_get(f, CONSOLE, V_DEVICE_FEATURES),
                     1u << 1 | 1u << 28); /* MULTIPORT, INDIRECT_DESC */
    assert_int_equal(bus_get(f, VIRTIO_BASE(CONSOLE) + V_CONFIG + 4, 4), 4);
    for (unsigned q = 0; q < 12; q++) {
        virtio_set(f, CONSOLE, V_QUEUE_SEL, q);
        assert_int_equal(virtio_get(f, CONSOLE, V_QUEUE_NUM_MAX),
                         q < QUEUES ? VIRTQUEUE_MAX : 0);
    }
}

static void without_ports_it_is_a_plain_console(void **state)
{
    struct fixture *f = *state;

    virtio_set(f, CONSOLE, V_DEVICE_FEATURES_SEL, 0);
    assert_int_equal(virtio_get(f, CONSOLE, V_DEVICE_FEATURES), 1u << 28);
    assert_int_equal(bus_get(f, VIRTIO_BASE(CONSOLE) + V_CONFIG + 4, 4), 0);
    virtio_set(f, CONSOLE, V_QUEUE_SEL, 2);
    assert_int_equal(virtio_get(f, CONSOLE, V_QUEUE_NUM_MAX), 0);
}

static void ports_are_added_named_and_open(void **state)
{
    struct fixture *f = *state;

    set_up_ports(f);
    assert_memory_equal(ram_pointer(&f->bus.ram, CONTROL(5) + 8, 5, false),
                        "alpha", 5);
    assert_memory_equal(ram_pointer(&f->bus.ram, CONTROL(7) + 8, 4, false),
                        "beta", 4);
    assert_int_equal(virtio_get(f, CONSOLE, V_INTERRUPT_STATUS), 1);
}

static void messages_wait_for_buffers(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, CONSOLE, QUEUES);
    say(f, 0, DEVICE_READY, 1);
    say(f, 1, PORT_READY, 1);
    assert_all_told(f, 0);
    for (unsigned i = 0; i < QUEUE_SIZE; i++)
        give_control_buffer(f, i);
    assert_told(f, 0, 0, DEVICE_ADD, 1);
    assert_told(f, 1, 1, DEVICE_ADD, 1);
    assert_told(f, 2, 1, PORT_NAME, 1);
    assert_told(f, 3, 1, PORT_OPEN, 1);
    assert_told(f, 4, 2, DEVICE_ADD, 1);
    assert_all_told(f, 5);
}

static void each_port_prints_to_its_own_console(void **state)
{
    struct fixture *f = *state;
    unsigned queue[] = { TRANSMIT, ALPHA + 1, BETA + 1 };

    set_up_ports(f);
    f->port[1].put = NULL; /* beta's bytes are dropped */
    bus_put(f, BUFFER, 4, 0x64636261);
    for (unsigned i = 0; i < 3; i++) {
        virtio_describe(f, DESC(queue[i]), 0, BUFFER + i, 1, 0, 0);
        virtio_submit(f, CONSOLE, queue[i], 0);
        assert_int_equal(virtio_used(f, queue[i]), 1);
    }
    assert_int_equal(f->outputs, 2);
    assert_memory_equal(f->output, "ab", 2);
}

static void input_is_held_back_until_the_guest_opens_the_port(void **state)
{
    struct fixture *f = *state;

    set_up_ports(f);
    give_buffer(f, ALPHA, 0);
    give_buffer(f, ALPHA, 1);
    push(&f->port[0], "early");
    assert_int_equal(virtio_used(f, ALPHA), 0);
    say(f, 1, PORT_OPEN, 1);
    assert_int_equal(virtio_used(f, ALPHA), 1);
    assert_int_equal(virtio_used_length(f, ALPHA, 0), 5);
    say(f, 1, PORT_OPEN, 0);
    push(&f->port[0], "late");
    assert_int_equal(virtio_used(f, ALPHA), 1);
    assert_int_equal(f->port[0].waiting, 4);
    say(f, 1, PORT_OPEN, 1);
    assert_int_equal(virtio_used(f, ALPHA), 2);
    assert_int_equal(bus_get(f, BUFFER + 16, 4), 0x6574616c);
}

static void the_console_needs_no_opening(void **state)
{
    struct fixture *f = *state;

    set_up_ports(f);
    give_buffer(f, RECEIVE, 0);
    push(&f->virtio_console, "key");
    assert_int_equal(virtio_used_length(f, RECEIVE, 0), 3);
}

static void the_driver_hears_who_comes_and_goes(void **state)
{
    struct fixture *f = *state;
    unsigned n = set_up_ports(f);

    connect(&f->port[1], false);
    assert_told(f, n++, 2, PORT_OPEN, 0);
    connect(&f->port[1], false);
    connect(&f->port[1], true);
    assert_told(f, n++, 2, PORT_OPEN, 1);
    assert_all_told(f, n);
}

static void what_is_no_input_is_not_taken(void **state)
{
    static const uint8_t odd[] = { 3, CONSOLE_GONE, 1 };
    static uint8_t long_one[CONSOLE_INPUT + 10] = { CONSOLE_BYTES };
    struct fixture *f = *state;
    struct console *c = &f->port[0];

    assert_int_equal(console_port_push(c, odd, 0), 0);
    assert_int_equal(console_port_push(c, odd, 1), 0);
    assert_int_equal(console_port_push(c, odd, 2), 0);
    assert_int_equal(console_port_push(c, odd + 1, 2), 0);
    assert_int_equal(console_port_push(c, long_one, 1), 0);
    assert_true(c->connected && c->waiting == 0);
    /* As much as there is room for. */
    assert_int_equal(console_port_push(c, long_one, sizeof long_one),
                     1 + CONSOLE_INPUT);
    assert_int_equal(console_port_push(c, long_one, 2), 0);
}

static void a_far_end_that_is_not_there_is_not_announced(void **state)
{
    struct fixture *f = *state;

    connect(&f->port[0], false);
    start(f);
    say(f, 0, DEVICE_READY, 1);
    say(f, 1, PORT_READY, 1);
    assert_told(f, 3, 1, PORT_NAME, 1);
    assert_all_told(f, 4);
    connect(&f->port[0], true);
    assert_told(f, 4, 1, PORT_OPEN, 1);
}

static void the_last_bytes_come_before_the_end(void **state)
{
    struct fixture *f = *state;
    unsigned n = set_up_ports(f);

    say(f, 1, PORT_OPEN, 1);
    push(&f->port[0], "this is more than one buffer");
    connect(&f->port[0], false);
    assert_all_told(f, n);
    give_buffer(f, ALPHA, 0);
    assert_all_told(f, n);
    give_buffer(f, ALPHA, 1);
    assert_int_equal(f->port[0].waiting, 0);
    assert_told(f, n++, 1, PORT_OPEN, 0);
    assert_all_told(f, n);
}

static void messages_that_make_no_sense_mean_nothing(void **state)
{
    struct fixture *f = *state;

    start(f);
    say(f, 3, PORT_READY, 1);
    say(f, 0xffffffff, PORT_READY, 1);
    say(f, 4, PORT_OPEN, 1);
    say(f, 0, DEVICE_READY, 0); /* the driver cannot */
    say(f, 1, PORT_READY, 0);
    say(f, 0, 99, 1);
    virtio_describe(f, DESC(CONTROL_TRANSMIT), 0, SAID, 7, 0, 0);
    virtio_submit(f, CONSOLE, CONTROL_TRANSMIT, 0);
    assert_int_equal(virtio_used(f, CONTROL_TRANSMIT), 7);
    assert_all_told(f, 0);
}

static void queues_of_ports_that_are_not_there_do_no_harm(void **state)
{
    struct fixture *f = *state;

    set_up_ports(f);
    give_buffer(f, 8, 0);
    virtio_describe(f, DESC(9), 0, BUFFER, 16, 0, 0);
    virtio_submit(f, CONSOLE, 9, 0);
    assert_int_equal(virtio_used(f, 8), 0);
    assert_int_equal(virtio_used(f, 9), 0);
    assert_int_equal(f->outputs, 0);
}

static void a_driver_without_the_feature_has_a_console(void **state)
{
    struct fixture *f = *state;

    virtio_set(f, CONSOLE, V_STATUS, ACKNOWLEDGE | DRIVER);
    virtio_set(f, CONSOLE, V_DRIVER_FEATURES_SEL, 1);
    virtio_set(f, CONSOLE, V_DRIVER_FEATURES, 1);
    virtio_set(f, CONSOLE, V_STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK);
    for (unsigned q = 0; q < QUEUES; q++)
        virtio_place_queue(f, CONSOLE, q, QUEUE_SIZE);
    virtio_set(f, CONSOLE, V_STATUS, RUNNING);
    for (unsigned i = 0; i < QUEUE_SIZE; i++)
        give_control_buffer(f, i);
    say(f, 0, DEVICE_READY, 1);
    say(f, 1, PORT_OPEN, 1);
    virtio_set(f, CONSOLE, V_QUEUE_NOTIFY, CONTROL_RECEIVE);
    assert_int_equal(virtio_used(f, CONTROL_TRANSMIT), 0);
    assert_all_told(f, 0);
    push(&f->port[0], "x");
    give_buffer(f, ALPHA, 0);
    assert_int_equal(virtio_used(f, ALPHA), 0);
    give_buffer(f, RECEIVE, 0);
    push(&f->virtio_console, "key");
    assert_int_equal(virtio_used_length(f, RECEIVE, 0), 3);
}

static void a_message_that_does_not_fit_is_lost(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, CONSOLE, QUEUES);
    virtio_describe(f, DESC(CONTROL_RECEIVE), 0, CONTROL(0), 7, WRITE, 0);
    virtio_submit(f, CONSOLE, CONTROL_RECEIVE, 0);
    say(f, 0, DEVICE_READY, 1);
    assert_all_told(f, 1);
    assert_int_equal(virtio_used_length(f, CONTROL_RECEIVE, 0), 0);
}

static void a_control_buffer_outside_ram_breaks_its_queue(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, CONSOLE, QUEUES);
    virtio_describe(f, DESC(CONTROL_RECEIVE), 0, 0x1000, 64, WRITE, 0);
    virtio_submit(f, CONSOLE, CONTROL_RECEIVE, 0);
    say(f, 0, DEVICE_READY, 1);
    assert_virtio_gave_up(f, CONSOLE, CONTROL_RECEIVE);
}

static void a_reset_forgets_what_was_open(void **state)
{
    struct fixture *f = *state;

    set_up_ports(f);
    say(f, 1, PORT_OPEN, 1);
    virtio_set(f, CONSOLE, V_STATUS, 0);
    for (unsigned i = 0; i < 3; i++) {
        assert_false(f->devices.console.port[i].ready);
        assert_false(f->devices.console.port[i].open);
        assert_false(f->devices.console.port[i].told);
    }
    set_up_ports(f);
}

static void its_state_moves(void **state)
{
    struct fixture *f = *state;
    struct virtio_console *v = &f->devices.console;
    static struct state_bytes first, again;

    set_up_ports(f);
    say(f, 2, PORT_OPEN, 1);
    push(&f->port[0], "waits");
    connect(&f->port[0], false);
    v->port[1].owed = 1 << DEVICE_ADD;
    state_bytes_save(&first);
    virtio_console_state(v, &first.state);

    virtio_set(f, CONSOLE, V_STATUS, 0);
    console_init(&f->port[0], NULL, NULL);
    state_bytes_load(&first);
    virtio_console_state(v, &first.state);
    assert_false(first.state.bad);
    assert_int_equal(first.at, first.size);
    assert_true(v->port[2].open && !v->port[1].open && v->port[1].told);
    assert_int_equal(f->port[0].waiting, 5);
    assert_false(f->port[0].connected);
    state_bytes_save(&again);
    virtio_console_state(v, &again.state);
    assert_int_equal(again.size, first.size);
    assert_memory_equal(again.bytes, first.bytes, first.size);
}

/* Whatever is loaded, the device is good or says that it is not. */
static void random_state_does_no_harm(void **state)
{
    struct fixture *f = *state;
    unsigned good = 0;
    unsigned seed = (unsigned)test_seed();
    static struct state_bytes b;

    for (unsigned round = 0; round < 2000; round++) {
        b.size = (size_t)rand_r(&seed) % sizeof b.bytes;
        for (size_t i = 0; i < b.size && i < 64; i++)
            b.bytes[i] = (uint8_t)(rand_r(&seed) % 3 ? rand_r(&seed) % 4
                                                     : rand_r(&seed));
        if (rand_r(&seed) % 8)
            memcpy(b.bytes, "vcon", 4);
        state_bytes_load(&b);
        virtio_console_state(&f->devices.console, &b.state);
        for (unsigned i = 0; i < FIXTURE_PORTS; i++)
            assert_true(f->port[i].waiting <= CONSOLE_INPUT);
        if (b.state.bad) {
            virtio_set(f, CONSOLE, V_STATUS, 0);
            continue;
        }
        connect(&f->virtio_console, true);
        connect(&f->port[0], true);
        connect(&f->port[1], true);
        set_up_ports(f);
        good++;
        say(f, 1, PORT_OPEN, 1);
    }
    assert_true(good > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_PORTS_TEST(it_says_what_it_is),
        FIXTURE_TEST(without_ports_it_is_a_plain_console),
        FIXTURE_PORTS_TEST(ports_are_added_named_and_open),
        FIXTURE_PORTS_TEST(messages_wait_for_buffers),
        FIXTURE_PORTS_TEST(each_port_prints_to_its_own_console),
        FIXTURE_PORTS_TEST(input_is_held_back_until_the_guest_opens_the_port),
        FIXTURE_PORTS_TEST(the_console_needs_no_opening),
        FIXTURE_PORTS_TEST(the_driver_hears_who_comes_and_goes),
        FIXTURE_PORTS_TEST(what_is_no_input_is_not_taken),
        FIXTURE_PORTS_TEST(a_far_end_that_is_not_there_is_not_announced),
        FIXTURE_PORTS_TEST(the_last_bytes_come_before_the_end),
        FIXTURE_PORTS_TEST(messages_that_make_no_sense_mean_nothing),
        FIXTURE_PORTS_TEST(queues_of_ports_that_are_not_there_do_no_harm),
        FIXTURE_PORTS_TEST(a_driver_without_the_feature_has_a_console),
        FIXTURE_PORTS_TEST(a_message_that_does_not_fit_is_lost),
        FIXTURE_PORTS_TEST(a_control_buffer_outside_ram_breaks_its_queue),
        FIXTURE_PORTS_TEST(a_reset_forgets_what_was_open),
        FIXTURE_PORTS_TEST(its_state_moves),
        FIXTURE_PORTS_TEST(random_state_does_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
