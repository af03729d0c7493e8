#include "debug/symbols.h"

#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How far a symbol without a size reaches: labels in assembly have none. */
#define REACH 65536

static enum status append(struct symbols *s, const char *name,
                          uint64_t address, uint64_t size)
{
    if (s->count == s->room) {
        size_t room = s->room ? 2 * s->room : 256;
        struct symbol *more = realloc(s->symbol, room * sizeof *more);

        if (!more)
            return STATUS_NO_MEMORY;
        s->symbol = more;
        s->room = room;
    }
    s->symbol[s->count] = (struct symbol){ .address = address,
                                           .size = size,
                                           .name = strdup(name) };
    if (!s->symbol[s->count].name)
        return STATUS_NO_MEMORY;
    s->count++;
    return STATUS_OK;
}

/* '$x' and the like mark code and data for disassemblers; '.L' is local. */
static bool wanted(const char *name, const GElf_Sym *sym)
{
    unsigned type = GELF_ST_TYPE(sym->st_info);

    return (type == STT_FUNC || type == STT_NOTYPE || type == STT_OBJECT) &&
           sym->st_shndx != SHN_UNDEF && sym->st_shndx != SHN_ABS && name &&
           name[0] && name[0] != '$' && strncmp(name, ".L", 2) != 0;
}

static enum status add_table(struct symbols *s, Elf *elf, Elf_Scn *section,
                             const GElf_Shdr *header)
{
    Elf_Data *data = elf_getdata(section, NULL);
    GElf_Sym sym;

    for (int k = 0; data && gelf_getsym(data, k, &sym); k++) {
        const char *name = elf_strptr(elf, header->sh_link, sym.st_name);
        enum status status;

        if (!wanted(name, &sym))
            continue;
        status = append(s, name, sym.st_value, sym.st_size);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static int by_address(const void *a, const void *b)
{
    const struct symbol *x = a, *y = b;

    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    /* The last of equals is found: let that be the one with a size. */
    if (x->size != y->size)
        return x->size < y->size ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void sort(struct symbols *s)
{
    if (s->count)
        qsort(s->symbol, s->count, sizeof *s->symbol, by_address);
}

enum status symbols_add(struct symbols *s, const struct image *i)
{
    enum status status = STATUS_OK;
    Elf_Scn *section = NULL;
    GElf_Shdr header;
    Elf *elf;

    if (i->size < 4 || memcmp(i->bytes, "\177ELF", 4) != 0)
        return STATUS_OK;
    elf_version(EV_CURRENT);
    elf = elf_memory((char *)i->bytes, i->size);
    while (elf && status == STATUS_OK &&
           (section = elf_nextscn(elf, section)) != NULL)
        if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB)
            status = add_table(s, elf, section, &header);
    elf_end(elf);
    sort(s);
    return status;
}

/* One line, without its end: "ffffffff80000000 T _start". */
static enum status add_line(struct symbols *s, const char *line, size_t n)
{
    char text[256], kind, name[200];
    unsigned long long address;
    int middle = 0, end = 0;

    if (n >= sizeof text || memchr(line, '\0', n))
        return STATUS_BAD_FORMAT;
    memcpy(text, line, n);
    text[n] = '\0';
    if (strspn(text, " ") == n || sscanf(text, " U %199s", name) == 1)
        return STATUS_OK;
    if (sscanf(text, "%llx %c%n %199s%n", &address, &kind, &middle, name,
               &end) != 3 ||
        !strchr(" \t", text[middle]) || !strchr(" \t\r", text[end]))
        return STATUS_BAD_FORMAT;
    if (strchr("aAUN", kind) || name[0] == '$' || strncmp(name, ".L", 2) == 0)
        return STATUS_OK;
    return append(s, name, address, 0);
}

enum status symbols_add_list(struct symbols *s, const struct image *i,
                             unsigned *line)
{
    const char *at = (const char *)i->bytes, *end = at + i->size;
    enum status status = STATUS_OK;

    for (*line = 0; at < end && status == STATUS_OK;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        if (!stop)
            stop = end;
        status = add_line(s, at, (size_t)(stop - at));
        ++*line;
        at = stop < end ? stop + 1 : end;
    }
    sort(s);
    return status;
}

void symbols_free(struct symbols *s)
{
    for (size_t k = 0; k < s->count; k++)
        free(s->symbol[k].name);
    free(s->symbol);
    *s = (struct symbols){ 0 };
}

const char *symbols_find(const struct symbols *s, uint64_t address,
                         uint64_t *offset)
{
    size_t low = 0, high = s->count; /* symbols below low are <= address */
    const struct symbol *found;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (s->symbol[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    found = &s->symbol[low - 1];
    *offset = address - found->address;
    if (*offset >= (found->size ? found->size : REACH))
        return NULL;
    return found->name;
}

size_t symbols_format(const struct symbols *s, uint64_t address, char *buf,
                      size_t size)
{
    uint64_t offset = 0;
    const char *name = symbols_find(s, address, &offset);
    int n;

    if (!name)
        n = snprintf(buf, size, "0x%llx", (unsigned long long)address);
    else if (offset == 0)
        n = snprintf(buf, size, "%s", name);
    else
        n = snprintf(buf, size, "%s+0x%llx", name,
                     (unsigned long long)offset);
    return (size_t)n < size ? (size_t)n : size - 1;
}

bool symbols_address(const struct symbols *s, const char *name,
                     uint64_t *address)
{
    for (size_t k = 0; k < s->count; k++)
        if (strcmp(s->symbol[k].name, name) == 0) {
            *address = s->symbol[k].address;
            return true;
        }
    return false;
}
