#define _GNU_SOURCE
#include "debug/symbol_file.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Symbols that are farther apart lie in different sections: gdb looks for one
   within the section around an address. */
#define GAP          (UINT64_C(16) << 20)
#define SECTIONS_MAX 64

static const char section_names[] = "\0.text\0.symtab\0.strtab\0.shstrtab";
enum { NAME_TEXT = 1, NAME_SYMTAB = 7, NAME_STRTAB = 15, NAME_SHSTRTAB = 23 };

struct range {
    uint64_t first, end;
};

struct maker {
    const struct symbols **table; /* [tables] */
    unsigned tables;
    struct range *range; /* [ranges] */
    size_t ranges;
    GElf_Sym *symbol; /* [symbols]; the first is none */
    size_t symbols;
    char *text;
    size_t text_size;
};

/* ---- what lies where ---- */

static int compare(const void *a, const void *b)
{
    const struct range *x = a, *y = b;

    return (x->first > y->first) - (x->first < y->first);
}

static uint64_t end_of(const struct symbol *s)
{
    uint64_t size = s->size && s->size < GAP ? s->size : 4;

    return s->address > UINT64_MAX - size ? UINT64_MAX : s->address + size;
}

/* Joins those that are close to one another; in order of address. */
static void join(struct maker *m)
{
    size_t kept = 0;

    qsort(m->range, m->ranges, sizeof *m->range, compare);
    for (size_t i = 1; i < m->ranges; i++) {
        struct range *last = &m->range[kept];

        if (m->range[i].first > last->end &&
            m->range[i].first - last->end > GAP && kept + 1 < SECTIONS_MAX)
            m->range[++kept] = m->range[i];
        else if (m->range[i].end > last->end)
            last->end = m->range[i].end;
    }
    m->ranges = kept + 1;
}

static GElf_Section section_of(const struct maker *m, uint64_t address)
{
    size_t i = 0;

    while (i + 1 < m->ranges && address >= m->range[i + 1].first)
        i++;
    return (GElf_Section)(i + 1);
}

static void add(struct maker *m, const struct symbol *s)
{
    static const uint8_t types[] = { [SYMBOL_LABEL] = STT_FUNC,
                                     [SYMBOL_OBJECT] = STT_OBJECT,
                                     [SYMBOL_FUNCTION] = STT_FUNC };
    size_t n = strlen(s->name) + 1;

    m->symbol[m->symbols++] = (GElf_Sym){
        .st_name = (GElf_Word)m->text_size,
        .st_info = GELF_ST_INFO(STB_GLOBAL, types[s->kind]),
        .st_shndx = section_of(m, s->address),
        .st_value = s->address,
        .st_size = s->size,
    };
    memcpy(m->text + m->text_size, s->name, n);
    m->text_size += n;
}

/* False: no memory, or nothing to name. */
static bool gather(struct maker *m)
{
    size_t count = 0, text = 1;

    for (unsigned t = 0; t < m->tables; t++) {
        count += m->table[t]->count;
        for (size_t i = 0; i < m->table[t]->count; i++)
            text += strlen(m->table[t]->symbol[i].name) + 1;
    }
    m->range = malloc(count * sizeof *m->range + 1);
    m->symbol = calloc(count + 1, sizeof *m->symbol);
    m->text = calloc(1, text);
    if (!m->range || !m->symbol || !m->text || count == 0)
        return false;
    for (unsigned t = 0; t < m->tables; t++)
        for (size_t i = 0; i < m->table[t]->count; i++) {
            const struct symbol *s = &m->table[t]->symbol[i];

            m->range[m->ranges++] = (struct range){ s->address, end_of(s) };
        }
    join(m);
    m->symbols = m->text_size = 1;
    for (unsigned t = 0; t < m->tables; t++)
        for (size_t i = 0; i < m->table[t]->count; i++)
            add(m, &m->table[t]->symbol[i]);
    return true;
}

/* ---- the file ---- */

static bool put_section(Elf *elf, const GElf_Shdr *header, void *bytes,
                        Elf_Type type)
{
    Elf_Scn *section = elf_newscn(elf);
    Elf_Data *data = section ? elf_newdata(section) : NULL;
    GElf_Shdr h = *header;

    if (!data || !gelf_update_shdr(section, &h))
        return false;
    data->d_buf = bytes;
    data->d_size = h.sh_size;
    data->d_type = type;
    data->d_align = h.sh_addralign;
    data->d_version = EV_CURRENT;
    return true;
}

static bool put_code(Elf *elf, const struct maker *m)
{
    for (size_t i = 0; i < m->ranges; i++) {
        const GElf_Shdr h = {
            .sh_name = NAME_TEXT,
            .sh_type = SHT_NOBITS,
            .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
            .sh_addr = m->range[i].first,
            .sh_size = m->range[i].end - m->range[i].first,
            .sh_addralign = 1,
        };

        if (!put_section(elf, &h, NULL, ELF_T_BYTE))
            return false;
    }
    return true;
}

static bool put_names(Elf *elf, const struct maker *m)
{
    const GElf_Word first = (GElf_Word)m->ranges + 1;
    const GElf_Shdr symbols = {
        .sh_name = NAME_SYMTAB,
        .sh_type = SHT_SYMTAB,
        .sh_size = m->symbols * sizeof *m->symbol,
        .sh_link = first + 1,
        .sh_info = 1,
        .sh_addralign = 8,
        .sh_entsize = sizeof *m->symbol,
    };
    const GElf_Shdr text = {
        .sh_name = NAME_STRTAB,
        .sh_type = SHT_STRTAB,
        .sh_size = m->text_size,
        .sh_addralign = 1,
    };
    const GElf_Shdr names = {
        .sh_name = NAME_SHSTRTAB,
        .sh_type = SHT_STRTAB,
        .sh_size = sizeof section_names,
        .sh_addralign = 1,
    };

    return put_section(elf, &symbols, m->symbol, ELF_T_SYM) &&
           put_section(elf, &text, m->text, ELF_T_BYTE) &&
           put_section(elf, &names, (void *)(uintptr_t)section_names,
                       ELF_T_BYTE);
}

static bool put_all(Elf *elf, const struct maker *m)
{
    GElf_Ehdr h;

    if (!gelf_newehdr(elf, ELFCLASS64) || !gelf_getehdr(elf, &h))
        return false;
    h.e_ident[EI_DATA] = ELFDATA2LSB;
    h.e_type = ET_EXEC;
    h.e_machine = EM_RISCV;
    h.e_version = EV_CURRENT;
    h.e_flags = EF_RISCV_RVC | EF_RISCV_FLOAT_ABI_DOUBLE;
    h.e_shstrndx = (GElf_Half)(m->ranges + 3);
    return gelf_update_ehdr(elf, &h) && put_code(elf, m) &&
           put_names(elf, m) && elf_update(elf, ELF_C_WRITE) >= 0;
}

static int write_file(const struct maker *m)
{
    int fd = memfd_create("pogo-symbols", MFD_CLOEXEC);
    bool done;
    Elf *elf;

    if (fd < 0)
        return -1;
    elf_version(EV_CURRENT);
    elf = elf_begin(fd, ELF_C_WRITE, NULL);
    done = elf && put_all(elf, m);
    elf_end(elf);
    if (done)
        return fd;
    close(fd);
    return -1;
}

int symbol_file_make(const struct symbol_sets *s, unsigned level)
{
    const struct symbols *table[SYMBOL_TABLES_MAX];
    struct maker m = { .table = table };
    int fd = -1;

    m.tables = symbol_sets_tables(s, level, table);
    if (gather(&m))
        fd = write_file(&m);
    free(m.range);
    free(m.symbol);
    free(m.text);
    return fd;
}
