/*
 * The console on an ns16550a, polled, and what S-mode may do with it: the
 * debug console extension (SBI 2.0, chapter 12) and its two ancestors.
 */
#include "console.h"

#include <stdarg.h>

#include "csr.h"
#include "lock.h"
#include "mmio.h"
#include "platform.h"
#include "sbi.h"

/* Registers, one byte each. */
enum {
    UART_DATA = 0,
    UART_IER = 1, /* interrupt enable */
    UART_FCR = 2, /* FIFO control */
    UART_LCR = 3, /* line control */
    UART_LSR = 5, /* line status */
};
#define FCR_ENABLE_AND_CLEAR 0x07
#define LCR_8_BITS           0x03
#define LSR_DATA_READY       0x01
#define LSR_TRANSMIT_EMPTY   0x20

static struct lock console_lock;

static unsigned long uart(unsigned reg)
{
    return platform_get()->uart + reg;
}

void console_init(void)
{
    mmio_write8(uart(UART_IER), 0);
    mmio_write8(uart(UART_LCR), LCR_8_BITS);
    mmio_write8(uart(UART_FCR), FCR_ENABLE_AND_CLEAR);
}

static void put(char c)
{
    while (!(mmio_read8(uart(UART_LSR)) & LSR_TRANSMIT_EMPTY))
        ;
    mmio_write8(uart(UART_DATA), c);
}

/* The next byte received, or -1. */
static int get(void)
{
    if (!(mmio_read8(uart(UART_LSR)) & LSR_DATA_READY))
        return -1;
    return mmio_read8(uart(UART_DATA));
}

static void put_decimal(int value)
{
    if (value < 0) {
        put('-');
        value = -value;
    }
    if (value >= 10)
        put_decimal(value / 10);
    put('0' + value % 10);
}

static void put_hex(unsigned long value)
{
    int shift = 60;

    put('0');
    put('x');
    while (shift && !(value >> shift))
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        put("0123456789abcdef"[value >> shift & 15]);
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
    va_list args;
    char text[2] = { 0 };

    va_start(args, format);
    lock_take(&console_lock);
    for (; *format; format++) {
        text[0] = *format;
        if (*format != '%')
            put_string(text);
        else if (*++format == 'd')
            put_decimal(va_arg(args, int));
        else if (*format == 'x')
            put_hex(va_arg(args, unsigned long));
        else if (*format == 's')
            put_string(va_arg(args, const char *));
    }
    lock_release(&console_lock);
    va_end(args);
}

/*
 * S-mode names a buffer by its physical address, and M-mode is not held back
 * by PMP: so the address is checked, and still every access may fail.
 */
static bool load_byte(unsigned long addr, char *byte)
{
    unsigned long ok, value = 0;

    __asm__ volatile(TRY("lbu %[v], (%[addr])")
                     : [ok] "=&r"(ok), [v] "+&r"(value)
                     : [addr] "r"(addr)
                     : "t0", "memory");
    *byte = (char)value;
    return ok != 0;
}

static bool store_byte(unsigned long addr, int byte)
{
    unsigned long ok;

    __asm__ volatile(TRY("sb %[v], (%[addr])")
                     : [ok] "=&r"(ok)
                     : [addr] "r"(addr), [v] "r"(byte)
                     : "t0", "memory");
    return ok != 0;
}

static struct sbi_ret write_bytes(unsigned long size, unsigned long addr)
{
    unsigned long done = 0;
    char byte;

    lock_take(&console_lock);
    while (done < size && load_byte(addr + done, &byte)) {
        put(byte);
        done++;
    }
    lock_release(&console_lock);
    return done == size ? sbi_value(done) : sbi_error(SBI_ERR_FAILED);
}

static struct sbi_ret read_bytes(unsigned long size, unsigned long addr)
{
    unsigned long done = 0;
    bool ok = true;

    lock_take(&console_lock);
    while (ok && done < size) {
        int c = get();

        if (c < 0)
            break;
        ok = store_byte(addr + done, c);
        done++;
    }
    lock_release(&console_lock);
    return ok ? sbi_value(done) : sbi_error(SBI_ERR_FAILED);
}

static void put_locked(char byte)
{
    lock_take(&console_lock);
    put(byte);
    lock_release(&console_lock);
}

struct sbi_ret sbi_dbcn(const struct sbi_call *call)
{
    unsigned long size = call->arg[0];
    unsigned long addr = call->arg[1];

    if (call->function == 2) { /* console_write_byte */
        put_locked((char)call->arg[0]);
        return sbi_value(0);
    }
    if (call->function > 2)
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    /* arg[2] is the address's high half, for narrower machines than ours. */
    if (call->arg[2] || !platform_is_payload_ram(addr, size))
        return sbi_error(SBI_ERR_INVALID_PARAM);
    return call->function == 0 ? write_bytes(size, addr)
                               : read_bytes(size, addr);
}

struct sbi_ret sbi_legacy_putchar(const struct sbi_call *call)
{
    put_locked((char)call->arg[0]);
    return sbi_error(SBI_SUCCESS);
}

/* The byte, or -1, is the result itself. */
struct sbi_ret sbi_legacy_getchar(const struct sbi_call *call)
{
    struct sbi_ret ret;

    (void)call;
    lock_take(&console_lock);
    ret = sbi_error(get());
    lock_release(&console_lock);
    return ret;
}
