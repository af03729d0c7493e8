/* ELF files (System V ABI), read with libelf. */
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/scan/parts.h"
#include "machine/error_say.h"

struct elf_file {
    struct scan_input *in;
    struct error *e;
    Elf *elf;
    GElf_Ehdr header;
};

static enum status malformed(const struct elf_file *f, const char *what)
{
    return error_say(f->e, STATUS_BAD_FORMAT,
                     "'%s' is a malformed or cut-off ELF file (%s): build or "
                     "get it anew",
                     f->in->name, what);
}

static enum status find_isa(struct elf_file *f)
{
    const GElf_Ehdr *h = &f->header;
    bool big = h->e_ident[EI_DATA] == ELFDATA2MSB;
    bool wide = h->e_ident[EI_CLASS] == ELFCLASS64;

    switch (h->e_machine) {
    case EM_386:
        f->in->isa = SCAN_X86;
        break;
    case EM_X86_64:
        f->in->isa = SCAN_X86_64;
        break;
    case EM_ARM:
        f->in->isa = SCAN_ARM;
        break;
    case EM_AARCH64:
        f->in->isa = SCAN_AARCH64;
        break;
    case EM_RISCV:
        f->in->isa = wide ? SCAN_RISCV64 : SCAN_RISCV32;
        break;
    case EM_MIPS:
        if (wide)
            f->in->isa = big ? SCAN_MIPS64 : SCAN_MIPS64EL;
        else
            f->in->isa = big ? SCAN_MIPS : SCAN_MIPSEL;
        break;
    default:
        return error_say(f->e, STATUS_BAD_FORMAT,
                         "'%s' is for a machine of ELF's number %u: scan knows "
                         "x86, ARM, AArch64, MIPS and RISC-V",
                         f->in->name, h->e_machine);
    }
    /* Data may be big-endian where code is not: ARM's BE8, and AArch64. */
    f->in->big_endian = big && h->e_machine != EM_AARCH64 &&
                        !(h->e_machine == EM_ARM && h->e_flags & EF_ARM_BE8);
    return STATUS_OK;
}

/* Is [offset, offset + size) in the file? */
static bool within(const struct elf_file *f, uint64_t offset, uint64_t size)
{
    return offset <= f->in->size && size <= f->in->size - offset;
}

/* Where a section's first byte lies, as sites and symbols say it. */
static uint64_t section_address(const struct elf_file *f, const GElf_Shdr *s)
{
    return f->header.e_type == ET_REL ? s->sh_offset : s->sh_addr;
}

static enum status add_section(struct elf_file *f, const GElf_Shdr *s)
{
    size_t names;
    const char *name = NULL;

    if (s->sh_type != SHT_PROGBITS || !(s->sh_flags & SHF_EXECINSTR) ||
        s->sh_size == 0)
        return STATUS_OK;
    if (!within(f, s->sh_offset, s->sh_size))
        return malformed(f, "a section is not all in the file");
    if (elf_getshdrstrndx(f->elf, &names) == 0)
        name = elf_strptr(f->elf, names, s->sh_name);
    return scan_add_code(f->in, name ? name : "section", section_address(f, s),
                         s->sh_offset, s->sh_size);
}

static enum status add_sections(struct elf_file *f)
{
    enum status s = STATUS_OK;
    Elf_Scn *section = NULL;
    GElf_Shdr header;

    while (s == STATUS_OK && (section = elf_nextscn(f->elf, section)) != NULL)
        if (gelf_getshdr(section, &header))
            s = add_section(f, &header);
    return s;
}

/* A file that was stripped of its sections. */
static enum status add_segments(struct elf_file *f)
{
    enum status s = STATUS_OK;
    size_t count = 0;

    if (elf_getphdrnum(f->elf, &count) != 0)
        return malformed(f, "its program headers");
    for (size_t k = 0; k < count && s == STATUS_OK; k++) {
        GElf_Phdr p;
        char name[32];

        if (!gelf_getphdr(f->elf, (int)k, &p))
            return malformed(f, "its program headers");
        if (p.p_type != PT_LOAD || !(p.p_flags & PF_X) || p.p_filesz == 0)
            continue;
        if (!within(f, p.p_offset, p.p_filesz))
            return malformed(f, "a segment is not all in the file");
        snprintf(name, sizeof name, "segment %zu", k);
        s = scan_add_code(f->in, name, p.p_vaddr, p.p_offset, p.p_filesz);
    }
    return s;
}

static int by_offset(const void *a, const void *b)
{
    const struct scan_code *x = a, *y = b;

    return (x->offset > y->offset) - (x->offset < y->offset);
}

/* Two pieces that claim the same byte: only a malformed file has that. */
static enum status order_code(struct elf_file *f)
{
    struct scan_input *in = f->in;

    if (in->codes)
        qsort(in->code, in->codes, sizeof *in->code, by_offset);
    for (size_t k = 1; k < in->codes; k++)
        if (in->code[k].offset < in->code[k - 1].offset + in->code[k - 1].size)
            return malformed(f, "two sections of code overlap");
    return STATUS_OK;
}

/* A mapping symbol: "$d", "$x.17", "$xrv64i2p0_…". */
static enum status add_marker(struct elf_file *f, const char *name,
                              uint64_t address)
{
    bool arm = f->header.e_machine == EM_ARM;

    if (!strchr(arm ? "atd" : "xd", name[1]) || name[1] == '\0')
        return STATUS_OK;
    return scan_add_mark(f->in, address, name[1]);
}

static enum status add_symbol(struct elf_file *f, const char *name,
                              const GElf_Sym *sym, uint64_t address)
{
    unsigned type = GELF_ST_TYPE(sym->st_info);
    bool arm = f->header.e_machine == EM_ARM;
    enum status s = STATUS_OK;

    if (name[0] == '$')
        return add_marker(f, name, address);
    if (type != STT_FUNC && type != STT_GNU_IFUNC)
        return STATUS_OK;
    /* Bit 0 of a function's address says that it is Thumb. */
    if (arm)
        s = scan_add_mark(f->in, address & ~UINT64_C(1),
                          address & 1 ? 't' : 'a');
    if (s != STATUS_OK)
        return s;
    return scan_add_symbol(f->in, name, arm ? address & ~UINT64_C(1) : address,
                           sym->st_size, false);
}

/* One symbol, if it lies in a section that is code. */
static enum status take_symbol(struct elf_file *f, const char *name,
                               const GElf_Sym *sym)
{
    uint64_t address = sym->st_value;
    GElf_Shdr header;
    Elf_Scn *section;

    if (!name || !name[0] || sym->st_shndx == SHN_UNDEF ||
        sym->st_shndx >= SHN_LORESERVE)
        return STATUS_OK;
    section = elf_getscn(f->elf, sym->st_shndx);
    if (!section || !gelf_getshdr(section, &header) ||
        !(header.sh_flags & SHF_EXECINSTR))
        return STATUS_OK;
    if (f->header.e_type == ET_REL)
        address += header.sh_offset;
    return add_symbol(f, name, sym, address);
}

static enum status add_table(struct elf_file *f, Elf_Scn *section,
                             const GElf_Shdr *header)
{
    Elf_Data *data = elf_getdata(section, NULL);
    enum status s = STATUS_OK;
    GElf_Sym sym;

    for (int k = 0; data && s == STATUS_OK && gelf_getsym(data, k, &sym); k++)
        s = take_symbol(f, elf_strptr(f->elf, header->sh_link, sym.st_name),
                        &sym);
    return s;
}

/* Of the full table, or, in a stripped file, of what others may call. */
static enum status add_symbols(struct elf_file *f, uint32_t type)
{
    enum status s = STATUS_OK;
    Elf_Scn *section = NULL;
    GElf_Shdr header;

    while (s == STATUS_OK && (section = elf_nextscn(f->elf, section)) != NULL)
        if (gelf_getshdr(section, &header) && header.sh_type == type)
            s = add_table(f, section, &header);
    return s;
}

/* Where nothing else says so, ARM code is what the entry point says it is. */
static enum status add_entry(struct elf_file *f)
{
    uint64_t entry = f->header.e_entry;

    if (f->header.e_machine != EM_ARM)
        return STATUS_OK;
    return scan_add_mark(f->in, 0, entry & 1 ? 't' : 'a');
}

static enum status read_all(struct elf_file *f)
{
    enum status s = find_isa(f);

    if (s == STATUS_OK)
        s = add_sections(f);
    if (s == STATUS_OK && f->in->codes == 0)
        s = add_segments(f);
    if (s == STATUS_OK)
        s = order_code(f);
    if (s == STATUS_OK)
        s = add_entry(f);
    if (s == STATUS_OK)
        s = add_symbols(f, SHT_SYMTAB);
    if (s == STATUS_OK && f->in->symbols == 0)
        s = add_symbols(f, SHT_DYNSYM);
    return s;
}

enum status scan_read_elf(struct scan_input *in, struct error *e)
{
    struct elf_file f = { .in = in, .e = e };
    enum status s;

    in->format = "ELF";
    elf_version(EV_CURRENT);
    f.elf = elf_memory((char *)in->bytes, in->size);
    if (!f.elf || elf_kind(f.elf) != ELF_K_ELF ||
        !gelf_getehdr(f.elf, &f.header))
        s = malformed(&f, "its header");
    else
        s = read_all(&f);
    elf_end(f.elf);
    return s;
}
