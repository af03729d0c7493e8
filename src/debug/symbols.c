/* The table: its memory, its order, and what is looked up in it. */
#include "debug/symbols_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many symbols before the nearest one may be asked whether they reach as
   far as an address: labels inside a function, and functions that overlap. */
#define LOOK_BACK 64

/* ---- filling it ---- */

/* Names lie in blocks, one after the other, which never move. */
#define TEXT_BLOCK 65536

struct symbol_text {
    struct symbol_text *before;
    size_t used;
    char bytes[TEXT_BLOCK];
};

static enum status add_text(struct symbols *s, const char *name, size_t length,
                            const char **out)
{
    struct symbol_text *t = s->text;
    char *at;

    if (!t || TEXT_BLOCK - t->used <= length) {
        if (s->text_size + TEXT_BLOCK > SYMBOLS_TEXT_MAX)
            return STATUS_TOO_BIG;
        t = malloc(sizeof *t);
        if (!t)
            return STATUS_NO_MEMORY;
        t->before = s->text;
        t->used = 0;
        s->text = t;
        s->text_size += TEXT_BLOCK;
    }
    at = t->bytes + t->used;
    memcpy(at, name, length);
    at[length] = '\0';
    t->used += length + 1;
    *out = at;
    return STATUS_OK;
}

static enum status make_room(struct symbols *s)
{
    size_t room = s->room ? 2 * s->room : 256;
    struct symbol *more;

    if (s->count < s->room)
        return STATUS_OK;
    if (s->count == SYMBOLS_MAX)
        return STATUS_TOO_BIG;
    more = realloc(s->symbol, room * sizeof *more);
    if (!more)
        return STATUS_NO_MEMORY;
    s->symbol = more;
    s->room = room;
    return STATUS_OK;
}

enum status symbols_append(struct symbols *s, struct symbol symbol,
                           const char *name, size_t length)
{
    enum status status = make_room(s);

    if (length > SYMBOL_NAME_MAX)
        length = SYMBOL_NAME_MAX;
    if (length == 0)
        return STATUS_OK;
    if (status == STATUS_OK)
        status = add_text(s, name, length, &symbol.name);
    if (status == STATUS_OK)
        s->symbol[s->count++] = symbol;
    return status;
}

bool symbols_wanted(const char *name, size_t length)
{
    return length > 0 && name[0] != '$' &&
           (length < 2 || memcmp(name, ".L", 2) != 0);
}

void symbols_free(struct symbols *s)
{
    while (s->text) {
        struct symbol_text *before = s->text->before;

        free(s->text);
        s->text = before;
    }
    free(s->symbol);
    free(s->by_name);
    *s = (struct symbols){ 0 };
}

/* ---- its order ---- */

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* Of equals the last is found: one with a size, a function, a global name. */
static int by_address(const void *a, const void *b)
{
    const struct symbol *x = a, *y = b;
    int d = compare(x->address, y->address);

    if (d == 0)
        d = compare(x->size, y->size);
    if (d == 0)
        d = compare(x->kind, y->kind);
    if (d == 0)
        d = compare(y->local, x->local);
    return d ? d : strcmp(x->name, y->name);
}

/* Of equals the first is found: a global name. */
static int by_name(const void *a, const void *b)
{
    const struct symbol *x = *(const struct symbol *const *)a;
    const struct symbol *y = *(const struct symbol *const *)b;
    int d = strcmp(x->name, y->name);

    if (d == 0)
        d = compare(x->local, y->local);
    return d ? d : compare(x->address, y->address);
}

enum status symbols_sort(struct symbols *s)
{
    const struct symbol **names;

    if (s->count == 0)
        return STATUS_OK;
    names = realloc(s->by_name, s->count * sizeof *names);
    if (!names) {
        s->count = 0; /* or the old one would be too short for it */
        return STATUS_NO_MEMORY;
    }
    s->by_name = names;
    qsort(s->symbol, s->count, sizeof *s->symbol, by_address);
    for (size_t k = 0; k < s->count; k++)
        names[k] = &s->symbol[k];
    qsort(names, s->count, sizeof *names, by_name);
    return STATUS_OK;
}

/* ---- what is looked up ---- */

/* How many symbols begin at or before `address`. */
static size_t begun(const struct symbols *s, uint64_t address)
{
    size_t low = 0, high = s->count; /* symbols below low are <= address */

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (s->symbol[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool reaches(const struct symbol *s, uint64_t address)
{
    return address - s->address < (s->size ? s->size : SYMBOL_REACH);
}

const struct symbol *symbols_at(const struct symbols *s, uint64_t address)
{
    size_t n = begun(s, address);

    if (n > 0 && reaches(&s->symbol[n - 1], address))
        return &s->symbol[n - 1];
    for (size_t k = 1; k < n && k < LOOK_BACK; k++)
        if (s->symbol[n - 1 - k].size &&
            reaches(&s->symbol[n - 1 - k], address))
            return &s->symbol[n - 1 - k];
    return NULL;
}

const char *symbols_find(const struct symbols *s, uint64_t address,
                         uint64_t *offset)
{
    const struct symbol *found = symbols_at(s, address);

    if (!found)
        return NULL;
    *offset = address - found->address;
    return found->name;
}

/* A function with a size; without one, whatever the address belongs to. */
static const struct symbol *function_at(const struct symbols *s,
                                        uint64_t address)
{
    size_t n = begun(s, address);

    for (size_t k = 0; k < n && k < LOOK_BACK; k++) {
        const struct symbol *f = &s->symbol[n - 1 - k];

        if (f->kind == SYMBOL_FUNCTION && f->size && reaches(f, address))
            return f;
    }
    return symbols_at(s, address);
}

bool symbols_bounds(const struct symbols *s, uint64_t address, uint64_t *first,
                    uint64_t *end)
{
    const struct symbol *f = function_at(s, address);
    size_t next = begun(s, address);

    if (!f)
        return false;
    *first = f->address;
    *end = f->address + (f->size ? f->size : SYMBOL_REACH);
    if (!f->size && next < s->count && s->symbol[next].address < *end)
        *end = s->symbol[next].address;
    return true;
}

size_t symbol_format(const struct symbol *symbol, uint64_t address, char *buf,
                     size_t size)
{
    typedef unsigned long long ull;
    int n;

    if (!symbol)
        n = snprintf(buf, size, "0x%llx", (ull)address);
    else if (symbol->address == address)
        n = snprintf(buf, size, "%s", symbol->name);
    else
        n = snprintf(buf, size, "%s+0x%llx", symbol->name,
                     (ull)(address - symbol->address));
    return (size_t)n < size ? (size_t)n : size - 1;
}

size_t symbols_format(const struct symbols *s, uint64_t address, char *buf,
                      size_t size)
{
    return symbol_format(symbols_at(s, address), address, buf, size);
}

size_t symbols_from(const struct symbols *s, const char *name)
{
    size_t low = 0, high = s->count; /* names below low come before `name` */

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(s->by_name[middle]->name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool symbols_address(const struct symbols *s, const char *name,
                     uint64_t *address)
{
    size_t at = symbols_from(s, name);

    if (at == s->count || strcmp(s->by_name[at]->name, name) != 0)
        return false;
    *address = s->by_name[at]->address;
    return true;
}
