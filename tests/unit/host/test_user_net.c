/* A cable to pogo-net: what goes by it, and what becomes of it when it ends. */
#include "host/user_net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
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
#include "host/wait.h"

#define SECOND   INT64_C(1000000000)
#define PATIENCE (20 * SECOND)

#ifdef __SANITIZE_ADDRESS__ /* it needs too many addresses to limit them */
#define LIMITED false
#else
#define LIMITED true
#endif

/* A device at the guest's end. */
struct guest {
    struct net_cable cable;
    struct user_net *net;
    unsigned room;     /* frames that it has buffers for */
    unsigned received; /* frames */
    struct frame last;
};

static bool deliver(void *device, const uint8_t *frame, size_t size)
{
    struct guest *g = device;

    if (g->room == 0)
        return false;
    g->room--;
    g->received++;
    g->last.size = size;
    memcpy(g->last.bytes, frame, size);
    return true;
}

static enum status open_net(struct guest *g, struct user_net_config *c,
                            struct user_net_failure *f)
{
    *g = (struct guest){ .cable = { .deliver = deliver, .device = g },
                         .room = 1000 };
    return user_net_open(&g->net, c, &g->cable, f);
}

static void say(struct guest *g, const struct frame *f)
{
    g->cable.sent(g->cable.far, f->bytes, f->size);
}

static uint64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)(t.tv_sec * SECOND + t.tv_nsec);
}

static void wait_for(struct guest *g, int64_t ns)
{
    const struct host_source *s = user_net_source(g->net);

    host_wait(NULL, 0, &s, 1, ns, true);
}

/* Waits until so many frames have come. */
static void expect(struct guest *g, unsigned frames)
{
    uint64_t end = now() + PATIENCE;

    while (g->received < frames && now() < end)
        wait_for(g, SECOND / 10);
    assert_int_equal(g->received, frames);
}

static int setup(void **state)
{
    struct user_net_config c = { .restricted = false };
    struct user_net_failure f;
    struct guest *g = malloc(sizeof *g);

    assert_non_null(g);
    assert_int_equal(open_net(g, &c, &f), STATUS_OK);
    *state = g;
    return 0;
}

static int teardown(void **state)
{
    struct guest *g = *state;

    user_net_close(g->net);
    free(g);
    return 0;
}

static void frames_come_in_take_and_nowhere_else(void **state)
{
    struct guest *g = *state;
    struct frame f;

    frame_arp(&f, ROUTER_IP);
    say(g, &f);
    usleep(50000);
    assert_int_equal(g->received, 0);
    expect(g, 1);
    assert_int_equal(frame_get(&g->last, ARP_SENDER_IP, 4), ROUTER_IP);
    assert_int_equal(user_net_stats(g->net).sent, 1);
    assert_int_equal(user_net_stats(g->net).delivered, 1);
}

static void a_frame_ends_a_wait(void **state)
{
    struct guest *g = *state;
    uint64_t before = now();
    struct frame f;

    frame_arp(&f, ROUTER_IP);
    say(g, &f);
    wait_for(g, PATIENCE);
    assert_int_equal(g->received, 1);
    assert_true(now() - before < (uint64_t)PATIENCE);
}

static void a_wait_without_frames_ends_when_it_should(void **state)
{
    struct guest *g = *state;
    uint64_t before = now();

    wait_for(g, SECOND / 20);
    assert_true(now() - before >= (uint64_t)SECOND / 20);
    assert_int_equal(g->received, 0);
}

/* It neither loses the frame, nor wakes who waits again and again. */
static void a_frame_waits_for_a_buffer(void **state)
{
    struct guest *g = *state;
    uint64_t before;
    struct frame f;

    g->room = 0;
    for (unsigned i = 0; i < 2; i++) {
        frame_arp(&f, ROUTER_IP + i);
        say(g, &f);
    }
    wait_for(g, PATIENCE);
    before = now();
    wait_for(g, SECOND / 20);
    assert_true(now() - before >= (uint64_t)SECOND / 20);
    g->room = 1;
    wait_for(g, 0);
    assert_int_equal(g->received, 1);
    assert_int_equal(frame_get(&g->last, ARP_SENDER_IP, 4), ROUTER_IP);
    g->room = 1;
    expect(g, 2);
    assert_int_equal(frame_get(&g->last, ARP_SENDER_IP, 4), ROUTER_IP + 1);
}

/* A guest that never takes any: some wait, the rest is lost, nobody grows. */
static void frames_that_nobody_takes_are_lost(void **state)
{
    struct guest *g = *state;
    unsigned before;
    struct frame f;

    g->room = 0;
    frame_arp(&f, ROUTER_IP);
    for (unsigned i = 0; i < 20000; i++) {
        say(g, &f);
        if (i % 100 == 0)
            usleep(1000);
    }
    g->room = UINT32_MAX;
    do {
        before = g->received;
        wait_for(g, SECOND / 5);
    } while (g->received > before);
    assert_in_range(g->received, 1, 5000);
    say(g, &f);
    expect(g, before + 1);
}

static void anything_may_be_said(void **state)
{
    struct guest *g = *state;
    struct frame f;

    srand(1);
    for (unsigned i = 0; i < 2000; i++) {
        f.size = NET_FRAME_MIN +
                 (size_t)rand() % (NET_FRAME_MAX - NET_FRAME_MIN + 1);
        for (size_t k = 0; k < f.size; k++)
            f.bytes[k] = (uint8_t)rand();
        frame_put(&f, FRAME_TYPE, 2, i % 2 ? TYPE_IP : TYPE_ARP);
        say(g, &f);
        wait_for(g, 0);
    }
    wait_for(g, SECOND / 10);
    assert_false(user_net_ended(g->net));
}

/* The guest connects to `port` of the host's, from `own`, and goes on with *s.
   False: it has no network any more. */
static bool connect_out(struct guest *g, uint16_t own, uint16_t port,
                        struct segment *s)
{
    struct frame f;

    *s = (struct segment){ .source = own, .destination = port, .flags = SYN };
    g->last.size = 0;
    frame_tcp(&f, ROUTER_IP, s);
    say(g, &f);
    for (uint64_t end = now() + PATIENCE; now() < end;) {
        wait_for(g, SECOND / 10);
        if (user_net_ended(g->net))
            return false;
        if (g->last.size && frame_is(&g->last, PROTOCOL_TCP, own))
            break;
    }
    assert_int_equal(g->last.bytes[TCP_FLAGS], SYN | ACK);
    s->acknowledged = frame_get(&g->last, TCP_SEQUENCE, 4) + 1;
    s->sequence = 1;
    s->flags = ACK;
    frame_tcp(&f, ROUTER_IP, s);
    say(g, &f);
    return true;
}

/* Bytes with holes between them, from the last to the first: each takes a
   buffer of libslirp's, none can be handed on, and all are answered. */
static void sow(struct guest *g, struct segment *s)
{
    unsigned before = g->received, sown = 0;
    struct frame f;

    s->data = "x";
    s->size = 1;
    for (uint32_t at = 60000; at > 1 && !user_net_ended(g->net); at -= 2) {
        s->sequence = 1 + at;
        frame_tcp(&f, ROUTER_IP, s);
        say(g, &f);
        for (sown++; g->received - before + 64 < sown;) {
            unsigned heard = g->received;

            wait_for(g, SECOND);
            if (g->received == heard)
                return;
        }
    }
}

static void a_guest_that_wants_all_memory_loses_its_network(void **state)
{
    struct guest *g = *state;
    struct sockaddr_in a = { .sin_family = AF_INET,
                             .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t size = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct segment s;
    struct frame f;

    if (!LIMITED)
        skip();
    g->room = UINT32_MAX;
    assert_int_equal(bind(fd, (struct sockaddr *)&a, size), 0);
    assert_int_equal(listen(fd, 100), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &size), 0);
    frame_arp(&f, ROUTER_IP);
    say(g, &f);
    expect(g, 1);
    for (uint16_t n = 2000; n < 2060; n++) {
        if (!connect_out(g, n, ntohs(a.sin_port), &s))
            break;
        sow(g, &s);
    }
    wait_for(g, SECOND);
    assert_true(user_net_ended(g->net));
    close(fd);
}

/* The helper's process: the only child. */
static pid_t helper_of(void)
{
    char path[64];
    int pid = 0;
    FILE *f;

    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    f = fopen(path, "r");
    if (!f || fscanf(f, "%d", &pid) != 1)
        pid = 0;
    if (f)
        fclose(f);
    return pid;
}

static void when_pogo_net_ends_nothing_comes(void **state)
{
    struct guest *g = *state;
    pid_t helper = helper_of();
    struct frame f;

    if (helper <= 0)
        skip(); /* this kernel does not list children */
    kill(helper, SIGKILL);
    wait_for(g, PATIENCE);
    assert_true(user_net_ended(g->net));
    frame_arp(&f, ROUTER_IP);
    say(g, &f);
    wait_for(g, SECOND / 100);
    assert_int_equal(g->received, 0);
    assert_int_equal(user_net_stats(g->net).lost, 1);
}

/* What the guest said last, before it was switched off. */
static void what_was_sent_is_done_at_the_end(void **state)
{
    struct user_net_config c = { .restricted = false };
    struct user_net_failure failure;
    struct sockaddr_in a = { .sin_family = AF_INET,
                             .sin_addr = { htonl(INADDR_LOOPBACK) } };
    struct timeval patience = { .tv_sec = PATIENCE / SECOND };
    socklen_t size = sizeof a;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct guest g;
    struct frame f;
    char text[8] = "";

    (void)state;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, size), 0);
    getsockname(fd, (struct sockaddr *)&a, &size);
    assert_int_equal(open_net(&g, &c, &failure), STATUS_OK);
    frame_udp(&f, GUEST_IP, 1000, ROUTER_IP, ntohs(a.sin_port), "end", 3);
    say(&g, &f);
    user_net_close(g.net);
    assert_null(g.cable.sent);
    assert_int_equal(recv(fd, text, sizeof text, 0), 3);
    assert_string_equal(text, "end");
    close(fd);
}

/* A file of the guest's is none of its network's business. */
static void it_has_none_of_our_descriptors(void **state)
{
    struct user_net_config c = { .restricted = false };
    struct user_net_failure failure;
    struct guest g;
    int end[2];
    char byte;

    (void)state;
    assert_int_equal(pipe(end), 0);
    assert_int_equal(open_net(&g, &c, &failure), STATUS_OK);
    close(end[1]);
    assert_int_equal(fcntl(end[0], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(read(end[0], &byte, 1), 0); /* nobody else can write */
    close(end[0]);
    user_net_close(g.net);
}

static void forwards_are_found_or_refused(void **state)
{
    struct user_net_config c = {
        .forwards = 2, .forward = { { false, 0, 80 }, { true, 0, 53 } }
    };
    struct user_net_failure failure = { 0, 0 };
    struct guest g, other;

    (void)state;
    assert_int_equal(open_net(&g, &c, &failure), STATUS_OK);
    assert_int_not_equal(c.forward[0].host_port, 0);
    assert_int_not_equal(c.forward[1].host_port, 0);
    c.forward[0].host_port = 0;
    assert_int_equal(open_net(&other, &c, &failure), STATUS_IO);
    assert_int_equal(failure.forward, 1);
    assert_int_equal(failure.error, EADDRINUSE);
    user_net_close(g.net);
    assert_int_equal(open_net(&other, &c, &failure), STATUS_OK);
    user_net_close(other.net);
}

#define GUEST_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GUEST_TEST(frames_come_in_take_and_nowhere_else),
        GUEST_TEST(a_frame_ends_a_wait),
        GUEST_TEST(a_wait_without_frames_ends_when_it_should),
        GUEST_TEST(a_frame_waits_for_a_buffer),
        GUEST_TEST(frames_that_nobody_takes_are_lost),
        GUEST_TEST(anything_may_be_said),
        GUEST_TEST(a_guest_that_wants_all_memory_loses_its_network),
        GUEST_TEST(when_pogo_net_ends_nothing_comes),
        cmocka_unit_test(what_was_sent_is_done_at_the_end),
        cmocka_unit_test(it_has_none_of_our_descriptors),
        cmocka_unit_test(forwards_are_found_or_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
