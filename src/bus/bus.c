/* The physical address map; see bus.h. */
#include "bus/bus.h"

#include "bus/little_endian.h"

/* RAM and clock stay as the caller initialised them. */
void bus_init(struct bus *b)
{
    b->devices = 0;
    b->attention = false;
}

/* Do [a, a+m) and [b, b+n) meet? Neither is empty or wraps. */
static bool overlap(uint64_t a, uint64_t m, uint64_t b, uint64_t n)
{
    return a - b < n || b - a < m;
}

enum status bus_add(struct bus *b, struct bus_device d)
{
    unsigned at = b->devices;

    if (d.size == 0 || d.base > UINT64_MAX - d.size ||
        b->devices == BUS_MAX_DEVICES)
        return STATUS_BAD_ARGUMENT;
    if (b->ram.size && overlap(d.base, d.size, b->ram.base, b->ram.size))
        return STATUS_BAD_ARGUMENT;
    for (unsigned i = 0; i < b->devices; i++)
        if (overlap(d.base, d.size, b->device[i].base, b->device[i].size))
            return STATUS_BAD_ARGUMENT;

    for (; at > 0 && b->device[at - 1].base > d.base; at--)
        b->device[at] = b->device[at - 1];
    b->device[at] = d;
    b->devices++;
    return STATUS_OK;
}

const struct bus_device *bus_device_at(const struct bus *b, uint64_t pa,
                                       unsigned size)
{
    unsigned low = 0, high = b->devices;

    while (low < high) {
        unsigned middle = (low + high) / 2;
        const struct bus_device *d = &b->device[middle];

        if (pa < d->base)
            high = middle;
        else if (pa - d->base >= d->size)
            low = middle + 1;
        else
            return size <= d->size - (pa - d->base) ? d : NULL;
    }
    return NULL;
}

enum status bus_load(struct bus *b, uint64_t pa, unsigned size, uint64_t *v)
{
    const struct bus_device *d;
    uint8_t *p;

    if (!bus_well_formed(pa, size))
        return STATUS_FAULT;
    if ((p = ram_pointer(&b->ram, pa, size, false))) {
        *v = little_endian_get(p, size);
        return STATUS_OK;
    }
    d = bus_device_at(b, pa, size);
    if (!d || !d->load(d->context, pa - d->base, size, v))
        return STATUS_FAULT;
    *v &= MASK(8 * size - 1, 0);
    return STATUS_OK;
}

enum status bus_store(struct bus *b, uint64_t pa, unsigned size, uint64_t v)
{
    const struct bus_device *d;
    uint8_t *p;

    if (!bus_well_formed(pa, size))
        return STATUS_FAULT;
    if ((p = ram_pointer(&b->ram, pa, size, true))) {
        little_endian_put(p, size, v);
        return STATUS_OK;
    }
    d = bus_device_at(b, pa, size);
    if (!d ||
        !d->store(d->context, pa - d->base, size, v & MASK(8 * size - 1, 0)))
        return STATUS_FAULT;
    return STATUS_OK;
}

const uint8_t *bus_rom(const struct bus *b, uint64_t pa)
{
    const struct bus_device *d = bus_device_at(b, pa, 1);

    return d && d->memory ? d->memory + (pa - d->base) : NULL;
}
