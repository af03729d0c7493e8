/* pogo run: a machine of some depth, from reset to its end. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "cli/exit_names.h"
#include "cli/exits_log.h"
#include "cli/guest.h"
#include "cli/host_console.h"
#include "cli/run_several.h"
#include "cli/stats.h"
#include "cli/terminal.h"
#include "cli/trace_file.h"

struct run {
    struct guest guest;
    struct host_console console;
    struct exit_names names;
    struct exits_log log;
    struct trace_file trace;
    struct built built;
    struct stats_run stats;
    struct error error;
};

/* A machine in reset, with everything in its memory. */
static int make_machine(struct run *r, struct boot_layout *layout)
{
    const struct guest_ends ends = { .console = &r->console.console,
                                     .virtio = &r->console.virtio };
    enum status s = guest_build(&r->guest, &ends,
                                (unsigned)r->guest.settings.depth, &r->built,
                                layout, &r->error);

    if (s != STATUS_OK)
        return complain(guest_exit_status(s), "%s", r->error.text);
    exits_log_watch(&r->log, &r->built);
    trace_file_watch(&r->trace, &r->built);
    if (r->guest.files.script.lines)
        input_script_start(&r->guest.files.script,
                           &r->built.board->bus.clock, &r->console.keyboard);
    return 0;
}

static int dump_dtb(struct run *r, const struct boot_layout *l)
{
    const char *path = r->guest.settings.dump_dtb;
    FILE *f = fopen(path, "wb");
    bool ok = f != NULL;

    for (uint64_t pa = l->dtb_start; ok && pa < l->dtb_end; pa++) {
        uint8_t byte;

        ok = ram_read(&r->built.board->bus.ram, pa, &byte, 1) &&
             putc(byte, f) != EOF;
    }
    if (f && fclose(f) != 0)
        ok = false;
    return ok ? 0
              : complain(EXIT_BAD_INPUT, "--dump-dtb '%s' cannot be written "
                         "(%s): name a file that can", path, strerror(errno));
}

/* What Pogo says begins on a line of its own: ends the guest's, once, on the
   stream that comes first. */
static void end_line(struct run *r, FILE *out)
{
    if (r->console.middle_of_line)
        fputc('\n', r->guest.settings.hash || r->guest.settings.stats ? stdout : out);
    fflush(stdout);
    r->console.middle_of_line = false;
}

static int remark(struct run *r, int status, const char *text)
{
    if (r->guest.settings.quiet)
        return status;
    end_line(r, stderr);
    fprintf(stderr, "pogo: %s at count %" PRIu64 "\n", text, r->stats.count);
    return status;
}

/* A guest may name statuses that a process cannot have. */
static int guest_status(int status)
{
    return status > 255 ? 255 : status;
}

static int cancelled(struct run *r)
{
    switch (*cancel_flag()) {
    case SIGALRM:
        return remark(r, EXIT_LIMIT, "stopped by --timeout");
    case CANCEL_KEYS:
        return remark(r, 0, "stopped by Ctrl-A x");
    default:
        return remark(r, 128 + *cancel_flag(), "stopped by a signal");
    }
}

static int end_status(struct run *r, enum run_end end)
{
    switch (end) {
    case RUN_FINISHED:
        return guest_status(r->built.board->status);
    case RUN_UNTIL:
        return remark(r, EXIT_LIMIT, "stopped by --until");
    case RUN_IDLE:
        return remark(r, EXIT_LIMIT, "stopped: the guest waits, and nothing "
                      "is left that could wake it,");
    case RUN_CANCELLED:
        return cancelled(r);
    default:
        return complain(EXIT_INTERNAL, "the machine stopped for a reason that "
                        "it should not have (%d): please report this", end);
    }
}

static void print_results(struct run *r)
{
    if (r->guest.settings.hash || r->guest.settings.stats)
        end_line(r, stdout);
    if (r->guest.settings.stats)
        stats_print(stdout, &r->built, &r->stats,
                    strcmp(r->guest.settings.stats, "json") == 0);
    if (r->guest.settings.hash)
        printf("hash %016" PRIx64 " at %" PRIu64 "\n",
               machine_hash(r->built.top, r->built.board), r->stats.count);
    fflush(stdout);
}

/* From reset on, again after each reset that the guest asks for. */
static int run_machine(struct run *r)
{
    struct run_options o = { .until = r->guest.settings.until,
                             .cancel = cancel_flag(),
                             .poll = host_console_poll,
                             .context = &r->console };
    uint64_t start = host_time();
    enum run_end end;
    int status;

    for (;;) {
        end = machine_run(r->built.top, r->built.board, &o);
        host_console_flush(&r->console);
        if (end != RUN_RESET)
            break;
        trace_file_unwatch(&r->trace);
        build_free(&r->built);
        status = make_machine(r, NULL);
        if (status != 0)
            return status;
    }
    r->stats = (struct stats_run){
        .count = machine_count(r->built.board),
        .seconds = (double)(host_time() - start) / 1e9,
    };
    host_console_close(&r->console);
    status = end_status(r, end);
    print_results(r);
    return status;
}

/* Opens what the run writes to: the console, and log and trace if there are. */
static enum status open_outputs(struct run *r)
{
    const struct run_settings *s = &r->guest.settings;
    bool piped = s->input && strcmp(s->input, "-") == 0;
    bool terminal = (!s->input || piped) && strcmp(s->console, "-") == 0 &&
                    !s->dump_dtb && terminal_available();
    enum status status = STATUS_OK;

    if (s->log)
        status = exits_log_open(&r->log, &s->log_to, &r->names.log, &r->error);
    if (s->trace && status == STATUS_OK)
        status = trace_file_open(&r->trace, &s->trace_to, &r->names.log,
                                 &r->error);
    if (status == STATUS_OK)
        status = host_console_open(&r->console,
                                   s->dump_dtb ? "none" : s->console,
                                   terminal, piped, &r->error);
    if (status != STATUS_OK)
        return status;
    r->console.host_clock = s->clock_host;
    r->console.paced = s->clock_host || r->console.is_terminal;
    return STATUS_OK;
}

/* Ends what the run has written. */
static int close_outputs(struct run *r, int status)
{
    host_console_close(&r->console);
    exits_log_close(&r->log);
    trace_file_unwatch(&r->trace);
    if (trace_file_close(&r->trace, &r->error) != STATUS_OK)
        status = complain(EXIT_BAD_INPUT, "%s", r->error.text);
    exit_names_free(&r->names);
    return status;
}

static int start(struct run *r)
{
    const struct run_settings *s = &r->guest.settings;
    struct boot_layout layout;
    int status;

    cancel_on_signals(s->timeout);
    if (s->log || s->trace)
        exit_names_init(&r->names, &s->isa_set, &r->guest.files);
    if (open_outputs(r) != STATUS_OK)
        return close_outputs(r, complain(EXIT_BAD_INPUT, "%s", r->error.text));
    status = make_machine(r, &layout);
    if (status == 0)
        status = s->dump_dtb ? dump_dtb(r, &layout) : run_machine(r);
    status = close_outputs(r, status);
    build_free(&r->built);
    return status;
}

int command_run(int argc, char **argv)
{
    struct run *r = calloc(1, sizeof *r);
    enum status s;
    int status;

    if (!r)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    guest_defaults(&r->guest);
    s = options_parse(run_options_table, "run", argc, argv,
                      &r->guest.settings, &r->error);
    if (s == STATUS_OK &&
        (r->guest.settings.vms || r->guest.settings.config)) {
        free(r);
        return run_several(argc, argv);
    }
    if (s == STATUS_OK)
        s = guest_open(&r->guest, &r->error);
    status = s == STATUS_OK
                 ? start(r)
                 : complain(guest_exit_status(s), "%s", r->error.text);
    guest_close(&r->guest);
    free(r);
    return status;
}

void help_run(FILE *out)
{
    fputs("\nusage: pogo run [options]\n\n", out);
    options_help(run_options_table, out);
    fputs("\nThe exit status is the guest's own; 64 usage, 65 bad input file, "
          "124 limit\nreached, 125 internal. docs/command.md says more.\n",
          out);
}
