/*
 * Address translation as the privileged manual's "Virtual Address Translation
 * Process" has it, step by step. The walker is pure: it reads and updates PTEs
 * through callbacks and reports every step, so that one walker serves the
 * hart, the monitor, and whoever wants to see a walk. Freestanding.
 */
#ifndef POGO_MMU_WALK_H
#define POGO_MMU_WALK_H

#include "mmu/pmp.h"
#include "mmu/pte.h"

#define WALK_MAX_LEVELS 5

/* Where page tables live. */
struct walk_memory {
    void *context;
    /* The 8 bytes at pa, little-endian. False: no such memory. */
    bool (*pte_read)(void *context, uint64_t pa, uint64_t *pte);
    /*
     * Replaces the PTE at pa by `desired` if it still is `expected`. False: it
     * is not, or the memory cannot be written. The walk is then begun anew
     * (at most a few times) or faults.
     */
    bool (*pte_update)(void *context, uint64_t pa, uint64_t expected,
                       uint64_t desired);
};

struct walk_request {
    const struct csr_file *csr; /* satp, SUM, MXR, ADUE, PBMTE, PMP, isa */
    enum priv priv;     /* effective mode: PRIV_S or PRIV_U translate by satp;
                           PRIV_M, or satp.MODE bare: va is the pa */
    enum access access; /* exactly one */
    uint64_t va;
    bool any_access;    /* a monitor's or debugger's look: permission bits, U,
                           A, D and PMP are not checked, nothing is updated;
                           an invalid or malformed PTE still faults */
};

/*
 * Why a walk ended: what the step of the "Virtual Address Translation Process"
 * found that its number names. Of those with "access" it is an access fault, of
 * the others a page fault.
 */
enum walk_reason {
    WALK_OK,
    WALK_NOT_CANONICAL,  /* the bits above the translated ones differ */
    WALK_PTE_PMP,        /* 2, access: PMP refuses S-mode to read the PTE */
    WALK_PTE_NO_MEMORY,  /* 2, access: there is no memory where it would be */
    WALK_INVALID,        /* 3: V is 0 */
    WALK_WRITE_ONLY,     /* 3: W without R is reserved */
    WALK_RESERVED,       /* 3: bits 60:54 are reserved */
    WALK_PBMT,           /* 3: PBMT is, here (Svpbmt) */
    WALK_NAPOT,          /* 3: N is, here (Svnapot) */
    WALK_POINTER_BITS,   /* 3: D, A and U of a pointer are */
    WALK_NO_LEAF,        /* 4: a pointer, and this is the last level */
    WALK_MISALIGNED,     /* 5: a superpage's low page-number bits are not 0 */
    WALK_SUPERVISOR_PAGE, /* 6: U is 0, in U-mode */
    WALK_USER_PAGE,      /* 6: U is 1, in S-mode, and SUM is 0 */
    WALK_USER_CODE,      /* 6: U is 1, in S-mode, which never executes there */
    WALK_NO_READ,        /* 7: R is 0 (and X, or MXR) */
    WALK_NO_WRITE,       /* 7: W is 0 */
    WALK_NO_EXECUTE,     /* 7: X is 0 */
    WALK_NOT_ACCESSED,   /* 8: A is 0, and hardware does not set it */
    WALK_NOT_DIRTY,      /* 8: D is 0, of a store; likewise */
    WALK_UPDATE_PMP,     /* 8, access: PMP refuses S-mode to write the PTE */
    WALK_UPDATE_FAILED,  /* 8, access: the PTE cannot be written */
};

struct walk_step {
    uint64_t pte_pa; /* where the PTE was read */
    uint64_t pte;    /* its value before any update */
};

struct walk_result {
    bool ok;
    uint64_t cause;  /* if !ok: page or access fault by request.access */
    uint8_t reason;  /* enum walk_reason */
    uint64_t pa;     /* of va */
    uint64_t pte;    /* the leaf, after any A/D update; 0 when bare */
    uint64_t pte_pa; /* where the leaf is; if !ok, the last PTE asked for */
    uint8_t level;   /* of it; 0 when bare */
    uint64_t size;   /* bytes this leaf maps: 4 KiB, 64 KiB (Svnapot), 2 MiB…;
                        when bare: ~0 */
    bool bare;
    unsigned rights; /* set of enum access that this leaf gives this priv now
                        without a further A/D update: store only if D is set.
                        PMP is not included. When bare: all three */
    unsigned steps;  /* entries of step[] filled, first = root */
    struct walk_step step[WALK_MAX_LEVELS];
};

/*
 * Translates. Checks PMP for every PTE it reads or updates (as S-mode does),
 * not for the final address. Updates A and D where menvcfg.ADUE says hardware
 * does (Svadu), else faults where they are clear (Svade).
 */
void walk(const struct walk_request *q, const struct walk_memory *mem,
          struct walk_result *r);

/* Is `va` canonical for `satp_mode`? Always true when bare. */
bool walk_canonical(uint64_t va, uint64_t satp_mode);

/* The page-fault and access-fault causes for one kind of access. */
uint64_t page_fault_cause(enum access a);
uint64_t access_fault_cause(enum access a);

#endif
