/*
 * The terminal is raw while a guest has it, and as it was afterwards however
 * the process ends. Each case is a child on a pseudo-terminal of its own.
 */
#define _GNU_SOURCE
#include "cli/terminal.h"
#include "host/cancel.h"

#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include <cmocka.h>

#include "cli/host_console.h"
#include "machine/board.h"

enum ending { END_RETURN, END_EXIT, END_ABORT, END_SEGV, END_TERM, END_KEYS };

static size_t take(void *console, const uint8_t *bytes, size_t n)
{
    return console_push(console, bytes, n);
}

/* What the child does once its terminal is raw. */
static void end_by(enum ending how)
{
    static struct host_console c;
    static struct board b;
    struct error e;

    switch (how) {
    case END_EXIT:
        exit(7);
    case END_ABORT:
        abort();
    case END_SEGV:
        raise(SIGSEGV);
        break;
    case END_TERM:
        cancel_on_signals(0);
        raise(SIGTERM);
        exit(*cancel_flag() == SIGTERM ? 7 : 1);
    case END_KEYS:
        host_console_open(&c, "none", true, false, &e);
        inputs_attach(c.inputs, &b);
        c.inputs->end[INPUT_UART] = (struct input_end){ take, &c.console };
        while (!*cancel_flag()) {
            host_console_poll(&c, &b, CLOCK_NEVER);
            host_console_poll(&c, &b, 0);
        }
        host_console_close(&c);
        _exit(*cancel_flag() == CANCEL_KEYS && c.console.waiting == 3 &&
              memcmp(c.console.input, "a\1b", 3) == 0 ? 7 : 1);
    default:
        terminal_restore();
        _exit(7);
    }
}

static void child(enum ending how)
{
    if (!terminal_available())
        _exit(1);
    if (how != END_KEYS && !terminal_raw())
        _exit(2);
    if (write(STDOUT_FILENO, "!", 1) == 1)
        end_by(how);
    _exit(3);
}

static bool is_raw(const struct termios *t)
{
    return !(t->c_lflag & (ICANON | ECHO | ISIG)) && !(t->c_iflag & ICRNL);
}

static bool same(const struct termios *a, const struct termios *b)
{
    return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag &&
           a->c_cflag == b->c_cflag && a->c_lflag == b->c_lflag &&
           memcmp(a->c_cc, b->c_cc, sizeof a->c_cc) == 0;
}

struct result {
    int status; /* of waitpid */
    bool was_raw, restored;
};

/*
 * The session's leader: when it ends, the kernel resets the terminal. So it
 * looks on while a child of its own has it, and tells what it saw.
 */
static void leader(enum ending how, int slave, int report)
{
    struct termios before, after;
    struct result r = { 0 };
    pid_t pid;

    login_tty(slave);
    tcgetattr(STDIN_FILENO, &before);
    pid = fork();
    if (pid == 0)
        child(how);
    waitpid(pid, &r.status, 0);
    tcgetattr(STDIN_FILENO, &after);
    r.restored = same(&before, &after);
    _exit(write(report, &r, sizeof r) == sizeof r ? 0 : 1);
}

/* The terminal's other end: waits for raw mode, and types. */
static bool user(enum ending how, int master)
{
    struct termios now;
    char byte;

    assert_int_equal(read(master, &byte, 1), 1);
    for (int tries = 0; tries < 1000; tries++) {
        tcgetattr(master, &now);
        if (is_raw(&now))
            break;
        usleep(1000);
    }
    if (how == END_KEYS)
        assert_int_equal(write(master, "a\1\1b\1x", 6), 6);
    return is_raw(&now);
}

static struct result run_case(enum ending how)
{
    struct result r;
    int master, slave, report[2];
    bool was_raw;
    pid_t pid;

    assert_int_equal(pipe(report), 0);
    assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
    pid = fork();
    if (pid == 0) {
        close(master);
        leader(how, slave, report[1]);
    }
    was_raw = user(how, master);
    assert_int_equal(read(report[0], &r, sizeof r), sizeof r);
    waitpid(pid, NULL, 0);
    r.was_raw = was_raw;
    close(master);
    close(slave);
    close(report[0]);
    close(report[1]);
    return r;
}

static void the_terminal_is_restored_after_a_normal_end(void **state)
{
    static const enum ending ends[] = { END_RETURN, END_EXIT };

    (void)state;
    for (unsigned k = 0; k < 2; k++) {
        struct result r = run_case(ends[k]);

        assert_int_equal(WEXITSTATUS(r.status), 7);
        assert_true(r.restored);
    }
}

/* (Under a sanitizer the process exits with an error instead.) */
static void the_terminal_is_restored_after_a_crash(void **state)
{
    static const enum ending ends[] = { END_ABORT, END_SEGV };

    (void)state;
    for (unsigned k = 0; k < 2; k++) {
        struct result r = run_case(ends[k]);

        assert_true(WIFSIGNALED(r.status) || WEXITSTATUS(r.status) != 0);
        assert_true(r.restored);
    }
}

static void sigterm_asks_the_run_to_end(void **state)
{
    struct result r = run_case(END_TERM);

    (void)state;
    assert_int_equal(WEXITSTATUS(r.status), 7);
    assert_true(r.restored);
}

/* Ctrl-A x quits; Ctrl-A Ctrl-A is one Ctrl-A for the guest. */
static void ctrl_a_is_pogos_and_the_rest_the_guests(void **state)
{
    struct result r = run_case(END_KEYS);

    (void)state;
    assert_int_equal(WEXITSTATUS(r.status), 7);
    assert_true(r.was_raw);
    assert_true(r.restored);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_terminal_is_restored_after_a_normal_end),
        cmocka_unit_test(the_terminal_is_restored_after_a_crash),
        cmocka_unit_test(sigterm_asks_the_run_to_end),
        cmocka_unit_test(ctrl_a_is_pogos_and_the_rest_the_guests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
