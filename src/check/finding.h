/* What an audit has found wrong, and where. */
#ifndef POGO_CHECK_FINDING_H
#define POGO_CHECK_FINDING_H

#include "base/bits.h"

struct finding {
    const char *what; /* one clause; NULL: nothing is wrong */
    unsigned vm;      /* whose, by its place in the audit's list */
    uint64_t va;      /* of the leaf or table, if it is about one */
    uint64_t value;   /* the PTE, the frame or the register's value */
};

/* Notes the first finding, and keeps it. Returns false: for `return`. */
static inline bool finding_note(struct finding *f, const char *what,
                                unsigned vm, uint64_t va, uint64_t value)
{
    if (!f->what)
        *f = (struct finding){ what, vm, va, value };
    return false;
}

#endif
