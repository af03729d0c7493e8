/*
 * A guest that forgets a fence. It changes the frame of a page that it has
 * used, looks at a page that a TLB may keep in the same place, and looks at the
 * first one again: with an sfence.vma in between, which leaves no choice, and
 * then without, where the manual lets a hart use the old frame or the new one
 * ("Supervisor Memory-Management Fence Instruction"): Pogo's uses the old one,
 * at every depth. Ends with
 * status 0 if it was so, else with 1.
 */
#define FINISHER 0x100000
#define PASS     0x5555
#define FAIL     0x13333   /* status 1 */
#define ROOT     0x80010000 /* page tables */
#define TABLE    0x80011000
#define LEAVES   0x80012000 /* of the window's first 2 MiB … */
#define OTHERS   0x80013000 /* … and of those 4 MiB further on */
#define WINDOW   0x40000000
#define OTHER    0x40400000 /* 1024 pages on */
#define POINTER(t) ((t) >> 12 << 10 | 1)
#define LEAF(f)    ((f) >> 12 << 10 | 0xcf) /* V R W X A D */
#define FRAME_A  0x80020000
#define FRAME_B  0x80021000
#define SV39     0x8000000000000000

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
    put     TABLE + 16, POINTER(OTHERS)
    put     OTHERS, LEAF(FRAME_A)
    put     FRAME_A, 0xa
    put     FRAME_B, 0xb
    li      t0, -1 >> 10
    csrw    pmpaddr0, t0
    csrwi   pmpcfg0, 0x1f
    li      t0, SV39 | ROOT >> 12
    csrw    satp, t0
    li      t0, 1 << 11             /* MPP: from M to S */
    csrs    mstatus, t0
    li      t0, 1 << 12
    csrc    mstatus, t0
    lla     t0, fenced
    csrw    mepc, t0
    sfence.vma
    mret

    .globl fenced
fenced:
    put     LEAVES, LEAF(FRAME_A)
    sfence.vma
    li      s0, WINDOW
    li      s1, OTHER
    ld      a0, 0(s0)
    put     LEAVES, LEAF(FRAME_B)
    sfence.vma
    ld      a1, 0(s1)
    ld      a2, 0(s0)               /* 0xb */

    .globl unfenced
unfenced:
    put     LEAVES, LEAF(FRAME_A)
    ld      a1, 0(s1)
    ld      a3, 0(s0)               /* 0xb: what was kept */

    .globl finish
finish:
    csrw    satp, zero
    li      t0, FINISHER
    li      t1, PASS
    li      t2, 0xb
    beq     a3, t2, 1f
    li      t1, FAIL
1:  sw      t1, 0(t0)
    j       .
