/* The serial port; see uart.h. Register names as in the data sheet. */
#include "devices/uart.h"

enum uart_register {
    RBR_THR_DLL = 0, /* received, to send; with DLAB divisor's low byte */
    IER_DLM = 1,     /* interrupt enable; with DLAB divisor's high byte */
    IIR_FCR = 2,     /* interrupt identification; FIFO control */
    LCR = 3,
    MCR = 4,
    LSR = 5,
    MSR = 6,
    SCR = 7,
};

enum uart_bits {
    IER_RECEIVED = 0x01,
    IER_THR_EMPTY = 0x02,
    IER_LINE = 0x04,
    IER_MODEM = 0x08,
    IER_ALL = 0x0f,

    IIR_MODEM = 0x00,
    IIR_NONE = 0x01,
    IIR_THR_EMPTY = 0x02,
    IIR_RECEIVED = 0x04,
    IIR_LINE = 0x06,
    IIR_TIMEOUT = 0x0c, /* bytes below the trigger level have waited */
    IIR_FIFOS = 0xc0,

    FCR_ENABLE = 0x01,
    FCR_CLEAR_RECEIVER = 0x02,
    FCR_KEPT = 0xc9, /* enable, DMA mode, trigger level */

    LCR_DLAB = 0x80,

    MCR_DTR = 0x01,
    MCR_RTS = 0x02,
    MCR_OUT1 = 0x04,
    MCR_OUT2 = 0x08,
    MCR_LOOP = 0x10,
    MCR_ALL = 0x1f,

    LSR_READY = 0x01,
    LSR_OVERRUN = 0x02,
    LSR_THR_EMPTY = 0x20,
    LSR_ALL_SENT = 0x40,

    MSR_DCTS = 0x01,
    MSR_DDSR = 0x02,
    MSR_TERI = 0x04, /* the ring indicator has gone off */
    MSR_DDCD = 0x08,
    MSR_CHANGED = 0x0f,
    MSR_CTS = 0x10,
    MSR_DSR = 0x20,
    MSR_RI = 0x40,
    MSR_DCD = 0x80,
};

/* Bytes in the receiver FIFO that raise its interrupt, by FCR bits 7..6. */
static const uint8_t trigger_level[4] = { 1, 4, 8, 14 };

static unsigned fifo_size(const struct uart *u)
{
    return u->fcr & FCR_ENABLE ? UART_FIFO : 1;
}

/* The interrupt of highest priority that is enabled and pending. */
static uint8_t identify(const struct uart *u)
{
    unsigned trigger = u->fcr & FCR_ENABLE ? trigger_level[u->fcr >> 6] : 1;

    if (u->ier & IER_LINE && u->lsr & LSR_OVERRUN)
        return IIR_LINE;
    if (u->ier & IER_RECEIVED && u->filled >= trigger)
        return IIR_RECEIVED;
    if (u->ier & IER_RECEIVED && u->filled)
        return IIR_TIMEOUT;
    if (u->ier & IER_THR_EMPTY && u->thr_emptied)
        return IIR_THR_EMPTY;
    if (u->ier & IER_MODEM && u->msr & MSR_CHANGED)
        return IIR_MODEM;
    return IIR_NONE;
}

static void update(struct uart *u)
{
    irq_set(&u->irq, identify(u) != IIR_NONE);
}

/* A byte comes in over the line (or the loop). */
static void receive(struct uart *u, uint8_t byte)
{
    if (u->filled == fifo_size(u)) {
        u->lsr |= LSR_OVERRUN;
        if (u->fcr & FCR_ENABLE)
            return;    /* a full FIFO keeps what it has, … */
        u->filled = 0; /* … the single register does not */
    }
    u->fifo[(u->first + u->filled) % UART_FIFO] = byte;
    u->filled++;
}

/* What waits in the console moves up. In a loop the line is cut off. */
static void refill(struct uart *u)
{
    uint8_t byte;

    while (u->console && !(u->mcr & MCR_LOOP) && u->filled < fifo_size(u) &&
           console_take(u->console, &byte))
        receive(u, byte);
}

static void input_arrived(void *uart)
{
    refill(uart);
    update(uart);
}

void uart_init(struct uart *u, struct console *console, struct irq_line irq)
{
    *u = (struct uart){ .console = console,
                        .irq = irq,
                        .msr = MSR_CTS | MSR_DSR | MSR_DCD };
    if (console) {
        console->arrived = input_arrived;
        console->reader = u;
    }
    refill(u);
}

static uint8_t take(struct uart *u)
{
    uint8_t byte = 0;

    if (u->filled) {
        byte = u->fifo[u->first];
        u->first = (u->first + 1) % UART_FIFO;
        u->filled--;
    }
    refill(u);
    return byte;
}

static void send(struct uart *u, uint8_t byte)
{
    u->thr_emptied = true;
    if (u->mcr & MCR_LOOP)
        receive(u, byte);
    else if (u->console)
        console_put(u->console, &byte, 1);
}

static void set_ier(struct uart *u, uint8_t v)
{
    /* Enabling the interrupt of a transmitter that is empty raises it. */
    if (v & IER_THR_EMPTY && !(u->ier & IER_THR_EMPTY))
        u->thr_emptied = true;
    u->ier = v & IER_ALL;
}

static void set_fcr(struct uart *u, uint8_t v)
{
    /* Bit 0 must be set for the others to be written; changing it clears. */
    if ((u->fcr ^ v) & FCR_ENABLE || v & FCR_CLEAR_RECEIVER)
        u->filled = 0;
    u->fcr = v & FCR_ENABLE ? v & FCR_KEPT : 0;
    refill(u);
}

/*
 * The modem's lines: a terminal is always there and ready; in a loop they are
 * the port's own outputs.
 */
static uint8_t modem_lines(const struct uart *u)
{
    if (!(u->mcr & MCR_LOOP))
        return MSR_CTS | MSR_DSR | MSR_DCD;
    return (u->mcr & MCR_RTS ? MSR_CTS : 0) | (u->mcr & MCR_DTR ? MSR_DSR : 0) |
           (u->mcr & MCR_OUT1 ? MSR_RI : 0) | (u->mcr & MCR_OUT2 ? MSR_DCD : 0);
}

static void set_mcr(struct uart *u, uint8_t v)
{
    uint8_t lines, changed;

    u->mcr = v & MCR_ALL;
    lines = modem_lines(u);
    changed = (lines ^ u->msr) & ~MSR_CHANGED;
    u->msr = lines | (u->msr & MSR_CHANGED) |
             (changed & MSR_CTS ? MSR_DCTS : 0) |
             (changed & MSR_DSR ? MSR_DDSR : 0) |
             (changed & MSR_DCD ? MSR_DDCD : 0) |
             (changed & ~lines & MSR_RI ? MSR_TERI : 0);
    refill(u);
}

/* Reading identifies; if the empty transmitter is it, that acknowledges. */
static uint8_t read_iir(struct uart *u)
{
    uint8_t iir = identify(u);

    if (iir == IIR_THR_EMPTY)
        u->thr_emptied = false;
    return iir | (u->fcr & FCR_ENABLE ? IIR_FIFOS : 0);
}

static uint8_t read_lsr(struct uart *u)
{
    uint8_t lsr =
        u->lsr | LSR_THR_EMPTY | LSR_ALL_SENT | (u->filled ? LSR_READY : 0);

    u->lsr = 0;
    return lsr;
}

static uint8_t read_msr(struct uart *u)
{
    uint8_t msr = u->msr;

    u->msr &= ~MSR_CHANGED;
    return msr;
}

static uint8_t read_register(struct uart *u, uint64_t offset)
{
    bool dlab = u->lcr & LCR_DLAB;

    switch (offset) {
    case RBR_THR_DLL:
        return dlab ? u->dll : take(u);
    case IER_DLM:
        return dlab ? u->dlm : u->ier;
    case IIR_FCR:
        return read_iir(u);
    case LCR:
        return u->lcr;
    case MCR:
        return u->mcr;
    case LSR:
        return read_lsr(u);
    case MSR:
        return read_msr(u);
    case SCR:
        return u->scr;
    default:
        return 0;
    }
}

static void write_register(struct uart *u, uint64_t offset, uint8_t v)
{
    bool dlab = u->lcr & LCR_DLAB;

    switch (offset) {
    case RBR_THR_DLL:
        if (dlab)
            u->dll = v;
        else
            send(u, v);
        break;
    case IER_DLM:
        if (dlab)
            u->dlm = v;
        else
            set_ier(u, v);
        break;
    case IIR_FCR:
        set_fcr(u, v);
        break;
    case LCR:
        u->lcr = v;
        break;
    case MCR:
        set_mcr(u, v);
        break;
    case SCR:
        u->scr = v;
        break;
    }
}

/*
 * A wider access reaches the one register at its offset, as on QEMU's board:
 * bare-metal programs often print with sw.
 */
bool uart_load(void *uart, uint64_t offset, unsigned size, uint64_t *v)
{
    if (size > 4)
        return false;
    *v = read_register(uart, offset);
    update(uart);
    return true;
}

bool uart_store(void *uart, uint64_t offset, unsigned size, uint64_t v)
{
    if (size > 4)
        return false;
    write_register(uart, offset, (uint8_t)v);
    update(uart);
    return true;
}

/* The receiver's ring, from its first byte on. */
static void fifo_state(struct uart *u, struct state *s)
{
    uint8_t filled = (uint8_t)u->filled;

    state_u8(s, &filled);
    state_require(s, filled <= fifo_size(u));
    if (s->bad)
        return;
    if (!s->saving) {
        u->first = 0;
        u->filled = filled;
    }
    for (unsigned i = 0; i < filled; i++)
        state_u8(s, &u->fifo[(u->first + i) % UART_FIFO]);
}

void uart_state(struct uart *u, struct state *s)
{
    uint8_t *const registers[] = { &u->ier, &u->lcr, &u->mcr, &u->lsr, &u->msr,
                                   &u->scr, &u->fcr, &u->dll, &u->dlm };
    bool console = u->console;

    for (size_t i = 0; i < sizeof registers / sizeof registers[0]; i++)
        state_u8(s, registers[i]);
    state_require(s, !(u->ier & ~IER_ALL) && !(u->mcr & ~MCR_ALL) &&
                         !(u->lsr & ~LSR_OVERRUN) && !(u->fcr & ~FCR_KEPT));
    fifo_state(u, s);
    state_bool(s, &u->thr_emptied);
    state_bool(s, &console);
    state_require(s, console == (u->console != NULL));
    if (u->console && !s->bad)
        console_state(u->console, s);
}
