/* What libslirp is spared; see frame_check.h. */
#include "host/slirp/frame_check.h"

/* Byte offsets: of Ethernet's type, in IPv4's header (RFC 791), and in TCP's
   (RFC 9293). All numbers are big-endian. */
enum {
    TYPE = 12,
    IP = 14,
    IP_VERSION = 0, /* and the header's words in the low half */
    IP_LENGTH = 2,
    IP_FRAGMENT = 6,
    IP_PROTOCOL = 9,
    IP_HEADER = 20,
    TCP_SEQUENCE = 4,
    TCP_OFFSET = 12, /* the header's words in the high half */
    TCP_FLAGS = 13,
    TCP_HEADER = 20,
};

#define TYPE_IPV4    0x0800
#define PROTOCOL_TCP 6
#define FRAGMENT     0x3fff /* more of them, or an offset */
#define FIN          BIT(0)
#define SYN          BIT(1)

static uint32_t number(const uint8_t *p, unsigned bytes)
{
    uint32_t v = 0;

    while (bytes-- > 0)
        v = v << 8 | *p++;
    return v;
}

/* `size` is that of the segment, header included. */
static bool segment_check(const uint8_t *tcp, size_t size)
{
    size_t header = (size_t)(tcp[TCP_OFFSET] >> 4) * 4;
    uint32_t end = number(tcp + TCP_SEQUENCE, 4);

    if (header < TCP_HEADER || header > size)
        return false;
    if (size == header && !(tcp[TCP_FLAGS] & FIN))
        return true;
    if (tcp[TCP_FLAGS] & SYN)
        end++;
    end += (uint32_t)(size - header);
    return end != 0;
}

bool frame_check(const uint8_t *frame, size_t size)
{
    const uint8_t *ip = frame + IP;
    size_t header, length;

    if (size < IP + IP_HEADER || number(frame + TYPE, 2) != TYPE_IPV4)
        return true;
    if (number(ip + IP_FRAGMENT, 2) & FRAGMENT)
        return false;
    if (ip[IP_PROTOCOL] != PROTOCOL_TCP)
        return true;
    header = (size_t)(ip[IP_VERSION] & 15) * 4;
    length = number(ip + IP_LENGTH, 2);
    if (header < IP_HEADER || length < header + TCP_HEADER ||
        length > size - IP)
        return false;
    return segment_check(ip + header, length - header);
}
