/* The table of lines: its memory, its order, and what is looked up in it. */
#include "debug/lines_table.h"

#include <stdlib.h>
#include <string.h>

/* ---- files ---- */

static uint32_t hash(const char *name)
{
    uint32_t h = UINT32_C(2166136261); /* FNV-1a */

    for (; *name; name++)
        h = (h ^ (uint8_t)*name) * UINT32_C(16777619);
    return h;
}

/* The slot of that name, or the free one where it would be. */
static uint32_t slot_of(const struct lines *l, const char *name)
{
    uint32_t at = hash(name) & (l->slots - 1);

    while (l->slot[at] && strcmp(l->file[l->slot[at] - 1], name) != 0)
        at = (at + 1) & (l->slots - 1);
    return at;
}

/* At least half of the slots are free. */
static enum status make_room_for_file(struct lines *l)
{
    uint32_t slots = l->slots ? 2 * l->slots : 64;
    char **more;

    if (2 * (l->files + 1) <= l->slots)
        return STATUS_OK;
    if (l->files >= LINES_FILES_MAX)
        return STATUS_TOO_BIG;
    more = realloc(l->file, slots / 2 * sizeof *more);
    if (!more)
        return STATUS_NO_MEMORY;
    l->file = more;
    free(l->slot);
    l->slot = calloc(slots, sizeof *l->slot);
    l->slots = l->slot ? slots : 0;
    for (uint32_t k = 0; l->slot && k < l->files; k++)
        l->slot[slot_of(l, l->file[k])] = k + 1;
    return l->slot ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status lines_file(struct lines *l, const char *name, uint32_t *number)
{
    enum status status = make_room_for_file(l);
    uint32_t at;

    if (status != STATUS_OK)
        return status;
    at = slot_of(l, name);
    if (!l->slot[at]) {
        l->file[l->files] = strdup(name);
        if (!l->file[l->files])
            return STATUS_NO_MEMORY;
        l->slot[at] = ++l->files;
    }
    *number = l->slot[at] - 1;
    return STATUS_OK;
}

/* ---- rows ---- */

enum status lines_append(struct lines *l, struct line_row row)
{
    size_t room = l->room ? 2 * l->room : 1024;
    struct line_row *more;

    if (l->rows == l->room) {
        if (l->rows >= LINES_MAX)
            return STATUS_TOO_BIG;
        more = realloc(l->row, room * sizeof *more);
        if (!more)
            return STATUS_NO_MEMORY;
        l->row = more;
        l->room = room;
    }
    row.order = (uint32_t)l->rows;
    l->row[l->rows++] = row;
    return STATUS_OK;
}

void lines_free(struct lines *l)
{
    for (uint32_t k = 0; k < l->files; k++)
        free(l->file[k]);
    free(l->file);
    free(l->slot);
    free(l->row);
    free(l->by_line);
    *l = (struct lines){ 0 };
}

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* Where one sequence ends and another begins, the one that begins is found. */
static int by_address(const void *a, const void *b)
{
    const struct line_row *x = a, *y = b;
    int d = compare(x->address, y->address);

    if (d == 0)
        d = compare(y->file == LINES_NO_FILE, x->file == LINES_NO_FILE);
    return d ? d : compare(x->order, y->order);
}

static int by_line(const void *a, const void *b)
{
    const struct line_row *x = *(const struct line_row *const *)a;
    const struct line_row *y = *(const struct line_row *const *)b;
    int d = compare(x->file, y->file);

    if (d == 0)
        d = compare(x->line, y->line);
    return d ? d : compare(x->address, y->address);
}

enum status lines_sort(struct lines *l)
{
    const struct line_row **more;

    if (l->rows == 0)
        return STATUS_OK;
    more = realloc(l->by_line, l->rows * sizeof *more);
    if (!more) {
        l->rows = 0; /* or the old one would be too short for it */
        return STATUS_NO_MEMORY;
    }
    l->by_line = more;
    qsort(l->row, l->rows, sizeof *l->row, by_address);
    for (size_t k = 0; k < l->rows; k++)
        more[k] = &l->row[k];
    qsort(more, l->rows, sizeof *more, by_line);
    return STATUS_OK;
}

/* ---- what is looked up ---- */

bool lines_find(const struct lines *l, uint64_t address,
                struct source_line *out)
{
    size_t low = 0, high = l->rows; /* rows below low are <= address */
    const struct line_row *r;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (l->row[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    r = low ? &l->row[low - 1] : NULL;
    if (!r || r->file == LINES_NO_FILE || r->line == 0)
        return false;
    *out = (struct source_line){ l->file[r->file], r->line };
    return true;
}

/* Is `path` one that ends with the whole names of `end`? */
static bool ends_with(const char *path, const char *end)
{
    size_t n = strlen(path), m = strlen(end);

    return n >= m && strcmp(path + n - m, end) == 0 &&
           (n == m || path[n - m - 1] == '/');
}

/* The first of by_line that is not before (file, line). */
static size_t first_of(const struct lines *l, uint32_t file, unsigned line)
{
    size_t low = 0, high = l->rows; /* those below low come before it */

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct line_row *r = l->by_line[middle];

        if (r->file < file || (r->file == file && r->line < line))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Does the row only go on with the line of the one before it? */
static bool continues(const struct lines *l, const struct line_row *r)
{
    return r > l->row && r[-1].file == r->file && r[-1].line == r->line;
}

/* Adds the line's addresses to the n that there are. */
static size_t add_addresses(const struct lines *l, uint32_t file, unsigned line,
                            uint64_t *out, size_t n, size_t room)
{
    size_t at = first_of(l, file, line);

    for (; at < l->rows && n < room; at++) {
        const struct line_row *r = l->by_line[at];

        if (r->file != file || r->line != line)
            break;
        if (!continues(l, r))
            out[n++] = r->address;
    }
    return n;
}

/* The first line from `line` on that a file of that name has code of; 0: none.
 */
static unsigned nearest(const struct lines *l, const char *file, unsigned line)
{
    unsigned found = 0;

    for (uint32_t k = 0; k < l->files; k++) {
        size_t at = first_of(l, k, line);

        if (at < l->rows && l->by_line[at]->file == k &&
            (found == 0 || l->by_line[at]->line < found) &&
            ends_with(l->file[k], file))
            found = l->by_line[at]->line;
    }
    return found;
}

static int ascending(const void *a, const void *b)
{
    return compare(*(const uint64_t *)a, *(const uint64_t *)b);
}

size_t lines_addresses(const struct lines *l, const char *file, unsigned *line,
                       uint64_t *out, size_t room)
{
    unsigned found = nearest(l, file, *line ? *line : 1);
    size_t n = 0;

    if (!found)
        return 0;
    *line = found;
    for (uint32_t k = 0; k < l->files; k++)
        if (ends_with(l->file[k], file))
            n = add_addresses(l, k, found, out, n, room);
    qsort(out, n, sizeof *out, ascending);
    return n;
}
