/*
 * Any bytes as a file that a user names with --symbols: an ELF file with its
 * symbols and line tables, or a list like System.map. What is read can be
 * looked up both ways, stays within the limits, and what is refused is refused
 * in a sentence.
 */
#include <stdlib.h>
#include <string.h>

#include "debug/lines.h"
#include "debug/symbols.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

/* Each symbol is found at its address, and its name leads to an address. */
static void look_up_symbols(const struct symbols *s)
{
    for (size_t k = 0; k < s->count; k++) {
        const struct symbol *one = &s->symbol[k];
        uint64_t address, first, end, offset;
        char text[SYMBOL_NAME_MAX + 32];

        require(k == 0 || s->symbol[k - 1].address <= one->address);
        require(one->name[0] && strlen(one->name) <= SYMBOL_NAME_MAX);
        require(symbols_address(s, one->name, &address));
        require(symbols_find(s, one->address, &offset) && offset == 0);
        require(symbols_format(s, one->address + 1, text, sizeof text) > 0);
        if (symbols_bounds(s, one->address, &first, &end))
            require(first <= one->address);
    }
}

static void look_up_lines(const struct lines *l)
{
    for (size_t k = 0; k < l->rows; k++) {
        struct source_line at;
        unsigned line;
        uint64_t out[4];

        require(k == 0 || l->row[k - 1].address <= l->row[k].address);
        if (!lines_find(l, l->row[k].address, &at))
            continue;
        line = at.line;
        require(lines_addresses(l, at.file, &line, out, 4) > 0);
        require(line == at.line);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct image i = image_of("input", data, size);
    struct symbols s = { 0 };
    struct lines l = { 0 };
    struct error e = { "" };

    if (symbols_add_file(&s, &i, 0x1000, &e) != STATUS_OK)
        require(e.text[0] && memchr(e.text, '\0', sizeof e.text) &&
                !strchr(e.text, '\n'));
    if (s.count < 5000)
        look_up_symbols(&s);
    symbols_free(&s);
    lines_add(&l, &i, 0x1000);
    if (l.rows < 5000)
        look_up_lines(&l);
    lines_free(&l);
    return 0;
}
