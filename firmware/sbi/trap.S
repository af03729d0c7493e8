/*
 * The way into M-mode and back. mscratch tells where a trap came from:
 * it holds the end of the hart's stack while S or U runs, and 0 while the
 * firmware itself does.
 */
#include "layout.h"

    .section .text
    .balign 4                   /* mtvec's two low bits are its mode */
    .globl trap_entry
trap_entry:
    csrrw   sp, mscratch, sp
    beqz    sp, from_firmware
    addi    sp, sp, -FRAME_SIZE
    sd      t0, 5*8(sp)
    csrrw   t0, mscratch, zero  /* the interrupted sp; now in the firmware */
    sd      tp, 4*8(sp)
    li      tp, FRAME_SIZE - HART_STACK_SIZE
    add     tp, sp, tp          /* struct hart begins with the stack */
    j       save

from_firmware:
    csrrw   sp, mscratch, sp    /* take sp back, leave 0 */
    addi    sp, sp, -FRAME_SIZE
    sd      t0, 5*8(sp)
    sd      tp, 4*8(sp)
    addi    t0, sp, FRAME_SIZE

save:
    sd      t0, 2*8(sp)
    sd      x1, 1*8(sp)
    sd      x3, 3*8(sp)
    .irp    n, 6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26
    sd      x\n, \n*8(sp)
    .endr
    .irp    n, 27,28,29,30,31
    sd      x\n, \n*8(sp)
    .endr
    csrr    t0, mepc
    sd      t0, FRAME_MEPC(sp)
    csrr    t0, mstatus
    sd      t0, FRAME_MSTATUS(sp)
    mv      a0, sp
    call    trap_handle

    /* Only a trap from S or U gets here: one from M is fatal. */
    ld      t0, FRAME_MEPC(sp)
    csrw    mepc, t0
    ld      t0, FRAME_MSTATUS(sp)
    csrw    mstatus, t0
    addi    t0, sp, FRAME_SIZE
    csrw    mscratch, t0
    .irp    n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24
    ld      x\n, \n*8(sp)
    .endr
    .irp    n, 25,26,27,28,29,30,31
    ld      x\n, \n*8(sp)
    .endr
    ld      sp, 2*8(sp)
    mret

/*
 * enter_supervisor(pc, a1, mstatus): the last step to S-mode. mret goes to
 * mepc at the privilege in mstatus.MPP. Registers are cleared so that nothing
 * of the firmware's shows.
 */
    .globl enter_supervisor
enter_supervisor:
    csrw    mepc, a0
    csrw    mstatus, a2
    li      t0, HART_STACK_SIZE
    add     t0, tp, t0
    ld      a0, 0(t0)           /* struct hart's id follows the stack */
    csrw    mscratch, t0
    .irp    n, 1,2,3,4,5,6,7,8,9,12,13,14,15,16,17,18,19,20,21,22,23,24
    li      x\n, 0
    .endr
    .irp    n, 25,26,27,28,29,30,31
    li      x\n, 0
    .endr
    mret
