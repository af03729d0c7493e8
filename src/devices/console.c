/* The far end of a serial device; see console.h. */
#include "devices/console.h"

void console_init(struct console *c,
                  void (*put)(void *, const uint8_t *, size_t), void *context)
{
    *c = (struct console){ .put = put, .context = context, .connected = true };
}

void console_put(struct console *c, const uint8_t *bytes, size_t n)
{
    if (c->put && !(c->repeats && *c->repeats))
        c->put(c->context, bytes, n);
}

size_t console_push(struct console *c, const uint8_t *bytes, size_t n)
{
    size_t taken = 0;

    for (; taken < n && c->waiting < CONSOLE_INPUT; taken++, c->waiting++)
        c->input[(c->first + c->waiting) % CONSOLE_INPUT] = bytes[taken];
    if (taken && c->arrived)
        c->arrived(c->reader);
    return taken;
}

size_t console_port_push(void *console, const uint8_t *bytes, size_t n)
{
    struct console *c = console;
    size_t taken = 0;

    if (n > 1 && bytes[0] == CONSOLE_BYTES)
        taken = console_push(c, bytes + 1, n - 1);
    if (taken)
        return 1 + taken;
    if (n != 1 || (bytes[0] != CONSOLE_GONE && bytes[0] != CONSOLE_COME))
        return 0;
    c->connected = bytes[0] == CONSOLE_COME;
    if (c->arrived)
        c->arrived(c->reader);
    return n;
}

bool console_take(struct console *c, uint8_t *byte)
{
    if (c->waiting == 0)
        return false;
    *byte = c->input[c->first];
    c->first = (c->first + 1) % CONSOLE_INPUT;
    c->waiting--;
    return true;
}

void console_state(struct console *c, struct state *s)
{
    uint16_t waiting = (uint16_t)c->waiting;

    state_u16(s, &waiting);
    state_require(s, waiting <= CONSOLE_INPUT);
    if (s->bad)
        return;
    if (!s->saving) {
        c->first = 0;
        c->waiting = waiting;
    }
    for (size_t i = 0; i < c->waiting; i++)
        state_u8(s, &c->input[(c->first + i) % CONSOLE_INPUT]);
}
