/* pogo run: a machine of some depth, from reset to its end. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "cli/exits_log.h"
#include "cli/host_console.h"
#include "cli/run_files.h"
#include "cli/stats.h"
#include "cli/terminal.h"

struct run {
    struct run_settings settings;
    struct run_files files;
    struct host_console console;
    struct exits_log log;
    struct built built;
    struct stats_run stats;
    struct error error;
};

static int exit_status(enum status s)
{
    return s == STATUS_BAD_ARGUMENT ? EXIT_USAGE
           : s == STATUS_NO_MEMORY  ? EXIT_INTERNAL
                                    : EXIT_BAD_INPUT;
}

static struct board_config board_config(struct run *r)
{
    struct board_config c = {
        .harts = (unsigned)r->settings.harts,
        .memory = r->settings.memory,
        .isa = r->settings.isa_set,
        .seed = r->settings.seed,
        .epoch = r->settings.clock_host ? (uint64_t)time(NULL) : 0,
        .console = &r->console.console,
        .disks = r->files.disks,
    };

    if (c.disks < BOARD_MAX_DISKS) /* else there is no slot left for it */
        c.virtio_console = &r->console.virtio;
    for (unsigned k = 0; k < c.disks; k++)
        c.disk[k] = &r->files.disk[k];
    return c;
}

/* A machine in reset, with everything in its memory. */
static int make_machine(struct run *r, struct boot_layout *layout)
{
    struct board_config c = board_config(r);
    struct boot_options o = run_files_boot(&r->files, &r->settings);
    enum status s;

    s = build_machine(&r->built, &c, (unsigned)r->settings.depth);
    if (s != STATUS_OK)
        return complain(EXIT_INTERNAL, "this host has not enough memory for a "
                        "machine of %" PRIu64 " MiB at depth %" PRIu64 ": use "
                        "a smaller --memory or --depth",
                        r->settings.memory >> 20, r->settings.depth);
    s = machine_boot(r->built.board, &o, layout, &r->error);
    if (s != STATUS_OK)
        return complain(exit_status(s), "%s", r->error.text);
    if (r->log.out)
        exits_log_watch(&r->log, r->built.vm[r->built.depth - 1]);
    if (r->files.script.lines)
        input_script_start(&r->files.script, &r->built.board->bus.clock,
                           &r->console.keyboard);
    return 0;
}

static int dump_dtb(struct run *r, const struct boot_layout *l)
{
    const char *path = r->settings.dump_dtb;
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
        fputc('\n', r->settings.hash || r->settings.stats ? stdout : out);
    fflush(stdout);
    r->console.middle_of_line = false;
}

static int remark(struct run *r, int status, const char *text)
{
    if (r->settings.quiet)
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
    if (r->settings.hash || r->settings.stats)
        end_line(r, stdout);
    if (r->settings.stats)
        stats_print(stdout, &r->built, &r->stats,
                    strcmp(r->settings.stats, "json") == 0);
    if (r->settings.hash)
        printf("hash %016" PRIx64 " at %" PRIu64 "\n",
               machine_hash(r->built.top, r->built.board), r->stats.count);
    fflush(stdout);
}

/* From reset on, again after each reset that the guest asks for. */
static int run_machine(struct run *r)
{
    struct run_options o = { .until = r->settings.until,
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

/* Opens what the run writes to: the console, and the log if there is one. */
static enum status open_outputs(struct run *r)
{
    const struct run_settings *s = &r->settings;
    bool piped = s->input && strcmp(s->input, "-") == 0;
    bool terminal = (!s->input || piped) && strcmp(s->console, "-") == 0 &&
                    !s->dump_dtb && terminal_available();
    enum status status = STATUS_OK;

    if (s->log_exits)
        status = exits_log_open(&r->log, s->log_file, &s->isa_set, &r->error);
    if (status == STATUS_OK)
        status = host_console_open(&r->console,
                                   s->dump_dtb ? "none" : s->console,
                                   terminal, piped, &r->error);
    if (status != STATUS_OK)
        return status;
    if (r->log.out && r->files.has_bios)
        exits_log_symbols(&r->log, &r->files.bios);
    if (r->log.out && r->files.has_kernel)
        exits_log_symbols(&r->log, &r->files.kernel);
    r->console.host_clock = s->clock_host;
    r->console.paced = s->clock_host || r->console.is_terminal;
    return STATUS_OK;
}

static int start(struct run *r)
{
    const struct run_settings *s = &r->settings;
    struct boot_layout layout;
    int status;

    cancel_on_signals(s->timeout);
    if (open_outputs(r) != STATUS_OK) {
        exits_log_close(&r->log);
        return complain(EXIT_BAD_INPUT, "%s", r->error.text);
    }
    status = make_machine(r, &layout);
    if (status == 0)
        status = s->dump_dtb ? dump_dtb(r, &layout) : run_machine(r);
    host_console_close(&r->console);
    exits_log_close(&r->log);
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
    s = run_settings_parse(&r->settings, argc, argv, &r->error);
    if (s == STATUS_OK)
        s = run_files_open(&r->files, &r->settings, &r->error);
    status = s == STATUS_OK ? start(r)
                            : complain(exit_status(s), "%s", r->error.text);
    run_files_close(&r->files);
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
