/*
 * One hart: registers, CSRs, and an engine that executes. The engine decodes
 * guest code once into blocks keyed by physical address and runs those; see
 * docs/engine.md. One semantic body an instruction; whether it runs in a block
 * or alone, the effect is the same.
 */
#ifndef POGO_CPU_HART_H
#define POGO_CPU_HART_H

#include "bus/bus.h"
#include "isa/stop.h"
#include "isa/trap.h"
#include "mmu/walk.h"

/* x[32] is where writes to x0 go: resolved when the code is decoded. */
#define HART_X_SINK 32

struct translations;
struct engine;  /* decoded code, shared by the harts of one board */
struct context; /* one translation context's TLB and block lookups */

/* Counted for --stats; they change nothing. */
struct hart_stats {
    uint64_t exceptions[16]; /* entered, by cause */
    uint64_t interrupts[16];
    uint64_t blocks_decoded, tlb_fills;
};

struct hart;

/*
 * Told of each trap that the hart is about to enter: pc is at the instruction
 * (of an interrupt, the next one), csr as that finds it; `count` is how many
 * came before it. May look, and must not change anything.
 */
typedef void hart_watcher(void *context, const struct hart *h, uint64_t count,
                          const struct trap *t);

struct hart {
    uint64_t x[33];
    uint64_t f[32];
    uint64_t pc;
    struct csr_file csr; /* csr.count, instret are brought up to date whenever
                            hart_run returns */
    bool waiting;        /* in wfi: only hart_run and hart_wake change it */
    bool attached;       /* a monitor stands in for M-mode: a trap whose target
                            is M is not entered; hart_run returns it */
    bool reserved;       /* an LR's reservation stands */
    uint64_t reservation; /* its physical address */

    struct bus *bus;     /* borrowed */
    struct engine *engine;
    struct hart_stats stats;
    hart_watcher *watcher; /* NULL: nobody watches */
    void *watcher_context;
    struct hart_private *private_; /* the engine's own state for this hart */
};

/* Decoded code for the board whose RAM `bus` has. NULL: out of memory. */
struct engine *engine_new(struct bus *bus, const struct isa *isa);
void engine_free(struct engine *e);

enum status hart_init(struct hart *h, unsigned hartid, const struct isa *isa,
                      struct bus *bus, struct engine *e, uint64_t reset_pc);
void hart_free(struct hart *h);

/*
 * Runs until the count has advanced by `budget` (exactly), or earlier as enum
 * stop_reason says. Interrupts are looked at before the first instruction and
 * after everything that can raise one. A hart in wfi that nothing wakes returns
 * STOP_WAIT with count 0. Before each device access and CSR access bus->clock
 * .now and csr.count/instret/time are exact.
 * The sum of the stops' counts is csr.count's advance.
 */
struct stop hart_run(struct hart *h, uint64_t budget);

/* Idle time passes: count advances by `n` without an instruction. */
void hart_idle(struct hart *h, uint64_t n);

/* Gives up the reservation: at the end of a quantum when harts share a host
   thread. */
void hart_unreserve(struct hart *h);

/*
 * To be called after x, pc, csr were changed from outside (csr_write's effects,
 * or ~0u for "anything"): the engine looks at translation and interrupts anew.
 */
void hart_changed(struct hart *h, unsigned effects);

/*
 * As sfence.vma does, for this hart: va NULL = all addresses, asid NULL = all
 * spaces.
 */
void hart_fence(struct hart *h, const uint64_t *va, const uint64_t *asid);

/* The translations that the hart keeps, for one who looks on. */
const struct translations *hart_translations(const struct hart *h);

/*
 * The state (base/state.h) but for x, f, pc and the reservation: CSRs, waiting,
 * and the translations it keeps. Loading gives up the reservation, and takes
 * the clock's offset to have been loaded.
 */
void hart_state(struct hart *h, struct state *s);

/*
 * To be called after RAM_DIRTY was cleared, or RAM_WATCHED set, in ram->flags:
 * stores to pages that the hart has written before are noted anew.
 */
void hart_drop_write_tlb(struct hart *h);

#endif
