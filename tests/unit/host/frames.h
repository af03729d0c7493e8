/* Ethernet frames made and read by hand, as a guest at 10.0.2.15 does. */
#ifndef POGO_TESTS_UNIT_HOST_FRAMES_H
#define POGO_TESTS_UNIT_HOST_FRAMES_H

#include "devices/net.h"

#define GUEST_IP  UINT32_C(0x0a00020f) /* 10.0.2.15 */
#define ROUTER_IP UINT32_C(0x0a000202)

/* Where what is, in a frame without options. */
enum {
    FRAME_TYPE = 12,
    ARP_OPERATION = 20,
    ARP_SENDER_IP = 28,
    IP_LENGTH = 16,
    IP_FRAGMENT = 20,
    IP_PROTOCOL = 23,
    IP_HEADER_SUM = 24,
    IP_SOURCE = 26,
    IP_DESTINATION = 30,
    PORT_SOURCE = 34,
    PORT_DESTINATION = 36,
    UDP_DATA = 42,
    TCP_SEQUENCE = 38,
    TCP_ACKNOWLEDGED = 42,
    TCP_FLAGS = 47,
    TCP_DATA = 54,
    ICMP_TYPE = 34,
};

enum { TYPE_IP = 0x0800, TYPE_ARP = 0x0806 };
enum { PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };
enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };

struct frame {
    size_t size;
    uint8_t bytes[NET_FRAME_MAX];
};

/* One segment; ports and numbers as the guest sees them. */
struct segment {
    uint16_t source, destination;
    uint32_t sequence, acknowledged;
    uint8_t flags;
    const void *data;
    size_t size;
};

/* Big-endian numbers of 1 to 4 bytes. */
uint32_t frame_get(const struct frame *f, size_t at, unsigned bytes);
void frame_put(struct frame *f, size_t at, unsigned bytes, uint32_t v);

void frame_arp(struct frame *f, uint32_t wanted);
void frame_ping(struct frame *f, uint32_t to);
void frame_udp(struct frame *f, uint32_t from, uint16_t source, uint32_t to,
               uint16_t destination, const void *data, size_t size);
void frame_tcp(struct frame *f, uint32_t to, const struct segment *s);
/* DHCP: 1 DISCOVER, 3 REQUEST of 10.0.2.15. */
void frame_dhcp(struct frame *f, uint8_t message);

/* Is it of that protocol, and for that port of the guest's? */
bool frame_is(const struct frame *f, unsigned protocol, uint16_t port);
/* Bytes behind the header of TCP. */
size_t frame_tcp_size(const struct frame *f);

#endif
