/* The user network's far end, with frames by hand and real sockets. */
#include "host/slirp/net_stack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/frames.h"

#define PATIENCE_MS 20000 /* the host may be busy */
#define HEARD_MAX   256
#define PORT        1024 /* the guest's, where it has only one */

/* A guest of the network: what it has heard and not looked at yet. */
struct guest {
    struct net_stack *stack;
    struct frame heard[HEARD_MAX];
    unsigned first, count;
    uint32_t sequence, acknowledged; /* of its one TCP connection */
    uint16_t port, far;              /* likewise */
};

static void hear(void *context, const uint8_t *frame, size_t size)
{
    struct guest *g = context;
    struct frame *f;

    assert_in_range(size, NET_FRAME_MIN, NET_FRAME_MAX);
    if (g->count == HEARD_MAX)
        return;
    f = &g->heard[(g->first + g->count++) % HEARD_MAX];
    f->size = size;
    memcpy(f->bytes, frame, size);
}

static void say(struct guest *g, const struct frame *f)
{
    net_stack_input(g->stack, f->bytes, f->size);
}

/* Once around: sockets are waited for at most `ms`. */
static void turn(struct guest *g, int ms)
{
    struct pollfd p[NET_STACK_POLLS];
    int wait = ms;
    unsigned n = net_stack_prepare(g->stack, p, true, &wait);

    assert_in_range(n, 0, NET_STACK_POLLS);
    assert_in_range(wait, 0, ms);
    assert_true(poll(p, n, wait) >= 0);
    net_stack_take(g->stack);
}

static uint64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* The next frame; NULL: within `ms` there was none. */
static const struct frame *next(struct guest *g, int ms)
{
    uint64_t end = now_ms() + (uint64_t)ms;
    const struct frame *f = &g->heard[g->first];

    while (g->count == 0 && now_ms() < end)
        turn(g, 10);
    if (g->count == 0)
        return NULL;
    g->first = (g->first + 1) % HEARD_MAX;
    g->count--;
    return f;
}

/* The next of this protocol, for this port; others are passed over. */
static const struct frame *expect(struct guest *g, unsigned protocol,
                                  uint16_t port)
{
    const struct frame *f;

    do
        f = next(g, PATIENCE_MS);
    while (f && !frame_is(f, protocol, port));
    assert_non_null(f);
    return f;
}

static struct guest *guest_new(bool restricted)
{
    struct guest *g = calloc(1, sizeof *g);
    struct frame f;

    assert_non_null(g);
    g->stack = net_stack_new(restricted, hear, g);
    assert_non_null(g->stack);
    frame_arp(&f, ROUTER_IP); /* it learns who 10.0.2.15 is */
    say(g, &f);
    g->count = 0;
    return g;
}

static int setup(void **state)
{
    signal(SIGPIPE, SIG_IGN);
    *state = guest_new(false);
    return 0;
}

static int setup_restricted(void **state)
{
    *state = guest_new(true);
    return 0;
}

static int teardown(void **state)
{
    struct guest *g = *state;

    net_stack_free(g->stack);
    free(g);
    return 0;
}

/* A socket of the host's on 127.0.0.1:*port, which waits at most so long. */
static int host_socket(int type, uint16_t *port)
{
    struct sockaddr_in a = { .sin_family = AF_INET,
                             .sin_addr = { htonl(INADDR_LOOPBACK) } };
    struct timeval patience = { .tv_sec = PATIENCE_MS / 1000 };
    socklen_t size = sizeof a;
    int fd = socket(AF_INET, type, 0);

    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, size), 0);
    if (type == SOCK_STREAM)
        assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &size), 0);
    *port = ntohs(a.sin_port);
    return fd;
}

static int host_connect(int type, uint16_t port)
{
    struct sockaddr_in a = { .sin_family = AF_INET,
                             .sin_port = htons(port),
                             .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(AF_INET, type, 0);

    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

/* ---- without sockets ---- */

static void it_answers_arp(void **state)
{
    static const uint8_t who[] = { 2, 3 };
    struct guest *g = *state;
    const struct frame *got;
    struct frame f;

    for (unsigned i = 0; i < 2; i++) {
        frame_arp(&f, ROUTER_IP - 2 + who[i]);
        say(g, &f);
        got = next(g, 0);
        assert_non_null(got);
        assert_int_equal(frame_get(got, FRAME_TYPE, 2), TYPE_ARP);
        assert_int_equal(frame_get(got, ARP_OPERATION, 2), 2);
        assert_int_equal(frame_get(got, ARP_SENDER_IP, 4),
                         ROUTER_IP - 2 + who[i]);
    }
    frame_arp(&f, ROUTER_IP + 7);
    say(g, &f);
    assert_null(next(g, 0));
}

/* The option's value, of four bytes or one. */
static uint32_t dhcp_option(const struct frame *f, uint8_t which)
{
    size_t at = UDP_DATA + 240;

    while (at + 6 < f->size && f->bytes[at] != which && f->bytes[at] != 255)
        at += 2 + (size_t)f->bytes[at + 1];
    assert_int_equal(f->bytes[at], which);
    return frame_get(f, at + 2, f->bytes[at + 1]);
}

/* `ways`: a router and a name server are named too. */
static void lease(struct guest *g, bool ways)
{
    static const uint8_t ask[] = { 1, 3 }, answer[] = { 2, 5 };
    struct frame f;

    for (unsigned i = 0; i < 2; i++) {
        const struct frame *got;

        frame_dhcp(&f, ask[i]);
        say(g, &f);
        got = expect(g, PROTOCOL_UDP, 68);
        assert_int_equal(dhcp_option(got, 53), answer[i]);
        assert_int_equal(frame_get(got, UDP_DATA + 16, 4), GUEST_IP);
        assert_int_equal(dhcp_option(got, 1), 0xffffff00);
        if (!ways)
            continue;
        assert_int_equal(dhcp_option(got, 3), ROUTER_IP);
        assert_int_equal(dhcp_option(got, 6), ROUTER_IP + 1);
    }
}

static void it_gives_addresses_by_dhcp(void **state)
{
    lease(*state, true);
}

static void the_router_can_be_pinged(void **state)
{
    struct guest *g = *state;
    const struct frame *got;
    struct frame f;

    frame_ping(&f, ROUTER_IP);
    say(g, &f);
    got = expect(g, PROTOCOL_ICMP, 0);
    assert_int_equal(frame_get(got, ICMP_TYPE, 1), 0);
    assert_int_equal(frame_get(got, IP_SOURCE, 4), ROUTER_IP);
}

/* ---- datagrams ---- */

static void a_datagram_goes_out_and_one_comes_back(void **state)
{
    struct guest *g = *state;
    uint16_t port;
    int fd = host_socket(SOCK_DGRAM, &port);
    struct sockaddr_in from;
    socklen_t size = sizeof from;
    const struct frame *got;
    struct frame f;
    char text[16] = "";

    frame_udp(&f, GUEST_IP, PORT, ROUTER_IP, port, "to the host", 11);
    say(g, &f);
    assert_int_equal(
        recvfrom(fd, text, sizeof text, 0, (struct sockaddr *)&from, &size),
        11);
    assert_string_equal(text, "to the host");
    assert_int_equal(from.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    assert_int_equal(
        sendto(fd, "and back", 8, 0, (struct sockaddr *)&from, sizeof from), 8);
    got = expect(g, PROTOCOL_UDP, PORT);
    assert_memory_equal(got->bytes + UDP_DATA, "and back", 8);
    assert_int_equal(frame_get(got, IP_SOURCE, 4), ROUTER_IP);
    assert_int_equal(frame_get(got, PORT_SOURCE, 2), port);
    close(fd);
}

static void a_datagram_comes_by_a_forward(void **state)
{
    struct guest *g = *state;
    uint16_t port = 0, back;
    const struct frame *got;
    struct frame f;
    char text[16] = "";
    int fd;

    assert_true(net_stack_forward(g->stack, true, &port, 53));
    assert_int_not_equal(port, 0);
    fd = host_connect(SOCK_DGRAM, port);
    assert_int_equal(send(fd, "knock", 5, 0), 5);
    got = expect(g, PROTOCOL_UDP, 53);
    assert_memory_equal(got->bytes + UDP_DATA, "knock", 5);
    assert_int_equal(frame_get(got, IP_DESTINATION, 4), GUEST_IP);
    back = (uint16_t)frame_get(got, PORT_SOURCE, 2);
    frame_udp(&f, GUEST_IP, 53, frame_get(got, IP_SOURCE, 4), back, "who?", 4);
    say(g, &f);
    assert_int_equal(recv(fd, text, sizeof text, 0), 4);
    assert_string_equal(text, "who?");
    close(fd);
}

/* ---- connections ---- */

/* The guest sends a segment of its connection. */
static void tell(struct guest *g, uint8_t flags, const void *data, size_t size)
{
    struct segment s = { g->port, g->far, g->sequence, g->acknowledged,
                         flags,   data,   size };
    struct frame f;

    frame_tcp(&f, ROUTER_IP, &s);
    say(g, &f);
    g->sequence += (uint32_t)size + (flags & (SYN | FIN) ? 1 : 0);
}

/* The next segment to the guest's port, if it continues what came before. */
static const struct frame *told(struct guest *g)
{
    const struct frame *f = expect(g, PROTOCOL_TCP, g->port);
    uint8_t flags = f->bytes[TCP_FLAGS];

    if (flags & SYN)
        g->acknowledged = frame_get(f, TCP_SEQUENCE, 4);
    if (frame_get(f, TCP_SEQUENCE, 4) == g->acknowledged)
        g->acknowledged +=
            (uint32_t)frame_tcp_size(f) + (flags & (SYN | FIN) ? 1 : 0);
    return f;
}

/* The guest connects to `port`, its first number being `sequence`. */
static const struct frame *connect_out(struct guest *g, uint16_t port,
                                       uint32_t sequence)
{
    const struct frame *f;

    g->port = PORT;
    g->far = port;
    g->sequence = sequence;
    g->acknowledged = 0;
    tell(g, SYN, NULL, 0);
    f = told(g);
    if (f->bytes[TCP_FLAGS] == (SYN | ACK))
        tell(g, ACK, NULL, 0);
    return f;
}

static int accept_from(struct guest *g, int listener, uint32_t sequence,
                       uint16_t port)
{
    int fd;

    assert_int_equal(connect_out(g, port, sequence)->bytes[TCP_FLAGS],
                     SYN | ACK);
    fd = accept(listener, NULL, NULL);
    assert_true(fd >= 0);
    return fd;
}

static void a_connection_goes_out(void **state)
{
    struct guest *g = *state;
    uint16_t port;
    int listener = host_socket(SOCK_STREAM, &port);
    int fd = accept_from(g, listener, 1000, port);
    const struct frame *got;
    char text[16] = "";

    tell(g, ACK | PSH, "hello", 5);
    got = told(g);
    assert_int_equal(frame_get(got, TCP_ACKNOWLEDGED, 4), g->sequence);
    assert_int_equal(recv(fd, text, sizeof text, 0), 5);
    assert_string_equal(text, "hello");
    assert_int_equal(send(fd, "good day", 8, 0), 8);
    do
        got = told(g);
    while (frame_tcp_size(got) == 0);
    assert_memory_equal(got->bytes + TCP_DATA, "good day", 8);
    tell(g, ACK | FIN, NULL, 0);
    assert_int_equal(recv(fd, text, sizeof text, 0), 0);
    close(fd);
    do
        got = told(g);
    while (!(got->bytes[TCP_FLAGS] & FIN));
    close(listener);
}

static void nobody_listens_there(void **state)
{
    struct guest *g = *state;
    uint16_t port;

    close(host_socket(SOCK_STREAM, &port));
    assert_true(connect_out(g, port, 1000)->bytes[TCP_FLAGS] & RST);
}

static void a_connection_comes_by_a_forward(void **state)
{
    struct guest *g = *state;
    const struct frame *got;
    uint16_t port = 0;
    char text[16] = "";
    int fd;

    assert_true(net_stack_forward(g->stack, false, &port, 80));
    fd = host_connect(SOCK_STREAM, port);
    g->port = 80;
    g->sequence = 5000;
    got = told(g);
    assert_int_equal(got->bytes[TCP_FLAGS], SYN);
    assert_int_equal(frame_get(got, IP_DESTINATION, 4), GUEST_IP);
    g->far = (uint16_t)frame_get(got, PORT_SOURCE, 2);
    tell(g, SYN | ACK, NULL, 0);
    told(g);
    tell(g, ACK | PSH, "welcome", 7);
    turn(g, 0);
    assert_int_equal(recv(fd, text, sizeof text, 0), 7);
    assert_string_equal(text, "welcome");
    close(fd);
}

static void a_port_in_use_is_told(void **state)
{
    struct guest *g = *state;
    uint16_t port, same;
    int fd = host_socket(SOCK_STREAM, &port);

    same = port;
    errno = 0;
    assert_false(net_stack_forward(g->stack, false, &same, 80));
    assert_int_equal(errno, EADDRINUSE);
    close(fd);
}

/* ---- what it is not to do ---- */

static void restricted_it_reaches_nothing(void **state)
{
    struct guest *g = *state;
    uint16_t port, udp_port;
    int tcp = host_socket(SOCK_STREAM, &port);
    int udp = host_socket(SOCK_DGRAM, &udp_port);
    char byte;
    struct frame f;

    assert_true(connect_out(g, port, 1000)->bytes[TCP_FLAGS] & RST);
    frame_udp(&f, GUEST_IP, PORT, ROUTER_IP, udp_port, "x", 1);
    say(g, &f);
    assert_int_equal(recv(udp, &byte, 1, MSG_DONTWAIT), -1);
    close(tcp);
    close(udp);
    lease(g, false);
    a_connection_comes_by_a_forward(state);
}

/* libslirp 4.7.0 went on behind the end of its list, and crashed. */
static void a_stream_may_be_whole_up_to_number_0(void **state)
{
    struct guest *g = *state;
    uint16_t port;
    int listener = host_socket(SOCK_STREAM, &port);
    int fd = accept_from(g, listener, (uint32_t)-21, port);
    char text[16] = "";

    g->sequence += 10;
    tell(g, ACK, "0123456789", 10);
    g->sequence -= 20;
    tell(g, ACK, "abcdefghij", 10);
    assert_int_equal(recv(fd, text, sizeof text, 0), 10);
    assert_memory_equal(text, "abcdefghij", 10);
    tell(g, ACK, "0123456789!", 11); /* sent again, with what comes next */
    assert_int_equal(recv(fd, text, sizeof text, 0), 11);
    assert_memory_equal(text, "0123456789!", 11);
    close(fd);
    close(listener);
}

/* Nobody polls what is not asked for: a wait for it would never end. */
static void without_reading_nothing_comes(void **state)
{
    struct guest *g = *state;
    uint16_t port;
    int listener = host_socket(SOCK_STREAM, &port);
    int fd = accept_from(g, listener, 1000, port);
    struct pollfd p[NET_STACK_POLLS];
    int ms = 100;

    assert_int_equal(send(fd, "wait", 4, 0), 4);
    close(fd);
    turn(g, 0);
    g->count = 0;
    assert_int_equal(net_stack_prepare(g->stack, p, false, &ms), 0);
    net_stack_take(g->stack);
    close(listener);
}

#define GUEST_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUEST_TEST(it_answers_arp),
        GUEST_TEST(it_gives_addresses_by_dhcp),
        GUEST_TEST(the_router_can_be_pinged),
        GUEST_TEST(a_datagram_goes_out_and_one_comes_back),
        GUEST_TEST(a_datagram_comes_by_a_forward),
        GUEST_TEST(a_connection_goes_out),
        GUEST_TEST(nobody_listens_there),
        GUEST_TEST(a_connection_comes_by_a_forward),
        GUEST_TEST(a_port_in_use_is_told),
        cmocka_unit_test_setup_teardown(restricted_it_reaches_nothing,
                                        setup_restricted, teardown),
        GUEST_TEST(a_stream_may_be_whole_up_to_number_0),
        GUEST_TEST(without_reading_nothing_comes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
