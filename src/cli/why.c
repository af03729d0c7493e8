/* pogo why: the last trap or exit before a count, explained. */
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/exit_names.h"
#include "cli/why_find.h"
#include "cli/why_print.h"
#include "host/cancel.h"
#include "machine/error_say.h"

struct why_run {
    struct guest guest; /* first: the options of `pogo run` */
    uint64_t trap, exit;
    const char *last;
    bool json;
    struct guest_side side;
    struct exit_names names;
    struct why_event event;
    struct why why;
    struct error error;
};

#define AT(member) offsetof(struct why_run, member)

static const char *const last_choices[] = { "exit", "trap", NULL };

static const struct option own_options[] = {
    { "at", OPTION_NUMBER, AT(guest.settings.until), "N",
      "the last one before the count of instructions is N", 0, UINT64_MAX - 1,
      NULL },
    { "last", OPTION_CHOICE, AT(last), "exit|trap",
      "of what: exits to the monitor (the default, if there is one), or the "
      "guest's own traps",
      0, 0, last_choices },
    { "trap", OPTION_NUMBER, AT(trap), "K",
      "not the last, but the guest's K-th trap", 1, UINT64_MAX, NULL },
    { "exit", OPTION_NUMBER, AT(exit), "K", "or the K-th exit to the monitor",
      1, UINT64_MAX, NULL },
    { "json", OPTION_FLAG, AT(json), NULL, "as one JSON object", 0, 0, NULL },
    { NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

/* Of `run`, these say what is printed or written, or end it early. */
static const char *const no_use[] = {
    "stats", "hash", "log", "trace", "dump-dtb", "until", "vms", "config",
    "net", "console", NULL
};

static void make_options(struct option *out)
{
    guest_options_without(no_use, own_options, out);
}

/* What the options mean together, beyond what `pogo run` checks. */
static enum status check(struct why_run *r)
{
    const struct run_settings *s = &r->guest.settings;
    const char *text = NULL;

    if (s->until == UINT64_MAX && !r->trap && !r->exit)
        text = "why needs --at N, the count at which to look, or --trap K, or "
               "--exit K";
    else if (r->trap && r->exit)
        text = "--trap and --exit exclude each other: either names one";
    else if ((r->trap || r->exit) && r->last)
        text = "--last and --trap or --exit exclude each other: these name one";
    else if ((r->exit || (r->last && strcmp(r->last, "exit") == 0)) &&
             s->depth == 0)
        text = "a bare machine has no exits: use --depth 1 or more, or --trap";
    else if (s->clock_host)
        text = "why does not take --clock host: it runs the guest twice, and "
               "two such runs are never alike";
    else if (s->input && strcmp(s->input, "-") == 0)
        text = "why does not take --input -: it runs the guest twice, with the "
               "same input, from a script";
    return text ? error_say(&r->error, STATUS_BAD_ARGUMENT, "%s", text)
                : STATUS_OK;
}

static bool wants_trap(const struct why_run *r)
{
    if (r->trap || r->exit)
        return r->trap != 0;
    return r->guest.settings.depth == 0 ||
           (r->last && strcmp(r->last, "trap") == 0);
}

static int none(const struct why_run *r)
{
    const char *what = wants_trap(r) ? "trap" : "exit";

    if (!r->trap && !r->exit)
        return complain(EXIT_LIMIT, "there is no %s before count %" PRIu64,
                        what, r->guest.settings.until);
    return complain(
        EXIT_LIMIT, "there are only %" PRIu64 " %ss%s", r->event.number, what,
        r->guest.settings.until == UINT64_MAX ? " until the guest ends"
                                              : " before that count");
}

static int result(struct why_run *r, enum why_found found)
{
    switch (found) {
    case WHY_NONE:
        return none(r);
    case WHY_CANCELLED:
        return *cancel_flag() == SIGALRM
                   ? complain(EXIT_LIMIT, "stopped by --timeout")
                   : complain(128 + *cancel_flag(), "stopped by a signal");
    case WHY_FAILED:
        return complain(EXIT_INTERNAL, "%s", r->error.text);
    default:
        break;
    }
    if (r->json)
        why_print_json(&r->why, &r->event);
    else
        why_print(&r->why, isatty(STDOUT_FILENO) == 1);
    return why_agrees(&r->why) ? 0 : EXIT_INTERNAL;
}

static int start(struct why_run *r)
{
    const struct why_wanted wanted = {
        .trap = wants_trap(r),
        .number = r->trap ? r->trap : r->exit,
        .until = r->guest.settings.until,
    };
    enum why_found found;

    cancel_on_signals(r->guest.settings.timeout);
    found = why_find(&wanted, &r->guest, &r->side, &r->event, &r->error);
    if (found == WHY_FOUND)
        found = why_repeat(&r->event, wanted.trap, &r->guest, &r->side,
                           &r->names.log, &r->why, &r->error);
    return result(r, found);
}

int command_why(int argc, char **argv)
{
    struct why_run *r = calloc(1, sizeof *r);
    struct option rows[OPTIONS_MAX];
    enum status s;
    int status;

    if (!r)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    guest_defaults(&r->guest);
    make_options(rows);
    s = options_parse(rows, "why", argc, argv, r, &r->error);
    if (s == STATUS_OK)
        s = guest_open(&r->guest, &r->error);
    if (s == STATUS_OK)
        s = check(r);
    if (s == STATUS_OK)
        s = exit_names_init(&r->names, &r->guest.settings, &r->guest.files,
                            NULL, &r->error);
    status = s == STATUS_OK
                 ? start(r)
                 : complain(guest_exit_status(s), "%s", r->error.text);
    why_free(&r->why);
    guest_side_free(&r->side);
    exit_names_free(&r->names);
    guest_close(&r->guest);
    free(r);
    return status;
}

void help_why(FILE *out)
{
    struct option rows[OPTIONS_MAX];

    make_options(rows);
    fputs("\nusage: pogo why --at N [options]\n\n", out);
    options_help(rows, out);
    fputs("\nThe guest is run twice: once to find it, once to explain it. "
          "docs/why.md says\nhow to read it.\n",
          out);
}
