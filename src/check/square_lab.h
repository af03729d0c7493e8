/*
 * Inside square*.c only: the two machines of a square, and how a state is put
 * into both.
 */
#ifndef POGO_CHECK_SQUARE_LAB_H
#define POGO_CHECK_SQUARE_LAB_H

#include "check/square.h"
#include "machine/bare.h"
#include "mmu/pte.h"
#include "vmm/vm.h"

#define SQUARE_MEMORY (UINT64_C(1) << 20) /* of each machine, bytes */

/* Pages of the state's RAM, by number from SQUARE_BASE. */
enum square_page {
    PAGE_CODE = 1, /* four of them */
    PAGE_LEVEL0 = 5,
    PAGE_LEVEL1,
    PAGE_SV39, /* roots: each is the next one's table */
    PAGE_SV48,
    PAGE_SV57,
    PAGE_DATA, /* seven */
};
#define CODE_PAGES  4
#define TABLE_PAGES 5

struct square_lab {
    struct bare *bare;
    struct bare *host;
    struct vm *vm;
    struct machine *m[2]; /* bare, virtual */
    struct board *b[2];
    uint8_t *ram[2];             /* SQUARE_BASE there … */
    uint8_t before[SQUARE_SIZE]; /* … and what was there before the step */
};

/* Machines in reset. False: no memory. */
bool square_lab_make(struct square_lab *l, const struct square_config *c);
void square_lab_free(struct square_lab *l);

/* Both machines are in `s`. */
void square_apply(struct square_lab *l, const struct square_state *s);

/* What the bare machine is in, but for its RAM: that is l->before. */
void square_capture(struct square_lab *l, struct square_state *s);

/* Writes `n` pages from page `first` on in both, and fences. */
void square_write(struct square_lab *l, const uint8_t *from, unsigned first,
                  unsigned n);

/* The bits of what is at the bare machine's pc; 0: they cannot be read. */
uint32_t square_fetch(struct square_lab *l);

/* One instruction on both. */
void square_step(struct square_lab *l);

/* Are both in the same state? Then l->before is its RAM. *tables: pages from
   PAGE_LEVEL0 to PAGE_SV57 have changed. */
bool square_same(struct square_lab *l, bool *tables);

/* In what do they differ? False: in nothing. */
bool square_part(struct square_lab *l, struct square_parting *p);

/* ---- square_random.c ---- */

struct square_random {
    uint64_t seed;                             /* the generator's state */
    unsigned row;                              /* the next row of insn.def */
    unsigned csr;                              /* the next CSR number */
    uint16_t start[CODE_PAGES * RAM_PAGE / 2]; /* offsets of instructions */
    unsigned starts;
    uint8_t ram[SQUARE_SIZE]; /* as the scene began */
};

/* A new scene: code, page tables, data into r->ram; and what of the state
   changes rarely: PMP and menvcfg, by csr_set on both. */
void square_scene(struct square_random *r, struct square_lab *l);

/* New machines into the scene: the old ones had locked PMP entries. */
void square_unlocked(struct square_random *r, struct square_lab *l);

/* Both machines into a new random state, to execute instruction `n` of the
   scene; what is not set stays as it was, on both alike. */
void square_shuffle(struct square_random *r, struct square_lab *l, unsigned n);

/* ---- square_minimise.c ---- */

/* r->state, which was seen to differ, is tried again on new machines. */
void square_minimise(const struct square_config *c, struct square_result *r);

#endif
