/* pogo tui: a run under the debugger, on a text screen (ui/tui). */
#define _GNU_SOURCE /* memfd_create */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/debugging.h"
#include "cli/terminal.h"
#include "host/cancel.h"
#include "ui/tui/terminal.h"
#include "ui/tui/tui.h"

#define REDRAW      UINT64_C(100000000) /* ns: at most so often while it runs */
#define TYPED_AHEAD 16
#define LOOK        250 /* ms: so long a key is waited for at once */

struct tui_run {
    struct debugging debugging; /* first: options are about it */
    struct tui tui;
    struct tui_screen screen;
    struct host_source keys;
    uint64_t drawn; /* host ns */
    int said;       /* a file that standard error goes to meanwhile … */
    int error;      /* … and what that was; -1: it is as it was */
    off_t shown;    /* bytes of it */
    int ahead[TYPED_AHEAD]; /* keys that came while it ran */
    unsigned aheads;
    bool gone; /* the terminal is */
};

static const struct option own_options[] = {
    { NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

/* ---- the screen ---- */

static void draw(struct tui_run *r)
{
    unsigned rows, columns;

    tui_terminal_size(&rows, &columns);
    if ((rows != r->screen.rows || columns != r->screen.columns) &&
        !tui_screen_resize(&r->screen, rows, columns))
        return;
    if (r->tui.running && r->drawn)
        tui_draw_running(&r->tui, &r->screen);
    else
        tui_draw(&r->tui, &r->screen);
    tui_terminal_show(&r->screen);
    r->drawn = host_time();
}

/* ---- standard error ---- */

/* What Pogo says while the screen is there is for the page of commands'
   output, and for whoever reads standard error in the end. */
static void take_errors(struct tui_run *r)
{
    r->error = -1;
    r->said = memfd_create("pogo-tui", MFD_CLOEXEC);
    if (r->said < 0)
        return;
    r->error = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
    if (r->error >= 0)
        dup2(r->said, STDERR_FILENO);
}

static void show_errors(struct tui_run *r)
{
    struct stat now;
    uint8_t bytes[512];
    ssize_t n;

    if (r->error < 0 || fstat(r->said, &now) != 0)
        return;
    while (r->shown < now.st_size &&
           (n = pread(r->said, bytes, sizeof bytes, r->shown)) > 0) {
        tui_text_put(&r->tui.output, bytes, (size_t)n);
        r->shown += n;
        snprintf(r->tui.message, sizeof r->tui.message, "%s",
                 "something was said: 6 shows it");
    }
}

static void give_errors_back(struct tui_run *r)
{
    uint8_t bytes[512];
    ssize_t n;

    if (r->error >= 0) {
        dup2(r->error, STDERR_FILENO);
        close(r->error);
        lseek(r->said, 0, SEEK_SET);
        while ((n = read(r->said, bytes, sizeof bytes)) > 0)
            if (write(STDERR_FILENO, bytes, (size_t)n) < 0)
                break;
    }
    if (r->said >= 0)
        close(r->said);
}

/* ---- while it runs ---- */

/* What means nothing now is kept for later; Ctrl-C throws that away, too. */
static void take_key(struct tui_run *r, int key)
{
    switch (tui_press_running(&r->tui, key)) {
    case TUI_RUN_STOPS:
        r->debugging.interrupt = 1;
        r->aheads = 0;
        break;
    case TUI_RUN_LATER:
        if (r->aheads < TYPED_AHEAD)
            r->ahead[r->aheads++] = key;
        break;
    default:
        break;
    }
}

static int next_key(struct tui_run *r)
{
    int key = r->ahead[0];

    if (!r->aheads)
        return tui_terminal_key(LOOK, &r->gone);
    r->aheads--;
    memmove(r->ahead, r->ahead + 1, r->aheads * sizeof r->ahead[0]);
    return key;
}

static void attend(void *run)
{
    struct tui_run *r = run;
    int key;

    if (!r->tui.running)
        return;
    while ((key = tui_terminal_key(0, &r->gone)) != TUI_KEY_NONE)
        take_key(r, key);
    if (host_time() - r->drawn >= REDRAW)
        draw(r);
}

static void take_console(void *run, const uint8_t *bytes, size_t n)
{
    struct tui_run *r = run;

    tui_console(&r->tui, bytes, n);
}

/* A key ends a guest's wait; attend reads it. */
static unsigned wait_for_key(void *context, struct pollfd *p, unsigned max,
                             int64_t *ns)
{
    (void)context;
    (void)ns;
    if (max == 0)
        return 0;
    p[0] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
    return 1;
}

static void take_nothing(void *context, const struct pollfd *p, unsigned n)
{
    (void)context;
    (void)p;
    (void)n;
}

/* ---- what the screen asks for ---- */

static void begin(void *run)
{
    struct tui_run *r = run;

    r->debugging.interrupt = 0;
}

static bool reset(void *run)
{
    struct tui_run *r = run;

    return debugging_reset(&r->debugging);
}

/* They lie where keys of a terminal would, until the guest takes them. */
static size_t type(void *run, const uint8_t *bytes, size_t n)
{
    struct tui_run *r = run;
    struct host_console *c = &r->debugging.outside.console;

    if (n > sizeof c->keys - c->key_count)
        return 0;
    memcpy(c->keys + c->key_count, bytes, n);
    c->key_count += n;
    return n;
}

/* ---- from beginning to end ---- */

static void loop(struct tui_run *r)
{
    bool seen = false;

    while (!r->tui.quit && !r->gone && *cancel_flag() == 0) {
        int key;

        show_errors(r);
        if (!seen)
            draw(r);
        key = next_key(r);
        seen = key == TUI_KEY_NONE;
        tui_press(&r->tui, key);
    }
}

static int run_screen(struct tui_run *r)
{
    const struct tui_ends ends = { .begin = begin,
                                   .reset = reset,
                                   .programs = r->debugging.programs,
                                   .type = type,
                                   .context = r };
    enum session_end end;

    tui_begin(&r->tui, &r->debugging.debugger, &ends);
    loop(r);
    end = *cancel_flag() ? SESSION_BREAK : r->tui.end;
    tui_end(&r->tui);
    if (!r->debugging.debugger.session)
        return EXIT_INTERNAL;
    return debugging_status(&r->debugging, end);
}

static int start(struct tui_run *r)
{
    const struct debugging_ends ends = { .attend = attend,
                                         .console = take_console,
                                         .context = r,
                                         .source = &r->keys };
    const char *input = r->debugging.guest.settings.input;
    int status;

    if (input && strcmp(input, "-") == 0)
        return complain(EXIT_USAGE, "tui does not take --input -: the keys are "
                                    "its own, and i types for the guest");
    r->keys = (struct host_source){ wait_for_key, take_nothing, r };
    cancel_on_signals(r->debugging.guest.settings.timeout);
    status = debugging_open(&r->debugging, &ends);
    if (status != 0)
        return status;
    /* Somebody sits before it: a wait takes the time that it takes. */
    r->debugging.outside.console.paced = true;
    if (!terminal_raw())
        return complain(EXIT_INTERNAL, "the terminal cannot be used");
    if (!tui_terminal_open()) {
        terminal_restore();
        return complain(EXIT_USAGE,
                        "ncurses cannot use a terminal '%s': is "
                        "TERM right?",
                        getenv("TERM") ? getenv("TERM") : "");
    }
    take_errors(r);
    status = run_screen(r);
    tui_terminal_close();
    terminal_restore();
    give_errors_back(r);
    return status;
}

int command_tui(int argc, char **argv)
{
    struct tui_run *r = calloc(1, sizeof *r);
    struct option rows[OPTIONS_MAX];
    int status;

    if (!r)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    debugging_defaults(&r->debugging);
    debugging_options(own_options, rows);
    if (debugging_parse(&r->debugging, rows, "tui", argc, argv) != STATUS_OK)
        status = debugging_close(
            &r->debugging, complain(EXIT_USAGE, "%s", r->debugging.error.text));
    else if (!(terminal_available() && isatty(STDOUT_FILENO)))
        status = complain(EXIT_USAGE,
                          "tui needs a terminal for its screen: pogo monitor "
                          "does the same line by line");
    else
        status = debugging_close(&r->debugging, start(r));
    tui_screen_free(&r->screen);
    free(r);
    return status;
}

void help_tui(FILE *out)
{
    struct option rows[OPTIONS_MAX];

    debugging_options(own_options, rows);
    fputs("\nusage: pogo tui [options]\n\nThe key ? shows all keys: s steps, n "
          "steps over calls, c runs on, S and C go\nback, B sets a breakpoint, "
          "Tab changes the lower pane, w the world, : begins a\ncommand, q "
          "quits. docs/tui.md explains them.\n\n",
          out);
    options_help(rows, out);
}
