/*
 * Physical memory protection (privileged manual, PMP; 16 entries, grain 4
 * bytes). Pure. Freestanding.
 */
#ifndef POGO_MMU_PMP_H
#define POGO_MMU_PMP_H

#include "isa/csr_file.h"

enum access { ACCESS_LOAD = 1, ACCESS_STORE = 2, ACCESS_FETCH = 4 };
#define ACCESS_ALL (ACCESS_LOAD | ACCESS_STORE | ACCESS_FETCH)

/* What decides about an access. */
struct pmp_decision {
    bool permitted;
    uint8_t entry;   /* that decides; PMP_ENTRIES: none matches */
    bool whole;      /* it matches all the bytes; if not, all is refused */
    unsigned rights; /* set of enum access: the entry's for this mode, or those
                        where none matches */
    uint64_t lo, hi; /* what the entry matches: [lo, hi) */
};

/*
 * May mode `priv` make `access` to the `size` bytes at physical address `pa`,
 * and why? The lowest-numbered entry that matches any byte decides, and must
 * match all.
 */
struct pmp_decision pmp_decide(const struct csr_file *c, enum priv priv,
                               uint64_t pa, uint64_t size, enum access access);

/* The same in short. */
bool pmp_permits(const struct csr_file *c, enum priv priv, uint64_t pa,
                 uint64_t size, enum access access);

/*
 * What `priv` may do on the whole page that contains `pa`, as a set of enum
 * access, if that is the same for every byte of it: returns true and sets
 * *rights. False: an entry's boundary lies inside the page, and each access
 * must be asked about separately.
 */
bool pmp_page_rights(const struct csr_file *c, enum priv priv, uint64_t pa,
                     unsigned *rights);

/*
 * The largest range around `pa`, within its page, in which one entry (or none)
 * decides: [*lo, *hi), and the rights of `priv` there as a set of enum access.
 */
void pmp_range_rights(const struct csr_file *c, enum priv priv, uint64_t pa,
                      uint64_t *lo, uint64_t *hi, unsigned *rights);

/*
 * Is there any access that the PMP refuses `priv`? Accesses that cross a page
 * boundary count as two. M-mode is bound by locked entries, and by any entry
 * that begins or ends inside a page; S and U by all but a first entry that
 * grants everything: where no entry matches they may nothing.
 */
bool pmp_active(const struct csr_file *c, enum priv priv);

#endif
