/*
 * The translations that a hart has found and keeps. A hart may use any
 * translation that was valid since the last sfence.vma that covers it
 * (privileged manual, "Supervisor Memory-Management Fence Instruction"). Which
 * of them it does use is for the implementation to say, and Pogo says: all of
 * them. What was found once holds until a fence covers it, on the bare machine
 * and in a virtual one alike: both use this code. So a guest that forgets a
 * fence (or does without one on purpose, as Linux does when it clears A bits)
 * goes the same way on both, every time.
 *
 * A space is one tree of page tables, keyed by what decides about a
 * translation: satp and the view. Its tables are in the format of Sv39/48/57,
 * their leaves 4 KiB pages: the bare hart fills its TLBs from them, and a
 * monitor's host walks them as its own page tables. A translation that does
 * not allow an access is looked up anew in the guest's own tables; faults are
 * never kept. What is kept is not everything (cpu/memory.c, vmm/core/fault.c
 * obey this): pages of RAM, and of ROM for fetches, that PMP treats all alike.
 *
 * Space is bounded: when the tables, or the spaces, are used up, the space
 * longest not entered is given up, on both machines at the same moment, for it
 * depends on the hart's own accesses and the size of its RAM only.
 *
 * Freestanding; the memory is the caller's.
 */
#ifndef POGO_MMU_TRANSLATIONS_H
#define POGO_MMU_TRANSLATIONS_H

#include "base/state.h"
#include "isa/csr_file.h"
#include "mmu/pte.h"

#define TRANSLATION_SPACES     128
#define TRANSLATION_HINTS      64
#define TRANSLATION_MIN_TABLES 16 /* more than one root and one fill */
#define NO_TABLE               UINT32_MAX
#define NO_SPACE               TRANSLATION_SPACES

/* Software bits of a leaf. */
#define LEAF_NAPOT  BIT(8) /* a fragment of a 64 KiB guest translation */
#define LEAF_GLOBAL BIT(9) /* the guest's PTE has G */

/*
 * A view: the mode that fetches, the one that loads and stores, SUM, MXR. Under
 * MPRV these modes differ, and nothing is kept of data: each load and store is
 * translated anew.
 */
#define VIEW_FETCH   MASK(1, 0)
#define VIEW_DATA    MASK(3, 2)
#define VIEW_SUM     BIT(4)
#define VIEW_MXR     BIT(5)
#define VIEW_NO_DATA 2 /* in VIEW_DATA: under MPRV */

/*
 * The view of a hart's state, normalised: equal views translate alike. *satp
 * is the part of the key that goes with it: 0 where nothing is translated.
 */
uint8_t translation_view(const struct csr_file *c, uint64_t *satp);
/* It follows from satp, the mode and these bits of mstatus. */
#define VIEW_MSTATUS (MSTATUS_MPRV | MSTATUS_MPP | MSTATUS_SUM | MSTATUS_MXR)
/* Under MPRV: data is accessed by other rules than code, and not kept. */
static inline bool view_is_split(uint8_t view)
{
    return field_get(view, VIEW_DATA) == VIEW_NO_DATA;
}

/* Do these effects of a CSR write change the rules of translation itself (PMP,
   menvcfg.ADUE or PBMTE)? Then nothing that is kept holds any more. */
bool translation_rules_change(unsigned effects);

struct space {
    bool live;
    uint8_t view;
    uint8_t levels; /* of the tree: satp's own, 3 when that is 0 */
    uint64_t satp;  /* as written; 0: nothing is translated */
    uint32_t root;
    uint64_t used; /* when it was last entered */
};

struct translation_table {
    uint32_t next_free;
    uint16_t used;  /* entries that are valid */
    uint16_t local; /* of these, leaves that are not global */
    bool has_superpage; /* holds fragments of a superpage as large as this
                           whole table spans */
};

/* Whoever keeps account of what is here. NULL: nobody. */
struct translation_user {
    void *context;
    /* Leaf `leaf` (a number from translations_map) is about to be cleared. */
    void (*drop)(void *context, uint32_t leaf);
    /* Something of this space was dropped: a TLB that was filled from it may
       keep nothing of *va; of no address, if va is NULL. */
    void (*forget)(void *context, unsigned space, const uint64_t *va);
};

struct translations {
    struct translation_user user;
    uint8_t *pool;                   /* the tables */
    uint64_t pool_pa;                /* where whoever walks them sees them */
    struct translation_table *table; /* [tables] */
    uint32_t tables, free_head, free_tables;
    uint64_t tick;                     /* counts entries, for `used` */
    uint64_t made, reclaimed, dropped; /* spaces, spaces, leaves */
    unsigned spaces;                   /* those behind have never been live */
    struct space space[TRANSLATION_SPACES];
    uint8_t hint[TRANSLATION_HINTS]; /* where a space may be */
    /* The level-0 table that was found last, of all va with this va >> 21. */
    struct {
        uint64_t region;
        unsigned space;
        uint32_t table; /* NO_TABLE: none was */
    } last;
};

/* How many tables one hart of a machine with so much RAM (bytes) has for its
   translations. */
uint32_t translations_tables(uint64_t ram_size);

/* Makes *t empty. `pool` is `tables` pages, page-aligned. */
void translations_init(struct translations *t, uint8_t *pool, uint64_t pool_pa,
                       struct translation_table *table, uint32_t tables,
                       const struct translation_user *user);

/*
 * The space for (satp, view), made if need be; another may be given up for it.
 * To be called before each instruction in another mode than the last.
 */
unsigned translations_enter(struct translations *t, uint64_t satp,
                            uint8_t view);

/* The space for (satp, view), or NO_SPACE if there is none. */
unsigned translations_find(const struct translations *t, uint64_t satp,
                           uint8_t view);

/* The valid leaf that maps va, or 0. */
uint64_t translations_leaf(const struct translations *t, unsigned space,
                           uint64_t va);
/* The same, sooner where it is asked for addresses near one another. */
uint64_t translations_leaf_near(struct translations *t, unsigned space,
                                uint64_t va);

struct translation {
    uint64_t va;         /* of the page */
    uint64_t pte;        /* the leaf: V, rights, PPN, LEAF_GLOBAL */
    uint64_t guest_size; /* bytes that the guest's leaf maps */
};

/*
 * Keeps a translation, in place of what was there. Never fails: what room it
 * needs it takes from other spaces, or from this one. Returns the number of the
 * leaf: table * 512 + slot.
 */
uint32_t translations_map(struct translations *t, unsigned space,
                          const struct translation *p);

/* Drops one leaf; the caller sees to TLBs. */
void translations_drop(struct translations *t, uint32_t leaf);

/*
 * sfence.vma: NULL means all. asid not NULL leaves global leaves. An address
 * that is not canonical for a space has no effect there. Spaces in which
 * nothing is translated are not concerned.
 */
void translations_fence(struct translations *t, const uint64_t *va,
                        const uint64_t *asid);

void translations_drop_all(struct translations *t);

/*
 * How leaves name pages in a saved state: as the guest does, wherever whoever
 * keeps them has the guest's memory.
 */
struct translation_pages {
    void *context;
    /* Saving: the guest-physical address of the page that a leaf maps. */
    uint64_t (*gpa)(void *context, uint32_t leaf);
    /*
     * Loading: leaf `leaf` is to map the guest's page `gpa` with the R, W and X
     * of `rights` (PTE bits; at least one). Returns the leaf without the bits
     * that this file knows, 0: there is no such page, or not with such rights.
     */
    uint64_t (*leaf)(void *context, uint32_t leaf, uint64_t gpa,
                     uint64_t rights);
};

/*
 * The state (base/state.h): what is kept, the spaces' order of use, and the
 * tables that hold nothing any more, for they decide when space runs out. The
 * numbers of tables and spaces are not. It is the same wherever the guest runs.
 * Loading gives up all that was there, and the caller's `user` is told.
 */
void translations_state(struct translations *t,
                        const struct translation_pages *p, struct state *s);

/* A table as whoever walks it sees it. */
static inline uint64_t *translations_table(const struct translations *t,
                                           uint32_t table)
{
    return (uint64_t *)(void *)(t->pool + (uint64_t)table * PAGE_SIZE);
}

/* The table that a non-leaf PTE points to. */
static inline uint32_t translations_child(const struct translations *t,
                                          uint64_t pte)
{
    uint64_t pa = field_get(pte, PTE_PPN) << PAGE_SHIFT;

    return (uint32_t)((pa - t->pool_pa) >> PAGE_SHIFT);
}

/* The physical address of a space's root table. */
static inline uint64_t translations_root(const struct translations *t,
                                         unsigned space)
{
    return t->pool_pa + t->space[space].root * PAGE_SIZE;
}

#endif
