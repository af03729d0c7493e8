/*
 * A computer as its most privileged software sees it. The bare board
 * implements this over the interpreter; a virtual machine implements it over a
 * monitor that itself uses nothing but this. So a monitor on a virtual machine
 * is a monitor on a machine (Popek and Goldberg's Theorem 2), and whatever is
 * written against this interface works at every depth. Freestanding.
 */
#ifndef POGO_MACHINE_MACHINE_H
#define POGO_MACHINE_MACHINE_H

#include "base/state.h"
#include "base/status.h"
#include "isa/csr_file.h"
#include "isa/stop.h"

/*
 * reg_get/reg_set: x0..x31, f0..f31, then these. REG_RESERVATION is LR's
 * reservation: its physical address, or RESERVATION_NONE.
 */
enum machine_reg {
    REG_X0 = 0,
    REG_F0 = 32,
    REG_PC = 64,
    REG_PRIV = 65,
    REG_RESERVATION = 66,
};
#define RESERVATION_NONE UINT64_MAX

struct machine;

struct machine_ops {
    /* One hart, between two instructions. Can never fail; x0 stays zero. */
    uint64_t (*reg_get)(struct machine *m, unsigned hart, unsigned reg);
    void (*reg_set)(struct machine *m, unsigned hart, unsigned reg, uint64_t v);
    /* As an M-mode csrr/csrw; STATUS_NO_CSR if there is none. */
    enum status (*csr_get)(struct machine *m, unsigned hart, unsigned csr,
                           uint64_t *v);
    enum status (*csr_set)(struct machine *m, unsigned hart, unsigned csr,
                           uint64_t v);
    /* sfence.vma; NULL means all. */
    void (*fence)(struct machine *m, unsigned hart, const uint64_t *va,
                  const uint64_t *asid);
    /*
     * Pointer to the RAM at physical [pa, pa+len), NULL where it is not RAM or
     * not contiguous in host memory. `write`: it is about to be written: pages
     * are marked dirty and their decoded code dropped; ask anew for each burst.
     */
    void *(*ram)(struct machine *m, uint64_t pa, uint64_t len, bool write);
    /*
     * Nobody needs what is in the whole pages at physical [pa, pa+len) any
     * more: they read as zero. False, and nothing has happened, where it is not
     * RAM. NULL: the machine has no way that is better than to write zeros.
     */
    bool (*discard)(struct machine *m, uint64_t pa, uint64_t len);
    /* Physical access, size 1, 2, 4, 8, devices too. STATUS_FAULT: refused. */
    enum status (*load)(struct machine *m, uint64_t pa, unsigned size,
                        uint64_t *v);
    enum status (*store)(struct machine *m, uint64_t pa, unsigned size,
                         uint64_t v);
    /* Runs one hart: isa/stop.h says how it ends. */
    struct stop (*run)(struct machine *m, unsigned hart, uint64_t budget);
    /* Idle time passes on a waiting hart: its count advances by n. */
    void (*idle)(struct machine *m, unsigned hart, uint64_t n);
    /*
     * The hart's state (base/state.h) but for x, f, pc and the reservation:
     * CSRs, mode, waiting, and the translations it keeps; the same bytes at
     * every depth. Loading gives up the reservation, and wants the board's
     * clock to have been loaded.
     */
    void (*hart_state)(struct machine *m, unsigned hart, struct state *s);
    /* A monitor takes the place of M-mode on this hart, or leaves it: with it
       attached, traps to M-mode are returned by run, not entered. */
    void (*attach)(struct machine *m, unsigned hart, bool attached);
};

struct machine {
    const struct machine_ops *ops;
    const struct isa *isa; /* what its harts have; the holes are those of the
                              bare machine at the bottom */
    unsigned harts;
};

#endif
