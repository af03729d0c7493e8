/*
 * The physical address map of one machine: one RAM, and device ranges in
 * ascending order, the boot ROM among them (loads as from a device; code can be
 * fetched from it, which is so of no other device). And the wires
 * that devices pull.
 */
#ifndef POGO_BUS_BUS_H
#define POGO_BUS_BUS_H

#include "bus/clock.h"
#include "bus/ram.h"

/*
 * A device's registers. Offsets are relative to its base, size is 1, 2, 4 or
 * 8, naturally aligned and inside the range: the bus has checked that. A
 * device that does not allow an access returns false: access fault. It can
 * never fail in another way, whatever a guest does.
 */
struct bus_device {
    const char *name; /* for maps and logs */
    uint64_t base, size;
    void *context;
    bool (*load)(void *context, uint64_t offset, unsigned size, uint64_t *v);
    bool (*store)(void *context, uint64_t offset, unsigned size, uint64_t v);
    /*
     * A ROM's bytes (size of them, whole pages, never changing), from which
     * code can be fetched; NULL for all others: a fetch is an access fault.
     */
    const uint8_t *memory;
};

#define BUS_MAX_DEVICES 32

struct bus {
    struct ram ram;
    struct clock clock;
    struct bus_device device[BUS_MAX_DEVICES];
    unsigned devices;
    /*
     * Set by whatever makes a hart's interrupt lines change or asks the
     * machine to stop: the hart ends its run with STOP_EVENT at the end of the
     * current instruction. Cleared by the run loop.
     */
    bool attention;
};

/* ram and clock are initialised by the caller. */
void bus_init(struct bus *b);

/* Fails with STATUS_BAD_ARGUMENT if it overlaps what is there. */
enum status bus_add(struct bus *b, struct bus_device d);

/* The device (or ROM) whose range has all of [pa, pa + size); NULL: none. */
const struct bus_device *bus_device_at(const struct bus *b, uint64_t pa,
                                       unsigned size);

/* The shape of an access that a device may be asked for: 1, 2, 4 or 8 bytes,
   naturally aligned. */
static inline bool bus_well_formed(uint64_t pa, unsigned size)
{
    return (size == 1 || size == 2 || size == 4 || size == 8) && pa % size == 0;
}

/*
 * Device access at physical address pa (RAM works too). STATUS_FAULT: nothing
 * there, misaligned, crosses a boundary, or the device refuses.
 * The caller has set b->clock.now to the count of the accessing instruction.
 */
enum status bus_load(struct bus *b, uint64_t pa, unsigned size, uint64_t *v);
enum status bus_store(struct bus *b, uint64_t pa, unsigned size, uint64_t v);

/*
 * The ROM bytes from which the code at `pa` (outside RAM) can be fetched: to
 * the end of its page at least. NULL: no fetching there.
 */
const uint8_t *bus_rom(const struct bus *b, uint64_t pa);

/* One wire. The owner of the far end sets it up; the device pulls it. */
struct irq_line {
    void (*set)(void *context, unsigned number, bool level);
    void *context;
    unsigned number;
};

static inline void irq_set(const struct irq_line *l, bool level)
{
    if (l->set)
        l->set(l->context, l->number, level);
}

#endif
