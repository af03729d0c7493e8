#include "debug/disassemble.h"

#include <stdio.h>
#include <string.h>

#include "isa/csr_file.h"

#if defined(__has_include)
#if __has_include(<capstone/capstone.h>)
#include <capstone/capstone.h>
#if CS_API_MAJOR >= 5
#define HAVE_CAPSTONE 1
#endif
#endif
#endif

#ifdef HAVE_CAPSTONE

void disassembler_init(struct disassembler *d, const struct isa *isa)
{
    cs_mode mode = CS_MODE_RISCV64 | CS_MODE_RISCVC;
    csh handle;

    *d = (struct disassembler){ .isa = isa };
    if (cs_open(CS_ARCH_RISCV, mode, &handle) == CS_ERR_OK)
        d->capstone = handle;
}

void disassembler_free(struct disassembler *d)
{
    csh handle = d->capstone;

    if (handle)
        cs_close(&handle);
    d->capstone = 0;
}

/* 0: Capstone does not know it. */
static size_t by_capstone(struct disassembler *d, uint32_t raw, unsigned length,
                          uint64_t pc, char *buf, size_t size)
{
    uint8_t bytes[4] = { (uint8_t)raw, (uint8_t)(raw >> 8),
                         (uint8_t)(raw >> 16), (uint8_t)(raw >> 24) };
    cs_insn *insn;
    int n;

    if (!d->capstone ||
        cs_disasm(d->capstone, bytes, length, pc, 1, &insn) == 0)
        return 0;
    n = snprintf(buf, size, insn->op_str[0] ? "%s %s" : "%s", insn->mnemonic,
                 insn->op_str);
    cs_free(insn, 1);
    return (size_t)n < size ? (size_t)n : size - 1;
}

#else

void disassembler_init(struct disassembler *d, const struct isa *isa)
{
    *d = (struct disassembler){ .isa = isa };
}

void disassembler_free(struct disassembler *d)
{
    d->capstone = 0;
}

static size_t by_capstone(struct disassembler *d, uint32_t raw, unsigned length,
                          uint64_t pc, char *buf, size_t size)
{
    (void)d, (void)raw, (void)length, (void)pc, (void)buf, (void)size;
    return 0;
}

#endif

/* Capstone writes the numbers of CSRs that are younger than it: name them. */
static size_t name_csr(const struct insn *i, char *buf, size_t size)
{
    const char *name = csr_name((unsigned)i->imm);
    char number[16], *at, rest[80];

    snprintf(number, sizeof number, " %u", (unsigned)i->imm);
    at = strstr(buf, number);
    if (!name || !at)
        return strlen(buf);
    at++;
    snprintf(rest, sizeof rest, "%s", at + strlen(number) - 1);
    snprintf(at, size - (size_t)(at - buf), "%s%s", name, rest);
    return strlen(buf);
}

/* What this machine's instruction set does not have is not asked of Capstone,
   which knows more of it than the machine does. */
size_t disassemble(struct disassembler *d, uint32_t raw, uint64_t pc,
                   char *buf, size_t size)
{
    struct insn insn;
    size_t n = 0;

    insn_decode(raw, d->isa, &insn);
    if (insn.op != INSN_illegal)
        n = by_capstone(d, raw, insn.length, pc, buf, size);
    if (n && insn_class(insn.op) == CLASS_CSR)
        n = name_csr(&insn, buf, size);
    return n ? n : insn_format_text(&insn, pc, buf, size);
}
