/* Reading line tables (DWARF 5, "Line Number Information") through libdw. */
#include "debug/lines_table.h"

#include <elfutils/libdw.h>
#include <gelf.h>
#include <string.h>

struct reader {
    struct lines *to;
    uint64_t offset;
    /* The file of the row before. */
    const char *name;
    uint32_t number;
};

/*
 * Is what the sections say of their sizes within the limits? Compressed ones
 * say how large they are going to be.
 */
static bool is_bounded(Elf *elf)
{
    Elf_Scn *section = NULL;
    uint64_t total = 0;
    size_t names;
    GElf_Shdr header;
    GElf_Chdr compressed;

    if (elf_getshdrstrndx(elf, &names) != 0)
        return false;
    while ((section = elf_nextscn(elf, section)) != NULL) {
        const char *name = gelf_getshdr(section, &header)
                               ? elf_strptr(elf, names, header.sh_name)
                               : NULL;
        uint64_t size = header.sh_size;

        if (!name || strncmp(name, ".debug", 6) != 0)
            continue;
        if ((header.sh_flags & SHF_COMPRESSED) &&
            gelf_getchdr(section, &compressed))
            size = compressed.ch_size;
        total += size < LINES_DEBUG_MAX ? size : LINES_DEBUG_MAX;
        if (total > LINES_DEBUG_MAX ||
            (strcmp(name, ".debug_line") == 0 && size > LINES_SECTION_MAX))
            return false;
    }
    return true;
}

static enum status set_file(struct reader *r, Dwarf_Line *line)
{
    const char *name = dwarf_linesrc(line, NULL, NULL);

    if (!name)
        name = "?";
    if (r->name == name)
        return STATUS_OK;
    r->name = name;
    return lines_file(r->to, name, &r->number);
}

static enum status add_row(struct reader *r, Dwarf_Line *line)
{
    struct line_row row = { .file = LINES_NO_FILE };
    Dwarf_Addr address = 0;
    bool ends = false;
    int number = 0;
    enum status status;

    dwarf_lineaddr(line, &address);
    dwarf_lineendsequence(line, &ends);
    row.address = address + r->offset;
    if (ends)
        return lines_append(r->to, row);
    dwarf_lineno(line, &number);
    status = set_file(r, line);
    row.file = r->number;
    row.line = number > 0 ? (uint32_t)number : 0;
    return status == STATUS_OK ? lines_append(r->to, row) : status;
}

/* All tables as far as they can be read: one that cannot says not where the
   next is. */
static enum status add_tables(struct reader *r, Dwarf *dwarf)
{
    enum status status = STATUS_OK;
    Dwarf_Off at = 0, next;
    Dwarf_CU *unit = NULL;
    Dwarf_Lines *lines;
    size_t n;

    while (status == STATUS_OK &&
           dwarf_next_lines(dwarf, at, &next, &unit, NULL, NULL, &lines, &n) ==
               0) {
        r->name = NULL;
        for (size_t k = 0; k < n && status == STATUS_OK; k++)
            status = add_row(r, dwarf_onesrcline(lines, k));
        if (next <= at)
            break;
        at = next;
    }
    return status;
}

enum status lines_add(struct lines *l, const struct image *i, uint64_t offset)
{
    struct reader r = { .to = l, .offset = offset };
    enum status status = STATUS_OK;
    Dwarf *dwarf = NULL;
    Elf *elf;

    if (i->size < SELFMAG || memcmp(i->bytes, ELFMAG, SELFMAG) != 0)
        return STATUS_OK;
    elf_version(EV_CURRENT);
    elf = elf_memory((char *)i->bytes, i->size);
    if (elf && !is_bounded(elf))
        status = STATUS_TOO_BIG;
    else if (elf)
        dwarf = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
    if (dwarf)
        status = add_tables(&r, dwarf);
    dwarf_end(dwarf);
    elf_end(elf);
    return lines_sort(l) == STATUS_OK ? status : STATUS_NO_MEMORY;
}
