#include "host/frames.h"

#include <string.h>

static const uint8_t own[NET_MAC] = { 0x52, 0x54, 0, 0, 0, 1 };

uint32_t frame_get(const struct frame *f, size_t at, unsigned bytes)
{
    uint32_t v = 0;

    for (unsigned i = 0; i < bytes; i++)
        v = v << 8 | f->bytes[at + i];
    return v;
}

void frame_put(struct frame *f, size_t at, unsigned bytes, uint32_t v)
{
    while (bytes-- > 0) {
        f->bytes[at + bytes] = (uint8_t)v;
        v >>= 8;
    }
}

/* The Internet checksum of `size` bytes (RFC 1071), `sum` added. */
static uint16_t checksum(const struct frame *f, size_t at, size_t size,
                         uint32_t sum)
{
    for (size_t i = 0; i + 1 < size; i += 2)
        sum += frame_get(f, at + i, 2);
    if (size % 2)
        sum += (uint32_t)f->bytes[at + size - 1] << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static void start(struct frame *f, uint16_t type)
{
    memset(f, 0, sizeof *f);
    memset(f->bytes, 0xff, NET_MAC);
    memcpy(f->bytes + NET_MAC, own, NET_MAC);
    frame_put(f, FRAME_TYPE, 2, type);
}

/* `size` bytes of payload follow at PORT_SOURCE; they are there already. */
static void finish(struct frame *f, unsigned protocol, uint32_t from,
                   uint32_t to, size_t size, size_t sum_at)
{
    uint32_t sum = 0;

    f->size = PORT_SOURCE + size;
    frame_put(f, 14, 2, 0x4500);
    frame_put(f, IP_LENGTH, 2, (uint32_t)(20 + size));
    frame_put(f, 22, 1, 64);
    frame_put(f, IP_PROTOCOL, 1, protocol);
    frame_put(f, IP_SOURCE, 4, from);
    frame_put(f, IP_DESTINATION, 4, to);
    frame_put(f, IP_HEADER_SUM, 2, checksum(f, 14, 20, 0));
    if (protocol != PROTOCOL_ICMP)
        sum = (from >> 16) + (from & 0xffff) + (to >> 16) + (to & 0xffff) +
              protocol + (uint32_t)size;
    frame_put(f, sum_at, 2, checksum(f, PORT_SOURCE, size, sum));
}

void frame_arp(struct frame *f, uint32_t wanted)
{
    start(f, TYPE_ARP);
    frame_put(f, 14, 4, 0x00010800);
    frame_put(f, 18, 2, 0x0604);
    frame_put(f, ARP_OPERATION, 2, 1);
    memcpy(f->bytes + 22, own, NET_MAC);
    frame_put(f, ARP_SENDER_IP, 4, GUEST_IP);
    frame_put(f, 38, 4, wanted);
    f->size = 42;
}

void frame_ping(struct frame *f, uint32_t to)
{
    start(f, TYPE_IP);
    frame_put(f, ICMP_TYPE, 1, 8);
    finish(f, PROTOCOL_ICMP, GUEST_IP, to, 40, 36);
}

void frame_udp(struct frame *f, uint32_t from, uint16_t source, uint32_t to,
               uint16_t destination, const void *data, size_t size)
{
    start(f, TYPE_IP);
    frame_put(f, PORT_SOURCE, 2, source);
    frame_put(f, PORT_DESTINATION, 2, destination);
    frame_put(f, 38, 2, (uint32_t)(8 + size));
    memcpy(f->bytes + UDP_DATA, data, size);
    finish(f, PROTOCOL_UDP, from, to, 8 + size, 40);
}

void frame_tcp(struct frame *f, uint32_t to, const struct segment *s)
{
    start(f, TYPE_IP);
    frame_put(f, PORT_SOURCE, 2, s->source);
    frame_put(f, PORT_DESTINATION, 2, s->destination);
    frame_put(f, TCP_SEQUENCE, 4, s->sequence);
    frame_put(f, TCP_ACKNOWLEDGED, 4, s->acknowledged);
    frame_put(f, 46, 1, 5 << 4);
    frame_put(f, TCP_FLAGS, 1, s->flags);
    frame_put(f, 48, 2, 65535);
    if (s->size)
        memcpy(f->bytes + TCP_DATA, s->data, s->size);
    finish(f, PROTOCOL_TCP, GUEST_IP, to, 20 + s->size, 50);
}

void frame_dhcp(struct frame *f, uint8_t message)
{
    uint8_t request[300] = { 1, 1, 6, 0, 'p', 'o', 'g', 'o' };
    uint8_t *option = request + 240;

    memcpy(request + 28, own, NET_MAC);
    memcpy(request + 236, "\x63\x82\x53\x63", 4);
    memcpy(option, (uint8_t[]){ 53, 1, message }, 3);
    option += 3;
    if (message == 3) {
        memcpy(option, (uint8_t[]){ 50, 4, 10, 0, 2, 15 }, 6);
        option += 6;
    }
    *option = 255;
    frame_udp(f, 0, 68, UINT32_MAX, 67, request, sizeof request);
}

bool frame_is(const struct frame *f, unsigned protocol, uint16_t port)
{
    return frame_get(f, FRAME_TYPE, 2) == TYPE_IP &&
           frame_get(f, IP_PROTOCOL, 1) == protocol &&
           (protocol == PROTOCOL_ICMP ||
            frame_get(f, PORT_DESTINATION, 2) == port);
}

size_t frame_tcp_size(const struct frame *f)
{
    return frame_get(f, IP_LENGTH, 2) - 20 - frame_get(f, 46, 1) / 16 * 4;
}
