/* pogo top: what virtual machines side by side do, on one screen. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/terminal.h"
#include "cli/top_screen.h"
#include "host/cancel.h"

#define MS          INT64_C(1000000) /* ns */
#define REFRESH     (250 * MS)
#define DEFAULT_FOR 100000000
#define CTRL_C      3

struct top_settings {
    struct run_settings run; /* first: the rows of `run` are about it */
    bool once, json;
    uint64_t counts;
};

struct top {
    struct top_settings settings;
    struct fleet_plan plan;
    struct fleet fleet;
    struct top_screen screen;
    uint64_t next; /* host ns when the screen is drawn again */
    int64_t debt;  /* ns that waits should have taken and have not yet */
    bool quit;
    unsigned arrow; /* bytes of an arrow key's sequence that have come */
};

#define AT(member) offsetof(struct top_settings, member)

static const struct option own_options[] = {
    { "once", OPTION_FLAG, AT(once), NULL,
      "run for a while, say once what was seen, and end", 0, 0, NULL },
    { "json", OPTION_FLAG, AT(json), NULL, "with --once: as JSON", 0, 0, NULL },
    { "for", OPTION_NUMBER, AT(counts), "N",
      "with --once: counts that all machines together run (default 100 "
      "million)",
      1, UINT64_MAX - 1, NULL },
    { NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

/* ---- --once ---- */

static uint64_t poll_once(void *context, struct fleet *f, uint64_t idle)
{
    struct top *t = context;
    uint64_t left;

    fleet_wait(f, NULL, 0, 0);
    if (f->scheduler.now >= t->settings.counts) {
        cancel(CANCEL_KEYS);
        return 0;
    }
    left = t->settings.counts - f->scheduler.now;
    return idle == CLOCK_NEVER ? 0 : idle < left ? idle : left;
}

static void run_once(struct top *t)
{
    top_take(&t->screen, host_time());
    fleet_run(&t->fleet);
    top_take(&t->screen, host_time());
    top_report(&t->screen, stdout, t->settings.json);
}

/* ---- the screen ---- */

static void draw(struct top *t)
{
    struct winsize w = { .ws_row = 24, .ws_col = 80 };
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return;
    ioctl(STDOUT_FILENO, TIOCGWINSZ, &w);
    top_draw(&t->screen, w.ws_row < 6 ? 6 : w.ws_row,
             w.ws_col < 20 ? 80 : w.ws_col, out);
    fclose(out);
    fwrite(text, 1, size, stdout);
    fflush(stdout);
    free(text);
}

static void toggle_pause(struct top *t)
{
    unsigned i = t->screen.selected;

    scheduler_pause(&t->fleet.scheduler, i, !t->fleet.scheduled[i].paused);
}

/* The arrows send ESC [ A and ESC [ B. */
static uint8_t key_of(struct top *t, uint8_t byte)
{
    static const uint8_t sequence[] = { 0x1b, '[' };

    if (t->arrow == 2) {
        t->arrow = 0;
        return byte == 'A' ? 'k' : byte == 'B' ? 'j' : 0;
    }
    t->arrow = byte == sequence[t->arrow] ? t->arrow + 1 : 0;
    return t->arrow ? 0 : byte;
}

static void press(struct top *t, uint8_t key)
{
    switch (key) {
    case 'q':
    case CTRL_C:
        t->quit = true;
        cancel(CANCEL_KEYS);
        break;
    case 'c':
        t->screen.order = TOP_BY_PROCESSOR;
        break;
    case 'e':
        t->screen.order = TOP_BY_EXITS;
        break;
    case 'n':
        t->screen.order = TOP_BY_NAME;
        break;
    case 'j':
    case 'k':
        top_move(&t->screen, key == 'j' ? 1 : -1);
        break;
    case ' ':
        toggle_pause(t);
        break;
    default:
        return;
    }
    t->next = 0;
}

/* Takes keys, and what comes for the guests, waiting for one at most `ns`; a
   terminal that is gone quits. */
static void read_keys(struct top *t, int64_t ns)
{
    struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
    uint8_t bytes[64];
    ssize_t n;

    fleet_wait(&t->fleet, &p, 1, ns);
    if (!p.revents)
        return;
    n = read(STDIN_FILENO, bytes, sizeof bytes);
    if (n <= 0)
        press(t, 'q');
    for (ssize_t k = 0; k < n; k++)
        press(t, key_of(t, bytes[k]));
}

static void refresh(struct top *t)
{
    uint64_t now = host_time();

    if (now < t->next)
        return;
    if (now >= t->screen.moment[(t->screen.moments - 1) % TOP_WINDOW].host_ns +
                   REFRESH / 2)
        top_take(&t->screen, now);
    draw(t);
    t->next = now + REFRESH;
}

/* Somebody can still end a wait that no event will end. */
static bool can_go_on(const struct fleet *f)
{
    for (unsigned i = 0; i < f->vms; i++)
        if (!f->scheduled[i].ended &&
            (f->scheduled[i].paused || f->vm[i].net.user ||
             f->vm[i].console.kind == VM_CONSOLE_PTY))
            return true;
    return false;
}

/* Waits take as long as they say, so that one sees who has nothing to do. */
static uint64_t poll_screen(void *context, struct fleet *f, uint64_t idle)
{
    struct top *t = context;
    uint64_t before = host_time(), slept;
    int64_t wait;

    refresh(t);
    if (idle == CLOCK_NEVER && !can_go_on(f))
        return 0;
    t->debt += idle > REFRESH ? REFRESH : (int64_t)idle;
    if (t->debt < MS) {
        read_keys(t, 0);
        return idle;
    }
    wait = t->next > before ? (int64_t)(t->next - before) : 0;
    read_keys(t, wait < t->debt ? wait : t->debt);
    slept = host_time() - before;
    t->debt = 0;
    return slept < idle ? slept + 1 : idle;
}

static int run_screen(struct top *t)
{
    if (!terminal_raw())
        return complain(EXIT_INTERNAL, "the terminal cannot be used: try "
                                       "--once");
    terminal_screen();
    top_take(&t->screen, host_time());
    fleet_run(&t->fleet);
    while (!t->quit && *cancel_flag() == 0) {
        refresh(t);
        read_keys(t, REFRESH);
    }
    terminal_restore();
    return fleet_status(&t->fleet);
}

static int start(struct top *t)
{
    bool once = t->settings.once;
    struct error e = { "" };
    enum status s;

    if (!once && !(terminal_available() && isatty(STDOUT_FILENO)))
        return complain(EXIT_USAGE, "top needs a terminal for its screen: use "
                                    "--once, perhaps with --json");
    cancel_on_signals(t->plan.all.timeout);
    s = fleet_open(&t->fleet, &t->plan, true, &e);
    if (s != STATUS_OK)
        return complain(guest_exit_status(s), "%s", e.text);
    t->screen.fleet = &t->fleet;
    t->fleet.poll = once ? poll_once : poll_screen;
    t->fleet.context = t;
    if (!once)
        return run_screen(t);
    run_once(t);
    return fleet_status(&t->fleet);
}

int command_top(int argc, char **argv)
{
    struct top *t = calloc(1, sizeof *t);
    struct option rows[OPTIONS_MAX];
    struct error e = { "" };
    enum status s;
    int status;

    if (!t)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    guest_options(own_options, rows);
    t->settings.counts = DEFAULT_FOR;
    s = fleet_plan_make(&t->plan, rows, "top", argc, argv, &t->settings, &e);
    status = s == STATUS_OK ? start(t)
                            : complain(guest_exit_status(s), "%s", e.text);
    fleet_close(&t->fleet);
    fleet_plan_free(&t->plan);
    free(t);
    return status;
}

void help_top(FILE *out)
{
    struct option rows[OPTIONS_MAX];

    guest_options(own_options, rows);
    fputs("\nusage: pogo top [options]\n\nKeys: up and down select, space "
          "pauses and lets go on, c e n sort by processor,\nexits, name; q "
          "quits.\n\n",
          out);
    options_help(rows, out);
}
