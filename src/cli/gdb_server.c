/*
 * The loop around a stub: the machine runs, gdb comes and goes. While nobody is
 * there the machine is as gdb has left it: it stands, or it runs free. Whoever
 * comes next finds it standing.
 */
#include "cli/gdb_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/debugging.h"
#include "cli/gdb_line.h"
#include "debug/gdb/stub.h"
#include "host/cancel.h"
#include "machine/error_say.h"

#define LOOK_AROUND 500 /* ms between two looks at signals */

struct server {
    struct debugging d; /* first: the options of `pogo run` */
    struct gdb_line line;
    struct host_source source; /* the line: it ends a guest's wait */
    struct gdb_stub *stub;
    char where[128]; /* of --gdb, without ",run" */
    bool free;       /* the machine runs without gdb */
    bool over;       /* … or not any more … */
    bool logs;       /* exits are shown */
    int status;      /* … with this exit status */
};

static void end(struct server *s, int status)
{
    s->over = true;
    s->status = status;
}

/* ---- the line ---- */

static void send_bytes(void *server, const uint8_t *bytes, size_t n)
{
    struct server *s = server;

    gdb_line_write(&s->line, bytes, n);
}

static unsigned prepare(void *server, struct pollfd *p, unsigned max,
                        int64_t *ns)
{
    const struct server *s = server;

    (void)ns;
    if (max < 1)
        return 0;
    p[0] = (struct pollfd){ .fd = gdb_line_descriptor(&s->line),
                            .events = POLLIN };
    return p[0].fd >= 0;
}

/* What has come is taken by `attend`, which is called in the past too. */
static void take_nothing(void *server, const struct pollfd *p, unsigned n)
{
    (void)server;
    (void)p;
    (void)n;
}

/* False: gdb has gone. */
static bool read_bytes(struct server *s)
{
    uint8_t bytes[4096];
    size_t n = gdb_line_read(&s->line, bytes, sizeof bytes);

    gdb_stub_take(s->stub, bytes, n);
    return n > 0;
}

/* Without a line that others can come to, that is the end. */
static void hang_up(struct server *s)
{
    gdb_line_hang_up(&s->line);
    gdb_stub_disconnect(s->stub);
    if (gdb_stub_finished(s->stub))
        end(s, gdb_stub_status(s->stub));
    else if (s->line.listener < 0)
        end(s, 0);
}

/* In the middle of a run. Whoever wants something of a machine that runs free
   stops it; of one that gdb runs, gdb says whether it is to stop. */
static void attend(void *server)
{
    struct server *s = server;

    if (*cancel_flag())
        s->d.interrupt = 1;
    if (gdb_line_descriptor(&s->line) < 0 || !gdb_line_ready(&s->line, 0))
        return;
    if (s->free) {
        s->d.interrupt = 1;
    } else if (s->line.in >= 0 && !read_bytes(s)) {
        gdb_line_hang_up(&s->line);
        s->d.interrupt = 1;
    }
}

static void show(void *server, const uint8_t *bytes, size_t n)
{
    struct server *s = server;

    gdb_stub_show(s->stub, (const char *)bytes, n);
}

/* ---- the log of exits ---- */

static void show_exit(void *server, struct vm *vm, const struct exit_record *r)
{
    struct server *s = server;
    char line[EXIT_LOG_LINE + 1];
    size_t n;

    if (s->d.past) /* it has been shown */
        return;
    n = exit_log_format(s->d.debugger.names, vm, r, line, EXIT_LOG_LINE);
    line[n] = '\n';
    gdb_stub_show(s->stub, line, n + 1);
}

static struct vm *guest(const struct server *s)
{
    const struct session *session = s->d.debugger.session;

    return session_vm(session, session_guest(session));
}

static bool log_exits(void *server, bool on, const struct text_sink *out)
{
    struct server *s = server; /* the debugging is its first member */

    if (s->d.several || !guest(s)) {
        text_print(out, "there is a log of exits where there is one virtual "
                        "machine: use --depth\n");
        return false;
    }
    if (s->logs)
        vm_unwatch(guest(s), show_exit, s);
    s->logs = on;
    if (on)
        vm_watch(guest(s), show_exit, s);
    return true;
}

static bool reset(void *server)
{
    struct server *s = server;

    if (!debugging_reset(&s->d))
        return false;
    if (s->logs)
        vm_watch(guest(s), show_exit, s);
    return true;
}

/* ---- what happens next ---- */

/* A free run goes through stop points that commands have set. */
static void pass_point(struct server *s)
{
    unsigned number = session_hit(s->d.debugger.session)->number, program;

    if (s->d.programs && programs_own(s->d.programs, number))
        programs_started(s->d.programs, s->d.debugger.session, &program);
}

static void run_free(struct server *s)
{
    enum session_end e;

    s->d.interrupt = 0;
    e = session_run(s->d.debugger.session, UINT64_MAX);
    if (e == SESSION_POINT)
        pass_point(s);
    else if (e == SESSION_RESET && !debugging_reset(&s->d))
        end(s, EXIT_INTERNAL);
    else if (e == SESSION_LOST)
        end(s, complain(debugging_status(&s->d, e), "%s",
                        session_error(s->d.debugger.session)));
    else if (e == SESSION_FINISHED || e == SESSION_IDLE)
        end(s, debugging_status(&s->d, e));
}

/* Somebody comes, goes, or says something; or nobody does, in some time. */
static void listen_to_gdb(struct server *s, int ms)
{
    if (!gdb_line_ready(&s->line, ms))
        return;
    if (s->line.in < 0) {
        if (gdb_line_accept(&s->line)) {
            s->free = false;
            gdb_stub_connect(s->stub);
        }
    } else if (!read_bytes(s)) {
        hang_up(s);
    }
}

static void run_for_gdb(struct server *s)
{
    gdb_stub_run(s->stub);
    if (s->line.in < 0) { /* it has gone meanwhile, and its machine runs on */
        s->free = true;
        hang_up(s);
    }
}

static void do_next(struct server *s)
{
    enum gdb_state state = gdb_stub_state(s->stub);
    bool connected = s->line.in >= 0;

    if (*cancel_flag())
        end(s, debugging_status(&s->d, SESSION_BREAK));
    else if (connected && state == GDB_KILLED)
        end(s, gdb_stub_status(s->stub));
    else if (connected && state == GDB_RUNNING)
        run_for_gdb(s);
    else if (s->free)
        run_free(s);
    if (gdb_stub_state(s->stub) == GDB_OVER)
        debugging_report(&s->d);
    if (s->over)
        return;
    state = gdb_stub_state(s->stub);
    if (s->line.in >= 0 && state == GDB_RUNNING)
        return;
    listen_to_gdb(s, s->free ? 0 : LOOK_AROUND);
    if (s->line.in >= 0)
        s->free = gdb_stub_state(s->stub) == GDB_DETACHED;
}

/* ---- begin and end ---- */

static enum status check(const struct run_settings *r, struct error *e)
{
    const char *name = r->until != UINT64_MAX         ? "until"
                       : r->snapshot_at != UINT64_MAX ? "snapshot-at"
                       : r->stats                     ? "stats"
                       : r->screenshot                ? "screenshot"
                                                      : NULL;

    return name ? error_say(e, STATUS_BAD_ARGUMENT,
                            "--%s does not go with "
                            "--gdb: leave it out",
                            name)
                : STATUS_OK;
}

/* "PORT,run": it does not wait for gdb. */
static enum status split(struct server *s, const char *text, struct error *e)
{
    static const char run[] = ",run";
    size_t n = strlen(text), ending = sizeof run - 1;

    s->free = n >= ending && strcmp(text + n - ending, run) == 0;
    if (s->free)
        n -= ending;
    if (n >= sizeof s->where)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "--gdb is too long a name for "
                         "a socket");
    memcpy(s->where, text, n);
    s->where[n] = 0;
    return STATUS_OK;
}

static enum status read_options(struct server *s, int argc, char **argv,
                                struct error *e)
{
    const struct run_settings *r = &s->d.guest.settings;
    enum status status;

    debugging_defaults(&s->d);
    status = debugging_parse(&s->d, run_options_table, "run", argc, argv);
    if (status != STATUS_OK) {
        *e = s->d.error;
        return status;
    }
    status = check(r, e);
    if (status == STATUS_OK)
        status = split(s, r->gdb, e);
    return status == STATUS_OK ? gdb_line_open(&s->line, s->where, e) : status;
}

static int open_all(struct server *s)
{
    bool at_pipe = s->line.listener < 0;
    struct debugging_ends ends = { .attend = attend,
                                   .context = s,
                                   .source = &s->source,
                                   .keyboard = !at_pipe };
    struct gdb_config c = { .debugger = &s->d.debugger,
                            .send = send_bytes,
                            .reset = reset,
                            .attend = attend,
                            .context = s,
                            .interrupt = &s->d.interrupt };
    int status;

    if (at_pipe)
        ends.report = stderr;
    s->source = (struct host_source){ prepare, take_nothing, s };
    if (at_pipe && strcmp(s->d.guest.settings.console, "-") == 0)
        ends.console = show;
    status = debugging_open(&s->d, &ends);
    if (status != 0)
        return status;
    s->d.debugger.log = log_exits;
    c.programs = s->d.programs;
    s->stub = gdb_stub_new(&c);
    if (!s->stub)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    if (at_pipe)
        gdb_stub_connect(s->stub);
    else if (!s->d.guest.settings.quiet)
        fprintf(stderr, "pogo: gdb: target extended-remote %s\n",
                s->line.where);
    return 0;
}

static int serve(struct server *s)
{
    int status;

    cancel_on_signals(s->d.guest.settings.timeout);
    status = open_all(s);
    if (status == 0) {
        while (!s->over)
            do_next(s);
        status = s->status;
    }
    gdb_line_close(&s->line);
    gdb_stub_free(s->stub);
    return debugging_close(&s->d, status);
}

int gdb_server(int argc, char **argv)
{
    struct server *s = calloc(1, sizeof *s);
    struct error e;
    enum status status;
    int result;

    if (!s)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    s->line.listener = s->line.in = s->line.out = -1;
    status = read_options(s, argc, argv, &e);
    if (status == STATUS_OK) {
        result = serve(s);
    } else {
        result = complain(status == STATUS_BAD_ARGUMENT ? EXIT_USAGE
                                                        : EXIT_BAD_INPUT,
                          "%s", e.text);
        gdb_line_close(&s->line);
        debugging_close(&s->d, result);
    }
    free(s);
    return result;
}
