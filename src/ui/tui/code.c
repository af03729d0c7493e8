/* The code around the cursor: symbols as headings, source lines, instructions,
   with marks for stop points and pc. */
#include "ui/tui/inside.h"

#include <stdio.h>
#include <string.h>

#define MOST_ROWS 200
#define WIDE      60 /* columns from which on addresses and bits are whole */
#define NEAR      64 /* bytes that are decoded to find an instruction before */

enum code_kind { CODE_NONE, CODE_HEADING, CODE_SOURCE, CODE_INSN };

struct code_row {
    uint8_t kind;
    uint64_t va;
    uint32_t raw; /* 0: there is no memory */
    char text[240];
};

/* ---- from one instruction to its neighbours ---- */

uint64_t tui_code_after(const struct tui *t, uint64_t va)
{
    return va + tui_length(tui_fetch(t, t->debugger->world, va));
}

/* Do instructions from `from` on come to `va`? *last is then the one before. */
static bool comes_to(const struct tui *t, uint64_t from, uint64_t va,
                     uint64_t *last)
{
    while (from < va) {
        uint32_t raw = tui_fetch(t, t->debugger->world, from);

        if (!raw)
            return false;
        *last = from;
        from += tui_length(raw);
    }
    return from == va;
}

/* Decoded from farther back instructions fall into step, mostly; from the
   beginning of a function they are right. */
uint64_t tui_code_before(const struct tui *t, uint64_t va)
{
    const struct debugger *d = t->debugger;
    struct symbol_place p =
        tui_place(t, d->world, tui_mode(t, d->world), va - 2);
    uint64_t from = va > NEAR ? va - NEAR : 0, first, end, last = va;

    if (symbol_sets_bounds(tui_names(t, d->world)->symbols, p, &first, &end) &&
        first >= from && comes_to(t, first, va, &last))
        return last;
    for (; from < va; from += 2)
        if (comes_to(t, from, va, &last))
            return last;
    return va >= 2 ? va - 2 : 0;
}

/* ---- rows ---- */

struct code_writer {
    struct tui *t;
    struct code_row *row;
    unsigned rows, room;
    struct source_line line; /* said last */
};

static struct code_row *add(struct code_writer *w, enum code_kind kind,
                            uint64_t va)
{
    static struct code_row lost; /* what there is no room for */
    struct code_row *r = w->rows < w->room ? &w->row[w->rows++] : &lost;

    *r = (struct code_row){ .kind = (uint8_t)kind, .va = va };
    return r;
}

static void add_heading(struct code_writer *w, struct symbol_place p,
                        const struct symbol *s)
{
    struct code_row *r = add(w, CODE_HEADING, p.va);
    char name[TUI_NAME_SIZE];

    tui_symbol(w->t, w->t->debugger->world, p, name);
    if (s)
        snprintf(r->text, sizeof r->text, "%08llx <%s>:", (ull)p.va, name);
    else
        snprintf(r->text, sizeof r->text, "%08llx:", (ull)p.va);
}

static void add_source(struct code_writer *w, struct symbol_place p)
{
    const struct exit_log *names = tui_names(w->t, w->t->debugger->world);
    struct source_line line;

    if (w->t->no_source || !symbol_sets_line(names->symbols, p, &line) ||
        !line.line)
        return;
    if (w->line.file && line.line == w->line.line &&
        strcmp(line.file, w->line.file) == 0)
        return;
    w->line = line;
    tui_source(&line, add(w, CODE_SOURCE, p.va)->text, 240);
}

/* Where a jump leads, by name: " <main+0x12>". */
static void add_target(struct code_writer *w, struct code_row *r)
{
    const struct debugger *d = w->t->debugger;
    const struct isa *isa = session_machine(d->session, d->world)->isa;
    size_t n = strlen(r->text);
    struct symbol_place p;
    char name[TUI_NAME_SIZE];
    struct insn i;

    insn_decode(r->raw, isa, &i);
    if (insn_class(i.op) != CLASS_BRANCH && i.op != INSN_jal)
        return;
    p = tui_place(w->t, d->world, tui_mode(w->t, d->world),
                  r->va + (uint64_t)i.imm);
    snprintf(r->text + n, sizeof r->text - n, " <%s>",
             tui_symbol(w->t, d->world, p, name));
}

static void add_instruction(struct code_writer *w, uint64_t va, uint32_t raw)
{
    const struct exit_log *names = tui_names(w->t, w->t->debugger->world);
    struct code_row *r = add(w, CODE_INSN, va);

    r->raw = raw;
    if (raw) {
        disassemble(names->disassembler, raw, va, r->text, 80);
        add_target(w, r);
    } else {
        snprintf(r->text, sizeof r->text, "(no memory here)");
    }
}

/* Fills rows from the instruction at `va` on; returns how many. */
static unsigned write_rows(struct tui *t, uint64_t va, struct code_row *row,
                           unsigned room)
{
    const struct debugger *d = t->debugger;
    struct code_writer w = { .t = t, .row = row, .room = room };
    const struct symbol_sets *names = tui_names(t, d->world)->symbols;
    unsigned mode = tui_mode(t, d->world);

    while (w.rows < room) {
        struct symbol_place p = tui_place(t, d->world, mode, va);
        const struct symbol *s = symbol_sets_at(names, p);
        uint32_t raw = tui_fetch(t, d->world, va);

        if (!w.rows || (s && s->address == va))
            add_heading(&w, p, s);
        add_source(&w, p);
        add_instruction(&w, va, raw);
        if (!raw)
            break;
        va += tui_length(raw);
    }
    return w.rows;
}

static bool shows(const struct code_row *row, unsigned rows, uint64_t va)
{
    for (unsigned k = 0; k < rows; k++)
        if (row[k].kind == CODE_INSN && row[k].va == va)
            return true;
    return false;
}

/* Rows with the cursor among them: as they were, or with it a third from the
   top, or as near to that as headings and source lines allow. */
static unsigned rows_around_cursor(struct tui *t, struct code_row *row,
                                   unsigned room)
{
    unsigned n = write_rows(t, t->top, row, room);

    if (n && shows(row, n, t->cursor))
        return n;
    for (int back = (int)room / 3; back >= 0; back--) {
        t->top = t->cursor;
        for (int k = 0; k < back; k++)
            t->top = tui_code_before(t, t->top);
        n = write_rows(t, t->top, row, room);
        if (shows(row, n, t->cursor))
            break;
    }
    return n;
}

/* ---- drawing ---- */

static void draw_instruction(struct tui *t, const struct tui_area *a,
                             unsigned at, const struct code_row *r)
{
    bool here = r->va == tui_pc(t), stop = tui_break_at(t, r->va) != 0;
    unsigned style = here ? TUI_HERE : TUI_PLAIN, column;

    tui_fill(a, at, style, ' ');
    if (stop)
        tui_put(a, at, 0, TUI_BREAK, "B");
    if (here)
        tui_put(a, at, 1, TUI_HERE, ">");
    if (a->columns >= WIDE) {
        column = tui_put_hex(a, at, 3, style, r->va);
        if (r->raw)
            tui_print(a, at, column + 2, here ? TUI_HERE : TUI_FAINT,
                      tui_length(r->raw) == 2 ? "%04x" : "%08x", r->raw);
        column += 12;
    } else {
        column =
            tui_print(a, at, 3, style, "%08llx", (ull)(r->va & 0xffffffff)) + 2;
    }
    tui_put(a, at, column, r->raw ? style : TUI_FAINT, r->text);
    if (r->va == t->cursor)
        tui_highlight(a, at, TUI_CURSOR);
}

void tui_draw_code(struct tui *t, const struct tui_area *a)
{
    struct code_row row[MOST_ROWS];
    unsigned room = a->rows < MOST_ROWS ? a->rows : MOST_ROWS;
    unsigned n = rows_around_cursor(t, row, room);

    t->code_rows = room;
    for (unsigned k = 0; k < n; k++)
        switch (row[k].kind) {
        case CODE_HEADING:
            tui_put(a, k, 0, TUI_NAME, row[k].text);
            break;
        case CODE_SOURCE:
            tui_put(a, k, 3, TUI_FAINT, row[k].text);
            break;
        default:
            draw_instruction(t, a, k, &row[k]);
        }
}
