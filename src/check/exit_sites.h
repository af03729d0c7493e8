/*
 * Exits counted by where they happen: a hash table whose key is the guest's pc,
 * the instruction there, the mode, and what kind of exit it was.
 */
#ifndef POGO_CHECK_EXIT_SITES_H
#define POGO_CHECK_EXIT_SITES_H

#include "base/bits.h"
#include "base/status.h"

/* How many, and what host time they took in ticks (check/ticks.h). */
struct tally {
    uint64_t exits, ticks;
};

struct exit_site {
    uint64_t pc;   /* the guest's, virtual */
    uint32_t raw;  /* the instruction's bits as the monitor noted them, 0:
                      it did not look */
    uint16_t kind; /* the caller's: part of the key */
    uint8_t priv;  /* the guest's mode */
    uint8_t class; /* the caller's */
    uint32_t insn; /* the caller's: the bits, looked up if raw is 0 */
    struct tally tally;
};

/* Begins as { 0 }. */
struct exit_sites {
    struct exit_site *site; /* [size]; free where tally.exits is 0 */
    size_t size;            /* 0, or a power of 2 */
    size_t used;
};

/*
 * The place of the site with the key of `key`: one that is there, or a new one
 * (*fresh), a copy of `key` with one exit. Places are indices into `site`, and
 * hold until the next site is added. STATUS_NO_MEMORY: it could not be added.
 */
enum status exit_sites_count(struct exit_sites *s, const struct exit_site *key,
                             size_t *place, bool *fresh);
void exit_sites_free(struct exit_sites *s);

#endif
