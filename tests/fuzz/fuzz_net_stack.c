/*
 * What a guest can say to the user network, with libslirp in this process: any
 * frames; frames that are right but for what the input says; segments of a
 * connection to a server of ours, which does what the input says too.
 *
 * The input is a list of steps: a byte that says which, and what it needs. All
 * that is addressed goes to this program's own ports: nothing leaves this host.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "devices/net.h"
#include "host/slirp/net_stack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum step { RAW, SENSIBLE, SEGMENT, DATAGRAM, SERVER, TURN, ARP, STEPS };

/* Byte offsets in a frame whose IP header has no options. */
enum { TYPE = 12, IP = 14, PAYLOAD = 34, TCP_DATA = 54 };
enum { ICMP = 1, TCP = 6, UDP = 17 };
enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };

#define GUEST      0x0a00020fu
#define ROUTER     0x0a000202u
#define STEPS_MOST 400 /* in one input */

struct world {
    const uint8_t *in, *end;
    struct net_stack *stack;
    int listener, datagrams; /* of the host; they stay */
    uint16_t tcp_port, udp_port;
    int server;           /* the connection's other end; -1 */
    uint32_t next, heard; /* what the guest sends next, and has heard */
    uint8_t frame[NET_FRAME_MAX];
};

static void require(bool ok)
{
    if (!ok)
        abort();
}

static uint8_t byte(struct world *w)
{
    return w->in < w->end ? *w->in++ : 0;
}

/* Puts the next `size` bytes of the input there, zeros when it has ended. */
static void bytes(struct world *w, uint8_t *to, size_t size)
{
    size_t left = (size_t)(w->end - w->in);
    size_t n = size < left ? size : left;

    memset(to, 0, size);
    memcpy(to, w->in, n);
    w->in += n;
}

static void put(uint8_t *p, unsigned size, uint32_t v)
{
    while (size-- > 0) {
        p[size] = (uint8_t)v;
        v >>= 8;
    }
}

static uint32_t get(const uint8_t *p, unsigned size)
{
    uint32_t v = 0;

    while (size-- > 0)
        v = v << 8 | *p++;
    return v;
}

static uint16_t checksum(const uint8_t *p, size_t size, uint32_t sum)
{
    for (; size > 1; size -= 2, p += 2)
        sum += get(p, 2);
    if (size)
        sum += (uint32_t)*p << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static void put_sum(uint8_t *at, const uint8_t *p, size_t size, uint32_t sum)
{
    put(at, 2, 0);
    put(at, 2, checksum(p, size, sum));
}

/* Whatever the frame says, it goes to ports of ours, of the router's. */
static void keep_inside(struct world *w, size_t size)
{
    static const uint16_t others[] = { 67, 68, 69 };
    uint8_t *ip = w->frame + IP, *ports;
    uint16_t port;

    if (size < PAYLOAD || get(w->frame + TYPE, 2) != 0x0800)
        return;
    put(ip + 16, 4, get(ip + 16, 4) == UINT32_MAX ? UINT32_MAX : ROUTER);
    ports = ip + (size_t)(ip[0] & 15) * 4;
    if (ports + 4 > w->frame + size)
        return;
    port = ip[9] == TCP ? w->tcp_port : w->udp_port;
    if (ip[9] == UDP && ports[3] % 4 < 3)
        port = others[ports[3] % 4];
    put(ports + 2, 2, port);
}

/* The sums of a frame that is otherwise as it is. */
static void sums(struct world *w, size_t size)
{
    static const uint8_t at[256] = { [ICMP] = 2, [TCP] = 16, [UDP] = 6 };
    uint8_t *ip = w->frame + IP, *data = w->frame + PAYLOAD;
    uint32_t pseudo = 0;

    put_sum(ip + 10, ip, 20, 0);
    if (!at[ip[9]] || size < PAYLOAD + 20)
        return;
    if (ip[9] != ICMP)
        for (unsigned i = 12; i < 20; i += 2)
            pseudo += get(ip + i, 2);
    if (ip[9] != ICMP)
        pseudo += ip[9] + (uint32_t)(size - PAYLOAD);
    put_sum(data + at[ip[9]], data, size - PAYLOAD, pseudo);
}

static void say(struct world *w, size_t size)
{
    uint8_t *copy = malloc(size);

    require(copy != NULL);
    memcpy(copy, w->frame, size);
    net_stack_input(w->stack, copy, size);
    free(copy);
}

static void raw(struct world *w)
{
    size_t size = NET_FRAME_MIN +
                  (byte(w) * 256u + byte(w)) % (NET_FRAME_MAX - NET_FRAME_MIN);

    bytes(w, w->frame, size);
    if (byte(w) % 2)
        put(w->frame + TYPE, 2, 0x0800);
    keep_inside(w, size);
    if (size >= PAYLOAD)
        put_sum(w->frame + IP + 10, w->frame + IP, 20, 0);
    say(w, size);
}

/* An IP header that is right: what follows it is `size` bytes. */
static void header(struct world *w, uint8_t protocol, size_t size)
{
    static const uint8_t mac[] = { 0x52, 0x55, 10, 0, 2, 2, 0x52, 0x54,
                                   0,    0,    0,  1, 8, 0, 0x45, 0,
                                   0,    0,    0,  0, 0, 0, 64 };
    uint8_t *ip = w->frame + IP;

    memset(w->frame, 0, PAYLOAD);
    memcpy(w->frame, mac, sizeof mac);
    put(ip + 2, 2, (uint32_t)(20 + size));
    ip[9] = protocol;
    put(ip + 12, 4, GUEST);
    put(ip + 16, 4, ROUTER);
}

/* Any payload, and some of the header, behind right sums. */
static void sensible(struct world *w)
{
    static const uint8_t protocol[] = { ICMP, TCP, UDP, UDP };
    size_t size = (byte(w) * 256u + byte(w)) % (NET_FRAME_MAX - PAYLOAD);
    uint8_t what = byte(w);

    header(w, protocol[what % 4], size);
    if (what & 4)
        put(w->frame + IP + 6, 2, byte(w) * 256u + byte(w)); /* a fragment */
    if (what & 8)
        put(w->frame + IP + 15, 1, byte(w)); /* another sender */
    if (what & 16)
        put(w->frame + IP + 16, 4, UINT32_MAX);
    bytes(w, w->frame + PAYLOAD, size);
    if ((what & 3) >= 2)
        put(w->frame + PAYLOAD + 4, 2, (uint32_t)size);
    keep_inside(w, PAYLOAD + size);
    sums(w, PAYLOAD + size);
    say(w, PAYLOAD + size);
}

/* A segment of the connection, from about where it is. */
static void segment(struct world *w)
{
    uint8_t flags = byte(w), where = byte(w), *tcp = w->frame + PAYLOAD;
    size_t size = where & 1 ? byte(w) * 5u : byte(w) % 32;
    size_t options = where & 2 ? 4 : 0;
    uint32_t from = w->next;

    if (where & 4)
        from += (uint32_t)(int8_t)byte(w);
    if (where & 8)
        w->next = from = byte(w) - 32u - (uint32_t)size; /* about 0 */
    header(w, TCP, 20 + options + size);
    memset(tcp, 0, 24);
    put(tcp, 2, 1000);
    put(tcp + 2, 2, w->tcp_port);
    put(tcp + 4, 4, from);
    put(tcp + 8, 4, where & 16 ? w->heard - byte(w) : w->heard);
    tcp[12] = (uint8_t)((20 + options) * 4);
    tcp[13] = where & 32 ? flags : flags & FIN ? ACK | FIN : ACK;
    put(tcp + 14, 2, where & 64 ? byte(w) * 256u : 65535);
    if (where & 128)
        put(tcp + 18, 2, byte(w)); /* urgent, if the flag is set */
    if (options)
        bytes(w, tcp + 20, options);
    bytes(w, tcp + 20 + options, size);
    sums(w, TCP_DATA + options + size);
    say(w, TCP_DATA + options + size);
    if (from == w->next)
        w->next += (uint32_t)size + (tcp[13] & (SYN | FIN) ? 1 : 0);
}

static void datagram(struct world *w)
{
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    uint8_t answer[2000];
    size_t size = byte(w) * 5u;
    ssize_t n;

    header(w, UDP, 8 + size);
    put(w->frame + PAYLOAD, 2, 2000u + byte(w) % 8);
    put(w->frame + PAYLOAD + 2, 2, w->udp_port);
    put(w->frame + PAYLOAD + 4, 2, (uint32_t)(8 + size));
    bytes(w, w->frame + PAYLOAD + 8, size);
    sums(w, PAYLOAD + 8 + size);
    say(w, PAYLOAD + 8 + size);
    n = recvfrom(w->datagrams, answer, sizeof answer, MSG_DONTWAIT,
                 (struct sockaddr *)&from, &length);
    if (n >= 0)
        (void)!sendto(w->datagrams, answer, (size_t)n * (byte(w) % 2),
                      MSG_DONTWAIT, (struct sockaddr *)&from, length);
}

static void hang_up(struct world *w, bool reset)
{
    struct linger l = { .l_onoff = 1 };

    if (w->server < 0)
        return;
    if (reset)
        setsockopt(w->server, SOL_SOCKET, SO_LINGER, &l, sizeof l);
    close(w->server);
    w->server = -1;
}

/* The server does something. */
static void server(struct world *w)
{
    static const uint8_t much[1 << 17];
    static uint8_t drop[1 << 17];
    uint8_t what = byte(w);

    if (w->server < 0)
        w->server = accept(w->listener, NULL, NULL);
    if (w->server < 0)
        return;
    switch (what % 6) {
    case 0:
        (void)!send(w->server, much, byte(w), MSG_DONTWAIT | MSG_NOSIGNAL);
        break;
    case 1:
        (void)!send(w->server, much, byte(w) * 512u,
                    MSG_DONTWAIT | MSG_NOSIGNAL);
        break;
    case 2:
        (void)!recv(w->server, drop, sizeof drop, MSG_DONTWAIT);
        break;
    case 3:
        (void)!send(w->server, much, 1, MSG_OOB | MSG_DONTWAIT | MSG_NOSIGNAL);
        break;
    case 4:
        shutdown(w->server, what & 64 ? SHUT_WR : SHUT_RDWR);
        break;
    default:
        hang_up(w, what & 64);
    }
}

static void turn(struct world *w)
{
    struct pollfd p[NET_STACK_POLLS];
    int ms = 0;
    unsigned n = net_stack_prepare(w->stack, p, byte(w) % 8, &ms);

    require(n <= NET_STACK_POLLS && poll(p, n, 0) >= 0);
    net_stack_take(w->stack);
}

static void arp(struct world *w)
{
    static const uint8_t request[42] = {
        255, 255, 255, 255, 255, 255, 0x52, 0x54, 0,    0,    0,  1, 8, 6,
        0,   1,   8,   0,   6,   4,   0,    1,    0x52, 0x54, 0,  0, 0, 1,
        10,  0,   2,   15,  0,   0,   0,    0,    0,    0,    10, 0, 2, 2
    };

    memcpy(w->frame, request, sizeof request);
    say(w, sizeof request);
}

/* What the guest hears: a connection's numbers go on. */
static void hear(void *context, const uint8_t *frame, size_t size)
{
    struct world *w = context;
    const uint8_t *tcp = frame + PAYLOAD;
    uint32_t length;

    require(size >= NET_FRAME_MIN && size <= NET_FRAME_MAX);
    if (size < TCP_DATA || get(frame + TYPE, 2) != 0x0800 ||
        frame[IP + 9] != TCP)
        return;
    length = get(frame + IP + 2, 2) - 20 - (uint32_t)(tcp[12] >> 4) * 4;
    w->heard = get(tcp + 4, 4) + length + (tcp[13] & (SYN | FIN) ? 1 : 0);
}

static int own_socket(int type, uint16_t *port)
{
    struct sockaddr_in a = { .sin_family = AF_INET,
                             .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t size = sizeof a;
    int fd = socket(AF_INET, type | SOCK_NONBLOCK, 0);

    require(fd >= 0 && bind(fd, (struct sockaddr *)&a, size) == 0 &&
            (type != SOCK_STREAM || listen(fd, 64) == 0) &&
            getsockname(fd, (struct sockaddr *)&a, &size) == 0);
    *port = ntohs(a.sin_port);
    return fd;
}

/* Nobody is left who waits to be accepted, or heard. */
static void clean_up(struct world *w)
{
    char byte;

    net_stack_free(w->stack);
    hang_up(w, true);
    while ((w->server = accept(w->listener, NULL, NULL)) >= 0)
        hang_up(w, true);
    while (recv(w->datagrams, &byte, 1, MSG_DONTWAIT) >= 0)
        continue;
}

/* The connection is there already; the input says with which numbers. */
static void begin(struct world *w)
{
    w->next = byte(w) ? 1000u : -(uint32_t)byte(w);
    arp(w);
    header(w, TCP, 20);
    memset(w->frame + PAYLOAD, 0, 20);
    put(w->frame + PAYLOAD, 2, 1000);
    put(w->frame + PAYLOAD + 2, 2, w->tcp_port);
    put(w->frame + PAYLOAD + 4, 4, w->next++);
    w->frame[PAYLOAD + 12] = 5 << 4;
    w->frame[PAYLOAD + 13] = SYN;
    put(w->frame + PAYLOAD + 14, 2, 65535);
    sums(w, TCP_DATA);
    say(w, TCP_DATA);
    turn(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const does[STEPS])(struct world *) = {
        [RAW] = raw,           [SENSIBLE] = sensible, [SEGMENT] = segment,
        [DATAGRAM] = datagram, [SERVER] = server,     [TURN] = turn,
        [ARP] = arp,
    };
    static struct world w = { .listener = -1 };

    if (w.listener < 0) {
        signal(SIGPIPE, SIG_IGN);
        w.listener = own_socket(SOCK_STREAM, &w.tcp_port);
        w.datagrams = own_socket(SOCK_DGRAM, &w.udp_port);
    }
    w.in = data;
    w.end = data + size;
    w.server = -1;
    w.heard = 0;
    w.stack = net_stack_new(byte(&w) % 16 == 15, hear, &w);
    require(w.stack != NULL);
    begin(&w);
    for (unsigned n = 0; n < STEPS_MOST && w.in < w.end; n++)
        does[byte(&w) % STEPS](&w);
    clean_up(&w);
    return 0;
}
