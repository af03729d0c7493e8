/*
 * Where everything lies in a test program, in address order, and the layout
 * of the records that the generator writes and the runtime reads.  Included
 * by C and by the assembler.
 *
 *   0x80000000  runtime: the M-mode driver and trap handler
 *   0x80010000  S-mode trap handler, one page (S only, never U)
 *   0x80011000  its save area, one page
 *   0x80020000  registers of the running block, signature, counters
 *   0x80021000  parameters, patched by the generator's options
 *   0x80030000  block descriptors
 *   0x80100000  pool of operands, then lists of addresses (read only)
 *   0x80110000  first copies of the page-table entries under test
 *   0x80118000  page of "c.jr ra", the target of jumps that test permission
 *   0x80200000  data that blocks load and store
 *   0x80400000  page tables
 *   0x80600000  code of the blocks
 */
#ifndef TORTURE_LAYOUT_H
#define TORTURE_LAYOUT_H

#ifdef __ASSEMBLER__
#define L_U(x) x
#else
#define L_U(x) x##ull
#endif

#define L_RAM L_U(0x80000000)
#define L_S_CODE L_U(0x80010000)
#define L_S_DATA L_U(0x80011000)
/* Bits 31 and 17 only: the handler clears mstatus.MPRV with this address. */
#define L_STATE L_U(0x80020000)
#define L_PARAM L_U(0x80021000)
#define L_DESC L_U(0x80030000)
#define L_POOL L_U(0x80100000)
#define L_PRISTINE L_U(0x80110000)
#define L_STUB L_U(0x80118000)
#define L_DATA L_U(0x80200000)
#define L_TABLES L_U(0x80400000)
#define L_CODE L_U(0x80600000)
#define L_END L_U(0x80a00000)

#define L_POOL_SIZE 0x8000 /* operands; bases vary within it each round */
#define L_LISTS L_U(0x80108000)
#define L_DATA_SIZE 0x10000

/* Devices of the virt machine. */
#define L_UART L_U(0x10000000)
#define L_CLINT L_U(0x02000000)
#define L_MTIMECMP L_U(0x02004000)
#define L_FINISHER L_U(0x00100000)

/* State, byte offsets from L_STATE. */
#define ST_X 0
#define ST_F 256
#define ST_FCSR 512
#define ST_SIG 520
#define ST_BLOCK 528
#define ST_ROUND 536
#define ST_TRAPS 544
#define ST_DESC 552
#define ST_COUNT 560
#define ST_WINDOW 568

/* Parameters, byte offsets from L_PARAM. */
#define PA_ROUNDS 0
#define PA_DESC_END 8
#define PA_FROM 16
#define PA_TO 24
#define PA_STEP 32
#define PA_DUMP 40
#define PA_STATUS_MASK 48
#define PA_KEY 56
#define PA_LOCK_CFG 64
#define PA_LOCK_ADDR 72
#define PA_ESTIMATE 80
#define PA_MIP_MASK 88
#define PA_DELEG_MASK 96
#define PA_MSTATUS_MASK 104
#define PA_TVAL 128 /* 64 masks, one a cause */

/* Descriptor of one block, byte offsets. */
#define DE_SIZE 512
#define DE_ENTRY 0
#define DE_START 8
#define DE_EXIT 16
#define DE_FLAGS 24
#define DE_MSTATUS 32
#define DE_SATP 40
#define DE_MEDELEG 48
#define DE_MIDELEG 56
#define DE_MIE 64
#define DE_MENVCFG 72
#define DE_SENVCFG 80
#define DE_MCOUNTEREN 88
#define DE_SCOUNTEREN 96
#define DE_MTVEC 104
#define DE_STVEC 112
#define DE_LIVE 120     /* page-table entries under test ... */
#define DE_PRISTINE 128 /* ... their first contents ... */
#define DE_ENTRIES 136  /* ... and how many */
#define DE_BASES 144    /* four pairs: register * 8, value */
#define DE_PMPCFG0 208
#define DE_PMPCFG2 216
#define DE_PMPADDR 224 /* sixteen */
#define DE_FRM 352

#define FLAG_PMP 1     /* load the PMP registers */
#define FLAG_PMP_END 2 /* and empty them afterwards: M-mode reads all */

#endif
