/*
 * A hart or two on a bus with RAM and one device, and instructions as words:
 * enough of a machine to test the engine without a board.
 */
#ifndef POGO_TESTS_CPU_RIG_H
#define POGO_TESTS_CPU_RIG_H

#include "cpu/engine.h"

#define RIG_RAM UINT64_C(0x80000000)
#define RIG_RAM_SIZE (UINT64_C(1) << 20)
#define RIG_DEVICE UINT64_C(0x10000000)
#define RIG_ROM UINT64_C(0x1000)

/* What the device saw last, and what it does. */
struct rig_device {
    uint64_t loads, stores, value, offset;
    uint64_t now, time;  /* the clock at the last access */
    uint64_t raise;      /* lines a store raises in hart 0 */
    bool attention;      /* set by accesses */
};

struct rig {
    struct bus bus;
    struct isa isa;
    struct engine *engine;
    struct hart hart[2];
    struct hart *h; /* hart 0 */
    struct rig_device device;
};

/* All extensions, harts at RIG_RAM in M-mode with FS on. */
struct rig *rig_new(void);
struct rig *rig_new_isa(const char *isa);
void rig_free(struct rig *r);

/* Puts words at physical address pa, as software would have written them. */
void rig_put(struct rig *r, uint64_t pa, const uint32_t *words, size_t n);
#define RIG_PUT(r, pa, ...)                                          \
    rig_put(r, pa, (const uint32_t[]){__VA_ARGS__},                  \
            sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))
#define RIG_CODE(r, ...) RIG_PUT(r, RIG_RAM, __VA_ARGS__)

uint64_t rig_peek(struct rig *r, uint64_t pa, unsigned size);
void rig_poke(struct rig *r, uint64_t pa, unsigned size, uint64_t v);

/* Writes a CSR as M-mode would. */
void rig_csr(struct rig *r, unsigned csr, uint64_t value);

/* Runs hart 0 for exactly n counts, whatever stops it in between; fails the
   test if it waits or if a trap is returned. */
void rig_run(struct rig *r, uint64_t n);

/* Maps the page at va to pa in an Sv39 table whose root is at RIG_TABLES;
   level 0, 1 or 2; flags are PTE bits. Tables are taken in turn. */
#define RIG_TABLES (RIG_RAM + 0x80000)
void rig_map(struct rig *r, uint64_t va, uint64_t pa, unsigned level,
             uint64_t flags);
#define RIG_SATP (UINT64_C(8) << 60 | RIG_TABLES >> 12)

/* --- instructions --- */

static inline uint32_t r_type(uint32_t match, unsigned rd, unsigned rs1,
                              unsigned rs2)
{
    return match | rd << 7 | rs1 << 15 | rs2 << 20;
}

static inline uint32_t i_type(uint32_t match, unsigned rd, unsigned rs1,
                              int imm)
{
    return match | rd << 7 | rs1 << 15 | (uint32_t)imm << 20;
}

static inline uint32_t s_type(uint32_t match, unsigned rs2, unsigned rs1,
                              int imm)
{
    return match | rs2 << 20 | rs1 << 15 | ((uint32_t)imm & 31) << 7 |
           ((uint32_t)imm >> 5 & 127) << 25;
}

static inline uint32_t b_type(uint32_t match, unsigned rs1, unsigned rs2,
                              int imm)
{
    uint32_t v = (uint32_t)imm;

    return match | rs1 << 15 | rs2 << 20 | (v >> 11 & 1) << 7 |
           (v >> 1 & 15) << 8 | (v >> 5 & 63) << 25 | (v >> 12 & 1) << 31;
}

static inline uint32_t j_type(unsigned rd, int imm)
{
    uint32_t v = (uint32_t)imm;

    return 0x6f | rd << 7 | (v >> 12 & 255) << 12 | (v >> 11 & 1) << 20 |
           (v >> 1 & 1023) << 21 | (v >> 20 & 1) << 31;
}

#define ADDI(rd, rs1, imm) i_type(0x13, rd, rs1, imm)
#define NOP ADDI(0, 0, 0)
#define LUI(rd, imm20) (0x37u | (rd) << 7 | (uint32_t)(imm20) << 12)
#define AUIPC(rd, imm20) (0x17u | (rd) << 7 | (uint32_t)(imm20) << 12)
#define ADD(rd, rs1, rs2) r_type(0x33, rd, rs1, rs2)
#define SLLI(rd, rs1, n) i_type(0x1013, rd, rs1, n)
#define JAL(rd, offset) j_type(rd, offset)
#define JALR(rd, rs1, imm) i_type(0x67, rd, rs1, imm)
#define BNE(rs1, rs2, offset) b_type(0x1063, rs1, rs2, offset)
#define BEQ(rs1, rs2, offset) b_type(0x63, rs1, rs2, offset)
#define LW(rd, imm, rs1) i_type(0x2003, rd, rs1, imm)
#define LD(rd, imm, rs1) i_type(0x3003, rd, rs1, imm)
#define LH(rd, imm, rs1) i_type(0x1003, rd, rs1, imm)
#define LBU(rd, imm, rs1) i_type(0x4003, rd, rs1, imm)
#define SB(rs2, imm, rs1) s_type(0x23, rs2, rs1, imm)
#define SW(rs2, imm, rs1) s_type(0x2023, rs2, rs1, imm)
#define SD(rs2, imm, rs1) s_type(0x3023, rs2, rs1, imm)
#define FLD(rd, imm, rs1) i_type(0x3007, rd, rs1, imm)
#define FLW(rd, imm, rs1) i_type(0x2007, rd, rs1, imm)
#define FSD(rs2, imm, rs1) s_type(0x3027, rs2, rs1, imm)
#define CSRRW(rd, csr, rs1) i_type(0x1073, rd, rs1, (int)(csr))
#define CSRRS(rd, csr, rs1) i_type(0x2073, rd, rs1, (int)(csr))
#define CSRRC(rd, csr, rs1) i_type(0x3073, rd, rs1, (int)(csr))
#define CSRRWI(rd, csr, zimm) i_type(0x5073, rd, zimm, (int)(csr))
#define CSRR(rd, csr) CSRRS(rd, csr, 0)
#define CSRW(csr, rs1) CSRRW(0, csr, rs1)
#define LR_W(rd, rs1) r_type(0x1000202f, rd, rs1, 0)
#define SC_W(rd, rs2, rs1) r_type(0x1800202f, rd, rs1, rs2)
#define AMOADD_W(rd, rs2, rs1) r_type(0x0000202f, rd, rs1, rs2)
#define ECALL 0x00000073u
#define EBREAK 0x00100073u
#define MRET 0x30200073u
#define SRET 0x10200073u
#define WFI 0x10500073u
#define FENCE_I 0x0000100fu
#define SFENCE_VMA(rs1, rs2) r_type(0x12000073, 0, rs1, rs2)
#define CBO_ZERO(rs1) r_type(0x0040200f, 0, rs1, 0)
#define CBO_CLEAN(rs1) r_type(0x0010200f, 0, rs1, 0)
#define FADD_D(rd, rs1, rs2) r_type(0x02007053, rd, rs1, rs2)
#define ILLEGAL_WORD 0xffffffffu

#endif
