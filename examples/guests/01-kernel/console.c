/*
 * The console. Nothing waits for the UART: bytes go to a ring, and whenever
 * the transmitter is empty the UART interrupts and takes some more. That is
 * how an external interrupt comes by itself, without anybody at the keyboard.
 */
#include <stdarg.h>

#include "kernel.h"
#include "riscv.h"

enum { DATA = 0, IER = 1, IIR = 2, FCR = 2, LCR = 3, MCR = 4, LSR = 5 };
#define IER_RECEIVE          0x01
#define IER_TRANSMIT         0x02
#define FCR_ENABLE_AND_CLEAR 0x07
#define LCR_8_BITS           0x03
#define MCR_INTERRUPTS       0x08 /* OUT2 connects the interrupt line */
#define LSR_DATA_READY       0x01
#define LSR_TRANSMIT_EMPTY   0x20
#define LSR_ALL_SENT         0x40
#define FIFO_SIZE            16

#define RING_SIZE 512 /* a power of two */

static char ring[RING_SIZE];
static unsigned head, tail; /* bytes ever put in and taken out */
static bool ready;

static volatile uint8_t *uart(int reg)
{
    return (volatile uint8_t *)(uint64_t)(UART_BASE + reg);
}

void console_init(void)
{
    *uart(LCR) = LCR_8_BITS;
    *uart(FCR) = FCR_ENABLE_AND_CLEAR;
    *uart(MCR) = MCR_INTERRUPTS;
    *uart(IER) = IER_RECEIVE;
    ready = true;
}

static void put(char c)
{
    while (head - tail == RING_SIZE) {
        if (current)
            sleep_on(ring);
        else
            cpu_idle();
    }
    ring[head++ % RING_SIZE] = c;
    *uart(IER) = IER_RECEIVE | IER_TRANSMIT;
}

static void transmit(void)
{
    for (int i = 0; i < FIFO_SIZE && tail != head; i++)
        *uart(DATA) = ring[tail++ % RING_SIZE];
    if (tail == head)
        *uart(IER) = IER_RECEIVE;
    wake_up(ring);
}

/* A key is worth a line, but not worth waiting for room in the ring. */
static void receive(void)
{
    uint8_t key = *uart(DATA);

    if (head - tail < RING_SIZE / 2)
        print("kernel: key %x\n", (uint64_t)key);
}

void console_interrupt(void)
{
    (void)*uart(IIR); /* reading it acknowledges "transmitter empty" */
    while (*uart(LSR) & LSR_DATA_READY)
        receive();
    if (*uart(LSR) & LSR_TRANSMIT_EMPTY)
        transmit();
}

bool console_is_drained(void)
{
    return tail == head && *uart(LSR) & LSR_ALL_SENT;
}

static void put_number(uint64_t value, unsigned base)
{
    if (value >= base)
        put_number(value / base, base);
    put("0123456789abcdef"[value % base]);
}

static void put_string(const char *text)
{
    for (; *text; text++) {
        if (*text == '\n')
            put('\r');
        put(*text);
    }
}

void print(const char *format, ...)
{
    char text[2] = { 0 };
    va_list args;

    va_start(args, format);
    for (; *format; format++) {
        text[0] = *format;
        if (*format != '%') {
            put_string(text);
        } else if (*++format == 's') {
            put_string(va_arg(args, const char *));
        } else if (*format == 'd') {
            put_number(va_arg(args, int), 10);
        } else if (*format == 'u') {
            put_number(va_arg(args, uint64_t), 10);
        } else if (*format == 'x') {
            put_string("0x");
            put_number(va_arg(args, uint64_t), 16);
        }
    }
    va_end(args);
}

/* Nothing is left to be done: tell, without interrupts, and fail. */
void panic(const char *why, uint64_t value)
{
    csr_clear(sstatus, SSTATUS_SIE);
    if (!ready) {
        sbi_puts(why);
        sbi_shutdown(true);
    }
    head = tail;
    print("kernel: panic: %s (%x)\n", why, value);
    while (tail != head)
        if (*uart(LSR) & LSR_TRANSMIT_EMPTY)
            transmit();
    sbi_shutdown(true);
}
