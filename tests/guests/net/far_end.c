/* A station that answers; see far_end.h. */
#include "far_end.h"

#include <string.h>

static const uint8_t own_mac[NET_MAC] = { 0x02, 'f', 'a', 'r', 0, 2 };
static const uint8_t own_ip[4] = FAR_END_IP;

/* Byte offsets in a frame: Ethernet, then ARP, or IPv4 without options and
   ICMP. The source is behind the destination, or the other way round. */
enum {
    TYPE = 12,
    ARP_OPERATION = 21,
    ARP_SENDER = 22, /* MAC and IP address */
    ARP_TARGET = 32,
    ARP_TARGET_IP = 38,
    ARP_END = 42,
    IP_VERSION = 14,
    IP_PROTOCOL = 23,
    IP_SOURCE = 26,
    IP_DESTINATION = 30,
    ICMP_TYPE = 34,
    ICMP_CHECKSUM = 36,
    ICMP_END = 42,
};

static bool is_arp_request(const uint8_t *frame, size_t size)
{
    return size >= ARP_END && memcmp(frame + TYPE, "\x08\x06", 2) == 0 &&
           frame[ARP_OPERATION] == 1 &&
           memcmp(frame + ARP_TARGET_IP, own_ip, 4) == 0;
}

static bool is_ping(const uint8_t *frame, size_t size)
{
    return size >= ICMP_END && memcmp(frame + TYPE, "\x08\x00", 2) == 0 &&
           memcmp(frame, own_mac, NET_MAC) == 0 && frame[IP_VERSION] == 0x45 &&
           frame[IP_PROTOCOL] == 1 && frame[ICMP_TYPE] == 8 &&
           memcmp(frame + IP_DESTINATION, own_ip, 4) == 0;
}

static void make_arp_reply(uint8_t *frame)
{
    frame[ARP_OPERATION] = 2;
    memcpy(frame + ARP_TARGET, frame + ARP_SENDER, NET_MAC + 4);
    memcpy(frame + ARP_SENDER, own_mac, NET_MAC);
    memcpy(frame + ARP_SENDER + NET_MAC, own_ip, 4);
}

/* The type falls by 8 << 8, so the checksum rises by it, in ones' complement
   (RFC 1624). */
static void make_ping_reply(uint8_t *frame)
{
    uint32_t sum = (uint32_t)frame[ICMP_CHECKSUM] << 8;

    sum = (sum | frame[ICMP_CHECKSUM + 1]) + (8u << 8);
    sum = (sum & 0xffff) + (sum >> 16);
    frame[ICMP_CHECKSUM] = (uint8_t)(sum >> 8);
    frame[ICMP_CHECKSUM + 1] = (uint8_t)sum;
    frame[ICMP_TYPE] = 0;
    memcpy(frame + IP_DESTINATION, frame + IP_SOURCE, 4);
    memcpy(frame + IP_SOURCE, own_ip, 4);
}

static void hear(void *far, const uint8_t *frame, size_t size)
{
    struct far_end *f = far;
    bool arp = is_arp_request(frame, size);
    uint8_t *answer;

    f->heard++;
    if ((!arp && !is_ping(frame, size)) || f->waiting == FAR_END_ANSWERS)
        return;
    answer = f->answer[f->waiting].bytes;
    f->answer[f->waiting++].size = size;
    memcpy(answer, frame, size);
    if (arp)
        make_arp_reply(answer);
    else
        make_ping_reply(answer);
    memcpy(answer, answer + NET_MAC, NET_MAC);
    memcpy(answer + NET_MAC, own_mac, NET_MAC);
    clock_schedule(f->clock, &f->event, f->clock->now + FAR_END_LATENCY);
}

static void answer(void *context, uint64_t now)
{
    struct far_end *f = context;
    struct net_cable *c = f->cable;

    (void)now;
    for (unsigned i = 0; i < f->waiting; i++)
        if (c->deliver(c->device, f->answer[i].bytes, f->answer[i].size))
            f->answered++;
    f->waiting = 0;
}

void far_end_init(struct far_end *f, struct net_cable *cable,
                  struct clock *clock)
{
    memset(f, 0, sizeof *f);
    f->cable = cable;
    f->clock = clock;
    f->event = (struct clock_event){ .due = CLOCK_NEVER,
                                     .fire = answer,
                                     .context = f };
    cable->sent = hear;
    cable->far = f;
}
