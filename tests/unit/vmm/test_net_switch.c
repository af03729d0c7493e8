/* The switch: who hears what, in which order, and what is lost. */
#include "vmm/net_switch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STATIONS 4

/* A station at a port: what it heard last, and how much it still takes. */
struct station {
    struct net_cable cable;
    unsigned port, room, heard;
    size_t size;
    uint8_t frame[NET_FRAME_MAX];
};

struct fixture {
    struct net_switch *s;
    struct station station[STATIONS];
};

static bool take(void *device, const uint8_t *frame, size_t size)
{
    struct station *t = device;

    if (t->room == 0)
        return false;
    t->room--;
    t->heard++;
    t->size = size;
    memcpy(t->frame, frame, size);
    return true;
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    f->s = net_switch_new();
    assert_non_null(f->s);
    for (unsigned i = 0; i < STATIONS; i++) {
        struct station *t = &f->station[i];

        t->cable = (struct net_cable){ .deliver = take, .device = t };
        t->room = 10000;
        assert_int_equal(net_switch_plug(f->s, &t->cable, &t->port), STATUS_OK);
        assert_int_equal(t->port, i);
    }
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    net_switch_free(f->s);
    free(f);
    return 0;
}

/* Addresses, for short: a station's, one of many, and that of all. */
#define ALL 0xffffffffu

static void put_address(uint8_t *to, unsigned n)
{
    memset(to, n == ALL ? 0xff : 0x02, NET_MAC);
    for (unsigned i = 0; i < 4 && n != ALL; i++)
        to[2 + i] = (uint8_t)(n >> (8 * i));
}

/* `from` sends a frame of `size` bytes that ends with `mark`. */
static void send_sized(struct fixture *f, unsigned from, unsigned destination,
                       unsigned source, size_t size, unsigned mark)
{
    struct net_cable *c = &f->station[from].cable;
    uint8_t frame[NET_FRAME_MAX] = { 0 };

    put_address(frame, destination);
    put_address(frame + NET_MAC, source);
    frame[size - 1] = (uint8_t)mark;
    c->sent(c->far, frame, size);
}

static void send(struct fixture *f, unsigned from, unsigned destination,
                 unsigned source)
{
    send_sized(f, from, destination, source, 60, 0);
}

/* So many frames wait for ports 0, 1, 2, 3; all of them are handed over. */
static void assert_heard(struct fixture *f, unsigned a, unsigned b, unsigned c,
                         unsigned d)
{
    const unsigned expected[STATIONS] = { a, b, c, d };

    for (unsigned i = 0; i < STATIONS; i++) {
        assert_int_equal(net_switch_waiting(f->s, i), expected[i]);
        assert_int_equal(net_switch_deliver(f->s, i), expected[i]);
        assert_int_equal(net_switch_waiting(f->s, i), 0);
    }
}

static void what_is_for_all_reaches_all_but_the_sender(void **state)
{
    struct fixture *f = *state;

    send(f, 1, ALL, 101);
    assert_heard(f, 1, 0, 1, 1);
    assert_int_equal(net_switch_stats(f->s, 1).flooded, 1);
    send(f, 0, 0x01000000 | 7, 100); /* not a group: not in the first byte */
    assert_heard(f, 0, 1, 1, 1);
}

static void frames_arrive_as_they_were_sent(void **state)
{
    struct fixture *f = *state;
    struct station *t = &f->station[2];

    send_sized(f, 0, ALL, 100, NET_FRAME_MIN, 1);
    send_sized(f, 0, ALL, 100, NET_FRAME_MAX, 2);
    t->room = 1;
    assert_int_equal(net_switch_deliver(f->s, 2), 1);
    assert_int_equal(t->size, NET_FRAME_MIN);
    assert_int_equal(t->frame[NET_FRAME_MIN - 1], 1);
    t->room = 1;
    assert_int_equal(net_switch_deliver(f->s, 2), 1);
    assert_int_equal(t->size, NET_FRAME_MAX);
    assert_int_equal(t->frame[0], 0xff);
    assert_int_equal(t->frame[NET_FRAME_MAX - 1], 2);
}

static void a_known_station_hears_alone(void **state)
{
    struct fixture *f = *state;

    send(f, 2, 100, 102); /* 100 is not known yet */
    assert_heard(f, 1, 1, 0, 1);
    send(f, 0, 102, 100);
    assert_heard(f, 0, 0, 1, 0);
    send(f, 2, 100, 102);
    assert_heard(f, 1, 0, 0, 0);
    assert_int_equal(net_switch_stats(f->s, 2).flooded, 1);
    assert_int_equal(net_switch_stats(f->s, 2).in, 2);
    assert_int_equal(net_switch_stats(f->s, 2).out, 1);
    assert_int_equal(net_switch_stats(f->s, 0).flooded, 0);
}

static void a_station_that_moves_is_found(void **state)
{
    struct fixture *f = *state;

    send(f, 0, ALL, 100);
    assert_heard(f, 0, 1, 1, 1);
    send(f, 3, ALL, 100);
    assert_heard(f, 1, 1, 1, 0);
    send(f, 1, 100, 101);
    assert_heard(f, 0, 0, 0, 1);
}

/* Two stations behind one port hear each other without the switch. */
static void nothing_goes_back_where_it_came_from(void **state)
{
    struct fixture *f = *state;

    send(f, 1, ALL, 101);
    assert_heard(f, 1, 0, 1, 1);
    send(f, 1, 101, 111);
    assert_heard(f, 0, 0, 0, 0);
    assert_int_equal(net_switch_stats(f->s, 1).flooded, 1);
}

static void a_groups_address_is_not_learnt(void **state)
{
    struct fixture *f = *state;

    send(f, 1, 100, ALL);
    assert_heard(f, 1, 0, 1, 1);
    send(f, 0, ALL, 100);
    assert_heard(f, 0, 1, 1, 1);
}

static void invented_addresses_only_displace_their_own_port(void **state)
{
    struct fixture *f = *state;

    send(f, 0, ALL, 100);
    send(f, 1, ALL, 101);
    for (unsigned i = 0; i < NET_SWITCH_ADDRESSES; i++)
        send(f, 1, 100, 1000 + i);
    while (net_switch_deliver(f->s, 0) + net_switch_deliver(f->s, 1) +
           net_switch_deliver(f->s, 2) + net_switch_deliver(f->s, 3))
        ;
    send(f, 2, 100, 102); /* still known */
    assert_heard(f, 1, 0, 0, 0);
    send(f, 2, 1000, 102);
    assert_heard(f, 0, 1, 0, 0);
    send(f, 2, 101, 102); /* the first to go */
    assert_heard(f, 1, 1, 0, 1);
}

static void what_the_device_refuses_waits(void **state)
{
    struct fixture *f = *state;
    struct station *t = &f->station[3];

    for (unsigned i = 0; i < 5; i++)
        send_sized(f, 0, ALL, 100, 60, i);
    t->room = 2;
    assert_int_equal(net_switch_deliver(f->s, 3), 2);
    assert_int_equal(net_switch_waiting(f->s, 3), 3);
    assert_int_equal(net_switch_deliver(f->s, 3), 0);
    assert_int_equal(t->frame[59], 1);
    for (unsigned i = 2; i < 2 * NET_SWITCH_QUEUE; i++) {
        send_sized(f, 0, ALL, 100, 60, i + 3);
        t->room = 1;
        assert_int_equal(net_switch_deliver(f->s, 3), 1);
        assert_int_equal(t->frame[59], i % 256);
    }
    assert_int_equal(net_switch_waiting(f->s, 3), 3);
    assert_int_equal(net_switch_stats(f->s, 3).out, 2 * NET_SWITCH_QUEUE);
    assert_int_equal(net_switch_stats(f->s, 3).lost, 0);
}

static void a_full_queue_loses_the_newest(void **state)
{
    struct fixture *f = *state;
    struct station *t = &f->station[1];

    t->room = 0;
    for (unsigned i = 0; i < NET_SWITCH_QUEUE + 3; i++)
        send_sized(f, 0, ALL, 100, 60, i);
    assert_int_equal(net_switch_waiting(f->s, 1), NET_SWITCH_QUEUE);
    assert_int_equal(net_switch_stats(f->s, 1).lost, 3);
    for (unsigned i = 0; i < NET_SWITCH_QUEUE; i++) {
        t->room = 1;
        assert_int_equal(net_switch_deliver(f->s, 1), 1);
        assert_int_equal(t->frame[59], i % 256);
    }
    assert_int_equal(net_switch_waiting(f->s, 1), 0);
}

static void a_port_without_a_device_waits_for_one(void **state)
{
    struct fixture *f = *state;
    struct net_cable loose = { 0 };
    unsigned port;

    assert_int_equal(net_switch_plug(f->s, &loose, &port), STATUS_OK);
    send(f, 0, ALL, 100);
    assert_int_equal(net_switch_deliver(f->s, port), 0);
    assert_int_equal(net_switch_waiting(f->s, port), 1);
    loose.deliver = take;
    loose.device = &f->station[0];
    assert_int_equal(net_switch_deliver(f->s, port), 1);
}

static void there_are_only_so_many_ports(void **state)
{
    struct fixture *f = *state;
    struct net_cable cable[NET_SWITCH_PORTS] = { 0 };
    unsigned port;

    for (unsigned i = STATIONS; i < NET_SWITCH_PORTS; i++) {
        assert_int_equal(net_switch_plug(f->s, &cable[i], &port), STATUS_OK);
        assert_int_equal(port, i);
    }
    assert_int_equal(net_switch_plug(f->s, &cable[0], &port), STATUS_TOO_BIG);
    assert_null(cable[0].sent);
    send(f, 0, ALL, 100);
    assert_int_equal(net_switch_waiting(f->s, NET_SWITCH_PORTS - 1), 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(what_is_for_all_reaches_all_but_the_sender),
        T(frames_arrive_as_they_were_sent),
        T(a_known_station_hears_alone),
        T(a_station_that_moves_is_found),
        T(nothing_goes_back_where_it_came_from),
        T(a_groups_address_is_not_learnt),
        T(invented_addresses_only_displace_their_own_port),
        T(what_the_device_refuses_waits),
        T(a_full_queue_loses_the_newest),
        T(a_port_without_a_device_waits_for_one),
        T(there_are_only_so_many_ports),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
