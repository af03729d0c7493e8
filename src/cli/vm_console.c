#define _GNU_SOURCE /* ptsname_r, cfmakeraw */
#include "cli/vm_console.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "machine/error_say.h"

#define ESCAPE 0x1b

/* Nobody may be reading: what a pty or file does not take is lost. */
static void write_to_fd(struct vm_console *c)
{
    size_t done = 0;

    while (done < c->length) {
        ssize_t n = write(c->fd, c->line + done, c->length - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    c->length = 0;
}

void shared_terminal_end_line(struct shared_terminal *t)
{
    if (t->open)
        host_console_put(&t->host, (const uint8_t *)"\r\n", 2);
    t->open = NULL;
}

static void write_shared(struct vm_console *c)
{
    struct shared_terminal *t = c->terminal;
    char prefix[32];

    if (t->open != c) {
        shared_terminal_end_line(t);
        snprintf(prefix, sizeof prefix, "[%s] ", c->name);
        host_console_put(&t->host, (const uint8_t *)prefix, strlen(prefix));
    }
    host_console_put(&t->host, c->line, c->length);
    t->open = c->line[c->length - 1] == '\n' ? NULL : c;
    c->length = 0;
}

void vm_console_flush(struct vm_console *c)
{
    if (c->length == 0)
        return;
    if (c->kind == VM_CONSOLE_SHARED)
        write_shared(c);
    else
        write_to_fd(c);
}

static bool is_letter(uint8_t byte)
{
    return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

/* Escape sequences are left out: as far as they end with a letter. */
static void note(struct vm_console *c, uint8_t byte)
{
    if (c->in_escape)
        c->in_escape = !is_letter(byte);
    else if (byte == ESCAPE)
        c->in_escape = true;
    else if (byte == '\n' || byte == '\r') {
        c->coming[c->coming_length] = '\0';
        if (c->coming_length)
            memcpy(c->last, c->coming, sizeof c->last);
        c->coming_length = 0;
    } else if (byte >= ' ' && byte < 0x7f &&
               c->coming_length < sizeof c->coming - 1) {
        c->coming[c->coming_length++] = (char)byte;
    }
}

static void put(struct vm_console *c, const uint8_t *bytes, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        note(c, bytes[k]);
        if (c->kind == VM_CONSOLE_NONE)
            continue;
        c->line[c->length++] = bytes[k];
        if (c->length == sizeof c->line ||
            (bytes[k] == '\n' && c->kind == VM_CONSOLE_SHARED))
            vm_console_flush(c);
    }
}

static void put_uart(void *context, const uint8_t *bytes, size_t n)
{
    struct vm_console *c = context;

    c->keyboard = &c->uart;
    put(c, bytes, n);
}

static void put_virtio(void *context, const uint8_t *bytes, size_t n)
{
    struct vm_console *c = context;

    c->keyboard = &c->virtio;
    put(c, bytes, n);
}

/* Bytes go through as they are: the guest does what a terminal's line
   discipline would. */
static bool open_pty(struct vm_console *c)
{
    struct termios raw;

    c->fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (c->fd < 0 || grantpt(c->fd) || unlockpt(c->fd) ||
        ptsname_r(c->fd, c->path, sizeof c->path) ||
        fcntl(c->fd, F_SETFL, O_NONBLOCK))
        return false;
    c->slave = open(c->path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (c->slave < 0 || tcgetattr(c->slave, &raw))
        return false;
    cfmakeraw(&raw);
    return tcsetattr(c->slave, TCSANOW, &raw) == 0;
}

enum status vm_console_open(struct vm_console *c, const char *name,
                            const char *where, struct shared_terminal *t,
                            struct error *e)
{
    *c = (struct vm_console){ .name = name,
                              .terminal = t,
                              .fd = -1,
                              .slave = -1,
                              .kind = VM_CONSOLE_SHARED };
    console_init(&c->uart, put_uart, c);
    console_init(&c->virtio, put_virtio, c);
    c->keyboard = &c->uart;
    inputs_init(&c->inputs, NULL);
    if (strcmp(where, "-") == 0)
        return STATUS_OK;
    if (strcmp(where, "none") == 0) {
        c->kind = VM_CONSOLE_NONE;
        return STATUS_OK;
    }
    if (strcmp(where, "pty") == 0) {
        c->kind = VM_CONSOLE_PTY;
        return open_pty(c) ? STATUS_OK
                           : error_say(e, STATUS_IO,
                                       "%s: this host gives no "
                                       "pseudo-terminal (%s): use --console "
                                       "FILE",
                                       name, strerror(errno));
    }
    c->kind = VM_CONSOLE_FILE;
    c->fd = open(where, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    return c->fd >= 0 ? STATUS_OK
                      : error_say(e, STATUS_IO,
                                  "%s: --console '%.120s' "
                                  "cannot be written (%s): name a file that "
                                  "can",
                                  name, where, strerror(errno));
}

void vm_console_close(struct vm_console *c)
{
    vm_console_flush(c);
    if (c->fd >= 0)
        close(c->fd);
    if (c->slave >= 0)
        close(c->slave);
    c->fd = c->slave = -1;
    c->length = 0;
    c->kind = VM_CONSOLE_NONE;
}

void vm_console_read(struct vm_console *c)
{
    uint8_t keys[256];
    size_t room = CONSOLE_INPUT - c->keyboard->waiting;
    ssize_t n;

    if (c->kind != VM_CONSOLE_PTY || room == 0)
        return;
    n = read(c->fd, keys, room < sizeof keys ? room : sizeof keys);
    if (n > 0)
        inputs_put(&c->inputs, c->keyboard, keys, (size_t)n);
}

const char *vm_console_last(const struct vm_console *c)
{
    return c->last;
}
