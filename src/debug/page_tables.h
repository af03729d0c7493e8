/*
 * A virtual hart's address translation, three tables beside one another: the
 * guest's own page table, the p2m from guest-physical to host-physical, and the
 * monitor's shadow, which is what the host's MMU walks. A shadow leaf is stale
 * where it gives what the guest's table does not give any more: the guest has
 * changed its PTE and has not fenced yet, so a hart may use either.
 *
 * Host-physical means: of the machine below, which at depth 2 is virtual too.
 */
#ifndef POGO_DEBUG_PAGE_TABLES_H
#define POGO_DEBUG_PAGE_TABLES_H

#include "vmm/vm.h"

#define PAGE_TABLES_SPACES 8
/* How many PTEs are looked at: a table that maps itself has no end. */
#define PAGE_TABLES_LIMIT (UINT64_C(1) << 23)

/* A shadow space of the same satp: one view of it. */
struct page_tables_space {
    unsigned index; /* in struct shadow */
    uint8_t view;
    bool current; /* the hart is in it now */
};

struct page_tables {
    struct vm *vm;
    unsigned hart;
    struct csr_file csr; /* the hart's, a copy */
    unsigned levels;     /* of the guest's table; 0: addresses are physical */
    uint64_t root;       /* guest-physical */
    struct page_tables_space space[PAGE_TABLES_SPACES];
    unsigned spaces; /* that are shown … */
    unsigned more;   /* … and that there was no room for */
};

/* What a space holds for the pages of a row. */
struct page_tables_shadow {
    uint64_t leaves, stale; /* of 4 KiB; how many of them are stale */
    uint64_t hpa;           /* of the first of them */
    unsigned rights;        /* set of enum access, of the first */
};

enum page_tables_kind {
    ROW_POINTER, /* a PTE that points to a table, whose rows follow */
    ROW_LEAF,
    ROW_INVALID, /* a PTE that maps nothing; the shadow has leaves there */
    ROW_BARE,    /* no PTE: pages of guest memory, by physical address */
};

/*
 * One PTE; or several that follow one another in a table, and look alike all
 * three ways ("folded"): same flags and rights, addresses that go on.
 */
struct page_tables_row {
    uint8_t kind;         /* enum page_tables_kind */
    uint8_t depth;        /* of the table: 0 is the root */
    unsigned first, last; /* indices in the table */
    uint64_t va, size;    /* of it all, bytes */
    uint64_t pte, pa;     /* of the first */
    uint64_t backed;      /* pages that have memory behind them … */
    uint64_t hpa;         /* … and where the first of these lies */
    bool scattered;       /* they do not follow one another in the host */
    struct page_tables_shadow shadow[PAGE_TABLES_SPACES];
};

/*
 * Looks at a hart of `vm`, which must not run while `t` is used. `bare`: the
 * shadow of physical addresses, which is used in M-mode and where satp is 0;
 * else that of satp, which is not 0.
 */
void page_tables_open(struct page_tables *t, struct vm *vm, unsigned hart,
                      bool bare);

/* Calls `each` for every row in order. False: there was more than the limit. */
typedef void page_tables_each(void *context, const struct page_tables_row *r);
bool page_tables_read(const struct page_tables *t, bool fold,
                      page_tables_each *each, void *context);

/* Text is terminated and cut to `size`. */

/* "U", "S+SUM", "M/S" (fetches as M-mode, loads and stores as S-mode). */
void page_tables_view(uint8_t view, char *buf, size_t size);
/* "RW-U-AD", as the PTE has them. */
#define PAGE_TABLES_FLAGS 8 /* bytes, with the end */
void page_tables_flags(uint64_t pte, char buf[PAGE_TABLES_FLAGS]);
/* Where guest-physical `pa` lies in the host: "0x80203000"; "-": nowhere, or pa
   is 0. */
#define PAGE_TABLES_ADDRESS 20 /* bytes, with the end */
void page_tables_p2m(const struct vm *vm, uint64_t pa,
                     char buf[PAGE_TABLES_ADDRESS]);
/* "r-x" */
void page_tables_rights(unsigned rights, char buf[4]);

#define PAGE_TABLES_LINE 512 /* bytes that are always enough for a line */
/* The titles over the rows' columns, and a row, without a newline. */
void page_tables_heading(const struct page_tables *t, char *buf, size_t size);
void page_tables_format(const struct page_tables *t,
                        const struct page_tables_row *r, char *buf,
                        size_t size);

#endif
