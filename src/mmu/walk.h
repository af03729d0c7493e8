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

struct walk_step {
    uint64_t pte_pa; /* where the PTE was read */
    uint64_t pte;    /* its value before any update */
};

struct walk_result {
    bool ok;
    uint64_t cause;  /* if !ok: page or access fault by request.access */
    uint64_t pa;     /* of va */
    uint64_t pte;    /* the leaf, after any A/D update; 0 when bare */
    uint64_t pte_pa; /* where the leaf is */
    uint8_t level;   /* of the leaf; 0 when bare */
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
