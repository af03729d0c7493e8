/*
 * A machine at any depth, for tests: a bare board, and as many monitors on it
 * as asked for. Whatever a test does, it does through struct machine, so that
 * the same lines run at every depth.
 */
#ifndef POGO_TESTS_WORLD_H
#define POGO_TESTS_WORLD_H

#include "machine/bare.h"
#include "machine/run.h"
#include "vmm/vm.h"

#define WORLD_MAX_DEPTH 3
#define WORLD_RAM (UINT64_C(16) << 20)
#define CODE UINT64_C(0x80001000)    /* where test programs start */
#define HANDLER UINT64_C(0x80000100) /* mtvec: `addi t0, t0, 1; j .` */
#define TABLES UINT64_C(0x80100000)  /* page tables from here on */

struct world {
    unsigned depth;
    struct bare *bare;
    struct vm *vm[WORLD_MAX_DEPTH];
    struct machine *m; /* the outermost machine, which the test uses */
    struct board *b;
};

void world_make(struct world *w, unsigned depth, unsigned harts);
void world_free(struct world *w);

/* Everything between two instructions of hart 0. */
uint64_t world_reg(struct world *w, unsigned reg);
void world_set_reg(struct world *w, unsigned reg, uint64_t v);
uint64_t world_csr(struct world *w, unsigned csr);
void world_set_csr(struct world *w, unsigned csr, uint64_t v);
uint64_t world_load(struct world *w, uint64_t pa);
void world_store(struct world *w, uint64_t pa, uint64_t v);
void world_code(struct world *w, uint64_t pa, const uint32_t *code, size_t n);

/* Runs `n` counts; every monitor is audited after it. */
void world_run(struct world *w, uint64_t n);

/*
 * Sv39 with two mappings: gigapage 0x80000000 onto itself for S (all rights),
 * and the 2 MiB at WINDOW through the level-1 table L1, entry 0. Puts the hart
 * into S-mode at CODE.
 */
#define ROOT TABLES
#define L1 (TABLES + 0x1000)
#define L0 (TABLES + 0x2000)
#define WINDOW UINT64_C(0x40000000)
void world_paging(struct world *w);
uint64_t world_pte(uint64_t pa, uint64_t flags);

/* Instructions. */
uint32_t i_type(unsigned op, unsigned f3, unsigned rd, unsigned rs1, int imm);
uint32_t ld(unsigned rd, unsigned rs1, int imm);
uint32_t sd(unsigned rs2, unsigned rs1, int imm);
uint32_t addi(unsigned rd, unsigned rs1, int imm);
uint32_t jalr(unsigned rd, unsigned rs1);
uint32_t csr(unsigned f3, unsigned rd, unsigned number, unsigned rs1);
uint32_t sfence(unsigned rs1, unsigned rs2);
#define CSRRW 1
#define CSRRS 2
#define CSRRC 3
#define HERE 0x0000006fu /* j . */
#define WFI 0x10500073u
#define MRET 0x30200073u
#define SRET 0x10200073u

enum { T0 = 5, S0 = 8, S1 = 9, A0 = 10, A1, A2, A3, A4, A5, S2 = 18, S3, S4 };

/* Runs `test` at depth 0, 1 and 2. */
void at_every_depth(void (*test)(struct world *w));

#endif
