#include "cli/host_console.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bus/little_endian.h"
#include "cli/terminal.h"
#include "host/cancel.h"
#include "machine/error_say.h"

#define CTRL_A 1
#define SECOND INT64_C(1000000000)
#define SLEEP_LEAST 1000000 /* ns; less is put off to the next wait */
#define DEBT_LEAST (-10 * SLEEP_LEAST)
#define NS_PER_TICK (SECOND / CLOCK_HZ)

uint64_t host_time(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

/* A closed pipe or a full disk loses console output, and nothing else. */
static void write_all(int fd, const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, bytes, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return;
        bytes += done;
        n -= (size_t)done;
    }
}

void host_console_flush(struct host_console *c)
{
    if (c->out >= 0)
        write_all(c->out, c->buffer, c->buffered);
    c->buffered = 0;
}

void host_console_put(struct host_console *c, const uint8_t *bytes, size_t n)
{
    if (c->taker) {
        c->taker(c->taker_context, bytes, n);
        return;
    }
    for (size_t k = 0; k < n; k++) {
        if (c->buffered == sizeof c->buffer)
            host_console_flush(c);
        c->buffer[c->buffered++] = bytes[k];
        c->middle_of_line = bytes[k] != '\n';
    }
}

static void put_uart(void *context, const uint8_t *bytes, size_t n)
{
    struct host_console *c = context;

    c->keyboard = &c->console;
    host_console_put(c, bytes, n);
}

static void put_virtio(void *context, const uint8_t *bytes, size_t n)
{
    struct host_console *c = context;

    c->keyboard = &c->virtio;
    host_console_put(c, bytes, n);
}

enum status host_console_open(struct host_console *c, const char *where,
                              bool terminal, bool piped, struct error *e)
{
    memset(c, 0, sizeof *c);
    console_init(&c->console, put_uart, c);
    console_init(&c->virtio, put_virtio, c);
    c->keyboard = &c->console;
    inputs_init(&c->own_inputs, NULL);
    c->inputs = &c->own_inputs;
    c->out = STDOUT_FILENO;
    c->start = host_time();
    if (strcmp(where, "none") == 0) {
        c->out = -1;
    } else if (strcmp(where, "-") != 0) {
        c->out = open(where, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        if (c->out < 0)
            return error_say(e, STATUS_IO, "--console '%s' cannot be written "
                             "(%s): name a file that can", where,
                             strerror(errno));
        c->owns_out = true;
    }
    c->is_terminal = terminal && terminal_raw();
    c->live = c->is_terminal || piped;
    return STATUS_OK;
}

void host_console_close(struct host_console *c)
{
    host_console_flush(c);
    if (c->owns_out)
        close(c->out);
    if (c->is_terminal)
        terminal_restore();
    c->out = -1;
}

static void say(const char *text)
{
    write_all(STDERR_FILENO, (const uint8_t *)text, strlen(text));
}

/* Ctrl-A and the key after it are Pogo's; returns true if the guest gets the
   key. */
static bool filter(struct host_console *c, uint8_t key)
{
    if (!c->is_terminal)
        return true;
    if (!c->escape) {
        c->escape = key == CTRL_A;
        return !c->escape;
    }
    c->escape = false;
    if (c->command && c->command(c->command_context, key))
        return false;
    if (key == 'x' || key == 'X')
        cancel(CANCEL_KEYS);
    else if (key == 'h' || key == '?')
        say("\r\npogo: Ctrl-A x quits, Ctrl-A Ctrl-A sends Ctrl-A, "
            "Ctrl-A h says this\r\n");
    return key == CTRL_A;
}

/* Hands the guest what waits, as far as there is room. */
static void push_keys(struct host_console *c)
{
    size_t n = inputs_put(c->inputs, c->keyboard, c->keys, c->key_count);

    memmove(c->keys, c->keys + n, c->key_count - n);
    c->key_count -= n;
}

/* Waits at most `ns` (-1: for ever) for standard input, one of the others or a
   source, which take what has come if `take`. True: standard input has
   something, or its end. While the guest leaves keys unread, that is not looked
   at. */
static bool look_outside(const struct host_console *c, int64_t ns, bool take)
{
    struct pollfd p[1 + HOST_CONSOLE_ALSOS] = {
        { .fd = c->live && !c->key_count ? STDIN_FILENO : -1,
          .events = POLLIN }
    };

    for (unsigned k = 0; k < c->alsos; k++)
        p[1 + k] = (struct pollfd){ .fd = c->also[k], .events = POLLIN };
    host_wait(p, 1 + c->alsos, c->source, c->sources, ns, take);
    return p[0].revents;
}

static void read_keys(struct host_console *c)
{
    uint8_t raw[sizeof c->keys];
    ssize_t n = read(STDIN_FILENO, raw, sizeof raw);

    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n <= 0)
        c->live = false;
    for (ssize_t k = 0; k < n; k++)
        if (filter(c, raw[k]))
            c->keys[c->key_count++] = raw[k];
    push_keys(c);
}

/* Takes what has come: from standard input only if the guest has taken the last
   of it. */
static void take_input(struct host_console *c)
{
    push_keys(c);
    if (!c->sources && (!c->live || c->key_count))
        return;
    if (look_outside(c, 0, true))
        read_keys(c);
}

void host_put_time(struct board *b, uint64_t time)
{
    uint8_t bytes[sizeof time];

    little_endian_put(bytes, sizeof bytes, time);
    inputs_put(b->config.inputs, b, bytes, sizeof bytes);
}

/* --clock host: mtime is moved forward to the host's time. */
static void follow_host(const struct host_console *c, struct board *b)
{
    uint64_t ticks = (host_time() - c->start) / NS_PER_TICK;

    if (ticks > clock_time(&b->bus.clock, machine_count(b)))
        host_put_time(b, ticks);
}

/* Nothing is scheduled: only input can wake the guest. */
static uint64_t wait_for_input(struct host_console *c)
{
    uint64_t before = host_time(), passed;

    if (!c->live && !c->key_count && !c->alsos && !c->sources)
        return 0;
    look_outside(c, c->key_count && !c->sources ? 0 : -1, false);
    passed = c->paced ? host_time() - before : 1;
    c->debt = 0;
    return passed ? passed : 1;
}

/*
 * A wait of `idle` counts, of 1 ns each. Short waits are saved up until they
 * are worth a sleep. Input ends the wait early.
 */
static uint64_t wait_paced(struct host_console *c, uint64_t idle)
{
    uint64_t before = host_time();
    int64_t slept;

    if (idle > (uint64_t)(3600 * SECOND))
        idle = 3600 * SECOND;
    c->debt += (int64_t)idle;
    if (c->debt < SLEEP_LEAST)
        return idle;
    look_outside(c, c->debt, false);
    slept = (int64_t)(host_time() - before);
    if (slept >= c->debt) {
        c->debt -= slept;
        if (c->debt < DEBT_LEAST)
            c->debt = DEBT_LEAST;
        return idle;
    }
    c->debt = 0;
    return (uint64_t)slept < idle ? (uint64_t)slept : idle;
}

void host_console_add(struct host_console *c, const struct host_source *s)
{
    c->source[c->sources++] = s;
}

uint64_t host_console_poll(void *context, struct board *b, uint64_t idle)
{
    struct host_console *c = context;

    host_console_flush(c);
    if (idle == CLOCK_NEVER)
        return wait_for_input(c);
    if (idle > 0)
        return c->paced ? wait_paced(c, idle) : idle;
    take_input(c);
    if (c->host_clock)
        follow_host(c, b);
    return 0;
}
