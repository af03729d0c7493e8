/* The boot ROM: bytes that can be read and fetched, and not written. */
#ifndef POGO_DEVICES_ROM_H
#define POGO_DEVICES_ROM_H

#include "bus/bus.h"

#define ROM_SIZE 0xf000u

struct rom {
    uint8_t bytes[ROM_SIZE];
};

/* Puts content into it, from outside. STATUS_TOO_BIG if it does not fit. */
enum status rom_fill(struct rom *r, uint64_t offset, const void *bytes,
                     size_t n);

/* struct bus_device load and store. Stores are refused. */
bool rom_load(void *rom, uint64_t offset, unsigned size, uint64_t *v);
bool rom_store(void *rom, uint64_t offset, unsigned size, uint64_t v);

/* The state (base/state.h): the content, as far as it is not zero. */
void rom_state(struct rom *r, struct state *s);

#endif
