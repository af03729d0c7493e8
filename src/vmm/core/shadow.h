/*
 * Shadow page tables: real Sv39/48/57 tables in the host machine's RAM, which
 * the host's MMU walks while the guest runs in U-mode.
 *
 * A space is one tree, keyed by (guest satp, view, group of harts). The view is
 * what else decides about a translation: the mode that fetches, the mode that
 * loads and stores, SUM and MXR. Harts of one group have the same PMP. Spaces
 * are kept when the guest changes satp or mode, are filled on faults, and
 * emptied by the guest's own sfence.vma, by exactly what it covers: a hart may
 * use any translation that was valid since the last fence that covers it
 * (privileged manual, sfence.vma), so the guest's own writes to its page tables
 * need not be seen.
 *
 * All leaves are 4 KiB pages. Every leaf is on the list of the guest page that
 * it maps (p2m.h). The pool of table pages is bounded; when it is used up the
 * space longest unused is given up. Freestanding.
 */
#ifndef POGO_VMM_CORE_SHADOW_H
#define POGO_VMM_CORE_SHADOW_H

#include "machine/machine.h"
#include "mmu/walk.h"
#include "vmm/core/p2m.h"

struct monitor;

#define SHADOW_SPACES 256 /* so that an index fits hint[] */
#define SHADOW_HINTS 64
#define SHADOW_NO_PAGE UINT32_MAX
#define SHADOW_MIN_PAGES 128

/* Software bits of a shadow leaf. */
#define LEAF_NAPOT BIT(8)  /* a fragment of a 64 KiB guest translation */
#define LEAF_GLOBAL BIT(9) /* the guest's PTE has G */

struct space {
    bool live;
    uint64_t satp;  /* the guest's, as written; 0 for a bare view */
    uint8_t view;   /* shadow_view() */
    uint8_t group;  /* of harts (core.h) that it is for */
    uint8_t levels; /* of the shadow tree: the guest's own, 3 when bare */
    uint32_t root;  /* pool page */
    uint64_t used;  /* when it was last entered, for choosing a victim */
};

/* A page of the pool. */
struct shadow_page {
    uint32_t next_free;
    uint32_t links;    /* level 0: the pool page that holds the reverse map's
                          list links of its 512 leaves */
    bool has_superpage; /* holds fragments of a guest superpage as large as
                           this whole table spans */
};

struct shadow {
    uint64_t pool_hpa;       /* host-physical */
    uint8_t *pool;           /* the same memory */
    struct shadow_page *page; /* [pages] */
    uint32_t pages, free_head, free_pages;
    uint64_t tick;           /* counts entries, for `used` */
    struct space space[SHADOW_SPACES];
    uint8_t hint[SHADOW_HINTS]; /* where a space may be: by satp and view */
};

/* A view: the mode that fetches, the one that loads and stores, SUM, MXR. */
#define VIEW_FETCH MASK(1, 0)
#define VIEW_DATA MASK(3, 2)
#define VIEW_SUM BIT(4)
#define VIEW_MXR BIT(5)

/* Normalised view of a hart's state: equal views translate alike. */
uint8_t shadow_view(const struct csr_file *c);
/* Does this view fetch and access data by different rules (MPRV)? */
bool view_is_split(uint8_t view);

/* Gives the pool's memory to an empty shadow. */
void shadow_init(struct shadow *s, uint8_t *pool, uint64_t pool_hpa,
                 struct shadow_page *pages, uint32_t count);

/*
 * The space of a hart for (satp, view), made if need be: may give up another
 * that no hart is in. Returns its index. satp counts only where the view
 * translates.
 */
unsigned shadow_enter(struct monitor *m, unsigned hart, uint64_t satp,
                      uint8_t view);

/* What the host's satp is to be for a space. */
uint64_t shadow_satp(const struct monitor *m, unsigned space);

/* The valid leaf that maps va, or 0. */
uint64_t shadow_leaf(const struct monitor *m, unsigned space, uint64_t va);

struct shadow_map {
    uint64_t va, gpa, hpa;   /* of the page */
    unsigned rights;         /* set of enum access */
    bool global;
    uint64_t guest_size;     /* bytes that the guest's leaf maps; ~0: bare */
};

/*
 * Makes a leaf. One that is there already is replaced and fenced on the host's
 * harts. Never fails: what room it needs it takes from other spaces, or from
 * this one.
 */
void shadow_map(struct monitor *m, unsigned space, const struct shadow_map *p);

/* Drops all leaves of the guest page that host-physical `hpa` backs. */
void shadow_unmap(struct monitor *m, uint64_t hpa);

/* Drops va's leaf, if there is one, on all harts. */
void shadow_forget(struct monitor *m, unsigned space, uint64_t va);

/*
 * A hart of the guest fences: NULL means all. asid not NULL leaves global
 * leaves. An address that is not canonical for a space has no effect there.
 * What is dropped is dropped on all harts.
 */
void shadow_fence(struct monitor *m, const uint64_t *va, const uint64_t *asid);

/* Drops everything: PMP or the rules of translation changed. */
void shadow_drop_all(struct monitor *m);

/*
 * Checks every valid leaf: it maps guest memory through the p2m, is on its
 * page's list, is a user page, and of ROM gives code only. For tests and
 * fuzzers.
 * Returns NULL if all is well, else what is wrong.
 */
const char *shadow_audit(struct monitor *m);

#endif
