/* What a process can still do when it is confined, and what it cannot. */
#include "host/slirp/confine.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { NO_LANDLOCK = 77 };

/* Does something in a process that is confined; returns its status. */
static int confined(int (*does)(void))
{
    pid_t pid = fork();
    int status = 0;

    assert_true(pid >= 0);
    if (pid == 0)
        _exit(confine("/etc/passwd") ? does() : NO_LANDLOCK);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == NO_LANDLOCK)
        skip();
    return WEXITSTATUS(status);
}

/* Bits say what went another way than it should. */
static int use_files(void)
{
    int wrong = 0;

    if (open("/etc/passwd", O_RDONLY) < 0)
        wrong |= 1;
    if (open("/etc/passwd", O_WRONLY) >= 0)
        wrong |= 2;
    if (open("/etc/group", O_RDONLY) >= 0)
        wrong |= 4;
    if (open("/tmp/confined", O_WRONLY | O_CREAT, 0600) >= 0)
        wrong |= 8;
    if (open("/etc", O_RDONLY | O_DIRECTORY) >= 0)
        wrong |= 16;
    return wrong;
}

static int start_a_program(void)
{
    execl("/bin/true", "true", NULL);
    return 1;
}

static int use_sockets(void)
{
    struct rlimit r;

    if (getrlimit(RLIMIT_NOFILE, &r) < 0 || r.rlim_max != CONFINE_DESCRIPTORS)
        return 2;
    return socket(AF_INET, SOCK_STREAM, 0) < 0;
}

static void one_file_can_be_read(void **state)
{
    (void)state;
    assert_int_equal(confined(use_files), 0);
}

static void no_program_can_be_started(void **state)
{
    (void)state;
    assert_int_equal(confined(start_a_program), 1);
}

static void sockets_can_be_had(void **state)
{
    (void)state;
    assert_int_equal(confined(use_sockets), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_file_can_be_read),
        cmocka_unit_test(no_program_can_be_started),
        cmocka_unit_test(sockets_can_be_had),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
