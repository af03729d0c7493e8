#include "machine/reset_vector.h"

#define FW_DYNAMIC_MAGIC 0x4942534f /* "OSBI" */
#define FW_DYNAMIC_VERSION 2
#define FW_DYNAMIC_NEXT_S 1 /* next_mode: S */
#define FW_DYNAMIC_BOOT_HART 0

/* The program, and the double words behind it, 24 bytes from its start on. */
static const uint32_t program[] = {
    0x00000297, /* auipc t0, 0           t0 = here       */
    0x02828613, /* addi  a2, t0, 40      fw_dynamic_info */
    0xf1402573, /* csrr  a0, mhartid                     */
    0x0202b583, /* ld    a1, 32(t0)      device tree     */
    0x0182b283, /* ld    t0, 24(t0)      firmware        */
    0x00028067, /* jr    t0                              */
};

static void put(uint8_t *at, uint64_t v, unsigned bytes)
{
    for (unsigned k = 0; k < bytes; k++)
        at[k] = (uint8_t)(v >> (8 * k));
}

enum status reset_vector_write(struct rom *rom, uint64_t entry, uint64_t dtb,
                               uint64_t next)
{
    const uint64_t words[] = {
        entry, dtb,
        /* struct fw_dynamic_info: */
        FW_DYNAMIC_MAGIC, FW_DYNAMIC_VERSION, next, FW_DYNAMIC_NEXT_S,
        0 /* options */, FW_DYNAMIC_BOOT_HART,
    };
    uint8_t bytes[sizeof program + sizeof words];

    for (unsigned k = 0; k < sizeof program / 4; k++)
        put(bytes + 4 * k, program[k], 4);
    for (unsigned k = 0; k < sizeof words / 8; k++)
        put(bytes + sizeof program + 8 * k, words[k], 8);
    return rom_fill(rom, 0, bytes, sizeof bytes);
}
