/* pogo run: a machine of some depth, from reset to its end. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "cli/gdb_server.h"
#include "cli/outside.h"
#include "cli/resume.h"
#include "cli/run_several.h"
#include "cli/saving.h"
#include "cli/stats.h"
#include "host/cancel.h"

struct run {
    struct guest guest;
    struct outside outside;
    struct saving saving;
    struct built built;
    struct stats_run stats;
    struct error error;
};

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
    if (r->outside.console.middle_of_line)
        fputc('\n', r->guest.settings.hash || r->guest.settings.stats ? stdout : out);
    fflush(stdout);
    r->outside.console.middle_of_line = false;
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
    case CANCEL_WINDOW:
        return remark(r, 0, "stopped with its window");
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
    case RUN_REPLAYED:
        return remark(r, inputs_status(r->outside.console.inputs),
                      "the recording ends");
    case RUN_INPUTS_FAILED:
        return complain(EXIT_BAD_INPUT, "'%s': %s", r->outside.recording.path,
                        r->outside.console.inputs->error.text);
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

/* Writes the snapshot, where the machine is now. */
static int save(struct run *r)
{
    struct snapshot_written w;
    enum status s;
    char text[80];

    s = saving_save(&r->saving, &r->guest, &r->built,
                    r->outside.console.keyboard == &r->outside.console.virtio, &w, &r->error);
    if (s != STATUS_OK)
        return complain(guest_exit_status(s), "%s", r->error.text);
    r->stats.count = machine_count(r->built.board);
    snprintf(text, sizeof text, "saved (%.1f MiB)", (double)w.size / 1048576);
    return remark(r, 0, text);
}

static int make_machine(struct run *r, bool again, struct boot_layout *layout)
{
    return outside_make_machine(&r->outside, &r->guest, again, &r->built,
                                layout, &r->error);
}

static int reset(struct run *r)
{
    trace_file_unwatch(&r->outside.trace);
    build_free(&r->built);
    return make_machine(r, true, NULL);
}

/* Until something ends the run that is neither a reset nor the count at which
   the machine is to be saved. */
static int run_to_end(struct run *r, enum run_end *end)
{
    struct run_options o = { .cancel = cancel_flag(),
                             .poll = host_console_poll,
                             .context = &r->outside.console };
    int status = 0;

    while (status == 0) {
        o.until = saving_until(&r->saving, &o.at_boundary);
        *end = machine_run(r->built.top, r->built.board, &o);
        host_console_flush(&r->outside.console);
        if (*end == RUN_RESET)
            status = reset(r);
        else if (*end == RUN_UNTIL && saving_due(&r->saving, r->built.board))
            status = save(r);
        else
            break;
    }
    return status;
}

/* The run is over: returns its exit status, which was to be `status`. */
static int save_at_end(struct run *r, enum run_end end, int status)
{
    int saved;

    if (saving_missed(&r->saving, end, &r->error))
        return complain(EXIT_BAD_INPUT, "%s", r->error.text);
    saved = saving_at_end(&r->saving) ? save(r) : 0;
    return saved ? saved : status;
}

/* From reset on, again after each reset that the guest asks for. */
static int run_machine(struct run *r)
{
    uint64_t start = host_time();
    enum run_end end;
    int status = run_to_end(r, &end);

    if (status != 0)
        return status;
    r->stats = (struct stats_run){
        .count = machine_count(r->built.board),
        .seconds = (double)(host_time() - start) / 1e9,
        .net = &r->outside.net,
    };
    host_console_close(&r->outside.console);
    status = end_status(r, end);
    print_results(r);
    status = save_at_end(r, end, status);
    if (screen_shot(&r->outside.screen, &r->guest.settings, &r->error) != STATUS_OK)
        status = complain(EXIT_BAD_INPUT, "%s", r->error.text);
    if (end != RUN_INPUTS_FAILED &&
        recording_stop(&r->outside.recording, &r->built, end, status, &r->error) !=
            STATUS_OK)
        return complain(EXIT_BAD_INPUT, "%s", r->error.text);
    return status;
}

static int start(struct run *r)
{
    const struct run_settings *s = &r->guest.settings;
    struct boot_layout layout;
    int status;

    if (s->dump_dtb) /* which is the same with ports */
        r->guest.settings.port.count = 0;
    cancel_on_signals(s->timeout);
    if (outside_open(&r->outside, &r->guest, &r->error) != STATUS_OK)
        return outside_close(&r->outside,
                             complain(EXIT_BAD_INPUT, "%s", r->error.text),
                             &r->error);
    saving_open(&r->saving, s);
    if (resume_virtio_keys(&r->guest))
        r->outside.console.keyboard = &r->outside.console.virtio;
    status = make_machine(r, false, &layout);
    if (status == 0)
        status = s->dump_dtb ? dump_dtb(r, &layout) : run_machine(r);
    status = outside_close(&r->outside, status, &r->error);
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
    r->guest.settings.outside = true;
    r->guest.settings.screen = true;
    r->guest.settings.saves = true;
    s = options_parse(run_options_table, "run", argc, argv,
                      &r->guest.settings, &r->error);
    if (s == STATUS_OK && r->guest.settings.gdb) {
        free(r);
        return gdb_server(argc, argv);
    }
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
