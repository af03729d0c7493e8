#include "machine/elf_maker.h"

#include <stdlib.h>
#include <string.h>

static Elf64_Phdr segment(unsigned k)
{
    uint64_t pa = BOARD_RAM_BASE + k * 0x10000;

    return (Elf64_Phdr){
        .p_type = PT_LOAD, .p_flags = PF_R | PF_W | PF_X,
        .p_offset = offsetof(struct made_elf, bytes) + k * MADE_BYTES,
        .p_vaddr = pa + MADE_OFFSET, .p_paddr = pa, .p_filesz = MADE_BYTES,
        .p_memsz = MADE_BYTES + k * 32, .p_align = 1,
    };
}

struct made_elf make_elf(void)
{
    struct made_elf e;

    memset(&e, 0, sizeof e);
    memcpy(e.header.e_ident, ELFMAG, SELFMAG);
    e.header.e_ident[EI_CLASS] = ELFCLASS64;
    e.header.e_ident[EI_DATA] = ELFDATA2LSB;
    e.header.e_ident[EI_VERSION] = EV_CURRENT;
    e.header.e_type = ET_EXEC;
    e.header.e_machine = EM_RISCV;
    e.header.e_version = EV_CURRENT;
    e.header.e_entry = BOARD_RAM_BASE + 0x10004 + MADE_OFFSET;
    e.header.e_phoff = offsetof(struct made_elf, segment);
    e.header.e_ehsize = sizeof e.header;
    e.header.e_phentsize = sizeof e.segment[0];
    e.header.e_phnum = MADE_SEGMENTS;
    for (unsigned k = 0; k < MADE_SEGMENTS; k++) {
        e.segment[k] = segment(k);
        memset(e.bytes[k], (int)('A' + k), MADE_BYTES);
    }
    return e;
}

void make_board(struct board *b, uint64_t memory)
{
    struct board_config c = { .harts = 1, .memory = memory,
                              .isa = isa_default() };

    if (board_init(b, &c, NULL, NULL) != STATUS_OK)
        abort();
}
