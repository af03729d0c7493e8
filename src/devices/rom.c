/* The boot ROM; see rom.h. */
#include "devices/rom.h"

#include "bus/little_endian.h"

#include <string.h>

enum status rom_fill(struct rom *r, uint64_t offset, const void *bytes,
                     size_t n)
{
    if (offset > ROM_SIZE || n > ROM_SIZE - offset)
        return STATUS_TOO_BIG;
    memcpy(r->bytes + offset, bytes, n);
    return STATUS_OK;
}

bool rom_load(void *rom, uint64_t offset, unsigned size, uint64_t *v)
{
    const struct rom *r = rom;

    if (offset > ROM_SIZE || size > ROM_SIZE - offset)
        return false;
    *v = little_endian_get(r->bytes + offset, size);
    return true;
}

bool rom_store(void *rom, uint64_t offset, unsigned size, uint64_t v)
{
    (void)rom, (void)offset, (void)size, (void)v;
    return false;
}

void rom_state(struct rom *r, struct state *s)
{
    uint32_t used = ROM_SIZE;

    while (used > 0 && r->bytes[used - 1] == 0)
        used--;
    state_u32(s, &used);
    state_require(s, used <= ROM_SIZE);
    if (s->bad)
        return;
    state_bytes(s, r->bytes, used);
    memset(r->bytes + used, 0, ROM_SIZE - used);
}
