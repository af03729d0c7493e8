/* One witness as text: what it shows, and the states of both sides. */
#include <string.h>

#include "check/verdict_view.h"
#include "cli/verdict_text.h"

enum {
    COLUMN_NAME,
    COLUMN_BEFORE, /* of side 0, then of side 1 */
    COLUMN_AFTER = COLUMN_BEFORE + 2,
    COLUMNS = COLUMN_AFTER + 2
};

static const char *side_of(const char *const text[2], unsigned side)
{
    return text[side] ? text[side] : "";
}

/* What stands in a column. After the instruction there is nothing where it has
   changed nothing, unless that is the difference. */
static const char *column_text(const struct witness_item *i, unsigned column)
{
    unsigned side = (column - COLUMN_BEFORE) % 2;

    if (column == COLUMN_NAME)
        return i->name;
    if (column < COLUMN_AFTER)
        return side_of(i->before, side);
    if (!i->after[side] && i->differs)
        return side_of(i->before, side);
    return side_of(i->after, side);
}

/* Has the witness a second side? */
static bool has_two_sides(const struct witness *w)
{
    for (size_t k = 0; k < w->items; k++)
        if (w->item[k].before[1] || w->item[k].after[1])
            return true;
    return false;
}

static const char *heading(unsigned column, bool two)
{
    static const char *const both[] = { "", "1 before", "2 before", "1 after",
                                        "2 after" };
    static const char *const one[] = { "", "before", "", "after", "" };

    return two ? both[column] : one[column];
}

/* Columns of side 1 are there only if it is. */
static bool shown(unsigned column, bool two)
{
    return two || column == COLUMN_NAME || column == COLUMN_BEFORE ||
           column == COLUMN_AFTER;
}

/* Widths of the columns; false if a line would be too long. */
static bool fit(const struct witness *w, bool two, size_t width[COLUMNS])
{
    size_t total = 4 + 8; /* the indent, and a mark */

    for (unsigned c = 0; c < COLUMNS; c++) {
        width[c] = text_width(heading(c, two));
        for (size_t k = 0; k < w->items; k++) {
            size_t n = text_width(column_text(&w->item[k], c));

            if (n > width[c])
                width[c] = n;
        }
        if (shown(c, two))
            total += width[c] + 2;
    }
    return total <= TEXT_COLUMNS;
}

static const char *mark(const struct witness_item *i)
{
    return i->varied ? "varied" : i->differs ? "DIFFERS" : "";
}

/* The text of a column of an item, or, if that is NULL, of the heading. */
static const char *cell(const struct witness_item *i, unsigned column, bool two)
{
    return i ? column_text(i, column) : heading(column, two);
}

static void print_line(struct text_out o, const struct witness_item *i,
                       bool two, const size_t width[COLUMNS])
{
    enum text_colour colour = !i           ? TEXT_FAINT
                              : i->differs ? TEXT_RED
                              : i->varied  ? TEXT_YELLOW
                                           : TEXT_PLAIN;
    size_t pending = 4; /* columns to leave blank before the next text */

    for (unsigned c = 0; c < COLUMNS; c++) {
        const char *text = cell(i, c, two);

        if (!shown(c, two))
            continue;
        if (*text) {
            fprintf(o.file, "%*s", (int)pending, "");
            text_colour(o, colour, text);
            pending = 0;
        }
        pending += width[c] + 2 - text_width(text);
    }
    if (i && *mark(i)) {
        fprintf(o.file, "%*s", (int)pending, "");
        text_colour(o, colour, mark(i));
    }
    putc('\n', o.file);
}

/* Where the columns are too wide for a line: a line for each value. */
static void print_stacked(struct text_out o, const struct witness_item *i,
                          bool two)
{
    fputs("    ", o.file);
    text_put(o, i->name);
    fprintf(o.file, "%s%s\n", *mark(i) ? "  " : "", mark(i));
    for (unsigned c = COLUMN_BEFORE; c < COLUMNS; c++) {
        if (!shown(c, two) || !*column_text(i, c))
            continue;
        fprintf(o.file, "      %-9s ", heading(c, two));
        text_wrap(o, column_text(i, c), 16, 16);
    }
}

static void print_states(struct text_out o, const struct witness *w)
{
    bool two = has_two_sides(w);
    size_t width[COLUMNS];
    bool columns = fit(w, two, width);

    if (w->items && columns)
        print_line(o, NULL, two, width);
    for (size_t k = 0; k < w->items; k++) {
        if (columns)
            print_line(o, &w->item[k], two, width);
        else
            print_stacked(o, &w->item[k], two);
    }
}

void verdict_text_witness(struct text_out o, const struct verdict_report *r,
                          int index, bool states)
{
    const struct witness *w = verdict_witness(r, index);
    char title[48];

    if (!w)
        return;
    snprintf(title, sizeof title, "Witness %d: ", witness_number(index));
    text_colour(o, TEXT_BOLD, title);
    text_put(o, w->insn);
    fprintf(o.file, ", %s\n  ", property_name(w->property));
    text_wrap(o,
              w->sentence ? w->sentence : verdict_property_meaning(w->property),
              2, 2);
    if (w->text && strcmp(w->text, w->insn) != 0) {
        fputs("  ", o.file);
        text_wrap(o, w->text, 2, 4);
    }
    if (states)
        print_states(o, w);
}
