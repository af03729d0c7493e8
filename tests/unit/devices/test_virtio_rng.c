/* virtio rng: bytes that look random, and are the same in every run. */
#include "devices/virtio_driver.h"

#define RNG DEVICES_RNG_SLOT

static void the_bytes_are_those_of_splitmix64(void **state)
{
    struct fixture *f = *state;

    f->devices.rng.state = 1234567; /* the published test vector's seed */
    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, BUFFER, 16, WRITE, 0);
    virtio_submit(f, RNG, 0, 0);
    assert_int_equal(bus_get(f, BUFFER, 8), UINT64_C(6457827717110365317));
    assert_int_equal(bus_get(f, BUFFER + 8, 8), UINT64_C(3203168211198807973));
}

static void equal_seeds_give_equal_bytes_and_others_do_not(void **state)
{
    struct fixture *f = *state;
    uint64_t first;

    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, BUFFER, 8, WRITE, 0);
    virtio_submit(f, RNG, 0, 0);
    first = bus_get(f, BUFFER, 8);
    virtio_rng_init(&f->devices.rng, 1);
    virtio_submit(f, RNG, 0, 0);
    assert_int_equal(bus_get(f, BUFFER, 8), first);
    virtio_rng_init(&f->devices.rng, 2);
    virtio_submit(f, RNG, 0, 0);
    assert_int_not_equal(bus_get(f, BUFFER, 8), first);
}

static void a_reset_does_not_repeat_the_bytes(void **state)
{
    struct fixture *f = *state;
    uint64_t first;

    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, BUFFER, 8, WRITE, 0);
    virtio_submit(f, RNG, 0, 0);
    first = bus_get(f, BUFFER, 8);
    bus_put(f, AVAIL(0) + 2, 2, 0);
    virtio_start(f, RNG, 1);
    virtio_submit(f, RNG, 0, 0);
    assert_int_not_equal(bus_get(f, BUFFER, 8), first);
}

static void a_request_gets_a_bounded_number_of_bytes(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, BUFFER, 0x8000, WRITE, 0);
    virtio_submit(f, RNG, 0, 0);
    assert_int_equal(virtio_used_length(f, 0, 0), VIRTIO_RNG_MOST);
    assert_int_not_equal(bus_get(f, BUFFER + VIRTIO_RNG_MOST - 8, 8), 0);
    assert_int_equal(bus_get(f, BUFFER + VIRTIO_RNG_MOST, 8), 0);
}

static void a_request_without_room_gets_nothing(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, BUFFER, 8, 0, 0);
    virtio_submit(f, RNG, 0, 0);
    assert_int_equal(virtio_used(f, 0), 1);
    assert_int_equal(virtio_used_length(f, 0, 0), 0);
    assert_int_equal(bus_get(f, BUFFER, 8), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(the_bytes_are_those_of_splitmix64),
        FIXTURE_TEST(equal_seeds_give_equal_bytes_and_others_do_not),
        FIXTURE_TEST(a_reset_does_not_repeat_the_bytes),
        FIXTURE_TEST(a_request_gets_a_bounded_number_of_bytes),
        FIXTURE_TEST(a_request_without_room_gets_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
