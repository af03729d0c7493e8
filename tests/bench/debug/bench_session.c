/*
 * bench-session DEPTH COUNTS VA KERNEL INITRD…
 *
 * What a debugging session costs, in processor time: a kernel is booted for
 * COUNTS counts at that depth, free, recorded, and with a breakpoint at VA,
 * which it should not reach; then gone back in.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/guest.h"
#include "debug/session.h"
#include "machine/run.h"

#define BUDGET     (UINT64_C(200) << 20)
#define BACK_STEPS 20

struct bench {
    struct guest guest;
    struct inputs inputs;
    struct journal journal;
    struct console console;
    struct built built;
    struct session *session;
    uint64_t counts, va;
    unsigned depth;
    double free_run; /* seconds */
};

static void stop(const char *what)
{
    fprintf(stderr, "bench-session: %s\n", what);
    exit(1);
}

static double now(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static void nowhere(void *context, const uint8_t *bytes, size_t n)
{
    (void)context;
    (void)bytes;
    (void)n;
}

static void boot(struct bench *b)
{
    struct guest_ends ends = { .inputs = &b->inputs, .console = &b->console };
    struct error e;

    console_init(&b->console, nowhere, NULL);
    if (journal_init(&b->journal) != STATUS_OK)
        stop("out of memory");
    inputs_init(&b->inputs, &b->journal);
    if (guest_build(&b->guest, &ends, b->depth, &b->built, NULL, &e) !=
        STATUS_OK)
        stop(e.text);
}

static void debug(struct bench *b, uint64_t budget)
{
    struct session_config c = { .depth = b->depth, .budget = budget };

    boot(b);
    c.bottom = b->built.bare;
    c.machine[0] = &b->built.bare->machine;
    c.board[0] = &b->built.bare->board;
    for (unsigned d = 1; d <= b->depth; d++) {
        c.vm[d] = b->built.vm[d - 1];
        c.machine[d] = &c.vm[d]->machine;
        c.board[d] = &c.vm[d]->board;
    }
    b->session = session_new(&c);
    if (!b->session)
        stop("out of memory");
}

static void end(struct bench *b)
{
    session_free(b->session);
    build_free(&b->built);
    journal_free(&b->journal);
}

static void tell(const struct bench *b, const char *what, double seconds)
{
    printf("%-28s %7.3f s  %5.3f of the free run\n", what, seconds,
           seconds / b->free_run);
}

static void run_free(struct bench *b)
{
    const struct run_options o = { .until = b->counts };
    double from;

    boot(b);
    from = now();
    machine_run(b->built.top, b->built.board, &o);
    b->free_run = now() - from;
    tell(b, "free", b->free_run);
    b->session = NULL;
    end(b);
}

static void add_point(struct bench *b)
{
    const struct stop_point p = { .kind = STOP_AT_CODE,
                                  .world = b->depth,
                                  .any_space = true,
                                  .va = b->va,
                                  .size = 1 };

    session_add(b->session, &p);
}

static void run_session(struct bench *b, const char *what, uint64_t budget,
                        bool point)
{
    double from;

    debug(b, budget);
    if (point)
        add_point(b);
    from = now();
    if (session_run(b->session, b->counts) != SESSION_STEPPED)
        stop("the guest has not run as long as that");
    tell(b, what, now() - from);
}

static void step_back(struct bench *b)
{
    double longest = 0, all = now();

    for (unsigned i = 0; i < BACK_STEPS; i++) {
        double from = now();

        session_step_back(b->session, b->depth, 0);
        if (now() - from > longest)
            longest = now() - from;
    }
    printf("%-28s %7.1f ms, at most %.1f ms\n", "step back",
           (now() - all) / BACK_STEPS * 1e3, longest * 1e3);
}

static void run_back(struct bench *b)
{
    double from = now();

    add_point(b);
    session_run_back(b->session);
    tell(b, "back to the beginning", now() - from);
}

int main(int argc, char **argv)
{
    struct bench *b = calloc(1, sizeof *b);
    struct error e;
    unsigned checkpoints;
    uint64_t bytes;

    if (argc < 6 || !b)
        stop("usage: bench-session DEPTH COUNTS VA KERNEL INITRD...");
    guest_defaults(&b->guest);
    b->depth = (unsigned)strtoul(argv[1], NULL, 0);
    b->counts = strtoull(argv[2], NULL, 0);
    b->va = strtoull(argv[3], NULL, 0);
    b->guest.settings.kernel = argv[4];
    for (int i = 5; i < argc; i++)
        b->guest.settings.initrd.text[b->guest.settings.initrd.count++] =
            argv[i];
    b->guest.settings.append = "console=ttyS0 cryptomgr.notests";
    if (guest_open(&b->guest, &e) != STATUS_OK)
        stop(e.text);
    run_free(b);
    run_session(b, "session without history", 0, false);
    end(b);
    run_session(b, "with a breakpoint", 0, true);
    end(b);
    run_session(b, "recorded", BUDGET, false);
    session_history(b->session, &checkpoints, &bytes);
    printf("%-28s %u checkpoints, %.1f MB\n", "history", checkpoints,
           (double)bytes / 1e6);
    step_back(b);
    run_back(b);
    end(b);
    guest_close(&b->guest);
    free(b);
    return 0;
}
