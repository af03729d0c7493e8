/* pogo verify efficiency: how much of a guest its host runs directly. */
#define _GNU_SOURCE /* memmem */
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "check/efficiency.h"
#include "cli/efficiency_report.h"
#include "cli/guest.h"
#include "cli/host_console.h"
#include "cli/site_names.h"
#include "cli/verify.h"
#include "debug/exit_log.h"
#include "host/cancel.h"
#include "machine/error_say.h"
#include "ui/exits_svg.h"

#define COMMAND          "verify efficiency"
#define DEFAULT_AT_LEAST 99
#define DEFAULT_TOP      20

struct check {
    struct guest guest; /* first: the options of `run` go there */
    const char *at_least, *picture;
    uint64_t top;
    bool json;

    double share; /* at least that much, percent */
    struct host_console console;
    struct built built;
    struct efficiency efficiency;
    struct exit_names names;
    struct error error;
};

#define AT(member) offsetof(struct check, member)
#define AT_RUN(member)                                                         \
    (offsetof(struct check, guest.settings) +                                  \
     offsetof(struct run_settings, member))

static const struct option own_options[] = {
    { "at-least", OPTION_TEXT, AT(at_least), "PERCENT",
      "the property holds if that much ran directly (default 99)", 0, 0, NULL },
    { "picture", OPTION_TEXT, AT(picture), "FILE",
      "draw the exits over time there, as SVG", 0, 0, NULL },
    { "top", OPTION_NUMBER, AT(top), "N",
      "list the N instructions that exit most (default 20)", 0, 100000, NULL },
    { "json", OPTION_FLAG, AT(json), NULL, "the report as a JSON object", 0, 0,
      NULL },
    { "depth", OPTION_NUMBER, AT_RUN(depth), "N",
      "virtual machines inside one another, 1 (the default) to 4; the "
      "topmost is measured",
      1, MAX_DEPTH, NULL },
    { "console", OPTION_TEXT, AT_RUN(console), "none|-|FILE",
      "where the console's output goes (default none)", 0, 0, NULL },
    { NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

/* Of `run`, these say what is printed at its end, or end it early. */
static const char *const no_use[] = {
    "stats", "hash", "log", "dump-dtb", "trace", "vms", "config", "net",
    "quiet", "display", "keys", "screenshot", NULL
};

static void make_options(struct option *out)
{
    guest_options_without(no_use, own_options, out);
}

/* ---- the run ---- */

static enum run_end run(struct check *c)
{
    const struct run_options o = { .until = c->guest.settings.until,
                                   .cancel = cancel_flag(),
                                   .poll = host_console_poll,
                                   .context = &c->console };
    struct efficiency *e = &c->efficiency;
    enum run_end end;

    efficiency_begin(e, c->built.vm[c->built.depth - 1], exit_log_instruction);
    end = machine_run(&e->above.machine, c->built.board, &o);
    efficiency_end(e);
    host_console_close(&c->console);
    return end;
}

static const char *end_name(enum run_end end)
{
    switch (end) {
    case RUN_FINISHED:
        return "the guest ended";
    case RUN_RESET:
        return "the guest asked for a reset";
    case RUN_UNTIL:
        return "stopped by --until";
    case RUN_IDLE:
        return "the guest waits, and nothing can wake it";
    default:
        return *cancel_flag() == SIGALRM ? "stopped by --timeout"
                                         : "stopped by a signal";
    }
}

static int end_status(enum run_end end, bool holds)
{
    if (end == RUN_CANCELLED)
        return *cancel_flag() == SIGALRM ? EXIT_LIMIT : 128 + *cancel_flag();
    return holds ? EXIT_HOLDS : EXIT_DOES_NOT_HOLD;
}

/* ---- what comes out ---- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* What the guest is called: a Linux kernel says which it is, of others it is
   the file's name. */
static void guest_name(const struct run_files *f, char *buf, size_t size)
{
    static const char banner[] = "Linux version ";
    const struct image *i = f->has_kernel ? &f->kernel : &f->bios;
    const char *at = memmem(i->bytes, i->size, banner, sizeof banner - 1);
    const char *end = (const char *)i->bytes + i->size;
    size_t n = 0;

    if (at)
        at += sizeof banner - 1;
    while (at && at + n < end && isgraph((unsigned char)at[n]) && n < 60)
        n++;
    if (n)
        snprintf(buf, size, "Linux %.*s", (int)n, at);
    else
        snprintf(buf, size, "%s", base_name(i->name));
}

static void picture_title(const struct check *c, char *buf, size_t size)
{
    char name[128];
    unsigned depth = c->built.depth;

    guest_name(&c->guest.files, name, sizeof name);
    if (depth == 1)
        snprintf(buf, size, "%s in a virtual machine", name);
    else
        snprintf(buf, size,
                 "%s at depth %u: exits of the topmost virtual "
                 "machine",
                 name, depth);
}

static int write_picture(const struct check *c,
                         const struct efficiency_found *found, FILE *out)
{
    char title[256], verdict[512];
    const struct exits_picture p = { .title = title,
                                     .verdict = verdict,
                                     .at_least = c->share,
                                     .efficiency = &c->efficiency };
    bool bad;

    picture_title(c, title, sizeof title);
    efficiency_verdict(found, verdict, sizeof verdict);
    exits_svg_write(out, &p);
    bad = ferror(out);
    if (fclose(out) == 0 && !bad)
        return 0;
    return complain(EXIT_BAD_INPUT,
                    "--picture '%s' cannot be written (%s): "
                    "name a file that can",
                    c->picture, strerror(errno));
}

/* The picture last: what is found is said even if it cannot be drawn. */
static int report(struct check *c, enum run_end end, FILE *picture)
{
    struct efficiency_found found = {
        .efficiency = &c->efficiency,
        .built = &c->built,
        .top = (unsigned)c->top,
        .at_least = c->share,
        .end = end_name(end),
    };
    struct exit_group *groups = exit_groups_make(
        &c->efficiency.sites, site_names_namer, &c->names, &found.groups);
    int status;

    found.group = groups;
    if (c->console.middle_of_line &&
        strcmp(c->guest.settings.console, "-") == 0)
        putchar('\n'); /* the verdict begins a line */
    efficiency_print(stdout, &found, c->json);
    fflush(stdout);
    status = end_status(end, efficiency_holds(&found));
    if (picture && write_picture(c, &found, picture) != 0)
        status = EXIT_BAD_INPUT;
    free(groups);
    return status;
}

static int measure(struct check *c, FILE *picture)
{
    const struct guest_ends ends = { .inputs = c->console.inputs,
                                     .console = &c->console.console,
                                     .virtio = &c->console.virtio,
                                     .share = guest_share(&c->guest) };
    enum status s =
        guest_build(&c->guest, &ends, (unsigned)c->guest.settings.depth,
                    &c->built, NULL, &c->error);
    int status;

    if (s != STATUS_OK) {
        if (picture)
            fclose(picture);
        return complain(guest_exit_status(s), "%s", c->error.text);
    }
    input_script_start(&c->guest.files.script, c->console.inputs,
                       &c->console.keyboard);
    cancel_on_signals(c->guest.settings.timeout);
    status = report(c, run(c), picture);
    efficiency_free(&c->efficiency);
    return status;
}

/* ---- options ---- */

static enum status check_options(struct check *c)
{
    char *end = NULL;

    c->share = DEFAULT_AT_LEAST;
    if (c->at_least)
        c->share = strtod(c->at_least, &end);
    if (end &&
        (end == c->at_least || *end || !(c->share >= 0) || c->share > 100))
        return error_say(&c->error, STATUS_BAD_ARGUMENT,
                         "--at-least must be "
                         "a percentage from 0 to 100, not '%s'",
                         c->at_least);
    if (c->json && strcmp(c->guest.settings.console, "-") == 0)
        return error_say(&c->error, STATUS_BAD_ARGUMENT,
                         "--json and the "
                         "guest's console would both be written to standard "
                         "output: give --console a file");
    return STATUS_OK;
}

static enum status open_all(struct check *c, FILE **picture)
{
    const struct run_settings *set = &c->guest.settings;
    bool piped = set->input && strcmp(set->input, "-") == 0;
    enum status s = check_options(c);

    if (s == STATUS_OK)
        s = guest_open(&c->guest, &c->error);
    if (s == STATUS_OK)
        s = exit_names_init(&c->names, set, &c->guest.files, NULL, &c->error);
    if (s == STATUS_OK)
        s = host_console_open(&c->console, set->console, false, piped,
                              &c->error);
    if (s != STATUS_OK)
        return s;
    c->console.host_clock = c->console.paced = set->clock_host;
    if (!c->picture)
        return STATUS_OK;
    *picture = fopen(c->picture, "w");
    return *picture ? STATUS_OK
                    : error_say(&c->error, STATUS_IO,
                                "--picture '%s' cannot "
                                "be written (%s): name a file that can",
                                c->picture, strerror(errno));
}

static void close_all(struct check *c)
{
    host_console_close(&c->console);
    build_free(&c->built);
    exit_names_free(&c->names);
    guest_close(&c->guest);
}

int verify_efficiency(int argc, char **argv)
{
    struct option rows[OPTIONS_MAX];
    struct check *c = calloc(1, sizeof *c);
    FILE *picture = NULL;
    enum status s;
    int status;

    if (!c)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    guest_defaults(&c->guest);
    c->guest.settings.depth = 1;
    c->guest.settings.console = "none";
    c->top = DEFAULT_TOP;
    c->console.out = -1;
    make_options(rows);
    s = options_parse(rows, COMMAND, argc, argv, c, &c->error);
    if (s == STATUS_OK)
        s = open_all(c, &picture);
    status = s == STATUS_OK
                 ? measure(c, picture)
                 : complain(guest_exit_status(s), "%s", c->error.text);
    close_all(c);
    free(c);
    return status;
}

void help_verify_efficiency(FILE *out)
{
    struct option rows[OPTIONS_MAX];

    make_options(rows);
    fputs("usage: pogo verify efficiency [options]\n\n", out);
    options_help(rows, out);
    fputs("\nWhat share of the guest's instructions ran directly, and what the "
          "rest was.\nStatus 0: the share is at least what is asked for; 1: it "
          "is not.\ndocs/verify.md says more.\n",
          out);
}
