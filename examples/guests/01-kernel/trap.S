/*
 * The way into the kernel and back to the program. Hardware does little on a
 * trap: it stores pc in sepc, why in scause and stval, the privilege and the
 * interrupt enable in sstatus, and jumps to stvec in S-mode. All the general
 * registers still hold the program's values, so sscratch, which only S-mode
 * can touch, must provide the first free one: it holds the end of the kernel
 * stack while a program runs, and 0 while the kernel does.
 */
#include "memlayout.h"

    .section .text
    .balign 4                   /* stvec's two low bits are its mode */
    .globl trap_entry
trap_entry:
    csrrw   sp, sscratch, sp
    bnez    sp, 1f
    csrrw   sp, sscratch, sp    /* from the kernel: stay on its stack */
1:  addi    sp, sp, -FRAME_SIZE
    .irp    n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24
    sd      x\n, \n*8(sp)
    .endr
    .irp    n, 25,26,27,28,29,30,31
    sd      x\n, \n*8(sp)
    .endr
    csrrw   t0, sscratch, zero
    sd      t0, 2*8(sp)         /* the program's sp */
    csrr    t0, sepc
    sd      t0, FRAME_SEPC(sp)
    csrr    t0, sstatus
    sd      t0, FRAME_SSTATUS(sp)
    mv      a0, sp
    call    trap_handle

/* sp points to a frame: go where it says. A new process begins here. */
    .globl trap_return
trap_return:
    ld      t0, FRAME_SEPC(sp)
    csrw    sepc, t0
    ld      t1, FRAME_SSTATUS(sp)
    csrw    sstatus, t1
    addi    t0, sp, FRAME_SIZE
    andi    t1, t1, 0x100       /* SPP: was it the kernel? */
    bnez    t1, 1f
    csrw    sscratch, t0
    j       2f
1:  sd      t0, 2*8(sp)
2:  .irp    n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24
    ld      x\n, \n*8(sp)
    .endr
    .irp    n, 25,26,27,28,29,30,31
    ld      x\n, \n*8(sp)
    .endr
    ld      sp, 2*8(sp)
    sret

/*
 * swtch(from, to): one kernel thread stops, another goes on where it stopped.
 * Nothing in it is privileged: a thread is its stack and the registers that a
 * function call must keep.
 */
    .globl swtch
swtch:
    sd      ra, 0(a0)
    sd      sp, 8(a0)
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11
    sd      s\r, (16 + 8*\r)(a0)
    .endr
    ld      ra, 0(a1)
    ld      sp, 8(a1)
    .irp    r, 0,1,2,3,4,5,6,7,8,9,10,11
    ld      s\r, (16 + 8*\r)(a1)
    .endr
    ret
