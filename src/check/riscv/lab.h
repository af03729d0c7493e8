/*
 * One side of a twin run: a hart of cpu/hart.h with a little RAM of its own,
 * set up from a struct machine_state, on which single instructions are run. A
 * monitor is attached: a trap to M-mode ends the run and changes nothing.
 *
 * What the guest can see, each page twice: at GUEST_BASE + 4096 * page through
 * the guest's tables, and at GUEST_BASE + 4096 * frame(page) untranslated.
 *
 *     page   rights in the guest's tables          belongs to
 *     0      read, execute: the instruction is     the mode it runs in
 *            at its end
 *     1      read, write                           S
 *     2      read, write                           U
 *     3      read                                  the mode of its data
 *     4      execute only (MXR)                    the mode of its data
 *     5      read, write; A and D as `ad-page`     the mode of its data
 *     6      read, write; may be denied by `pmp`   the mode of its data
 *     7      read, write                           the mode of its data
 *     8…     not mapped
 *
 * Physical RAM, in frames of 4 KiB from GUEST_BASE on:
 *     0…7    the pages, in an order that `frames` chooses   (bare side)
 *     16…20  the guest's page tables, root first            (bare side)
 *     32…63  the same 32 frames in an order that `p2m` chooses (with a monitor)
 *     64…66  the monitor's shadow tables
 *     72…    what the probe of the TLB needs
 */
#ifndef POGO_CHECK_RISCV_LAB_H
#define POGO_CHECK_RISCV_LAB_H

#include "check/riscv/state.h"
#include "cpu/hart.h"

#define PAGES        8
#define FRAMES       80
#define FRAME_TABLE  16u /* the guest's tables */
#define FRAME_HOST   32u
#define FRAME_SHADOW 64u
#define FRAME_PROBE  72u
#define GUEST_FRAMES 32u
#define LAB_NO_WORD  (~UINT64_C(0))

struct lab {
    struct isa isa;    /* of the machine, with its holes */
    struct isa manual; /* the same without: how a monitor emulates */
    enum riscv_condition without;
    struct bus bus;
    struct engine *engine;
    struct hart hart;
    struct machine_state state;
    /* What a run begins with. */
    struct csr_file csr;
    uint64_t x[33], f[32];
    uint64_t reservation;
    uint64_t code_pa;        /* of the page that is fetched from */
    uint64_t word;           /* there now, or LAB_NO_WORD */
    uint8_t page_of[FRAMES]; /* which page, or PAGES: none */
    uint8_t *kept;           /* pages and the leaf table, as set up */
};

enum outcome_kind {
    RUN_RETIRED,
    RUN_TRAPPED,
    RUN_MEMORY_TRAPPED, /* page and access faults: Popek and Goldberg's memory
                           traps, which say something about the mapping only */
};

struct outcome {
    uint8_t kind; /* enum outcome_kind */
    struct trap trap;
    bool owned;   /* state that the monitor owns has changed … */
    bool flushed; /* … among it a cached translation (with a probe) */
};

/* NULL: out of memory. */
struct lab *lab_new(const struct isa *isa);
void lab_free(struct lab *lab);

/* Sets up everything for state `s`, which is valid; the monitor, if the view is
   one of its, lacks `without`. */
void lab_set(struct lab *lab, const struct machine_state *s,
             enum riscv_condition without);
/* The same where only what the monitor owns, or registers, have changed. */
void lab_set_registers(struct lab *lab, const struct machine_state *s);

enum lab_options {
    LAB_MEMORY = 1 << 0, /* the instruction may access memory: set it right */
    LAB_PROBE = 1 << 1,  /* look whether translations were dropped */
};

/* Runs the instruction in the low bits of `word`, in the state as set. */
struct outcome lab_run(struct lab *lab, uint32_t word, unsigned options);

/* In what two labs may not differ after a run, and do. */
enum difference {
    DIFFER_X = 1 << 0,
    DIFFER_F = 1 << 1,
    DIFFER_PC = 1 << 2,
    DIFFER_FCSR = 1 << 3,
    DIFFER_FS = 1 << 4, /* only where FS is the guest's */
    DIFFER_RESERVATION = 1 << 5,
    DIFFER_MEMORY = 1 << 6, /* through the mapping */
    DIFFER_TABLES = 1 << 7, /* the guest's own page tables */
};

/* A set of enum difference. Memory is looked at with `memory`, tables with
   `tables` (where both sides have the same `frames`). */
unsigned lab_compare(const struct lab *a, const struct lab *b, bool memory,
                     bool tables);

/* Is mstatus.FS the guest's own, not the monitor's? */
static inline bool lab_fs_is_guests(const struct lab *lab)
{
    return lab->without != CONDITION_FS;
}

/* The reservation, too: if it outlives the exits that are hidden. */
static inline bool lab_reservation_is_guests(const struct lab *lab)
{
    return lab->without != CONDITION_RESERVATION;
}

/* What a key's value is on the hart now, after a run. */
uint64_t lab_value(const struct lab *lab, enum state_key k);

/* Host memory of a frame. */
static inline uint8_t *lab_frame(const struct lab *lab, unsigned frame)
{
    return lab->bus.ram.bytes + 4096u * frame;
}

/* lab_map.c: where things are, and the tables. */
unsigned lab_page_frame(const struct machine_state *s, unsigned page);
unsigned lab_guest_frame(const struct machine_state *s, unsigned guest_frame);
/* Builds the guest's tables and, with a shadow view, the monitor's. lab->csr is
   the guest's as it stands; afterwards it has what the mapping rules. */
void lab_map(struct lab *lab);

#endif
