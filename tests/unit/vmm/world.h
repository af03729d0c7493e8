/*
 * A machine at any depth, for tests: a bare board, and as many monitors on it
 * as asked for. Whatever a test does, it does through struct machine, so that
 * the same lines run at every depth.
 */
#ifndef POGO_TESTS_WORLD_H
#define POGO_TESTS_WORLD_H

#include "machine/bare.h"
#include "machine/run.h"
#include "mmu/pte.h"
#include "vmm/vm.h"

#define WORLD_MAX_DEPTH 3
#define WORLD_RAM (UINT64_C(16) << 20)
#define CODE UINT64_C(0x80001000)    /* where test programs start */
#define HANDLER UINT64_C(0x80000100) /* mtvec: `addi t0, t0, 1; j .` */
#define TABLES UINT64_C(0x80100000)  /* page tables from here on */

struct world {
    unsigned depth;
    unsigned hart; /* that the functions below are about */
    struct bare *bare;
    struct vm *vm[WORLD_MAX_DEPTH];
    struct machine *m; /* the outermost machine, which the test uses */
    struct board *b;
};

void world_make(struct world *w, unsigned depth, unsigned harts);
void world_make_as(struct world *w, unsigned depth, unsigned harts,
                   uint64_t ram, struct isa isa);
void world_free(struct world *w);

/* Everything between two instructions of hart w->hart (0 to begin with). */
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
 * Puts `code` at CODE and runs it in mode `priv`, from the virtual address pc,
 * and a few counts more. mcause is NO_TRAP to begin with.
 */
void world_try(struct world *w, enum priv priv, uint64_t pc,
               const uint32_t *code, size_t n);
#define TRY_AT(w, priv, pc, ...) \
    world_try(w, priv, pc, (uint32_t[]){ __VA_ARGS__ }, \
              sizeof((uint32_t[]){ __VA_ARGS__ }) / 4)
#define TRY(w, priv, ...) TRY_AT(w, priv, CODE, __VA_ARGS__)
#define NO_TRAP 63
#define assert_no_trap(w) \
    assert_int_equal(world_csr(w, CSR_mcause), NO_TRAP)

/* The hart's last trap was to M-mode, with these. */
#define assert_trap(w, cause, tval, epc) \
    do { \
        assert_true(world_csr(w, CSR_mcause) == (uint64_t)(cause)); \
        assert_true(world_csr(w, CSR_mtval) == (uint64_t)(tval)); \
        assert_true(world_csr(w, CSR_mepc) == (uint64_t)(epc)); \
    } while (0)

/* What every monitor together has counted. */
struct core_stats world_stats(const struct world *w);

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

/* Page n (below 512) of the window is the 4 KiB page `pa`: to be called after
   world_paging. No A and D but those in flags. */
void world_map(struct world *w, unsigned n, uint64_t pa, uint64_t flags);
uint64_t world_map_get(struct world *w, unsigned n);
#define PAGE_OF_WINDOW(n) (WINDOW + 0x1000 * (uint64_t)(n))
#define ALL_OF_S (PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)
#define ALL_OF_U (ALL_OF_S | PTE_U)
#define DATA UINT64_C(0x80400000) /* for tests: nothing is there */

/* Instructions. */
uint32_t i_type(unsigned op, unsigned f3, unsigned rd, unsigned rs1, int imm);
uint32_t ld(unsigned rd, unsigned rs1, int imm);
uint32_t sd(unsigned rs2, unsigned rs1, int imm);
uint32_t addi(unsigned rd, unsigned rs1, int imm);
uint32_t jalr(unsigned rd, unsigned rs1);
uint32_t csr(unsigned f3, unsigned rd, unsigned number, unsigned rs1);
uint32_t sfence(unsigned rs1, unsigned rs2);
uint32_t sinval(unsigned rs1, unsigned rs2);
uint32_t store(unsigned f3, unsigned rs2, unsigned rs1, int imm);
uint32_t amo(unsigned f5, unsigned f3, unsigned rd, unsigned rs1,
             unsigned rs2);
uint32_t cbo(unsigned op, unsigned rs1);
uint32_t fld(unsigned rd, unsigned rs1, int imm);
uint32_t fsd(unsigned rs2, unsigned rs1, int imm);
uint32_t add(unsigned rd, unsigned rs1, unsigned rs2);
enum { CBO_INVAL, CBO_CLEAN, CBO_FLUSH, CBO_ZERO = 4 };
enum { AMOADD = 0, AMOSWAP = 1, LR = 2, SC = 3 };
#define CSRRW 1
#define CSRRS 2
#define CSRRC 3
#define CSRRWI 5
#define CSRRSI 6
#define CSRRCI 7
#define NOP 0x00000013u
#define ECALL 0x00000073u
#define EBREAK 0x00100073u
#define HERE 0x0000006fu /* j . */
#define WFI 0x10500073u
#define MRET 0x30200073u
#define SRET 0x10200073u

enum {
    T0 = 5, T1, T2, S0, S1, A0, A1, A2, A3, A4, A5,
    S2 = 18, S3, S4, S5, S6
};

/* Runs `test` at depth 0, 1, 2: all must end in one state (machine_hash). */
void at_every_depth(void (*test)(struct world *w));
void at_every_depth_as(void (*test)(struct world *w), unsigned harts,
                       struct isa isa);

#endif
