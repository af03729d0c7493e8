/*
 * What the generators of attacks write with: random choices that are near
 * something, and instructions. An item has room for about 90; what is too much
 * is left out.
 *
 * The guest's RAM, by its offset in the image: the handler and what it needs
 * come first, then the items, the page tables, the virtqueues, and data.
 */
#ifndef POGO_CHECK_HOSTILE_EMIT_H
#define POGO_CHECK_HOSTILE_EMIT_H

#include "check/hostile.h"
#include "isa/insn.h"
#include "mmu/pte.h"

#define AT_HANDLER UINT64_C(0x0000) /* code, one page */
#define AT_STATE   UINT64_C(0x1000) /* items begun: 8 bytes a hart */
#define AT_FUEL    UINT64_C(0x1100) /* traps that the item may still make */
#define AT_VALUES  UINT64_C(0x1400) /* what items find in their registers */
#define AT_ROWS    UINT64_C(0x2000) /* of each item: 4 words of 8 bytes */
#define AT_ITEMS   UINT64_C(0x3000)
#define AT_ROOT39  UINT64_C(0x10000)
#define AT_ROOT48  UINT64_C(0x11000)
#define AT_ROOT57  UINT64_C(0x12000)
#define AT_LEVEL1  UINT64_C(0x13000) /* of the window */
#define AT_LEVEL0  UINT64_C(0x14000) /* 4 tables: 8 MiB of the window */
#define AT_WILD    UINT64_C(0x18000) /* 8 tables for the attack's own use */
#define AT_QUEUES  UINT64_C(0x20000)
#define AT_DATA    UINT64_C(0x40000)

#define HOSTILE_ITEMS     128
#define HOSTILE_ITEM_SIZE 384 /* bytes */
#define HOSTILE_VALUES    96

/* Virtual addresses, in all three paging modes. */
#define WINDOW_VA UINT64_C(0x40000000) /* through AT_LEVEL1 */
#define SUPER_VA  BOARD_RAM_BASE       /* all RAM, pages of S */
#define USER_VA   UINT64_C(0xc0000000) /* all RAM, pages of U */

/* ---- choices ---- */

uint64_t any(struct hostile *h);               /* 64 random bits */
unsigned below(struct hostile *h, unsigned n); /* 0..n-1; n > 0 */
bool chance(struct hostile *h, unsigned percent);
unsigned reg(struct hostile *h);          /* x1..x31 */
uint64_t wild_value(struct hostile *h);   /* for a register or CSR */
uint64_t wild_address(struct hostile *h); /* virtual or physical */
uint64_t wild_frame(struct hostile *h);   /* a physical page number */
uint64_t wild_pte(struct hostile *h);
uint64_t wild_satp(struct hostile *h);
uint64_t good_satp(struct hostile *h); /* one of the three roots */
uint64_t device_address(struct hostile *h);

/* ---- the image ---- */

void poke(struct hostile *h, uint64_t offset, uint64_t v); /* 8 bytes */
uint64_t pte_for(uint64_t offset, uint64_t flags); /* of a page of the image */
#define PTE_ALL (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)

/* ---- instructions ---- */

void put(struct hostile *h, uint32_t insn);
void put_r(struct hostile *h, unsigned op, unsigned rd, unsigned rs1,
           unsigned rs2);
void put_i(struct hostile *h, unsigned op, unsigned rd, unsigned rs1, int imm);
void put_store(struct hostile *h, unsigned op, unsigned rs2, unsigned rs1,
               int imm);
/* csrrw, csrrs, csrrc with rs1; with their immediate forms rs1 is the value. */
void put_csr(struct hostile *h, unsigned op, unsigned rd, unsigned csr,
             unsigned rs1);
void put_li(struct hostile *h, unsigned rd, uint64_t v);
void put_set_csr(struct hostile *h, unsigned csr, uint64_t v); /* uses x30 */
/* A load or store of any size, at (x`base`). */
void put_access(struct hostile *h, unsigned base, int imm);
/* Counts x`counter` down, and back to `start` (as h->at was) until it is 0. */
void put_loop(struct hostile *h, unsigned counter, uint64_t start);
/* Any instruction of the table, its operands random. */
void put_any(struct hostile *h);

#endif
