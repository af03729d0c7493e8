/* virtio balloon: pages that go and come, the target, statistics, and drivers
   that do what none should. */
#include "devices/state_bytes.h"
#include "devices/virtio_driver.h"
#include "seed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BALLOON DEVICES_BALLOON_SLOT
enum { INFLATE = 0, DEFLATE = 1, STATS = 2, QUEUES = 3 };

#define CONFIG(at)   (VIRTIO_BASE(BALLOON) + V_CONFIG + (at))
#define FIRST        (FIXTURE_RAM / 4096) /* the number of the RAM's first page */
#define PAGES        (FIXTURE_RAM_SIZE / 4096)
#define PAGE(n)      (FIXTURE_RAM + 4096 * (uint64_t)(n))
#define STATS_BUFFER (BUFFER + 0x4000)

/* The test's pages are those from the 32nd on: behind the driver's own. */
enum { OWN = 32 };

static void start(struct fixture *f)
{
    virtio_start(f, BALLOON, QUEUES);
}

static bool push(struct fixture *f, uint64_t pages)
{
    uint8_t bytes[8];
    size_t n;

    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(pages >> (8 * i));
    n = virtio_balloon_push(&f->devices.balloon, bytes, 8);
    assert_true(n == 0 || n == 8);
    return n == 8;
}

/* Sends n numbers of pages that lie at BUFFER. */
static void send(struct fixture *f, unsigned queue, unsigned n)
{
    virtio_describe(f, DESC(queue), 0, BUFFER, 4 * n, 0, 0);
    virtio_submit(f, BALLOON, queue, 0);
}

static void send_pages(struct fixture *f, unsigned queue, const uint32_t *page,
                       unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        bus_put(f, BUFFER + 4 * i, 4, page[i]);
    send(f, queue, n);
}

/* The first 8 bytes of each of the test's pages say which it is. */
static void mark(struct fixture *f)
{
    for (unsigned n = OWN; n < PAGES; n++) {
        bus_put(f, PAGE(n), 8, n);
        bus_put(f, PAGE(n) + 4088, 8, n);
    }
}

static bool is_zero(struct fixture *f, unsigned n)
{
    uint64_t first = bus_get(f, PAGE(n), 8),
             last = bus_get(f, PAGE(n) + 4088, 8);

    assert_true(first == last && (first == 0 || first == n));
    return first == 0;
}

static void it_says_what_it_is(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(virtio_get(f, BALLOON, V_DEVICE_ID), 5);
    virtio_set(f, BALLOON, V_DEVICE_FEATURES_SEL, 0);
    assert_int_equal(virtio_get(f, BALLOON, V_DEVICE_FEATURES),
                     1u << 1 | 1u << 28); /* STATS_VQ, INDIRECT_DESC */
    assert_int_equal(
        virtio_balloon_init(&f->devices.balloon, true, f->devices.balloon.mmio),
        1u << 1 | 1u << 2); /* and DEFLATE_ON_OOM */
    for (unsigned q = 0; q < 5; q++) {
        virtio_set(f, BALLOON, V_QUEUE_SEL, q);
        assert_int_equal(virtio_get(f, BALLOON, V_QUEUE_NUM_MAX),
                         q < QUEUES ? VIRTQUEUE_MAX : 0);
    }
}

static void a_new_target_is_told(void **state)
{
    struct fixture *f = *state;
    uint32_t generation;

    assert_true(push(f, 7)); /* before there is a driver */
    assert_int_equal(virtio_get(f, BALLOON, V_INTERRUPT_STATUS), 0);
    assert_int_equal(bus_get(f, CONFIG(0), 4), 7);
    start(f);
    generation = virtio_get(f, BALLOON, V_CONFIG_GENERATION);
    assert_true(push(f, 7));
    assert_int_equal(virtio_get(f, BALLOON, V_INTERRUPT_STATUS), 0);
    assert_true(push(f, PAGES));
    assert_int_equal(virtio_get(f, BALLOON, V_INTERRUPT_STATUS), 2);
    assert_int_not_equal(virtio_get(f, BALLOON, V_CONFIG_GENERATION),
                         generation);
    assert_int_equal(bus_get(f, CONFIG(0), 4), PAGES);
    assert_int_equal(virtio_balloon_target(&f->devices.balloon), PAGES);
}

static void a_target_that_cannot_be_is_refused(void **state)
{
    struct fixture *f = *state;

    assert_true(push(f, 3));
    assert_false(push(f, PAGES + 1));
    assert_false(push(f, UINT64_MAX));
    assert_int_equal(virtio_balloon_push(&f->devices.balloon,
                                         (uint8_t *)"\0\0\0\0\0\0\0", 7),
                     0);
    assert_int_equal(virtio_balloon_target(&f->devices.balloon), 3);
}

static void the_driver_says_how_much_it_holds(void **state)
{
    struct fixture *f = *state;

    push(f, 9);
    bus_put(f, CONFIG(4), 4, 0x01020304);
    assert_int_equal(virtio_balloon_actual(&f->devices.balloon), 0x01020304);
    bus_put(f, CONFIG(6), 2, 0xaabb);
    bus_put(f, CONFIG(4), 1, 0xcc);
    assert_int_equal(bus_get(f, CONFIG(4), 4), 0xaabb03cc);
    /* And nothing else. */
    bus_put(f, CONFIG(0), 8, UINT64_C(5) << 32 | 0xffffffff);
    assert_int_equal(bus_get(f, CONFIG(0), 8), UINT64_C(5) << 32 | 9);
    bus_put(f, CONFIG(8), 8, UINT64_MAX);
    bus_put(f, CONFIG(0xef8), 8, UINT64_MAX);
    assert_int_equal(bus_get(f, CONFIG(8), 8), 0);
    virtio_set(f, BALLOON, V_STATUS, 0);
    assert_int_equal(bus_get(f, CONFIG(0), 8), 9);
}

static void a_page_that_is_given_is_zero(void **state)
{
    static const uint32_t given[] = { FIRST + 40, FIRST + 41,       FIRST + 33,
                                      FIRST + 50, FIRST + 49,       FIRST + 48,
                                      FIRST + 33, FIRST + PAGES - 1 };
    struct fixture *f = *state;

    start(f);
    mark(f);
    f->bus.ram.flags[41] = 0;
    send_pages(f, INFLATE, given, 8);
    assert_int_equal(virtio_used(f, INFLATE), 1);
    assert_int_equal(virtio_get(f, BALLOON, V_INTERRUPT_STATUS), 1);
    for (unsigned n = OWN; n < PAGES; n++) {
        bool is_given = false;

        for (unsigned i = 0; i < 8; i++)
            is_given |= given[i] == FIRST + n;
        assert_int_equal(is_zero(f, n), is_given);
    }
    assert_true(f->bus.ram.flags[41] & RAM_DIRTY);
    /* And can be written again. */
    bus_put(f, PAGE(41), 8, 5);
    assert_int_equal(bus_get(f, PAGE(41), 8), 5);
}

static void taking_back_changes_nothing(void **state)
{
    static const uint32_t page[] = { FIRST + 40 };
    struct fixture *f = *state;

    start(f);
    mark(f);
    send_pages(f, DEFLATE, page, 1);
    assert_int_equal(virtio_used(f, DEFLATE), 1);
    assert_false(is_zero(f, 40));
}

static void pages_that_are_not_there_are_left_out(void **state)
{
    static const uint32_t page[] = {
        0, 1, FIRST - 1, FIRST + 40, FIRST + PAGES, 0xffffffff, 0x10001
    };
    struct fixture *f = *state;

    start(f);
    mark(f);
    for (unsigned queue = INFLATE; queue <= DEFLATE; queue++) {
        send_pages(f, queue, page, sizeof page / sizeof page[0]);
        assert_int_equal(virtio_used(f, queue), 1);
    }
    for (unsigned n = OWN; n < PAGES; n++)
        assert_int_equal(is_zero(f, n), n == 40);
}

struct heard {
    unsigned calls;
    uint64_t page[8];
    bool taken[8];
};

static void hear(void *context, uint64_t gpa_page, bool taken)
{
    struct heard *h = context;

    assert_true(h->calls < 8);
    h->page[h->calls] = gpa_page;
    h->taken[h->calls++] = taken;
}

static void the_manager_hears_of_every_page(void **state)
{
    static const uint32_t given[] = { FIRST + 40, FIRST + 41, 7, FIRST + 36 };
    static const uint32_t back[] = { FIRST + 41 };
    struct fixture *f = *state;
    struct heard h = { 0 };

    start(f);
    f->devices.balloon.manager = (struct balloon_manager){ hear, &h };
    send_pages(f, INFLATE, given, 4);
    send_pages(f, DEFLATE, back, 1);
    assert_int_equal(h.calls, 4);
    assert_int_equal(h.page[0], FIRST + 40);
    assert_int_equal(h.page[1], FIRST + 41);
    assert_int_equal(h.page[2], FIRST + 36);
    assert_true(h.taken[0] && h.taken[1] && h.taken[2] && !h.taken[3]);
    assert_int_equal(h.page[3], FIRST + 41);
}

static void count(void *context, uint64_t gpa_page, bool taken)
{
    (void)gpa_page;
    (void)taken;
    (*(unsigned *)context)++;
}

/* No list costs more than one that names each page once. */
static void a_list_without_end_is_cut(void **state)
{
    struct fixture *f = *state;
    unsigned n = 0;

    start(f);
    for (unsigned i = 0; i < 512; i++)
        bus_put(f, BUFFER + 4 * i, 4, FIRST + 40 + i % 2);
    f->devices.balloon.manager = (struct balloon_manager){ count, &n };
    send(f, INFLATE, 512);
    assert_int_equal(virtio_used(f, INFLATE), 1);
    assert_int_equal(n, PAGES);
}

static void a_list_outside_ram_breaks_the_queue(void **state)
{
    struct fixture *f = *state;

    start(f);
    virtio_describe(f, DESC(INFLATE), 0, FIXTURE_RAM + FIXTURE_RAM_SIZE - 4, 8,
                    0, 0);
    virtio_submit(f, BALLOON, INFLATE, 0);
    assert_virtio_gave_up(f, BALLOON, INFLATE);
}

/* Even its own rings and the list itself. */
static void a_driver_may_give_what_it_stands_on(void **state)
{
    struct fixture *f = *state;
    static uint32_t all[PAGES];

    start(f);
    for (unsigned i = 0; i < PAGES; i++)
        all[i] = FIRST + i;
    send_pages(f, INFLATE, all, PAGES);
    assert_int_equal(virtio_get(f, BALLOON, V_STATUS), RUNNING);
    for (unsigned q = 0; q < QUEUES; q++)
        virtio_set(f, BALLOON, V_QUEUE_NOTIFY, q);
    virtio_set(f, BALLOON, V_STATUS, 0);
    start(f);
}

static void put_stat(struct fixture *f, unsigned i, unsigned tag, uint64_t v)
{
    uint64_t at = STATS_BUFFER + 10 * i;

    bus_put(f, at, 2, tag);
    for (unsigned k = 0; k < 8; k++)
        bus_put(f, at + 2 + k, 1, v >> (8 * k));
}

static void give_stats(struct fixture *f, unsigned i, unsigned n)
{
    virtio_describe(f, DESC(STATS), i, STATS_BUFFER, 10 * n, 0, 0);
    virtio_submit(f, BALLOON, STATS, i);
}

static void statistics_are_asked_for_with_the_target(void **state)
{
    struct fixture *f = *state;
    struct virtio_balloon *b = &f->devices.balloon;

    start(f);
    push(f, 4); /* there is no buffer yet */
    put_stat(f, 0, BALLOON_FREE, 1000);
    put_stat(f, 1, BALLOON_TOTAL, UINT64_C(0x1122334455667788));
    give_stats(f, 0, 2);
    assert_int_equal(virtio_used(f, STATS), 0); /* it stays here */
    assert_int_equal(b->stat[BALLOON_FREE], 1000);
    assert_true(b->stat[BALLOON_TOTAL] == UINT64_C(0x1122334455667788));
    assert_int_equal(b->known, 1u << BALLOON_FREE | 1u << BALLOON_TOTAL);
    virtio_set(f, BALLOON, V_INTERRUPT_ACK, 3);
    push(f, 4);
    assert_int_equal(virtio_used(f, STATS), 1);
    assert_int_equal(virtio_get(f, BALLOON, V_INTERRUPT_STATUS), 1);
    push(f, 5);
    assert_int_equal(virtio_used(f, STATS), 1); /* the driver has it */
    put_stat(f, 0, BALLOON_FREE, 900);
    give_stats(f, 0, 1);
    assert_int_equal(b->stat[BALLOON_FREE], 900);
    bus_put(f, CONFIG(4), 4, 4); /* not there yet */
    assert_int_equal(virtio_used(f, STATS), 1);
    bus_put(f, CONFIG(4), 4, 5);
    assert_int_equal(virtio_used(f, STATS), 2);
}

/* As Linux does. */
static void a_buffer_from_before_the_start_is_found(void **state)
{
    struct fixture *f = *state;

    virtio_negotiate(f, BALLOON);
    for (unsigned q = 0; q < QUEUES; q++)
        virtio_place_queue(f, BALLOON, q, QUEUE_SIZE);
    put_stat(f, 0, BALLOON_FREE, 77);
    give_stats(f, 0, 1);
    assert_int_equal(f->devices.balloon.known, 0);
    virtio_set(f, BALLOON, V_STATUS, RUNNING);
    assert_int_equal(f->devices.balloon.stat[BALLOON_FREE], 77);
}

static void statistics_that_make_no_sense_do_no_harm(void **state)
{
    struct fixture *f = *state;

    start(f);
    put_stat(f, 0, BALLOON_STATS, 1);
    put_stat(f, 1, 0xffff, 1);
    virtio_describe(f, DESC(STATS), 0, STATS_BUFFER, 29, 0, 0);
    virtio_submit(f, BALLOON, STATS, 0);
    assert_int_equal(f->devices.balloon.known & ~1u, 0);
    /* A second buffer: the first goes back. */
    give_stats(f, 1, 0);
    assert_int_equal(virtio_used(f, STATS), 1);
    assert_true(f->devices.balloon.has_stats);
    /* The queue is gone, and then the driver. */
    virtio_set(f, BALLOON, V_QUEUE_SEL, STATS);
    virtio_set(f, BALLOON, V_QUEUE_READY, 0);
    push(f, 1);
    assert_int_equal(virtio_used(f, STATS), 1);
    virtio_set(f, BALLOON, V_STATUS, 0);
    assert_false(f->devices.balloon.has_stats);
    push(f, 2);
}

static void its_state_moves(void **state)
{
    struct fixture *f = *state;
    struct virtio_balloon *b = &f->devices.balloon;
    static struct state_bytes first, again;

    start(f);
    push(f, 12);
    give_stats(f, 3, 1);
    bus_put(f, CONFIG(4), 4, 6);
    state_bytes_save(&first);
    virtio_balloon_state(b, &first.state);

    virtio_balloon_init(b, false, b->mmio);
    state_bytes_load(&first);
    virtio_balloon_state(b, &first.state);
    assert_false(first.state.bad);
    assert_int_equal(first.at, first.size);
    assert_int_equal(virtio_balloon_target(b), 12);
    assert_int_equal(virtio_balloon_actual(b), 6);
    assert_true(b->has_stats && b->stats_head == 3);
    state_bytes_save(&again);
    virtio_balloon_state(b, &again.state);
    assert_int_equal(again.size, first.size);
    assert_memory_equal(again.bytes, first.bytes, first.size);
}

static void random_state_does_no_harm(void **state)
{
    struct fixture *f = *state;
    unsigned seed = (unsigned)test_seed();
    static struct state_bytes b;

    for (unsigned round = 0; round < 2000; round++) {
        b.size = (size_t)rand_r(&seed) % 32;
        for (size_t i = 0; i < b.size; i++)
            b.bytes[i] = (uint8_t)(rand_r(&seed) % 3 ? 0 : rand_r(&seed));
        memcpy(b.bytes, "ball", 4);
        state_bytes_load(&b);
        virtio_balloon_state(&f->devices.balloon, &b.state);
        virtio_set(f, BALLOON, V_STATUS, 0);
        if (b.state.bad)
            continue;
        assert_true(virtio_balloon_target(&f->devices.balloon) <= PAGES);
        start(f);
        push(f, (unsigned)rand_r(&seed) % (PAGES + 2));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(it_says_what_it_is),
        FIXTURE_TEST(a_new_target_is_told),
        FIXTURE_TEST(a_target_that_cannot_be_is_refused),
        FIXTURE_TEST(the_driver_says_how_much_it_holds),
        FIXTURE_TEST(a_page_that_is_given_is_zero),
        FIXTURE_TEST(taking_back_changes_nothing),
        FIXTURE_TEST(pages_that_are_not_there_are_left_out),
        FIXTURE_TEST(the_manager_hears_of_every_page),
        FIXTURE_TEST(a_list_without_end_is_cut),
        FIXTURE_TEST(a_list_outside_ram_breaks_the_queue),
        FIXTURE_TEST(a_driver_may_give_what_it_stands_on),
        FIXTURE_TEST(statistics_are_asked_for_with_the_target),
        FIXTURE_TEST(a_buffer_from_before_the_start_is_found),
        FIXTURE_TEST(statistics_that_make_no_sense_do_no_harm),
        FIXTURE_TEST(its_state_moves),
        FIXTURE_TEST(random_state_does_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
