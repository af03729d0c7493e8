/* Reading symbols: from an ELF file (System V ABI, "Symbol Table"), through
   libelf; and from a list, line by line. */
#include "debug/symbols_table.h"

#include <gelf.h>
#include <string.h>

#include "machine/error_say.h"

/* How many entries of symbol tables are looked at in one file: a file may have
   its sections lie upon one another. */
#define ENTRIES_MAX (1u << 24)

struct reader {
    struct symbols *to;
    uint64_t offset;
    unsigned entries; /* looked at */
};

/* ---- ELF ---- */

static bool is_elf(const struct image *i)
{
    return i->size >= 4 && memcmp(i->bytes, ELFMAG, SELFMAG) == 0;
}

static bool has_address(const GElf_Sym *sym)
{
    unsigned type = GELF_ST_TYPE(sym->st_info);

    return (type == STT_FUNC || type == STT_NOTYPE || type == STT_OBJECT) &&
           sym->st_shndx != SHN_UNDEF && sym->st_shndx != SHN_ABS;
}

static enum symbol_kind kind_of(const GElf_Sym *sym)
{
    switch (GELF_ST_TYPE(sym->st_info)) {
    case STT_FUNC:
        return SYMBOL_FUNCTION;
    case STT_OBJECT:
        return SYMBOL_OBJECT;
    default:
        return SYMBOL_LABEL;
    }
}

/* The name at `at` in a string table; as much of it as a table would keep. */
static const char *name_at(const Elf_Data *strings, size_t at, size_t *length)
{
    const char *name = strings->d_buf;

    *length = 0;
    if (!name || at >= strings->d_size)
        return "";
    *length = strnlen(name + at, strings->d_size - at < SYMBOL_NAME_MAX
                                     ? strings->d_size - at
                                     : SYMBOL_NAME_MAX);
    return name + at;
}

static enum status add_symbol(struct reader *r, const GElf_Sym *sym,
                              const Elf_Data *strings)
{
    const struct symbol s = {
        .address = sym->st_value + r->offset,
        .size = sym->st_size,
        .kind = (uint8_t)kind_of(sym),
        .local = GELF_ST_BIND(sym->st_info) == STB_LOCAL,
    };
    size_t length;
    const char *name;

    if (!has_address(sym))
        return STATUS_OK;
    name = name_at(strings, sym->st_name, &length);
    return symbols_wanted(name, length) ? symbols_append(r->to, s, name, length)
                                        : STATUS_OK;
}

static enum status add_table(struct reader *r, Elf *elf, Elf_Scn *section,
                             const GElf_Shdr *header)
{
    Elf_Scn *names = elf_getscn(elf, header->sh_link);
    Elf_Data *strings = names ? elf_getdata(names, NULL) : NULL;
    Elf_Data *data = strings ? elf_getdata(section, NULL) : NULL;
    enum status status = STATUS_OK;
    GElf_Sym sym;

    for (int k = 0; data && status == STATUS_OK && gelf_getsym(data, k, &sym);
         k++)
        status = r->entries++ < ENTRIES_MAX ? add_symbol(r, &sym, strings)
                                            : STATUS_TOO_BIG;
    return status;
}

static enum status add_tables(struct reader *r, Elf *elf, GElf_Word type)
{
    enum status status = STATUS_OK;
    Elf_Scn *section = NULL;
    GElf_Shdr header;

    while (status == STATUS_OK && (section = elf_nextscn(elf, section)) != NULL)
        if (gelf_getshdr(section, &header) && header.sh_type == type)
            status = add_table(r, elf, section, &header);
    return status;
}

static bool is_linked(Elf *elf)
{
    GElf_Ehdr header;

    return gelf_getehdr(elf, &header) &&
           (header.e_type == ET_EXEC || header.e_type == ET_DYN);
}

enum status symbols_add(struct symbols *s, const struct image *i,
                        uint64_t offset)
{
    struct reader r = { .to = s, .offset = offset };
    size_t before = s->count;
    enum status status = STATUS_OK;
    Elf *elf;

    if (!is_elf(i))
        return STATUS_OK;
    elf_version(EV_CURRENT);
    elf = elf_memory((char *)i->bytes, i->size);
    if (elf && is_linked(elf)) {
        status = add_tables(&r, elf, SHT_SYMTAB);
        if (status == STATUS_OK && s->count == before)
            status = add_tables(&r, elf, SHT_DYNSYM);
    }
    elf_end(elf);
    return symbols_sort(s) == STATUS_OK ? status : STATUS_NO_MEMORY;
}

/* ---- a list ---- */

/* What is left of a line. */
struct text {
    const char *at, *end;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void skip_blanks(struct text *t)
{
    while (t->at < t->end && is_blank(*t->at))
        t->at++;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Up to 16 digits, and a blank behind them. */
static bool read_address(struct text *t, uint64_t *v)
{
    const char *begin = t->at;

    for (*v = 0; t->at < t->end && hex_digit(*t->at) >= 0; t->at++)
        *v = *v << 4 | (uint64_t)hex_digit(*t->at);
    return t->at > begin && t->at - begin <= 16 && t->at < t->end &&
           is_blank(*t->at);
}

/* As far as the next blank. */
static size_t read_word(struct text *t, const char **word)
{
    skip_blanks(t);
    *word = t->at;
    while (t->at < t->end && !is_blank(*t->at))
        t->at++;
    return (size_t)(t->at - *word);
}

static struct symbol listed(uint64_t address, char kind)
{
    return (struct symbol){
        .address = address,
        .kind = strchr("tTwWiu", kind)       ? SYMBOL_FUNCTION
                : strchr("bBdDrRgGsS", kind) ? SYMBOL_OBJECT
                                             : SYMBOL_LABEL,
        .local = kind >= 'a' && kind <= 'z',
    };
}

/* "ffffffff80000000 T _start". "U name" has no address. */
static enum status add_line(struct reader *r, struct text t)
{
    const char *kind, *name;
    size_t length;
    uint64_t address;

    if (memchr(t.at, '\0', (size_t)(t.end - t.at)))
        return STATUS_BAD_FORMAT;
    skip_blanks(&t);
    if (t.at == t.end)
        return STATUS_OK;
    if (*t.at == 'U' && t.end - t.at > 1 && is_blank(t.at[1]))
        return STATUS_OK;
    if (!read_address(&t, &address) || read_word(&t, &kind) != 1)
        return STATUS_BAD_FORMAT;
    length = read_word(&t, &name);
    if (length == 0)
        return STATUS_BAD_FORMAT;
    if (strchr("aAUN", *kind) || !symbols_wanted(name, length))
        return STATUS_OK;
    return symbols_append(r->to, listed(address + r->offset, *kind), name,
                          length);
}

enum status symbols_add_list(struct symbols *s, const struct image *i,
                             uint64_t offset, unsigned *line)
{
    const char *at = (const char *)i->bytes, *end = at + i->size;
    struct reader r = { .to = s, .offset = offset };
    enum status status = STATUS_OK;

    for (*line = 0; at < end && status == STATUS_OK; ++*line) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        if (!stop)
            stop = end;
        status = add_line(&r, (struct text){ at, stop });
        at = stop < end ? stop + 1 : end;
    }
    return symbols_sort(s) == STATUS_OK ? status : STATUS_NO_MEMORY;
}

/* ---- a file that a user has named ---- */

static enum status refuse(enum status s, const struct image *i, unsigned line,
                          struct error *e)
{
    switch (s) {
    case STATUS_BAD_FORMAT:
        return error_say(e, s,
                         "--symbols '%.120s' has in line %u something other "
                         "than an address, a letter and a name: give an ELF "
                         "file or a list like System.map",
                         i->name, line);
    case STATUS_TOO_BIG:
        return error_say(e, s,
                         "--symbols '%.120s' has more than %u names, or they "
                         "are too long: give a file of one program",
                         i->name, SYMBOLS_MAX);
    default:
        return error_say(e, s,
                         "this host has not enough memory for the symbols of "
                         "'%.120s'",
                         i->name);
    }
}

enum status symbols_add_file(struct symbols *s, const struct image *i,
                             uint64_t offset, struct error *e)
{
    size_t before = s->count;
    unsigned line = 0;
    enum status status = is_elf(i) ? symbols_add(s, i, offset)
                                   : symbols_add_list(s, i, offset, &line);

    if (status != STATUS_OK)
        return refuse(status, i, line, e);
    if (s->count > before)
        return STATUS_OK;
    return error_say(e, STATUS_BAD_FORMAT,
                     "--symbols '%.120s' has no symbols: give a linked program "
                     "that has not been stripped, or a list like System.map",
                     i->name);
}
