/* The far end of a serial device; see console.h. */
#include "devices/console.h"

void console_init(struct console *c,
                  void (*put)(void *, const uint8_t *, size_t), void *context)
{
    *c = (struct console){ .put = put, .context = context };
}

void console_put(struct console *c, const uint8_t *bytes, size_t n)
{
    if (c->put)
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

bool console_take(struct console *c, uint8_t *byte)
{
    if (c->waiting == 0)
        return false;
    *byte = c->input[c->first];
    c->first = (c->first + 1) % CONSOLE_INPUT;
    c->waiting--;
    return true;
}
