/*
 * The whole screen:
 *
 *     where and when the session stands                        why
 *     code                            │ registers (and CSRs)
 *     the lower pane's pages
 *     the chosen one
 *     keys, or a question, or a sentence
 */
#include "ui/tui/inside.h"

#include <stdio.h>
#include <string.h>

#define ROOMY 34 /* rows from which on the CSRs are beside the code, too */

struct layout {
    unsigned top, lower; /* rows of the upper and the lower panes */
};

static struct layout layout_of(const struct tui *t, unsigned rows)
{
    unsigned body = rows - 3, csrs = rows >= ROOMY ? (rows - 24) / 2 : 0;
    int top;

    if (t->zoomed || t->help)
        return (struct layout){ 0, body };
    if (csrs > 10)
        csrs = 10;
    top = TUI_REGISTERS_ROWS + (csrs ? 1 + (int)csrs : 0) - t->taller;
    if (top > (int)body - 1)
        top = (int)body - 1;
    if (top < 4)
        top = 4;
    return (struct layout){ (unsigned)top, body - (unsigned)top };
}

/* ---- the first row ---- */

static void draw_status(const struct tui *t, const struct tui_area *all)
{
    struct debugger *d = t->debugger;
    struct session *s = d->session;
    const struct tui_area row = { all->screen, 0, 0, 1, all->columns - 1 };
    char name[TUI_NAME_SIZE], why[192], count[64] = "";
    unsigned at;

    tui_fill(all, 0, TUI_BAR, ' ');
    tui_world_name(d->world, name);
    snprintf(why, sizeof why, "%s",
             t->running ? "running: Ctrl-C stops it" : t->why);
    at = tui_print(&row, 0, 1, TUI_BAR, "%s%s", name,
                   session_is_guest(s, d->world) ? " (guest)" : "");
    if (session_harts(s, d->world) > 1) {
        at = tui_print(&row, 0, at, TUI_BAR, "  hart %u of %u", d->hart,
                       session_harts(s, d->world));
        snprintf(count, sizeof count, "  count %llu",
                 (ull)session_board(s, d->world)->csr[d->hart]->count);
    }
    at = tui_print(&row, 0, at, TUI_BAR, "  %s-mode  time %llu",
                   exit_log_mode(tui_mode(t, d->world)), (ull)session_time(s));
    if (session_time(s) < session_latest(s))
        at =
            tui_print(&row, 0, at, TUI_BAR, " of %llu", (ull)session_latest(s));
    if (at + tui_width(count) + tui_width(why) + 2 < row.columns)
        at = tui_put(&row, 0, at, TUI_BAR, count);
    if (at + tui_width(why) + 2 < row.columns)
        tui_put_right(&row, 0, TUI_CHOSEN, why);
    else
        tui_put(&row, 0, at + 2, TUI_CHOSEN, why);
}

/* ---- the lower pane ---- */

static const char *const tab_names[TUI_TABS] = {
    [TUI_TRAPS] = "traps", [TUI_WALK] = "walk",       [TUI_EXITS] = "exits",
    [TUI_CSRS] = "CSRs",   [TUI_CONSOLE] = "console", [TUI_OUTPUT] = "output",
};

static void draw_tabs(const struct tui *t, const struct tui_area *all,
                      unsigned at)
{
    char text[TUI_NAME_SIZE] = "";
    unsigned column = 0;

    tui_fill(all, at, TUI_BAR, ' ');
    if (t->scroll[t->tab])
        snprintf(text, sizeof text, "scrolled by %u ", t->scroll[t->tab]);
    if (t->help) {
        tui_put(all, at, 1, TUI_CHOSEN, "keys");
        return;
    }
    for (unsigned k = 0; k < TUI_TABS; k++)
        column =
            tui_print(all, at, column, k == t->tab ? TUI_CHOSEN : TUI_BAR,
                      k == t->tab ? "[%u %s]" : " %u %s ", k + 1, tab_names[k]);
    if (column + tui_width(text) < all->columns)
        tui_put_right(all, at, TUI_BAR, text);
}

#define INDENT 4 /* of what goes on in a further row */

/* How many bytes of the text go into a row of so many columns: broken at a
   space, if there is one in its second half. */
static size_t part_of(const char *text, unsigned columns)
{
    size_t n = 0, space = 0;

    for (unsigned k = 0; k < columns && text[n]; k++) {
        do
            n++;
        while (((uint8_t)text[n] & 0xc0) == 0x80);
        if (text[n] == ' ' && k > columns / 2)
            space = n;
    }
    return text[n] && space ? space : n;
}

/* A line, in as many rows as it takes, and returns the row behind it. Without
   an area it only counts them. */
static int draw_line(const struct tui_area *a, unsigned columns, int row,
                     const struct tui_line *l)
{
    const char *text = l->text;
    unsigned indent = 0;

    do {
        char part[TUI_TEXT_LINE + 8];
        size_t n = part_of(text, columns - indent);

        snprintf(part, sizeof part, "%.*s", (int)n, text);
        if (a && row >= 0)
            tui_put(a, (unsigned)row, indent, l->style, part);
        text += n;
        text += indent || *text ? strspn(text, " ") : 0;
        indent = INDENT;
        row++;
    } while (*text);
    return row;
}

/* The line that the area begins with, if line number `end` - 1 ends in its last
   row; *row is where that begins, above the area if not all of it fits. */
static size_t first_before(const struct tui_text *p, size_t end,
                           const struct tui_area *a, int *row)
{
    int rows = 0;

    while (end > 0 && rows < (int)a->rows)
        rows = draw_line(NULL, a->columns, rows, &p->line[--end]);
    *row = rows > (int)a->rows ? (int)a->rows - rows : 0;
    return end;
}

/* Text in columns: what is too long for a row is cut. */
static void draw_table(struct tui *t, const struct tui_area *a)
{
    unsigned *scroll = &t->scroll[t->help ? TUI_TABS : t->tab];

    if (*scroll + a->rows > t->page.lines)
        *scroll =
            t->page.lines > a->rows ? (unsigned)(t->page.lines - a->rows) : 0;
    for (size_t k = *scroll; k < t->page.lines; k++)
        tui_put(a, (unsigned)k - *scroll, 0, t->page.line[k].style,
                t->page.line[k].text);
}

/* `grows`: its end is what matters. */
static void draw_text(struct tui *t, const struct tui_area *a,
                      const struct tui_text *p, bool grows)
{
    unsigned *scroll = &t->scroll[t->tab];
    int row = 0;
    size_t k;

    if (*scroll >= p->lines)
        *scroll = p->lines ? (unsigned)p->lines - 1 : 0;
    k = *scroll;
    if (grows)
        k = first_before(p, p->lines - *scroll, a, &row);
    for (; k < p->lines && row < (int)a->rows; k++)
        row = draw_line(a, a->columns, row, &p->line[k]);
}

static void page_exits(struct tui *t)
{
    for (unsigned k = 0; k < t->exits.count; k++) {
        struct tui_exit *x = tui_exits_at(&t->exits, k);

        if (session_worlds(t->debugger->session) > 2)
            tui_text_say(&t->page, TUI_PLAIN, "vm%u %s", x->world,
                         tui_exit_text(x, t->debugger));
        else
            tui_text_say(&t->page, TUI_PLAIN, "%s",
                         tui_exit_text(x, t->debugger));
    }
    if (!t->exits.count)
        tui_text_say(&t->page, TUI_FAINT,
                     tui_guest(t) ? "no exit has been seen yet"
                                  : "a bare machine has no exits");
}

static void draw_console(struct tui *t, const struct tui_area *a)
{
    static const char nothing[] = "the guest has put nothing out yet";

    draw_text(t, a, &t->console, true);
    if (!t->console.lines)
        tui_put(a, 0, 0, TUI_FAINT, nothing);
}

static void draw_lower(struct tui *t, const struct tui_area *a)
{
    t->page_rows = a->rows;
    tui_text_clear(&t->page);
    if (t->help) {
        tui_page_help(t);
        draw_table(t, a);
        return;
    }
    switch (t->tab) {
    case TUI_TRAPS:
        tui_page_traps(t, a->columns);
        break;
    case TUI_WALK:
        tui_page_walk(t, a->columns);
        break;
    case TUI_EXITS:
        page_exits(t);
        draw_text(t, a, &t->page, true);
        return;
    case TUI_CSRS:
        tui_draw_csrs(t, a);
        return;
    case TUI_CONSOLE:
        draw_console(t, a);
        return;
    default:
        draw_text(t, a, &t->output, false);
        if (!t->output.lines)
            tui_put(a, 0, 0, TUI_FAINT, ": begins a command; :help lists them");
        return;
    }
    draw_table(t, a);
}

/* ---- the last row ---- */

static const char *const keys[] = {
    "s step  n over  c run  S C back  B break  g go to  w world  Tab page  "
    ": command  ? keys  q quit",
    "s step  n over  c run  S C back  B break  g go  w world  Tab page  ? keys "
    " q",
    "s step  n over  c run  S C back  B break  Tab page  ? keys  q quit",
};

static void draw_last(struct tui *t, const struct tui_area *all)
{
    unsigned at = all->rows - 1, k = 0;
    const char *question = tui_question(t->prompt);

    if (t->prompt) {
        unsigned column = tui_put(all, at, 0, TUI_CHOSEN, question);
        size_t room = all->columns - 1 - column, from = 0;

        if (t->typed_length > room)
            from = t->typed_length - room;
        column = tui_put(all, at, column, TUI_PLAIN, t->typed + from);
        all->screen->typing = true;
        all->screen->cursor_row = at;
        all->screen->cursor_column = column;
        return;
    }
    if (t->message[0]) {
        tui_put(all, at, 0, TUI_ALARM, t->message);
        return;
    }
    while (k < 2 && tui_width(keys[k]) >= all->columns)
        k++;
    tui_put(all, at, 0, TUI_FAINT,
            t->help ? "j k move it; any other key leaves it" : keys[k]);
}

/* ---- all of it ---- */

static bool is_too_small(const struct tui_area *all)
{
    char text[128];
    unsigned row = 0;

    if (all->rows >= TUI_LEAST_ROWS && all->columns >= TUI_LEAST_COLUMNS)
        return false;
    snprintf(text, sizeof text,
             "pogo tui needs a screen of %d columns and %d rows; this one has "
             "%u and %u.",
             TUI_LEAST_COLUMNS, TUI_LEAST_ROWS, all->columns, all->rows);
    /* Broken at spaces. */
    for (char *from = text; *from && row < all->rows; row++) {
        size_t n = strlen(from);

        if (n > all->columns)
            for (n = all->columns; n > 0 && from[n] != ' ';)
                n--;
        if (n == 0)
            n = strlen(from);
        tui_print(all, row, 0, TUI_PLAIN, "%.*s", (int)n, from);
        from += n;
        from += strspn(from, " ");
    }
    return true;
}

static void draw_upper(struct tui *t, struct tui_screen *s, unsigned rows)
{
    unsigned left = s->columns - TUI_REGISTERS_COLUMNS - 1;
    const struct tui_area code = { s, 1, 0, rows, left };
    const struct tui_area line = { s, 1, left, rows, 1 };
    const struct tui_area regs = { s, 1, left + 1, rows,
                                   TUI_REGISTERS_COLUMNS };

    tui_draw_code(t, &code);
    for (unsigned k = 0; k < rows; k++)
        tui_fill(&line, k, TUI_FAINT, TUI_DOWN);
    tui_draw_registers(t, &regs);
}

void tui_draw(struct tui *t, struct tui_screen *s)
{
    const struct tui_area all = tui_screen_all(s);
    struct layout l;

    tui_screen_clear(s);
    if (is_too_small(&all) || !t->debugger->session)
        return;
    l = layout_of(t, s->rows);
    draw_status(t, &all);
    if (l.top)
        draw_upper(t, s, l.top);
    draw_tabs(t, &all, 1 + l.top);
    draw_lower(t, &(struct tui_area){ s, 2 + l.top, 0, l.lower, s->columns });
    draw_last(t, &all);
}

void tui_draw_running(struct tui *t, struct tui_screen *s)
{
    const struct tui_area all = tui_screen_all(s);
    struct layout l;

    if (s->rows < TUI_LEAST_ROWS || s->columns < TUI_LEAST_COLUMNS)
        return;
    l = layout_of(t, s->rows);
    draw_status(t, &all);
    draw_tabs(t, &all, 1 + l.top);
    if (t->tab == TUI_CONSOLE && !t->help) {
        const struct tui_area a = { s, 2 + l.top, 0, l.lower, s->columns };

        for (unsigned k = 0; k < l.lower; k++)
            tui_fill(&a, k, TUI_PLAIN, ' ');
        draw_console(t, &a);
    }
}
