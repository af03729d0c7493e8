/*
 * ns16550a: the serial port (National Semiconductor PC16550D data sheet).
 * Byte registers, no shift. Bytes leave at once, so the transmitter is always
 * empty; received bytes that do not fit the FIFO wait in the console and are
 * never overrun. The character timeout is taken to pass at once.
 */
#ifndef POGO_DEVICES_UART_H
#define POGO_DEVICES_UART_H

#include "bus/bus.h"
#include "devices/console.h"

/* For the device tree. */
#define UART_COMPATIBLE "ns16550a"
#define UART_CLOCK_HZ   3686400

#define UART_FIFO 16

struct uart {
    struct console *console; /* borrowed */
    struct irq_line irq;
    uint8_t ier, lcr, mcr, lsr, msr, scr, fcr, dll, dlm;
    uint8_t fifo[UART_FIFO]; /* a ring: `filled` bytes from `first` on */
    unsigned first, filled;
    bool thr_emptied; /* the THRE interrupt has not been acknowledged yet */
};

/* Reset state. Becomes the reader of `console` (NULL: nothing there). */
void uart_init(struct uart *u, struct console *console, struct irq_line irq);

/* struct bus_device load and store; the context is the struct uart. */
bool uart_load(void *uart, uint64_t offset, unsigned size, uint64_t *v);
bool uart_store(void *uart, uint64_t offset, unsigned size, uint64_t v);

/* The state (base/state.h), with what waits in its console, if it has one. */
void uart_state(struct uart *u, struct state *s);

#endif
