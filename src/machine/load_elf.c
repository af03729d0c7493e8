/* ELF executables (System V ABI, RISC-V supplement), read with libelf. */
#include <gelf.h>

#include "machine/error_say.h"
#include "machine/load.h"

#define MAX_SEGMENTS 64

typedef unsigned long long ull;

struct elf_program {
    const struct image *image;
    GElf_Phdr segment[MAX_SEGMENTS]; /* those that are loaded */
    unsigned segments;
    uint64_t entry; /* virtual */
};

static enum status check_header(Elf *elf, const struct image *i,
                                GElf_Ehdr *h, struct error *e)
{
    if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, h))
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%s' is a malformed or cut-off ELF file: build or "
                         "get it anew", i->name);
    if (h->e_machine != EM_RISCV || h->e_ident[EI_CLASS] != ELFCLASS64 ||
        h->e_ident[EI_DATA] != ELFDATA2LSB)
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%s' is an ELF file for another machine: give one "
                         "for little-endian 64-bit RISC-V", i->name);
    if (h->e_type != ET_EXEC && h->e_type != ET_DYN)
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%s' is an ELF file but not an executable: link it "
                         "first", i->name);
    return STATUS_OK;
}

/* Is the segment's piece of the file in the file, and its memory RAM? */
static enum status check_segment(struct board *b, const struct image *i,
                                 unsigned n, const GElf_Phdr *p,
                                 struct error *e)
{
    if (p->p_filesz > p->p_memsz || p->p_offset > i->size ||
        p->p_filesz > i->size - p->p_offset)
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%s' is malformed or cut off: segment %u is not all "
                         "in the file", i->name, n);
    if (!ram_contains(&b->bus.ram, p->p_paddr, p->p_memsz))
        return error_say(e, STATUS_TOO_BIG,
                         "'%s' has a segment of 0x%llx bytes at 0x%llx, but "
                         "RAM is 0x%llx to 0x%llx: link it for there or use "
                         "--memory", i->name, (ull)p->p_memsz,
                         (ull)p->p_paddr, (ull)b->bus.ram.base,
                         (ull)(b->bus.ram.base + b->bus.ram.size));
    return STATUS_OK;
}

/* Two segments that claim the same byte: only a malformed file does that. */
static enum status check_overlap(const struct elf_program *p,
                                 const GElf_Phdr *new, struct error *e)
{
    for (unsigned k = 0; k < p->segments; k++) {
        const GElf_Phdr *old = &p->segment[k];

        if (new->p_paddr < old->p_paddr + old->p_memsz &&
            old->p_paddr < new->p_paddr + new->p_memsz)
            return error_say(e, STATUS_BAD_FORMAT,
                             "'%s' has two segments at physical address "
                             "0x%llx: link it so that they do not overlap",
                             p->image->name, (ull)new->p_paddr);
    }
    return STATUS_OK;
}

static enum status collect(struct board *b, Elf *elf, struct elf_program *p,
                           struct error *e)
{
    size_t count;

    if (elf_getphdrnum(elf, &count) != 0)
        return error_say(e, STATUS_BAD_FORMAT, "'%s' has a malformed program "
                         "header table: build it anew", p->image->name);
    for (size_t n = 0; n < count; n++) {
        GElf_Phdr ph;
        enum status s;

        if (!gelf_getphdr(elf, (int)n, &ph))
            return error_say(e, STATUS_BAD_FORMAT, "'%s' is cut off: program "
                             "header %zu is missing", p->image->name, n);
        if (ph.p_type != PT_LOAD || ph.p_memsz == 0)
            continue;
        if (p->segments == MAX_SEGMENTS)
            return error_say(e, STATUS_BAD_FORMAT, "'%s' has more than %d "
                             "segments: link it with fewer", p->image->name,
                             MAX_SEGMENTS);
        s = check_segment(b, p->image, (unsigned)n, &ph, e);
        if (s == STATUS_OK)
            s = check_overlap(p, &ph, e);
        if (s != STATUS_OK)
            return s;
        p->segment[p->segments++] = ph;
    }
    if (p->segments == 0)
        return error_say(e, STATUS_BAD_FORMAT, "'%s' has nothing to load: "
                         "link it as an executable", p->image->name);
    return STATUS_OK;
}

/* e_entry is a virtual address; the machine starts at the physical one. */
static uint64_t physical_entry(const struct elf_program *p)
{
    for (unsigned k = 0; k < p->segments; k++) {
        const GElf_Phdr *s = &p->segment[k];

        if (p->entry - s->p_vaddr < s->p_memsz)
            return p->entry - s->p_vaddr + s->p_paddr;
    }
    return p->entry;
}

static enum status copy(struct board *b, const struct elf_program *p,
                        struct loaded *out, struct error *e)
{
    *out = (struct loaded){ .kind = LOAD_ELF, .start = UINT64_MAX,
                            .entry = physical_entry(p) };
    for (unsigned k = 0; k < p->segments; k++) {
        const GElf_Phdr *s = &p->segment[k];
        enum status status = load_bytes(b, p->image->name,
                                        p->image->bytes + s->p_offset,
                                        s->p_filesz, s->p_paddr, e);

        if (status != STATUS_OK)
            return status;
        if (s->p_paddr < out->start)
            out->start = s->p_paddr;
        if (s->p_paddr + s->p_memsz > out->end)
            out->end = s->p_paddr + s->p_memsz;
    }
    if (!ram_contains(&b->bus.ram, out->entry, 2))
        return error_say(e, STATUS_BAD_FORMAT, "'%s' starts at 0x%llx, which "
                         "is not in RAM: link it with an entry in a segment",
                         p->image->name, (ull)out->entry);
    return STATUS_OK;
}

enum status load_elf(struct board *b, const struct image *i,
                     struct loaded *out, struct error *e)
{
    struct elf_program p = { .image = i };
    enum status s;
    GElf_Ehdr header;
    Elf *elf;

    elf_version(EV_CURRENT);
    elf = elf_memory((char *)i->bytes, i->size);
    s = check_header(elf, i, &header, e);
    if (s == STATUS_OK) {
        p.entry = header.e_entry;
        s = collect(b, elf, &p, e);
    }
    elf_end(elf);
    return s == STATUS_OK ? copy(b, &p, out, e) : s;
}
