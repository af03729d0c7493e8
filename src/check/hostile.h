/*
 * Hostile guests: images of RAM made out of a seed by one of a menu of attacks.
 * An image is a trap handler in M-mode, a list of items (a few dozen
 * instructions each), page tables and data. Whatever trap an item ends in, the
 * handler goes on with the next item, in its mode and address space. An item
 * that breaks the handler itself, or loops, is got over from outside
 * (hostile_revive).
 */
#ifndef POGO_CHECK_HOSTILE_H
#define POGO_CHECK_HOSTILE_H

#include "machine/board.h"
#include "machine/machine.h"

#define HOSTILE_MEMORY (UINT64_C(1) << 20) /* of RAM, bytes */

struct hostile;

enum hostile_mode { HOSTILE_M = 1, HOSTILE_S = 2, HOSTILE_U = 4 };

/* One row of the menu. */
struct attack {
    const char *name;
    const char *tries; /* what, in one line */
    unsigned modes;    /* that its items run in: a set of enum hostile_mode */
    /* Changes the image before there are items; may be NULL. */
    void (*prepare)(struct hostile *h);
    /* Writes one item's instructions (hostile_emit.h). */
    void (*item)(struct hostile *h);
};

/* The menu: *n rows. */
const struct attack *attacks(size_t *n);
const struct attack *attack_find(const char *name); /* NULL: no such */

struct hostile {
    const struct attack *attack;
    uint8_t *image;  /* HOSTILE_MEMORY bytes, owned */
    uint64_t random; /* the generator's state */
    /* While an item is written: */
    enum hostile_mode mode;
    uint64_t at, end; /* offsets in the image */
};

/* The image of `attack` for a seed. STATUS_NO_MEMORY. */
enum status hostile_make(struct hostile *h, const struct attack *attack,
                         uint64_t seed);
void hostile_free(struct hostile *h);

/*
 * Puts it into a machine of HOSTILE_MEMORY bytes in reset: RAM, and as many
 * bytes of ROM as it has; all harts stand at the handler. Their first items are
 * `first` and some further on.
 */
void hostile_load(const struct hostile *h, struct machine *m, struct board *b,
                  unsigned first);

/* How many items have been begun, on all harts; a guest may falsify it. */
uint64_t hostile_progress(struct machine *m);

/*
 * The handler and the list of items are as they were, and each hart stands at
 * it, in M-mode. What else the guest has done to itself stays.
 */
void hostile_revive(const struct hostile *h, struct machine *m);

#endif
