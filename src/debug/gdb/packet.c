#include "debug/gdb/packet.h"

#include <string.h>

#include "debug/gdb/hex.h"

void packets_begin(struct packets *p)
{
    p->acks = true;
    p->state = IN_BETWEEN;
    p->size = p->out_size = 0;
}

bool packet_hides(uint8_t byte)
{
    return byte == '#' || byte == '$' || byte == PACKET_HIDE || byte == '*';
}

static void acknowledge(struct packets *p, char how)
{
    if (p->acks)
        p->send(p->context, (const uint8_t *)&how, 1);
}

static void begin(struct packets *p)
{
    p->state = IN_BODY;
    p->size = 0;
    p->sum = 0;
    p->too_long = p->hidden = false;
}

static enum packet_event between(struct packets *p, uint8_t byte)
{
    if (byte == '$')
        begin(p);
    else if (byte == '-' && p->acks && p->out_size)
        p->send(p->context, p->out, p->out_size);
    return byte == GDB_CTRL_C ? PACKET_INTERRUPT : PACKET_NOTHING;
}

static void body(struct packets *p, uint8_t byte)
{
    if (byte == '#') {
        p->state = IN_SUM;
        return;
    }
    if (byte == '$') { /* the one before was never ended */
        begin(p);
        return;
    }
    p->sum = (uint8_t)(p->sum + byte);
    if (byte == PACKET_HIDE && !p->hidden) {
        p->hidden = true;
        return;
    }
    if (p->size < GDB_PACKET)
        p->in[p->size++] = (char)(p->hidden ? byte ^ PACKET_TURN : byte);
    else
        p->too_long = true;
    p->hidden = false;
}

/* Without acknowledgements gdb does not send it again: it has to be told. */
static enum packet_event end(struct packets *p, uint8_t second_digit)
{
    int high = hex_digit(p->first_digit), low = hex_digit(second_digit);
    bool good = high >= 0 && low >= 0 && high * 16 + low == p->sum;

    p->state = IN_BETWEEN;
    p->in[p->size] = 0;
    acknowledge(p, good ? '+' : '-');
    if (good && !p->too_long && !p->hidden)
        return PACKET_WHOLE;
    return good || !p->acks ? PACKET_DAMAGED : PACKET_NOTHING;
}

enum packet_event packets_take(struct packets *p, uint8_t byte)
{
    switch (p->state) {
    case IN_BETWEEN:
        return between(p, byte);
    case IN_BODY:
        body(p, byte);
        return PACKET_NOTHING;
    case IN_SUM:
        p->first_digit = byte;
        p->state = IN_SUM_END;
        return PACKET_NOTHING;
    default:
        return end(p, byte);
    }
}

void packets_send(struct packets *p, const char *body, size_t n)
{
    uint8_t sum = 0, *to = p->out;

    if (n > GDB_PACKET)
        n = GDB_PACKET;
    *to++ = '$';
    memcpy(to, body, n);
    for (size_t i = 0; i < n; i++)
        sum = (uint8_t)(sum + to[i]);
    to += n;
    *to++ = '#';
    hex_put((char *)to, &sum, 1);
    p->out_size = n + 4;
    p->send(p->context, p->out, p->out_size);
}
