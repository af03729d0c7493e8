#define _GNU_SOURCE
#include "cli/debugging.h"

#include <inttypes.h>
#include <signal.h>
#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/debugging_several.h"
#include "cli/resume.h"
#include "debug/symbol_file.h"
#include "host/cancel.h"
#include "machine/error_say.h"

/* Of `run`, these end a run, or write about a run from beginning to end. */
static const char *const no_use[] = {
    "until", "stats", "record", "dump-dtb", "snapshot", "snapshot-at",
    "snapshot-base", "screenshot", "gdb", NULL
};

void debugging_options(const struct option *own, struct option *out)
{
    guest_options_without(no_use, own, out);
}

void debugging_defaults(struct debugging *d)
{
    memset(d, 0, sizeof *d);
    guest_defaults(&d->guest);
    d->guest.settings.outside = true;
    d->guest.settings.screen = true;
    d->guest.settings.debugged = true;
    d->journal.fd = -1;
}

/* ---- the outside, as the session meets it ---- */

static void attend(void *debugging)
{
    struct debugging *d = debugging;

    if (d->ends.attend)
        d->ends.attend(d->ends.context);
    if (*cancel_flag())
        d->interrupt = 1;
}

void debugging_attend(struct debugging *d, struct session_config *c)
{
    c->interrupt = &d->interrupt;
    c->attend = attend;
    c->context = d;
}

static uint64_t wait_or_take(void *debugging, struct board *b, uint64_t idle)
{
    struct debugging *d = debugging;

    return host_console_poll(&d->outside.console, b, idle);
}

static void connect_front_end(struct debugging *d)
{
    struct host_console *c = &d->outside.console;

    c->console.repeats = c->virtio.repeats = &d->past;
    d->outside.net.cable.repeats = &d->past;
    for (unsigned k = 0; k < d->guest.settings.port.count; k++)
        d->outside.ports.ends.end[k].console.repeats = &d->past;
    c->taker = d->ends.console;
    c->taker_context = d->ends.context;
    if (d->ends.source)
        host_console_add(c, d->ends.source);
}

/* ---- machine and session ---- */

static struct session *make_session(struct debugging *d)
{
    struct session_config c = {
        .depth = d->built.depth,
        .bottom = d->built.bare,
        .budget = d->guest.settings.history,
        .past = &d->past,
        .poll = wait_or_take,
    };

    debugging_attend(d, &c);
    c.machine[0] = &d->built.bare->machine;
    c.board[0] = &d->built.bare->board;
    for (unsigned w = 1; w <= c.depth; w++) {
        c.vm[w] = d->built.vm[w - 1];
        c.machine[w] = &c.vm[w]->machine;
        c.board[w] = &c.vm[w]->board;
    }
    return session_new(&c);
}

static int begin(struct debugging *d, bool again)
{
    int status = outside_make_machine(&d->outside, &d->guest, again, &d->built,
                                      NULL, &d->error);
    struct session *s;

    if (status != 0)
        return status;
    s = make_session(d);
    if (!s)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    d->debugger.session = s;
    d->debugger.recent = &d->recent;
    recent_begin(&d->recent, s);
    return 0;
}

static int begin_first(struct debugging *d)
{
    int status = begin(d, false);

    if (status == 0 && !programs_watch(d->programs, d->debugger.session))
        return complain(EXIT_USAGE, "--program was given too often");
    return status;
}

/* ---- files with symbols ---- */

static bool is_elf(const struct image *i)
{
    return i->size > SELFMAG && memcmp(i->bytes, ELFMAG, SELFMAG) == 0;
}

static int open_elf(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct image head;
    char magic[SELFMAG + 1];

    if (fd < 0)
        return fd;
    head = image_of(path, magic, sizeof magic);
    if (pread(fd, magic, sizeof magic, 0) == sizeof magic && is_elf(&head))
        return fd;
    close(fd);
    return -1;
}

/* One that --symbols names for a machine at that level, or above. */
static int open_named(const struct debugging *d, unsigned level)
{
    const struct option_list *l = &d->guest.settings.symbols;
    const struct symbol_machine who = { .depth = d->guest.settings.depth };
    int fd = -1;

    for (unsigned k = 0; k < l->count && fd < 0; k++) {
        struct symbol_setting s;
        unsigned at;

        if (symbol_setting(l->text[k], &s) && s.offset == 0 &&
            symbol_setting_is_for(&s, &who, &at) && at >= level)
            fd = open_elf(s.path);
    }
    return fd;
}

static int copy_of(const struct image *i)
{
    int fd = memfd_create("pogo-kernel", MFD_CLOEXEC);

    if (fd < 0 || write(fd, i->bytes, i->size) == (ssize_t)i->size)
        return fd;
    close(fd);
    return -1;
}

/* An ELF file that the user names, or that the kernel is; else the names that
   were found elsewhere. */
static int symbol_file(void *debugging, unsigned world)
{
    const struct debugging *d = debugging;
    unsigned level = session_level(d->debugger.session, world);
    const struct run_files *f = d->several
                                    ? several_files(d->several, world - level)
                                    : &d->guest.files;
    int fd = d->several ? -1 : open_named(d, level);

    if (fd >= 0)
        return fd;
    if (f->has_kernel && is_elf(&f->kernel))
        return copy_of(&f->kernel);
    return symbol_file_make(debugger_names(&d->debugger, world)->symbols,
                            level);
}

/* ---- programs ---- */

static enum status add_program(struct debugging *d, const char *text)
{
    const struct symbol_machine who = { .depth = d->guest.settings.depth };
    struct symbol_setting s;
    unsigned world;

    if (!symbol_setting(text, &s) || s.offset ||
        !symbol_setting_is_for(&s, &who, &world))
        return error_say(&d->error, STATUS_BAD_ARGUMENT,
                         "--program must be FILE[@WORLD], where WORLD is "
                         "guest, or a level from 0 to --depth, not '%.100s'",
                         text);
    return programs_add_file(d->programs, s.path, world, &d->error);
}

/* Their symbols are known from their start on. */
static enum status open_programs(struct debugging *d)
{
    const struct option_list *l = &d->guest.settings.program;
    enum status s = STATUS_OK;

    d->programs = programs_new(&d->outside.names.symbols);
    if (!d->programs)
        return error_say(&d->error, STATUS_NO_MEMORY,
                         "this host is out of memory");
    for (unsigned k = 0; k < l->count && s == STATUS_OK; k++)
        s = add_program(d, l->text[k]);
    return s;
}

static enum status check(const struct debugging *d, struct error *e)
{
    const struct run_settings *s = &d->guest.settings;
    const char *name = s->record ? "record"
                       : s->snapshot ? "snapshot"
                       : s->dump_dtb ? "dump-dtb"
                                     : NULL;

    return name ? error_say(e, STATUS_BAD_ARGUMENT, "--%s is not for a run "
                            "under a debugger: leave it out", name)
                : STATUS_OK;
}

int debugging_open(struct debugging *d, const struct debugging_ends *ends)
{
    enum status s = check(d, &d->error);
    struct inputs *inputs = &d->outside.console.own_inputs;

    d->ends = *ends;
    d->debugger.file = symbol_file;
    d->debugger.context = d;
    if (d->several && s == STATUS_OK)
        return several_open(d);
    d->outside.named = true;
    d->outside.no_keys = !ends->keyboard;
    if (s == STATUS_OK)
        s = guest_open(&d->guest, &d->error);
    if (s == STATUS_OK)
        s = journal_init(&d->journal);
    if (s != STATUS_OK)
        return complain(guest_exit_status(s), "%s", d->error.text);
    s = outside_open(&d->outside, &d->guest, &d->error);
    if (s != STATUS_OK)
        return complain(EXIT_BAD_INPUT, "%s", d->error.text);
    s = open_programs(d);
    if (s != STATUS_OK)
        return complain(guest_exit_status(s), "%s", d->error.text);
    if (!d->guest.settings.replay)
        inputs_init(inputs, &d->journal);
    connect_front_end(d);
    if (resume_virtio_keys(&d->guest))
        d->outside.console.keyboard = &d->outside.console.virtio;
    d->debugger.names = &d->outside.names.log;
    d->debugger.world = (unsigned)d->guest.settings.depth;
    return begin_first(d);
}

bool debugging_reset(struct debugging *d)
{
    static const struct input_mark none = { .at = JOURNAL_FIRST };
    const struct session_points points = session_points(d->debugger.session);

    trace_file_unwatch(&d->outside.trace);
    recent_end(&d->recent);
    session_free(d->debugger.session);
    d->debugger.session = NULL;
    build_free(&d->built);
    if (!d->guest.settings.replay)
        inputs_forget(&d->outside.console.own_inputs, none);
    if (begin(d, true) != 0)
        return false;
    session_set_points(d->debugger.session, &points);
    return true;
}

/* ---- the end ---- */

int debugging_status(const struct debugging *d, enum session_end end)
{
    int status = d->several ? fleet_status(&d->several->fleet)
                            : session_status(d->debugger.session);

    switch (end) {
    case SESSION_FINISHED:
        return status > 255 ? 255 : status;
    case SESSION_IDLE:
        return EXIT_LIMIT;
    case SESSION_LOST:
        return EXIT_BAD_INPUT;
    case SESSION_BREAK:
        return *cancel_flag() == SIGALRM ? EXIT_LIMIT
               : *cancel_flag()          ? 128 + *cancel_flag()
                                         : 0;
    default:
        return 0;
    }
}

/* The console's last line may not have ended. */
static void print_hash(struct debugging *d, FILE *out)
{
    const struct host_console *c = &d->outside.console;

    fprintf(out, "%shash %016" PRIx64 " at %" PRIu64 "\n",
            c->middle_of_line && c->out >= 0 ? "\n" : "",
            machine_hash(d->built.top, d->built.board),
            machine_count(d->built.board));
}

void debugging_report(struct debugging *d)
{
    FILE *out = d->ends.report ? d->ends.report : stdout;

    if (d->reported || !d->debugger.session)
        return;
    d->reported = true;
    if (!d->several)
        host_console_flush(&d->outside.console);
    if (d->guest.settings.hash && d->several)
        fleet_print_hashes(&d->several->fleet, out);
    else if (d->guest.settings.hash)
        print_hash(d, out);
    fflush(out);
}

int debugging_close(struct debugging *d, int status)
{
    debugging_report(d);
    recent_end(&d->recent);
    if (d->several)
        return several_close(d, status);
    session_free(d->debugger.session);
    d->debugger.session = NULL;
    programs_free(d->programs);
    status = outside_close(&d->outside, status, &d->error);
    build_free(&d->built);
    journal_free(&d->journal);
    guest_close(&d->guest);
    return status;
}
