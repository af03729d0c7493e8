/*
 * Where all harts arrive from the boot ROM, in M-mode, with
 *   a0 = hart id   a1 = device tree   a2 = struct boot_info (or anything)
 * One becomes the boot hart: the one boot_info names, or else the first to
 * arrive. The others sleep until it has made the machine ready.
 */
#include "layout.h"

#define MIE_MSIE 8

    .section .text.start, "ax"
    .globl _start
_start:
    lla     t0, halt
    csrw    mtvec, t0           /* should anything trap this early */
    csrw    mie, zero
    li      t0, MAX_HARTS
    bgeu    a0, t0, halt        /* no room for this hart: it never runs */

    beqz    a2, lottery
    ld      t0, 0(a2)
    li      t1, BOOT_INFO_MAGIC
    bne     t0, t1, lottery
    ld      t0, BOOT_INFO_VERSION(a2)
    li      t1, 2
    bltu    t0, t1, lottery     /* version 1 names no boot hart */
    ld      t0, BOOT_INFO_BOOT_HART(a2)
    li      t1, MAX_HARTS
    bgeu    t0, t1, lottery     /* -1: whoever comes first */
    beq     t0, a0, boot
    j       wait

lottery:
    lla     t0, lottery_ticket
    li      t1, 1
    amoadd.w t1, t1, (t0)
    bnez    t1, wait

boot:
    lla     t0, __bss_start
    lla     t1, __bss_end
1:  bgeu    t0, t1, 2f
    sd      zero, 0(t0)
    addi    t0, t0, 8
    j       1b
2:  call    take_stack
    tail    boot_main

/*
 * wfi wakes on an interrupt that is pending and enabled in mie even while
 * mstatus.MIE is 0: the hart goes on without a trap. The boot hart raises
 * our msip after it set boot_done, so no wake-up can be lost.
 */
wait:
    li      t0, MIE_MSIE
    csrw    mie, t0
1:  lla     t0, boot_done
    lw      t1, 0(t0)
    bnez    t1, 2f
    wfi
    j       1b
2:  fence   rw, rw
    call    take_stack
    tail    secondary_main

/* tp = &harts[a0], sp = the end of its stack, traps to trap.S. */
take_stack:
    li      t0, HART_SIZE
    mul     t0, t0, a0
    lla     tp, harts
    add     tp, tp, t0
    li      t0, HART_STACK_SIZE
    add     sp, tp, t0
    csrw    mscratch, zero      /* 0: the firmware itself is running */
    lla     t0, trap_entry
    csrw    mtvec, t0
    ret

    .balign 4
halt:
    wfi
    j       halt

    .section .data
    .balign 4
lottery_ticket:
    .word   0
    .globl boot_done
boot_done:
    .word   0
