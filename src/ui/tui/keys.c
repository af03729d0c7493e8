/* What the keys do. */
#include "ui/tui/inside.h"

#include <stdio.h>
#include <string.h>

void tui_begin(struct tui *t, struct debugger *d, const struct tui_ends *ends)
{
    memset(t, 0, sizeof *t);
    t->debugger = d;
    t->ends = *ends;
    t->end = SESSION_STEPPED;
    snprintf(t->why, sizeof t->why, "ready");
    tui_exits_begin(&t->exits, d->session);
    tui_remember(t);
    tui_look_at_pc(t);
}

void tui_end(struct tui *t)
{
    if (t->debugger && t->debugger->session)
        tui_exits_end(&t->exits);
    tui_text_free(&t->console);
    tui_text_free(&t->output);
    tui_text_free(&t->page);
}

void tui_console(struct tui *t, const uint8_t *bytes, size_t n)
{
    tui_text_put(&t->console, bytes, n);
}

/* ---- the cursor ---- */

static void move(struct tui *t, int n)
{
    for (; n > 0; n--)
        t->cursor = tui_code_after(t, t->cursor);
    for (; n < 0; n++)
        t->cursor = tui_code_before(t, t->cursor);
}

static int page_of(const struct tui *t)
{
    return t->code_rows > 2 ? (int)t->code_rows - 2 : 1;
}

/* Another world, or hart: what was the cursor's place is another there. */
static void look_at(struct tui *t, unsigned world, unsigned hart)
{
    t->debugger->world = world;
    t->debugger->hart = hart;
    tui_look_at_pc(t);
}

/* The guest's, then those below it, down to the bare machine. */
static void next_world(struct tui *t)
{
    const struct debugger *d = t->debugger;
    unsigned world = (d->world ? d->world : session_worlds(d->session)) - 1;
    unsigned harts = session_harts(d->session, world);

    look_at(t, world, d->hart < harts ? d->hart : 0);
}

/* ---- the lower pane ---- */

static bool grows(enum tui_tab tab)
{
    return tab == TUI_EXITS || tab == TUI_CONSOLE;
}

/* By n lines down; how far it goes is seen when it is drawn. */
static void scroll(struct tui *t, int n)
{
    unsigned *at = &t->scroll[t->help ? TUI_TABS : t->tab];

    if (grows(t->tab) && !t->help)
        n = -n;
    if (n < 0 && (unsigned)-n > *at)
        *at = 0;
    else
        *at += (unsigned)n;
}

static int half_page(const struct tui *t)
{
    return t->page_rows > 3 ? (int)t->page_rows / 2 : 1;
}

static void next_tab(struct tui *t, unsigned n)
{
    t->tab = (t->tab + n) % TUI_TABS;
}

/* ---- one key ---- */

static bool press_run(struct tui *t, int key)
{
    switch (key) {
    case 's':
    case TUI_KEY_F1 + 6:
        tui_step(t);
        return true;
    case 'n':
    case TUI_KEY_F1 + 7:
        tui_next(t);
        return true;
    case 'c':
    case TUI_KEY_F1 + 4:
        tui_continue(t);
        return true;
    case 'S':
        tui_step_back(t);
        return true;
    case 'C':
        tui_continue_back(t);
        return true;
    case 'B':
        tui_toggle_break(t);
        return true;
    default:
        return false;
    }
}

static bool press_code(struct tui *t, int key)
{
    const struct debugger *d = t->debugger;

    switch (key) {
    case TUI_KEY_UP:
    case 'k':
        move(t, -1);
        return true;
    case TUI_KEY_DOWN:
    case 'j':
        move(t, 1);
        return true;
    case TUI_KEY_PAGE_UP:
        move(t, -page_of(t));
        return true;
    case TUI_KEY_PAGE_DOWN:
        move(t, page_of(t));
        return true;
    case TUI_KEY_HOME:
    case '.':
        tui_look_at_pc(t);
        return true;
    case 'l':
        t->no_source = !t->no_source;
        return true;
    case 'w':
        next_world(t);
        return true;
    case 'h':
        look_at(t, d->world,
                (d->hart + 1) % session_harts(d->session, d->world));
        return true;
    default:
        return false;
    }
}

static bool press_lower(struct tui *t, int key)
{
    switch (key) {
    case '\t':
        next_tab(t, 1);
        return true;
    case TUI_KEY_BACKTAB:
        next_tab(t, TUI_TABS - 1);
        return true;
    case 'J':
    case 'K':
        scroll(t, key == 'J' ? 1 : -1);
        return true;
    case ']':
    case '[':
        scroll(t, key == ']' ? half_page(t) : -half_page(t));
        return true;
    case '+':
    case '-':
        t->zoomed = false;
        t->taller += key == '+' ? 1 : -1;
        if (t->taller > 60 || t->taller < -60)
            t->taller = 0;
        return true;
    case 'z':
        t->zoomed = !t->zoomed;
        return true;
    default:
        if (key < '1' || key >= '1' + TUI_TABS)
            return false;
        t->tab = (enum tui_tab)(key - '1');
        return true;
    }
}

static void press_other(struct tui *t, int key)
{
    switch (key) {
    case 'g':
        tui_ask(t, TUI_GOTO);
        break;
    case 'p':
        tui_ask(t, TUI_ADDRESS);
        break;
    case ':':
        tui_ask(t, TUI_COMMAND);
        break;
    case 'i':
        tui_ask(t, TUI_TYPE);
        break;
    case '?':
        t->help = true;
        t->scroll[TUI_TABS] = 0;
        break;
    case 'q':
        t->quit = true;
        break;
    case TUI_KEY_CTRL_C:
        snprintf(t->message, sizeof t->message, "q quits");
        break;
    case TUI_KEY_RESIZE:
    case TUI_KEY_ESCAPE:
        break;
    default:
        snprintf(t->message, sizeof t->message,
                 "that key does nothing: ? shows those that do");
    }
}

static void press_help(struct tui *t, int key)
{
    if (key == 'J' || key == 'j' || key == TUI_KEY_DOWN)
        scroll(t, 1);
    else if (key == 'K' || key == 'k' || key == TUI_KEY_UP)
        scroll(t, -1);
    else
        t->help = false;
}

void tui_press(struct tui *t, int key)
{
    if (key == TUI_KEY_NONE)
        return;
    t->message[0] = '\0';
    if (t->help && key != TUI_KEY_RESIZE) {
        press_help(t, key);
        return;
    }
    if (t->prompt) {
        tui_answer(t, key);
        return;
    }
    if (!press_run(t, key) && !press_code(t, key) && !press_lower(t, key))
        press_other(t, key);
}

enum tui_running tui_press_running(struct tui *t, int key)
{
    if (key == TUI_KEY_CTRL_C)
        return TUI_RUN_STOPS;
    if (key == TUI_KEY_RESIZE)
        return TUI_RUN_ON;
    if (key != '\t' && key != TUI_KEY_BACKTAB &&
        !(key >= '1' && key < '1' + TUI_TABS))
        return TUI_RUN_LATER;
    press_lower(t, key);
    return TUI_RUN_ON;
}
