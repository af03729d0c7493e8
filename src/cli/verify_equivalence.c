/* pogo verify equivalence: bare against each depth, compared state by state. */
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/equivalence_report.h"
#include "cli/exit_names.h"
#include "cli/guest_side.h"
#include "cli/host_console.h"
#include "cli/verify.h"
#include "host/cancel.h"
#include "machine/error_say.h"

#define EVERY_DEFAULT 10000000
#define PROGRESS_NS                                                            \
    UINT64_C(5000000000) /* between lines, where no terminal                   \
                          */

struct equivalence_run {
    struct guest guest; /* first: the options go there too */
    uint64_t every;
    bool json;

    struct guest_side side[2]; /* bare; at `depth` */
    unsigned depth;
    struct equivalence found;
    struct exit_names names;
    struct error error;
    enum status failed; /* why a side could not be made */
    uint64_t said;      /* host time of the last line of progress */
    bool terminal, line_open;
};

static const struct option own_options[] = {
    { "depth", OPTION_NUMBER, offsetof(struct guest, settings.depth), "N",
      "bare against each depth from 1 (the default) to N", 1, MAX_DEPTH, NULL },
    { "every", OPTION_NUMBER, offsetof(struct equivalence_run, every), "K",
      "counts between comparisons, a multiple of 1000 (default 10000000)",
      RUN_QUANTUM, UINT64_MAX / 2, NULL },
    { "json", OPTION_FLAG, offsetof(struct equivalence_run, json), NULL,
      "the report as one JSON object", 0, 0, NULL },
    { NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

static bool make_side(void *context, unsigned number, bool again,
                      struct side *out)
{
    struct equivalence_run *v = context;

    v->failed = guest_side_make(&v->side[number], &v->guest,
                                number ? v->depth : 0, again, &v->error);
    if (v->failed == STATUS_OK)
        *out = guest_side_of(&v->side[number]);
    return v->failed == STATUS_OK;
}

static void say_progress(void *context, uint64_t count)
{
    struct equivalence_run *v = context;
    uint64_t now = host_time();

    if (v->guest.settings.quiet ||
        (!v->terminal && now - v->said < PROGRESS_NS))
        return;
    v->said = now;
    fprintf(stderr, "%spogo: depth %u: equal at count %" PRIu64 "%s",
            v->terminal ? "\r" : "", v->depth, count,
            v->terminal ? "\033[K" : "\n");
    v->line_open = v->terminal;
}

static void end_progress(struct equivalence_run *v)
{
    if (v->line_open)
        fputs("\r\033[K", stderr);
    v->line_open = false;
}

static void compare_depth(struct equivalence_run *v, struct report *r)
{
    const struct equivalence_config c = {
        .make = make_side,
        .progress = say_progress,
        .context = v,
        .every = v->every,
        .until = v->guest.settings.until,
        .cancel = cancel_flag(),
    };
    uint64_t start = host_time();
    char name[16];

    equivalence_check(&c, &v->found);
    end_progress(v);
    if (v->found.verdict == EQUIVALENCE_FAILED)
        return;
    snprintf(name, sizeof name, "depth %u", v->depth);
    report_item(r, name);
    equivalence_report(r, &v->found, &v->names.log);
    report_real(r, "seconds", (double)(host_time() - start) / 1e9);
    report_end(r);
    fflush(r->out);
}

/* The exit status if the run ends with this verdict. */
static int verdict_status(struct equivalence_run *v)
{
    switch (v->found.verdict) {
    case EQUIVALENT:
        return EXIT_HOLDS;
    case NOT_EQUIVALENT:
        return EXIT_DOES_NOT_HOLD;
    case EQUIVALENCE_CANCELLED:
        if (v->found.differ)
            return EXIT_DOES_NOT_HOLD;
        return *cancel_flag() == SIGALRM ? EXIT_LIMIT : 128 + *cancel_flag();
    default:
        return complain(guest_exit_status(v->failed), "%s", v->error.text);
    }
}

static int compare_depths(struct equivalence_run *v)
{
    struct report r = report_open(stdout, v->json);
    int status = EXIT_HOLDS;

    report_text(&r, "property", "equivalence");
    report_number(&r, "harts", v->guest.settings.harts);
    report_number(&r, "compared every", v->every);
    report_list(&r, "bare against");
    for (v->depth = 1; v->depth <= v->guest.settings.depth; v->depth++) {
        int one;

        compare_depth(v, &r);
        one = verdict_status(v);
        if (status == EXIT_HOLDS)
            status = one;
        if (v->found.verdict != EQUIVALENT &&
            v->found.verdict != NOT_EQUIVALENT)
            break;
    }
    report_list_end(&r);
    report_text(&r, "equivalence",
                status == EXIT_HOLDS           ? "holds"
                : status == EXIT_DOES_NOT_HOLD ? "does not hold"
                                               : "not decided");
    report_close(&r);
    return status;
}

/* Options of `pogo run` that would make the two sides' inputs differ, or that
   have nothing to act on here. */
static enum status check(struct equivalence_run *v)
{
    const struct run_settings *s = &v->guest.settings;
    const struct {
        bool given;
        const char *text;
    } refused[] = {
        { s->clock_host, "--clock host: two such runs are never alike" },
        { s->input && strcmp(s->input, "-") == 0,
          "--input -: both sides need the same input, from a script" },
        { strcmp(s->console, "-") != 0,
          "--console: the consoles are compared, not shown" },
        { s->log != NULL, "--log: the report shows the exits before a "
                        "difference" },
        { s->stats != NULL, "--stats: 'pogo run' has it" },
        { s->hash, "--hash: the report has it" },
        { s->dump_dtb != NULL, "--dump-dtb: 'pogo run' has it" },
        { v->guest.files.share && !v->guest.files.share->read_only,
          "--share without ',ro': what one side writes the other would find" },
    };

    for (size_t k = 0; k < sizeof refused / sizeof *refused; k++)
        if (refused[k].given)
            return error_say(&v->error, STATUS_BAD_ARGUMENT,
                             "verify "
                             "equivalence does not take %s",
                             refused[k].text);
    if (v->every % RUN_QUANTUM)
        return error_say(&v->error, STATUS_BAD_ARGUMENT,
                         "--every must be a "
                         "multiple of %d, not %" PRIu64,
                         RUN_QUANTUM, v->every);
    return STATUS_OK;
}

static int start(struct equivalence_run *v)
{
    int status;

    v->terminal = isatty(STDERR_FILENO);
    v->said = host_time();
    cancel_on_signals(v->guest.settings.timeout);
    status = compare_depths(v);
    for (unsigned k = 0; k < 2; k++)
        guest_side_free(&v->side[k]);
    return status;
}

int verify_equivalence(int argc, char **argv)
{
    struct equivalence_run *v = calloc(1, sizeof *v);
    struct option options[OPTIONS_MAX];
    enum status s;
    int status;

    if (!v)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    guest_defaults(&v->guest);
    v->guest.settings.depth = 1;
    v->every = EVERY_DEFAULT;
    guest_options(own_options, options);
    s = options_parse(options, "verify equivalence", argc, argv, v, &v->error);
    if (s == STATUS_OK)
        s = guest_open(&v->guest, &v->error);
    if (s == STATUS_OK)
        s = check(v);
    if (s == STATUS_OK)
        s = exit_names_init(&v->names, &v->guest.settings, &v->guest.files,
                            NULL, &v->error);
    status = s == STATUS_OK
                 ? start(v)
                 : complain(guest_exit_status(s), "%s", v->error.text);
    exit_names_free(&v->names);
    guest_close(&v->guest);
    free(v);
    return status;
}

void help_verify_equivalence(FILE *out)
{
    struct option options[OPTIONS_MAX];

    fputs("usage: pogo verify equivalence [options]\n\nRuns the guest bare and "
          "in virtual machines with the same inputs, and compares\nthe hash "
          "of the whole state. docs/verify.md says more.\n\n",
          out);
    guest_options(own_options, options);
    options_help(options, out);
}
