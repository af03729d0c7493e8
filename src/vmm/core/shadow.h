/*
 * Shadow page tables: real Sv39/48/57 tables in the host machine's RAM, which
 * the host's MMU walks while the guest runs in U-mode.
 *
 * They are the translations that a virtual hart keeps (mmu/translations.h), in
 * a form that the host can walk: a space is a tree, with a host ASID of its
 * own, filled on faults and emptied by the guest's own sfence.vma, by exactly
 * what it covers. A hart may use any translation that was valid since the last
 * fence that covers it (privileged manual, sfence.vma), so the guest's own
 * writes to its page tables need not be seen.
 *
 * A virtual hart has two sets of spaces: one for what its guest translates,
 * with as much room as a bare hart's own, so that both keep the same; and one
 * for where nothing is translated and the host must be all the same: of these
 * the bare hart keeps none, and none can be stale.
 *
 * All leaves are 4 KiB pages. Every leaf is on the list of the guest page that
 * it maps (p2m.h). No guest can exhaust the tables: what is kept longest unused
 * is given up. Freestanding.
 */
#ifndef POGO_VMM_CORE_SHADOW_H
#define POGO_VMM_CORE_SHADOW_H

#include "machine/machine.h"
#include "mmu/translations.h"
#include "mmu/walk.h"
#include "vmm/core/p2m.h"

struct monitor;

enum shadow_kind { SHADOW_TRANSLATED, SHADOW_IDENTITY, SHADOW_KINDS };

/* The spaces of a hart are numbered, those of one kind after the other's. */
#define SHADOW_SPACES (SHADOW_KINDS * TRANSLATION_SPACES)

struct shadow {
    struct monitor *monitor;
    unsigned hart;
    unsigned first_space;
    uint32_t first_table; /* in the monitor's pool */
    struct translations kept;
};

/* Tables that one hart needs, of both kinds, for a guest with so much RAM. */
uint32_t shadow_tables(uint64_t ram_size);

/* Makes a hart's shadow empty; its tables are the pool's from `first` on. */
void shadow_init(struct monitor *m, unsigned hart, uint32_t first);

/* The space for the virtual hart's present mode, made if need be. */
unsigned shadow_enter(struct monitor *m, unsigned hart);

/* What is known of a space; not live: there is none of that number. */
const struct space *shadow_space(const struct monitor *m, unsigned hart,
                                 unsigned space);

/* The shadow that a space is of. */
const struct shadow *shadow_of(const struct monitor *m, unsigned hart,
                               unsigned space);

/* What the host's satp is to be for a space. */
uint64_t shadow_satp(const struct monitor *m, unsigned hart, unsigned space);

/* The valid leaf that maps va, or 0. */
uint64_t shadow_leaf(const struct monitor *m, unsigned hart, unsigned space,
                     uint64_t va);
/* The same, sooner where it is asked for addresses near one another. */
uint64_t shadow_leaf_near(struct monitor *m, unsigned hart, unsigned space,
                          uint64_t va);

struct shadow_map {
    uint64_t va, gpa, hpa;   /* of the page */
    unsigned rights;         /* set of enum access */
    bool global;
    uint64_t guest_size;     /* bytes that the guest's leaf maps; ~0: bare */
};

/*
 * Makes a leaf. One that is there already is replaced, and fenced on the host's
 * hart. Never fails.
 */
void shadow_map(struct monitor *m, unsigned hart, unsigned space,
                const struct shadow_map *p);

/* Drops all leaves of the guest page that host-physical `hpa` backs, of all
   harts. */
void shadow_unmap(struct monitor *m, uint64_t hpa);

/* A hart of the guest fences: NULL means all. asid not NULL leaves global
   leaves. */
void shadow_fence(struct monitor *m, unsigned hart, const uint64_t *va,
                  const uint64_t *asid);

/* Drops everything of a hart: PMP or the rules of translation changed. */
void shadow_drop_all(struct monitor *m, unsigned hart);

/*
 * Checks every valid leaf: it maps guest memory through the p2m, is on its
 * page's list, is a user page, and of ROM gives code only. For tests and
 * fuzzers.
 * Returns NULL if all is well, else what is wrong.
 */
const char *shadow_audit(struct monitor *m);

#endif
