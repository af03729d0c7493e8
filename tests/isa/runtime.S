/*
 * The part of a test program that is the same for every seed: it starts each
 * block with the CSRs and registers of its descriptor, handles every trap,
 * keeps the signature, and prints.  Registers inside the driver:
 * s0 state, s1 signature, s2 key of the mix, s3 descriptor.
 */
#include "layout.h"

#define TRAP_LIMIT 96
#define STIMECMP 0x14d
#define MENVCFG 0x30a
#define SENVCFG 0x10a
#define MSTATUS_FS 0x6000

/* sig = (sig + value) * key, which loses nothing since key is odd. */
.macro MIX reg
    add s1, s1, \reg
    mul s1, s1, s2
.endm

/*
 * Entry of the M-mode handler, \n says which vector was taken.  mscratch
 * holds L_STATE, whose set bits clear MPRV before the first store.
 */
.macro M_STUB n
    csrrw sp, mscratch, sp
    csrc mstatus, sp
    sd x31, ST_X+248(sp)
    li x31, \n
    j m_common
.endm

.macro S_STUB n
    csrrw sp, sscratch, sp
    sd x31, 0(sp)
    li x31, \n
    j s_common
.endm

.macro CSR_FROM csr, off
    ld t0, \off(s3)
    csrw \csr, t0
.endm

.option norelax
.section .text
.globl _start
_start:
    j boot
    .balign 8
    .dword m_direct, m_vector, s_direct, s_vector

boot:
    csrr t0, mhartid
    beqz t0, 1f
park:
    csrw mie, zero
    wfi
    j park
1:  li s0, L_STATE
    csrw mscratch, s0
    la t0, m_direct
    csrw mtvec, t0
    li t0, MSTATUS_FS
    csrs mstatus, t0
    li t1, -1
    li t0, L_MTIMECMP
    sd t1, 0(t0)
    li t0, L_PARAM
    ld t1, PA_LOCK_ADDR(t0)
    csrw pmpaddr3, t1
    ld t1, PA_LOCK_CFG(t0)
    csrw pmpcfg0, t1
    li s3, L_DESC

/* Starts the block of descriptor s3 (s0 = state). */
block_start:
    sd s3, ST_DESC(s0)
    sd zero, ST_TRAPS(s0)
    CSR_FROM mtvec, DE_MTVEC
    CSR_FROM stvec, DE_STVEC
    li t0, L_S_DATA
    csrw sscratch, t0
    CSR_FROM medeleg, DE_MEDELEG
    CSR_FROM mideleg, DE_MIDELEG
    CSR_FROM mie, DE_MIE
    CSR_FROM MENVCFG, DE_MENVCFG
    CSR_FROM SENVCFG, DE_SENVCFG
    CSR_FROM mcounteren, DE_MCOUNTEREN
    CSR_FROM scounteren, DE_SCOUNTEREN
    CSR_FROM satp, DE_SATP
    csrw mip, zero
    li t0, -1
    csrw STIMECMP, t0
    csrw scause, zero
    csrw stval, zero
    csrw sepc, zero
    li t0, L_CLINT
    sw zero, 0(t0)
    ld t0, DE_FLAGS(s3)
    andi t0, t0, FLAG_PMP
    beqz t0, 1f
    call load_pmp
1:  call restore_entries
    call place_bases
    sfence.vma
    fence.i
    call load_f
    CSR_FROM mepc, DE_ENTRY
    CSR_FROM mstatus, DE_MSTATUS
    j m_return

load_pmp:
    csrw pmpcfg0, zero
    csrw pmpcfg2, zero
.irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    CSR_FROM pmpaddr\n, DE_PMPADDR+8*\n
.endr
    CSR_FROM pmpcfg0, DE_PMPCFG0
    CSR_FROM pmpcfg2, DE_PMPCFG2
    ret

/* Puts the page-table entries under test back as they were. */
restore_entries:
    ld t0, DE_LIVE(s3)
    ld t1, DE_PRISTINE(s3)
    ld t2, DE_ENTRIES(s3)
    beqz t2, 2f
1:  ld t3, 0(t1)
    sd t3, 0(t0)
    addi t0, t0, 8
    addi t1, t1, 8
    addi t2, t2, -1
    bnez t2, 1b
2:  ret

/* The first base is that of the pool, and moves each round. */
place_bases:
    ld t3, ST_WINDOW(s0)
    addi t4, s3, DE_BASES
    li t5, 4
1:  ld t0, 0(t4)
    ld t1, 8(t4)
    add t1, t1, t3
    add t0, t0, s0
    sd t1, 0(t0)
    li t3, 0
    addi t4, t4, 16
    addi t5, t5, -1
    bnez t5, 1b
    ret

load_f:
.irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23
    fld f\n, ST_F+8*\n(s0)
.endr
.irp n, 24,25,26,27,28,29,30,31
    fld f\n, ST_F+8*\n(s0)
.endr
    ld t0, ST_FCSR(s0)
    andi t0, t0, 0x1f
    ld t1, DE_FRM(s3)
    or t0, t0, t1
    fscsr t0
    ret

/* The end of a block: s0, s1, s2 as above, registers saved in the state. */
block_end:
    ld s3, ST_DESC(s0)
    ld t0, DE_FLAGS(s3)
    andi t0, t0, FLAG_PMP_END
    beqz t0, 1f
    csrw pmpcfg0, zero
    csrw pmpcfg2, zero
1:  li t0, MSTATUS_FS
    csrs mstatus, t0
.irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23
    fsd f\n, ST_F+8*\n(s0)
.endr
.irp n, 24,25,26,27,28,29,30,31
    fsd f\n, ST_F+8*\n(s0)
.endr
    frcsr t0
    sd t0, ST_FCSR(s0)
    sd zero, 0(s0)
    mv t1, s0
    li t2, 65
    call mix_words
    ld t1, DE_LIVE(s3)
    ld t2, DE_ENTRIES(s3)
    call mix_words
    call mix_data
    call mix_csrs
    srli t0, s1, 29
    xor s1, s1, t0
    sd s1, ST_SIG(s0)
    call report
    ld t0, ST_BLOCK(s0)
    addi t0, t0, 1
    sd t0, ST_BLOCK(s0)
    addi s3, s3, DE_SIZE
    li t1, L_PARAM
    ld t2, PA_DESC_END(t1)
    bltu s3, t2, block_start
    li s3, L_DESC
    ld t0, ST_ROUND(s0)
    addi t0, t0, 1
    sd t0, ST_ROUND(s0)
    /* Another window into the pool: a multiple of 8 below half of it. */
    li t3, 1272
    mul t3, t3, t0
    li t4, L_POOL_SIZE/2-8
    and t3, t3, t4
    sd t3, ST_WINDOW(s0)
    ld t2, PA_ROUNDS(t1)
    bltu t0, t2, block_start
    j finish

/* Mixes t2 doublewords from t1 on. */
mix_words:
    beqz t2, 2f
1:  ld t0, 0(t1)
    MIX t0
    addi t1, t1, 8
    addi t2, t2, -1
    bnez t2, 1b
2:  ret

/* One sixty-fourth of the data a block. */
mix_data:
    ld t0, ST_BLOCK(s0)
    andi t0, t0, 63
    slli t0, t0, 10
    li t1, L_DATA
    add t1, t1, t0
    li t2, 128
    j mix_words

.macro MIX_CSR csr
    csrr t0, \csr
    MIX t0
.endm
.macro MIX_MASKED csr, off
    csrr t0, \csr
    ld t2, \off(t1)
    and t0, t0, t2
    MIX t0
.endm
mix_csrs:
    li t1, L_PARAM
    MIX_CSR scause
    MIX_CSR sepc
    MIX_CSR satp
    MIX_CSR stvec
    MIX_CSR mtvec
    MIX_MASKED mip, PA_MIP_MASK
    MIX_MASKED mie, PA_MIP_MASK
    MIX_MASKED mideleg, PA_MIP_MASK
    MIX_MASKED medeleg, PA_DELEG_MASK
    MIX_MASKED mstatus, PA_MSTATUS_MASK
    ret

#include "runtime_trap.S"
#include "runtime_print.S"
