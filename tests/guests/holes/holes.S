/*
 * A guest that does, once each, what a hole in the hardware breaks for a
 * virtual machine. It begins in M-mode and goes on in S-mode under Sv39; every
 * privileged instruction comes after one that is not. Where two machines part,
 * the instruction at pc tells which hole it was.
 */
#define FINISHER 0x100000
#define PASS     0x5555
#define ROOT     0x80010000
#define TABLE    0x80011000
#define LEAVES   0x80012000
#define WINDOW   0x40000000
#define POINTER(t) ((t) >> 12 << 10 | 1)
#define LEAF(f)    ((f) >> 12 << 10 | 0xcf) /* V R W X A D */
#define FRAME_A  0x80020000
#define FRAME_B  0x80021000
#define SV39     0x8000000000000000
#define STIE     0x20
#define FS       0x6000
#define INITIAL  0x2000
#define SUM      0x40000 /* the host has no use for it */
#define MPP_S    0x0800
#define MPP      0x1800
#define MPRV     0x20000

    .macro put address, value
    li      t0, \address
    li      t1, \value
    sd      t1, 0(t0)
    .endm

    .section .text
    .globl _start
_start:
    put     ROOT + 8, POINTER(TABLE)
    put     ROOT + 16, LEAF(0x80000000)
    put     TABLE, POINTER(LEAVES)
    put     LEAVES, LEAF(FRAME_A)
    put     FRAME_A, 0xa
    put     FRAME_B, 0xb
    lla     t0, machine_trap
    csrw    mtvec, t0
    li      t0, -1 >> 10
    csrw    pmpaddr0, t0
    li      t0, 0x1f
    csrw    pmpcfg0, t0
    li      t0, -1
    csrw    mcounteren, t0
    li      t0, 1 << 63             /* STCE */
    csrw    menvcfg, t0
    li      t0, 0x222
    csrw    mideleg, t0
    li      t0, SV39 | ROOT >> 12
    csrw    satp, t0
    li      t0, MPP
    csrc    mstatus, t0
    li      t0, MPP_S | MPRV        /* leaving M-mode clears MPRV */
    csrs    mstatus, t0
    lla     t0, supervisor
    csrw    mepc, t0
    nop
    mret

    .globl supervisor
supervisor:
    li      s0, WINDOW
    ld      a0, 0(s0)               /* 0xa */
    put     LEAVES, LEAF(FRAME_B)
    sfence.vma
    ld      a1, 0(s0)               /* 0xb */

    li      t0, FS
    csrc    sstatus, t0
    li      t0, INITIAL | SUM
    csrs    sstatus, t0
    nop
    csrr    a2, sstatus
    nop
    .insn   4, 0xf2060553           /* fmv.d.x fa0, a2 */
    nop
    csrr    a3, satp
    nop
    csrr    a4, instret
    nop
    ecall
    nop
    .insn   4, 0x00004073           /* reserved: opcode SYSTEM, funct3 4 */
    nop
    csrr    a5, 0x8ff               /* no such CSR */

    lla     t0, returned
    csrw    sepc, t0
    li      t0, 0x100               /* SPP: to S */
    csrs    sstatus, t0
    nop
    sret
returned:
    li      t0, STIE
    csrw    sie, t0
    nop
    csrr    t0, time
    addi    t0, t0, 100
    csrw    stimecmp, t0
    nop
    wfi
    nop
    csrr    a6, sip

    csrw    satp, zero
    li      t0, FINISHER
    li      t1, PASS
    sw      t1, 0(t0)
    j       .

/* An environment call, or what is illegal: go on after it. */
    .balign 4
machine_trap:
    csrr    t2, mcause
    addi    a7, a7, 1
    csrr    t3, mepc
    addi    t3, t3, 4
    csrw    mepc, t3
    nop
    mret
