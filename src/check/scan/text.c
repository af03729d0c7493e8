/* Sites as text: RISC-V by Pogo's own tables, which know more of it, the rest
   by Capstone. */
#include <capstone/capstone.h>
#include <stdio.h>

#include "check/scan/scan.h"
#include "isa/insn.h"

static const struct {
    cs_arch arch;
    int mode;
} machines[SCAN_ISAS] = {
    [SCAN_X86] = { CS_ARCH_X86, CS_MODE_32 },
    [SCAN_X86_64] = { CS_ARCH_X86, CS_MODE_64 },
    [SCAN_ARM] = { CS_ARCH_ARM, CS_MODE_ARM },
    [SCAN_THUMB] = { CS_ARCH_ARM, CS_MODE_THUMB },
    [SCAN_AARCH64] = { CS_ARCH_ARM64, CS_MODE_ARM },
    [SCAN_MIPS] = { CS_ARCH_MIPS, CS_MODE_MIPS32 },
    [SCAN_MIPSEL] = { CS_ARCH_MIPS, CS_MODE_MIPS32 },
    [SCAN_MIPS64] = { CS_ARCH_MIPS, CS_MODE_MIPS64 },
    [SCAN_MIPS64EL] = { CS_ARCH_MIPS, CS_MODE_MIPS64 },
    [SCAN_RISCV32] = { CS_ARCH_RISCV, CS_MODE_RISCV32 | CS_MODE_RISCVC },
    [SCAN_RISCV64] = { CS_ARCH_RISCV, CS_MODE_RISCV64 | CS_MODE_RISCVC },
};

static csh open_handle(struct scan_text *t, enum scan_isa isa, bool big)
{
    /* Capstone's word for big-endian is bit 31 of a signed number. */
    cs_mode mode = (cs_mode)(machines[isa].mode | (big ? (int)BIT(31) : 0));
    csh handle;

    if (!t->handle[isa] &&
        cs_open(machines[isa].arch, mode, &handle) == CS_ERR_OK)
        t->handle[isa] = handle;
    return t->handle[isa];
}

static void in_hex(const uint8_t *p, unsigned length, char *buf, size_t size)
{
    for (unsigned k = 0; k < length && 2 * k + 3 <= size; k++)
        snprintf(buf + 2 * k, 3, "%02x", p[k]);
}

/* False: what Pogo's machine has not got. */
static bool by_own_tables(const struct scan_input *in,
                          const struct scan_site *site, char *buf, size_t size)
{
    const struct isa isa = isa_default();
    struct insn insn;

    if (site->isa != SCAN_RISCV64)
        return false;
    insn_decode(scan_word(in->bytes + site->offset, site->length, false), &isa,
                &insn);
    if (insn.op == INSN_illegal)
        return false;
    insn_format_text(&insn, site->address, buf, size);
    return true;
}

void scan_text(struct scan_text *t, const struct scan_input *in,
               const struct scan_site *site, char *buf, size_t size)
{
    const uint8_t *bytes = in->bytes + site->offset;
    cs_insn *insn;
    csh handle;

    if (by_own_tables(in, site, buf, size))
        return;
    handle = open_handle(t, site->isa, in->big_endian);
    in_hex(bytes, site->length, buf, size);
    if (!handle ||
        cs_disasm(handle, bytes, site->length, site->address, 1, &insn) == 0)
        return;
    snprintf(buf, size, insn->op_str[0] ? "%s %s" : "%s", insn->mnemonic,
             insn->op_str);
    cs_free(insn, 1);
}

void scan_text_free(struct scan_text *t)
{
    for (unsigned k = 0; k < SCAN_ISAS; k++) {
        csh handle = t->handle[k];

        if (handle)
            cs_close(&handle);
        t->handle[k] = 0;
    }
}
