/* Waiting for descriptors and sources together. */
#include "host/wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define MS       INT64_C(1000000) /* ns */
#define PATIENCE (20000 * MS)

/* A source of one pipe, and how many descriptors it says that it has. */
struct pipe_source {
    struct host_source source;
    int end[2];
    unsigned descriptors, max;
    int64_t lower; /* ns; -1: it does not */
    unsigned takes, ready;
};

static unsigned prepare(void *context, struct pollfd *p, unsigned max,
                        int64_t *ns)
{
    struct pipe_source *s = context;
    unsigned n = s->descriptors < max ? s->descriptors : max;

    s->max = max;
    if (s->lower >= 0 && (*ns < 0 || *ns > s->lower))
        *ns = s->lower;
    for (unsigned k = 0; k < n; k++)
        p[k] = (struct pollfd){ .fd = s->end[0],
                                .events = POLLIN,
                                .revents = POLLERR };
    return n;
}

static void take(void *context, const struct pollfd *p, unsigned n)
{
    struct pipe_source *s = context;

    s->takes++;
    s->ready = 0;
    for (unsigned k = 0; k < n; k++) {
        assert_int_equal(p[k].fd, s->end[0]);
        s->ready += (p[k].revents & POLLIN) != 0;
        assert_int_equal(p[k].revents & POLLERR, 0);
    }
}

static struct pipe_source pipes[HOST_WAIT_SOURCES];
static const struct host_source *sources[HOST_WAIT_SOURCES];

/* So many sources, of `descriptors` each. */
static void start(unsigned n, unsigned descriptors)
{
    for (unsigned k = 0; k < n; k++) {
        struct pipe_source *s = &pipes[k];

        *s = (struct pipe_source){
            .source = { .prepare = prepare, .take = take, .context = s },
            .descriptors = descriptors,
            .lower = -1,
        };
        assert_int_equal(pipe(s->end), 0);
        sources[k] = &s->source;
    }
}

static void stop(unsigned n)
{
    for (unsigned k = 0; k < n; k++) {
        close(pipes[k].end[0]);
        close(pipes[k].end[1]);
    }
}

static int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 * MS + t.tv_nsec;
}

static void each_source_takes_its_own(void **state)
{
    int64_t before = now();

    (void)state;
    start(3, 2);
    assert_int_equal(write(pipes[1].end[1], "x", 1), 1);
    host_wait(NULL, 0, sources, 3, PATIENCE, true);
    assert_true(now() - before < PATIENCE);
    for (unsigned k = 0; k < 3; k++) {
        assert_int_equal(pipes[k].takes, 1);
        assert_int_equal(pipes[k].ready, k == 1 ? 2 : 0);
    }
    stop(3);
}

static void the_callers_descriptors_are_told_of(void **state)
{
    struct pollfd own[3];

    (void)state;
    start(2, 1);
    own[0] = (struct pollfd){ .fd = -1, .events = POLLIN };
    own[1] = (struct pollfd){ .fd = pipes[0].end[0], .events = POLLIN };
    own[2] = (struct pollfd){ .fd = pipes[1].end[0], .events = POLLIN };
    assert_int_equal(write(pipes[1].end[1], "x", 1), 1);
    host_wait(own, 3, sources, 1, PATIENCE, true);
    assert_int_equal(own[0].revents, 0);
    assert_int_equal(own[1].revents, 0);
    assert_int_equal(own[2].revents, POLLIN);
    assert_int_equal(pipes[0].takes, 1);
    assert_int_equal(pipes[1].takes, 0);
    stop(2);
}

static void a_source_can_shorten_the_wait(void **state)
{
    int64_t before = now();

    (void)state;
    start(2, 0);
    pipes[1].lower = 30 * MS;
    host_wait(NULL, 0, sources, 2, -1, true);
    assert_true(now() - before >= 30 * MS);
    before = now();
    host_wait(NULL, 0, sources, 2, 5 * MS, true);
    assert_true(now() - before >= 5 * MS);
    host_wait(NULL, 0, sources, 2, 0, true);
    assert_int_equal(pipes[0].takes, 3);
    stop(2);
}

static void there_may_be_none_to_prepare(void **state)
{
    (void)state;
    start(1, 1);
    pipes[0].source.prepare = NULL;
    host_wait(NULL, 0, sources, 1, 0, true);
    assert_int_equal(pipes[0].takes, 1);
    host_wait(NULL, 0, NULL, 0, MS, true);
    stop(1);
}

/* The last ones get less room, and never more than there is. */
static void there_can_be_many(void **state)
{
    unsigned left = HOST_WAIT_DESCRIPTORS;

    (void)state;
    start(HOST_WAIT_SOURCES, HOST_SOURCE_DESCRIPTORS);
    assert_int_equal(write(pipes[0].end[1], "x", 1), 1);
    host_wait(NULL, 0, sources, HOST_WAIT_SOURCES, 0, true);
    for (unsigned k = 0; k < HOST_WAIT_SOURCES; k++) {
        assert_int_equal(pipes[k].max, left < HOST_SOURCE_DESCRIPTORS
                                           ? left
                                           : HOST_SOURCE_DESCRIPTORS);
        left -= pipes[k].max;
        assert_int_equal(pipes[k].takes, 1);
    }
    assert_int_equal(pipes[0].ready, HOST_SOURCE_DESCRIPTORS);
    stop(HOST_WAIT_SOURCES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_source_takes_its_own),
        cmocka_unit_test(the_callers_descriptors_are_told_of),
        cmocka_unit_test(a_source_can_shorten_the_wait),
        cmocka_unit_test(there_may_be_none_to_prepare),
        cmocka_unit_test(there_can_be_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
