/*
 * Two facts from the device tree: how fast time runs, and whether the hart
 * has floating point. The tree is a list of tokens, big-endian, 4-aligned.
 */
#include "kernel.h"

#define MAGIC         0xd00dfeed
#define HDR_STRUCTURE 8 /* byte offsets of the header's fields */
#define HDR_STRINGS   12

enum token { BEGIN_NODE = 1, END_NODE = 2, PROP = 3, NOP = 4, END = 9 };

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static bool same(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

/* The token after the one at `at`. */
static const uint8_t *next(const uint8_t *at)
{
    uint32_t size = 0;

    if (get32(at) == PROP)
        size = 8 + get32(at + 4);
    if (get32(at) == BEGIN_NODE)
        while (at[4 + size++])
            ;
    return at + 4 + ((size + 3) & ~3U);
}

/* "rv64imafdc_zicsr...": single letters up to the first underscore. */
static bool isa_has(const char *isa, char letter)
{
    for (isa += 4; *isa && *isa != '_'; isa++)
        if (*isa == letter || *isa == 'g')
            return true;
    return false;
}

/* "..._zicntr_...": the names after the single letters. */
static bool isa_names(const char *isa, const char *name)
{
    for (; *isa; isa++) {
        const char *a = isa, *b = name;

        while (*b && *a == *b)
            a++, b++;
        if (!*b)
            return true;
    }
    return false;
}

bool fdt_read(const void *tree, struct machine_info *info)
{
    const uint8_t *base = tree;
    const uint8_t *at = base + get32(base + HDR_STRUCTURE);
    const char *strings = (const char *)base + get32(base + HDR_STRINGS);

    info->timebase = 0;
    info->has_fp = false;
    info->has_instret = false;
    if (get32(base) != MAGIC)
        return false;
    for (; get32(at) != END; at = next(at)) {
        if (get32(at) != PROP)
            continue;
        if (same(strings + get32(at + 8), "timebase-frequency"))
            info->timebase = get32(at + 12);
        if (same(strings + get32(at + 8), "riscv,isa")) {
            info->has_fp = isa_has((const char *)at + 12, 'd');
            info->has_instret = isa_names((const char *)at + 12, "_zicntr");
        }
    }
    return info->timebase != 0;
}
