#define _XOPEN_SOURCE   700 /* wcwidth */
#define _DEFAULT_SOURCE 1
#include "ui/tui/terminal.h"

#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1 /* functions are enough */
#include <ncurses.h>
#include <termcap.h>

#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>

#include "ui/tui/tui.h"

/* ---- styles ---- */

struct look {
    short colour;            /* of the text; -1: the terminal's own */
    attr_t in_colour, plain; /* with colours, and without */
};

#define OWN (-1)

static const struct look looks[TUI_STYLES] = {
    [TUI_PLAIN] = { OWN, A_NORMAL, A_NORMAL },
    [TUI_FAINT] = { OWN, A_DIM, A_NORMAL },
    [TUI_BAR] = { OWN, A_REVERSE, A_REVERSE },
    [TUI_CHOSEN] = { OWN, A_REVERSE | A_BOLD, A_REVERSE | A_BOLD },
    [TUI_NAME] = { COLOR_CYAN, A_BOLD, A_BOLD },
    [TUI_HERE] = { COLOR_GREEN, A_BOLD, A_BOLD },
    [TUI_BREAK] = { COLOR_RED, A_BOLD, A_BOLD },
    [TUI_CHANGED] = { COLOR_YELLOW, A_BOLD, A_BOLD },
    [TUI_ALARM] = { COLOR_RED, A_BOLD, A_BOLD },
};

/* Pairs have the numbers of styles; pair 0 is the terminal's own. */
static void make_colours(void)
{
    if (!has_colors() || start_color() != OK)
        return;
    use_default_colors();
    for (short k = 1; k < TUI_STYLES; k++)
        init_pair(k, looks[k].colour, OWN);
}

static attr_t attributes_of(uint8_t style)
{
    const struct look *l = &looks[style & ~TUI_CURSOR];
    attr_t a = has_colors() ? l->in_colour : l->plain;

    return style & TUI_CURSOR ? a ^ A_REVERSE : a;
}

/* ---- on and off ---- */

bool tui_terminal_open(void)
{
    const char *kind = getenv("TERM");
    SCREEN *s;

    /* Where newterm fails it leaves memory behind. */
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !kind ||
        tgetent(NULL, kind) != 1)
        return false;
    setlocale(LC_CTYPE, "");
    s = newterm(NULL, stdout, stdin);
    if (!s)
        return false;
    set_term(s);
    set_escdelay(50);
    make_colours();
    raw(); /* Ctrl-C is a key */
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    leaveok(stdscr, FALSE);
    curs_set(0);
    return true;
}

void tui_terminal_close(void)
{
    curs_set(1);
    endwin();
}

void tui_terminal_size(unsigned *rows, unsigned *columns)
{
    *rows = LINES > 0 ? (unsigned)LINES : 1;
    *columns = COLS > 0 ? (unsigned)COLS : 1;
}

/* ---- showing ---- */

static void show_cell(const struct tui_cell *c)
{
    attr_t a = attributes_of(c->style);
    short pair = has_colors() ? (short)(c->style & ~TUI_CURSOR) : 0;
    wchar_t text[2] = { (wchar_t)c->ch, 0 };
    cchar_t out;

    if (c->ch == TUI_ACROSS || c->ch == TUI_DOWN) {
        out = c->ch == TUI_ACROSS ? *WACS_HLINE : *WACS_VLINE;
        wchar_t line[CCHARW_MAX];
        attr_t had;
        short had_pair;

        getcchar(&out, line, &had, &had_pair, NULL);
        setcchar(&out, line, had | a, pair, NULL);
    } else {
        if (wcwidth(text[0]) != 1)
            text[0] = L'?';
        setcchar(&out, text, a, pair, NULL);
    }
    add_wch(&out);
}

void tui_terminal_show(const struct tui_screen *s)
{
    for (unsigned row = 0; row < s->rows; row++) {
        move((int)row, 0);
        for (unsigned k = 0; k < s->columns; k++)
            show_cell(&s->cell[(size_t)row * s->columns + k]);
    }
    curs_set(s->typing);
    if (s->typing)
        move((int)s->cursor_row, (int)s->cursor_column);
    refresh();
}

/* ---- keys ---- */

static int key_of(wint_t ch, bool is_function)
{
    static const struct {
        wint_t from;
        int to;
    } rows[] = {
        { KEY_UP, TUI_KEY_UP },         { KEY_DOWN, TUI_KEY_DOWN },
        { KEY_PPAGE, TUI_KEY_PAGE_UP }, { KEY_NPAGE, TUI_KEY_PAGE_DOWN },
        { KEY_HOME, TUI_KEY_HOME },     { KEY_BACKSPACE, TUI_KEY_BACKSPACE },
        { KEY_ENTER, TUI_KEY_ENTER },   { KEY_BTAB, TUI_KEY_BACKTAB },
        { KEY_RESIZE, TUI_KEY_RESIZE },
    };

    if (!is_function)
        return ch == '\r' || ch == '\n' ? TUI_KEY_ENTER
               : ch == 8 || ch == 127   ? TUI_KEY_BACKSPACE
               : ch > 0 && ch < 0x80    ? (int)ch
                                        : TUI_KEY_NONE;
    if (ch >= (wint_t)KEY_F(1) && ch <= (wint_t)KEY_F(12))
        return TUI_KEY_F1 + (int)(ch - (wint_t)KEY_F(1));
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        if (rows[k].from == ch)
            return rows[k].to;
    return TUI_KEY_NONE;
}

int tui_terminal_key(int ms, bool *gone)
{
    struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
    wint_t ch;
    int end = get_wch(&ch);

    if (end == ERR && ms > 0) {
        poll(&p, 1, ms);
        if (p.revents & (POLLHUP | POLLERR | POLLNVAL))
            *gone = true;
        end = get_wch(&ch);
    }
    return end == ERR ? TUI_KEY_NONE : key_of(ch, end == KEY_CODE_YES);
}
