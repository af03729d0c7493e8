/*
 * Linux kernels as boot loaders put them into memory: the Image of ARM64 and of
 * RISC-V (Documentation/arch/arm64/booting.rst, riscv/boot-image-header.rst).
 * Both begin like an EFI program, whose sections tell code from data (PE/COFF
 * specification, section headers).
 */
#include <string.h>

#include "check/scan/parts.h"
#include "machine/error_say.h"

#define HEADER   64
#define MAGIC_AT 56
#define ZIMAGE   0x016f2818 /* at 0x24 */
#define PE_AT    60         /* where the PE header is told to be */
#define COFF     24         /* bytes of PE signature and COFF header */
#define SECTION  40         /* bytes a section header */
#define IS_CODE  0x20u      /* IMAGE_SCN_CNT_CODE */

static uint32_t at32(const struct scan_input *in, size_t offset)
{
    return scan_word(in->bytes + offset, 4, false);
}

static uint32_t at16(const struct scan_input *in, size_t offset)
{
    return scan_word(in->bytes + offset, 2, false);
}

static bool within(const struct scan_input *in, uint64_t offset, uint64_t size)
{
    return offset <= in->size && size <= in->size - offset;
}

/* One section header at `at`; a piece must begin after the last one's end. The
   file is what will lie in memory, so that addresses are offsets from `base`.
 */
static enum status add_section(struct scan_input *in, uint64_t base, size_t at)
{
    uint32_t size = at32(in, at + 16), offset = at32(in, at + 20);
    uint64_t end = 0;

    if (in->codes)
        end = in->code[in->codes - 1].offset + in->code[in->codes - 1].size;
    if (!(at32(in, at + 36) & IS_CODE) || offset < end || size == 0 ||
        !within(in, offset, size))
        return STATUS_OK;
    return scan_add_code(in, ".text", base + offset, offset, size);
}

/* The sections that are code. None: there is no PE header, or none of it. */
static enum status add_sections(struct scan_input *in, uint64_t base)
{
    uint32_t pe = at32(in, PE_AT);
    enum status s = STATUS_OK;
    uint64_t table;
    unsigned count;

    if (memcmp(in->bytes, "MZ", 2) != 0 || !within(in, pe, COFF) ||
        memcmp(in->bytes + pe, "PE\0", 4) != 0)
        return STATUS_OK;
    count = at16(in, pe + 6);
    table = (uint64_t)pe + COFF + at16(in, pe + 20);
    for (unsigned k = 0; k < count && s == STATUS_OK; k++)
        if (within(in, table + SECTION * k, SECTION))
            s = add_section(in, base, table + SECTION * k);
    return s;
}

enum status scan_read_linux(struct scan_input *in, uint64_t base, bool *is,
                            struct error *e)
{
    enum status s;

    *is = false;
    if (in->size < HEADER)
        return STATUS_OK;
    if (memcmp(in->bytes + MAGIC_AT, "ARM\x64", 4) == 0)
        in->isa = SCAN_AARCH64;
    else if (memcmp(in->bytes + MAGIC_AT, "RSC\x05", 4) == 0)
        in->isa = SCAN_RISCV64;
    else if (in->size >= 0x206 && memcmp(in->bytes + 0x202, "HdrS", 4) == 0)
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%s' is an x86 Linux kernel (bzImage) without a "
                         "payload: give its vmlinux",
                         in->name);
    else if (at32(in, 0x24) == ZIMAGE)
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%s' is a packed ARM Linux kernel (zImage): unpack "
                         "it, and scan what it holds with --isa arm",
                         in->name);
    else
        return STATUS_OK;
    *is = true;
    in->format = "Linux Image";
    s = add_sections(in, base);
    if (s == STATUS_OK && in->codes == 0)
        s = scan_add_code(in, "image", base, 0, in->size);
    return s;
}
