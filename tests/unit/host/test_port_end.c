/* The host's ends of ports: who is there, what arrives, and what is lost. */
#include "host/port_end.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    struct port_ends ports; /* one of them */
    struct port_end *end;
    struct host_source source;
    char folder[32];
    char path[64];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    f->end = &f->ports.end[0];
    f->ports.ends = 1;
    f->source = port_ends_source(&f->ports);
    strcpy(f->folder, "/tmp/pogo-port-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/end", f->folder);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    port_end_close(f->end);
    unlink(f->path);
    assert_int_equal(rmdir(f->folder), 0);
    free(f);
    return 0;
}

/* What the run loop does: waits at most ms, and lets the source take. */
static void poll_once(struct fixture *f, int ms)
{
    struct pollfd p[HOST_SOURCE_DESCRIPTORS];
    int64_t ns = -1;
    unsigned n =
        f->source.prepare(f->source.context, p, HOST_SOURCE_DESCRIPTORS, &ns);

    assert_int_equal(n, 1);
    assert_int_equal(ns, -1);
    poll(p, n, ms);
    f->source.take(f->source.context, p, n);
}

static int client(const struct fixture *f)
{
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    strcpy(a.sun_path, f->path);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

/* A socket with a client that has been let in. */
static int open_with_client(struct fixture *f)
{
    int fd;

    assert_int_equal(port_end_open_socket(f->end, f->path), STATUS_OK);
    assert_false(f->end->console.connected);
    fd = client(f);
    poll_once(f, 1000);
    assert_true(f->end->console.connected);
    return fd;
}

static void guest_writes(struct fixture *f, const char *text)
{
    console_put(&f->end->console, (const uint8_t *)text, strlen(text));
}

static void assert_reads(int fd, const char *text)
{
    char bytes[100];
    ssize_t n = read(fd, bytes, sizeof bytes);

    assert_int_equal(n, strlen(text));
    assert_memory_equal(bytes, text, strlen(text));
}

static void assert_guest_reads(struct fixture *f, const char *text)
{
    uint8_t byte;

    for (; *text; text++) {
        assert_true(console_take(&f->end->console, &byte));
        assert_int_equal(byte, *text);
    }
    assert_false(console_take(&f->end->console, &byte));
}

static void a_file_takes_what_is_written(void **state)
{
    struct fixture *f = *state;
    int fd;

    assert_int_equal(port_end_open_file(f->end, f->path), STATUS_OK);
    assert_true(f->end->console.connected);
    assert_false(port_ends_live(&f->ports));
    guest_writes(f, "one line\n");
    fd = open(f->path, O_RDONLY);
    assert_reads(fd, "one line\n"); /* at once */
    close(fd);
}

static void a_file_that_cannot_be_written_is_told(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(port_end_open_file(f->end, "/nowhere/at/all"), STATUS_IO);
    assert_int_equal(errno, ENOENT);
    guest_writes(f, "lost");
}

static void a_terminal_talks_both_ways(void **state)
{
    struct fixture *f = *state;
    int fd;

    assert_int_equal(port_end_open_pty(f->end), STATUS_OK);
    assert_true(port_ends_live(&f->ports));
    fd = open(f->end->path, O_RDWR | O_NOCTTY);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "a\r\x03", 3), 3);
    poll_once(f, 1000);
    assert_guest_reads(f, "a\r\x03"); /* as they are */
    guest_writes(f, "b\n");
    poll_once(f, 0);
    assert_reads(fd, "b\n");
    close(fd);
    poll_once(f, 0);
    assert_true(f->end->console.connected);
}

/* And the machine does not wait. */
static void what_nobody_reads_from_a_terminal_is_lost(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(port_end_open_pty(f->end), STATUS_OK);
    for (unsigned i = 0; i < 20000; i++)
        guest_writes(f, "0123456789");
    assert_true(f->end->waiting <= PORT_END_OUTPUT);
    poll_once(f, 0);
}

static void a_client_talks_both_ways(void **state)
{
    struct fixture *f = *state;
    int fd = open_with_client(f);

    assert_int_equal(write(fd, "question", 8), 8);
    poll_once(f, 1000);
    assert_guest_reads(f, "question");
    guest_writes(f, "answer");
    poll_once(f, 0);
    assert_reads(fd, "answer");
    close(fd);
}

static void without_a_client_output_is_dropped(void **state)
{
    struct fixture *f = *state;
    int fd;

    assert_int_equal(port_end_open_socket(f->end, f->path), STATUS_OK);
    guest_writes(f, "lost");
    fd = client(f);
    poll_once(f, 1000);
    guest_writes(f, "kept");
    poll_once(f, 0);
    assert_reads(fd, "kept");
    close(fd);
}

static void a_client_that_goes_is_told_after_its_bytes(void **state)
{
    struct fixture *f = *state;
    int fd = open_with_client(f);

    assert_int_equal(write(fd, "bye", 3), 3);
    close(fd);
    poll_once(f, 1000);
    poll_once(f, 0);
    assert_false(f->end->console.connected);
    assert_guest_reads(f, "bye");
}

static void one_that_only_stops_sending_stays(void **state)
{
    struct fixture *f = *state;
    int fd = open_with_client(f);

    assert_int_equal(write(fd, "bye", 3), 3);
    shutdown(fd, SHUT_WR);
    for (unsigned i = 0; i < 3; i++)
        poll_once(f, 10);
    assert_true(f->end->console.connected);
    guest_writes(f, "answer");
    poll_once(f, 0);
    assert_reads(fd, "answer");
    close(fd);
    poll_once(f, 1000);
    assert_false(f->end->console.connected);
}

/* What is waited for must not be there all the time. */
static void assert_nothing_to_do(struct fixture *f)
{
    struct pollfd p;
    int64_t ns = -1;

    assert_int_equal(f->source.prepare(f->source.context, &p, 1, &ns), 1);
    assert_int_equal(poll(&p, 1, 0), 0);
}

static void what_the_guest_has_no_room_for_waits(void **state)
{
    struct fixture *f = *state;
    int fd = open_with_client(f);
    uint8_t bytes[2 * CONSOLE_INPUT], byte;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i % 251);
    assert_int_equal(write(fd, bytes, sizeof bytes), sizeof bytes);
    close(fd);
    poll_once(f, 1000);
    assert_int_equal(f->end->console.waiting, CONSOLE_INPUT);
    assert_nothing_to_do(f);
    for (size_t i = 0; i < sizeof bytes; i++) {
        if (f->end->console.waiting == 0)
            poll_once(f, 0);
        assert_true(console_take(&f->end->console, &byte));
        assert_int_equal(byte, i % 251);
    }
    poll_once(f, 0);
    assert_false(f->end->console.connected);
}

static void the_next_client_waits_for_its_turn(void **state)
{
    struct fixture *f = *state;
    int first = open_with_client(f), second = client(f);

    assert_int_equal(write(first, "1", 1), 1);
    assert_int_equal(write(second, "2", 1), 1);
    close(first);
    for (unsigned i = 0; i < 4; i++)
        poll_once(f, 0);
    assert_false(f->end->console.connected);
    assert_nothing_to_do(f); /* until the guest has read it */
    assert_guest_reads(f, "1");
    poll_once(f, 1000);
    assert_true(f->end->console.connected);
    assert_guest_reads(f, "2");
    close(second);
}

/* More than all buffers hold goes to a client that reads, in order. */
static void nothing_is_lost_to_a_slow_reader(void **state)
{
    enum { ROUNDS = 20000 };
    struct fixture *f = *state;
    int fd = open_with_client(f), status;
    pid_t reader = fork();
    char text[32];

    if (reader == 0) {
        FILE *in = fdopen(fd, "r");

        close(f->end->fd); /* or it would be open for ever */
        for (unsigned i = 0, n; i < ROUNDS; i++)
            if (fscanf(in, "%u", &n) != 1 || n != 1000000000 + i)
                _exit(1);
        _exit(fgetc(in) == '\n' && fgetc(in) == EOF ? 0 : 1);
    }
    close(fd);
    for (unsigned i = 0; i < ROUNDS; i++) {
        snprintf(text, sizeof text, "%20u\n", 1000000000 + i);
        guest_writes(f, text);
    }
    port_end_close(f->end);
    assert_int_equal(waitpid(reader, &status, 0), reader);
    assert_int_equal(status, 0);
}

static void one_that_never_reads_is_cut_off(void **state)
{
    struct fixture *f = *state;
    int fd = open_with_client(f);

    for (unsigned i = 0; i < 200000; i++)
        guest_writes(f, "0123456789");
    poll_once(f, 1000);
    poll_once(f, 0);
    assert_false(f->end->console.connected);
    close(fd);
}

static void what_is_left_of_a_socket_is_taken_over(void **state)
{
    struct fixture *f = *state;
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    strcpy(a.sun_path, f->path);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    close(fd); /* its name stays */
    close(open_with_client(f));
}

static void a_socket_that_is_used_is_left_alone(void **state)
{
    struct fixture *f = *state;
    static struct port_end other;
    int fd = open_with_client(f);

    assert_int_equal(port_end_open_socket(&other, f->path), STATUS_IO);
    assert_int_equal(errno, EADDRINUSE);
    port_end_close(&other);
    close(fd);
    for (unsigned i = 0; i < 4; i++)
        poll_once(f, 0);
    close(client(f)); /* it is still there */
}

static void a_file_is_not_taken_for_a_socket(void **state)
{
    struct fixture *f = *state;
    struct stat about;

    close(open(f->path, O_CREAT | O_WRONLY, 0600));
    assert_int_equal(port_end_open_socket(f->end, f->path), STATUS_IO);
    assert_int_equal(errno, ENOTSOCK);
    port_end_close(f->end);
    assert_int_equal(stat(f->path, &about), 0);
}

static void a_path_that_is_too_long_is_told(void **state)
{
    struct fixture *f = *state;
    char path[PORT_END_PATH + 1];

    memset(path, 'x', sizeof path);
    path[sizeof path - 1] = '\0';
    assert_int_equal(port_end_open_socket(f->end, path), STATUS_IO);
    assert_int_equal(errno, ENAMETOOLONG);
}

static void a_socket_is_gone_with_its_end(void **state)
{
    struct fixture *f = *state;
    struct stat about;
    int fd = open_with_client(f);
    char byte;

    guest_writes(f, "last");
    port_end_close(f->end);
    assert_reads(fd, "last");
    assert_int_equal(read(fd, &byte, 1), 0);
    assert_int_equal(stat(f->path, &about), -1);
    close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_takes_what_is_written),
        TEST(a_file_that_cannot_be_written_is_told),
        TEST(a_terminal_talks_both_ways),
        TEST(what_nobody_reads_from_a_terminal_is_lost),
        TEST(a_client_talks_both_ways),
        TEST(without_a_client_output_is_dropped),
        TEST(a_client_that_goes_is_told_after_its_bytes),
        TEST(one_that_only_stops_sending_stays),
        TEST(what_the_guest_has_no_room_for_waits),
        TEST(the_next_client_waits_for_its_turn),
        TEST(nothing_is_lost_to_a_slow_reader),
        TEST(one_that_never_reads_is_cut_off),
        TEST(what_is_left_of_a_socket_is_taken_over),
        TEST(a_socket_that_is_used_is_left_alone),
        TEST(a_file_is_not_taken_for_a_socket),
        TEST(a_path_that_is_too_long_is_told),
        TEST(a_socket_is_gone_with_its_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
