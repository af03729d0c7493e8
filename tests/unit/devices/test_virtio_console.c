/* virtio console: bytes in and out, and input that waits for buffers. */
#include "devices/virtio_driver.h"

#define CONSOLE DEVICES_CONSOLE_SLOT
enum { RECEIVE = 0, TRANSMIT = 1 };

static void key(struct fixture *f, const char *keys, size_t n)
{
    assert_int_equal(console_push(&f->virtio_console, (const uint8_t *)keys, n),
                     n);
}

static void output_goes_to_its_console_whole(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, CONSOLE, 2);
    for (unsigned i = 0; i < 1500; i++)
        bus_put(f, BUFFER + i, 1, i % 251);
    virtio_describe(f, DESC(TRANSMIT), 0, BUFFER, 1000, NEXT, 1);
    virtio_describe(f, DESC(TRANSMIT), 1, BUFFER + 1000, 500, 0, 0);
    virtio_submit(f, CONSOLE, TRANSMIT, 0);
    assert_int_equal(f->outputs, 1500);
    for (unsigned i = 0; i < 1500; i++)
        assert_int_equal(f->output[i], i % 251);
    assert_int_equal(virtio_used(f, TRANSMIT), 1);
    assert_int_equal(virtio_used_length(f, TRANSMIT, 0), 0);
    assert_int_equal(virtio_get(f, CONSOLE, V_INTERRUPT_STATUS), 1);
}

static void buffers_wait_for_input(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, CONSOLE, 2);
    virtio_describe(f, DESC(RECEIVE), 0, BUFFER, 64, WRITE, 0);
    virtio_submit(f, CONSOLE, RECEIVE, 0);
    assert_int_equal(virtio_used(f, RECEIVE), 0);
    assert_int_equal(virtio_get(f, CONSOLE, V_INTERRUPT_STATUS), 0);
    key(f, "abc", 3);
    assert_int_equal(virtio_used(f, RECEIVE), 1);
    assert_int_equal(virtio_used_length(f, RECEIVE, 0), 3);
    assert_int_equal(bus_get(f, BUFFER, 4), 0x636261);
    assert_int_equal(virtio_get(f, CONSOLE, V_INTERRUPT_STATUS), 1);
    assert_true(plic_pending(f, CONSOLE + 1));
}

static void input_waits_for_buffers(void **state)
{
    struct fixture *f = *state;

    key(f, "0123456789", 10); /* before there is a driver */
    virtio_start(f, CONSOLE, 2);
    virtio_describe(f, DESC(RECEIVE), 0, BUFFER, 4, WRITE, 0);
    virtio_describe(f, DESC(RECEIVE), 1, BUFFER + 8, 4, WRITE, 0);
    virtio_offer(f, RECEIVE, 0);
    virtio_submit(f, CONSOLE, RECEIVE, 1);
    assert_int_equal(virtio_used(f, RECEIVE), 2);
    assert_int_equal(bus_get(f, BUFFER, 4), 0x33323130);
    assert_int_equal(bus_get(f, BUFFER + 8, 4), 0x37363534);
    assert_int_equal(f->virtio_console.waiting, 2);
    virtio_submit(f, CONSOLE, RECEIVE, 0);
    assert_int_equal(virtio_used_length(f, RECEIVE, 2), 2);
    assert_int_equal(bus_get(f, BUFFER, 2), 0x3938);
}

static void the_uart_keeps_its_own_input(void **state)
{
    struct fixture *f = *state;

    key(f, "v", 1);
    assert_int_equal(bus_get(f, UART_BASE + 5, 1) & 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(output_goes_to_its_console_whole),
        FIXTURE_TEST(buffers_wait_for_input),
        FIXTURE_TEST(input_waits_for_buffers),
        FIXTURE_TEST(the_uart_keeps_its_own_input),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
