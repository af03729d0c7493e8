/* ns16550a: what drivers rely on, register by register. */
#include "devices/fixture.h"

enum { RBR, IER, IIR, LCR, MCR, LSR, MSR, SCR, THR = RBR, FCR = IIR };

#define UART_IRQ     10
#define NO_INTERRUPT 0x01

static uint8_t in(struct fixture *f, unsigned reg)
{
    return (uint8_t)bus_get(f, UART_BASE + reg, 1);
}

static void out(struct fixture *f, unsigned reg, uint8_t v)
{
    bus_put(f, UART_BASE + reg, 1, v);
}

static void key(struct fixture *f, const char *keys, size_t n)
{
    assert_int_equal(console_push(&f->console, (const uint8_t *)keys, n), n);
}

/* The level of the port's wire at the PLIC. */
static bool wire(struct fixture *f)
{
    return f->devices.plic.level[0] >> UART_IRQ & 1;
}

static void bytes_go_out_uninterpreted_and_in_order(void **state)
{
    struct fixture *f = *state;

    out(f, THR, 'a');
    out(f, THR, 0);
    out(f, THR, 0xff);
    assert_int_equal(f->outputs, 3);
    assert_memory_equal(f->output, "a\0\xff", 3);
    assert_int_equal(in(f, LSR), 0x60);
}

static void dlab_switches_the_first_two_registers(void **state)
{
    struct fixture *f = *state;

    out(f, IER, 0x05);
    out(f, LCR, 0x83);
    assert_int_equal(in(f, LCR), 0x83);
    out(f, 0, 0x12);
    out(f, 1, 0x34);
    assert_int_equal(in(f, 0), 0x12);
    assert_int_equal(in(f, 1), 0x34);
    out(f, LCR, 0x03);
    assert_int_equal(in(f, IER), 0x05);
    assert_int_equal(f->outputs, 0);
}

static void scratch_keeps_and_ier_has_four_bits(void **state)
{
    struct fixture *f = *state;

    out(f, SCR, 0xa5);
    assert_int_equal(in(f, SCR), 0xa5);
    out(f, IER, 0xff);
    assert_int_equal(in(f, IER), 0x0f);
    out(f, MCR, 0xff);
    assert_int_equal(in(f, MCR), 0x1f);
}

static void a_16550a_is_recognised_by_its_fifo_bits(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(in(f, IIR) & 0xc0, 0);
    out(f, FCR, 0x01);
    assert_int_equal(in(f, IIR) & 0xc0, 0xc0);
    out(f, FCR, 0x00);
    assert_int_equal(in(f, IIR) & 0xc0, 0);
}

static void input_raises_the_line_until_it_is_read(void **state)
{
    struct fixture *f = *state;

    key(f, "x", 1);
    assert_false(wire(f));
    assert_int_equal(in(f, LSR) & 1, 1);
    out(f, IER, 0x01);
    assert_true(wire(f));
    assert_int_equal(in(f, IIR), 0x04);
    assert_int_equal(in(f, RBR), 'x');
    assert_false(wire(f));
    assert_int_equal(in(f, IIR), NO_INTERRUPT);
    assert_int_equal(in(f, LSR) & 1, 0);
    assert_int_equal(in(f, RBR), 0);
}

static void below_the_trigger_level_the_timeout_is_identified(void **state)
{
    struct fixture *f = *state;

    out(f, FCR, 0x81); /* eight bytes */
    out(f, IER, 0x01);
    key(f, "1234567", 7);
    assert_int_equal(in(f, IIR), 0xcc);
    assert_true(wire(f));
    key(f, "8", 1);
    assert_int_equal(in(f, IIR), 0xc4);
    in(f, RBR);
    assert_int_equal(in(f, IIR), 0xcc);
}

static void long_input_is_never_overrun(void **state)
{
    struct fixture *f = *state;

    out(f, FCR, 0x01);
    for (int i = 0; i < 200; i++) {
        char c = (char)i;

        key(f, &c, 1);
    }
    for (int i = 0; i < 200; i++) {
        assert_int_equal(in(f, LSR) & 0x03, 0x01);
        assert_int_equal(in(f, RBR), i);
    }
    assert_int_equal(in(f, LSR) & 1, 0);
}

static void clearing_the_receiver_drops_only_its_own_bytes(void **state)
{
    struct fixture *f = *state;

    out(f, FCR, 0x01);
    key(f, "0123456789abcdefXY", 18);
    out(f, FCR, 0x03);
    assert_int_equal(in(f, RBR), 'X');
    assert_int_equal(in(f, RBR), 'Y');
    assert_int_equal(in(f, LSR) & 1, 0);
}

static void an_empty_transmitter_interrupts_once_an_acknowledge(void **state)
{
    struct fixture *f = *state;

    out(f, IER, 0x02);
    assert_true(wire(f));
    assert_int_equal(in(f, IIR), 0x02);
    assert_false(wire(f));
    assert_int_equal(in(f, IIR), NO_INTERRUPT);
    out(f, THR, 'a');
    assert_true(wire(f));
    assert_int_equal(in(f, IIR), 0x02);
    /* Linux's test for ports that lose it: off and on raises it again. */
    out(f, IER, 0x00);
    assert_false(wire(f));
    out(f, IER, 0x02);
    assert_int_equal(in(f, IIR), 0x02);
}

static void received_data_comes_before_the_transmitter(void **state)
{
    struct fixture *f = *state;

    out(f, IER, 0x03);
    key(f, "x", 1);
    assert_int_equal(in(f, IIR), 0x04);
    /* Not identified, so not acknowledged. */
    assert_int_equal(in(f, RBR), 'x');
    assert_int_equal(in(f, IIR), 0x02);
    assert_int_equal(in(f, IIR), NO_INTERRUPT);
}

static void the_loop_connects_outputs_to_inputs(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(in(f, MSR), 0xb0);
    out(f, MCR, 0x1a); /* loop, OUT2, RTS: Linux's presence test */
    assert_int_equal(in(f, MSR) & 0xf0, 0x90);
    out(f, THR, 'q');
    assert_int_equal(f->outputs, 0);
    assert_int_equal(in(f, LSR) & 1, 1);
    assert_int_equal(in(f, RBR), 'q');
    key(f, "k", 1); /* the line is cut off */
    assert_int_equal(in(f, LSR) & 1, 0);
    out(f, MCR, 0x00);
    assert_int_equal(in(f, RBR), 'k');
}

static void modem_changes_are_noted_until_read(void **state)
{
    struct fixture *f = *state;

    out(f, IER, 0x08);
    assert_false(wire(f));
    out(f, MCR, 0x10); /* CTS, DSR and DCD go off */
    assert_int_equal(in(f, IIR), 0x00);
    assert_true(wire(f));
    assert_int_equal(in(f, MSR), 0x0b);
    assert_false(wire(f));
    out(f, MCR, 0x14);
    assert_int_equal(in(f, MSR), 0x40); /* RI on: no change noted … */
    out(f, MCR, 0x10);
    assert_int_equal(in(f, MSR), 0x04); /* … off: the trailing edge is */
}

static void an_overrun_in_the_loop_is_reported_first_and_once(void **state)
{
    struct fixture *f = *state;

    out(f, IER, 0x07);
    out(f, MCR, 0x10);
    out(f, THR, '1');
    out(f, THR, '2');
    assert_int_equal(in(f, IIR), 0x06);
    assert_int_equal(in(f, LSR), 0x63);
    assert_int_equal(in(f, LSR), 0x61);
    assert_int_equal(in(f, RBR), '2');
    out(f, FCR, 0x01);
    for (int i = 0; i < 17; i++)
        out(f, THR, (uint8_t)i);
    assert_int_equal(in(f, LSR) & 2, 2);
    for (int i = 0; i < 16; i++)
        assert_int_equal(in(f, RBR), i);
    assert_int_equal(in(f, LSR) & 1, 0);
}

static void wide_accesses_reach_one_register(void **state)
{
    struct fixture *f = *state;

    bus_put(f, UART_BASE, 4, 0x41424344);
    assert_int_equal(f->outputs, 1);
    assert_int_equal(f->output[0], 0x44);
    assert_int_equal(bus_get(f, UART_BASE + 4, 4), 0);
    assert_store_faults(f, UART_BASE, 8);
    out(f, 0x20, 1);
    assert_int_equal(in(f, 0x20), 0);
}

static void the_interrupt_arrives_at_the_plic(void **state)
{
    struct fixture *f = *state;

    out(f, IER, 0x01);
    assert_false(plic_pending(f, UART_IRQ));
    key(f, "x", 1);
    assert_true(plic_pending(f, UART_IRQ));
}

static void a_full_console_takes_no_more(void **state)
{
    struct fixture *f = *state;
    static const uint8_t keys[CONSOLE_INPUT + 100];

    /* One byte has moved on into the receiver's register. */
    assert_int_equal(console_push(&f->console, keys, sizeof keys),
                     CONSOLE_INPUT);
    assert_int_equal(console_push(&f->console, keys, 10), 1);
    assert_int_equal(console_push(&f->console, keys, 10), 0);
    in(f, RBR);
    assert_int_equal(console_push(&f->console, keys, 10), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(bytes_go_out_uninterpreted_and_in_order),
        FIXTURE_TEST(dlab_switches_the_first_two_registers),
        FIXTURE_TEST(scratch_keeps_and_ier_has_four_bits),
        FIXTURE_TEST(a_16550a_is_recognised_by_its_fifo_bits),
        FIXTURE_TEST(input_raises_the_line_until_it_is_read),
        FIXTURE_TEST(below_the_trigger_level_the_timeout_is_identified),
        FIXTURE_TEST(long_input_is_never_overrun),
        FIXTURE_TEST(clearing_the_receiver_drops_only_its_own_bytes),
        FIXTURE_TEST(an_empty_transmitter_interrupts_once_an_acknowledge),
        FIXTURE_TEST(received_data_comes_before_the_transmitter),
        FIXTURE_TEST(the_loop_connects_outputs_to_inputs),
        FIXTURE_TEST(modem_changes_are_noted_until_read),
        FIXTURE_TEST(an_overrun_in_the_loop_is_reported_first_and_once),
        FIXTURE_TEST(wide_accesses_reach_one_register),
        FIXTURE_TEST(the_interrupt_arrives_at_the_plic),
        FIXTURE_TEST(a_full_console_takes_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
