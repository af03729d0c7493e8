/* S-mode entry of the boot hart, of started harts, and the trap catcher. */
    .section .text.entry, "ax"
    .globl _start
_start:
    lla     t0, __bss_start
    lla     t1, __bss_end
1:  bgeu    t0, t1, 2f
    sd      zero, 0(t0)
    addi    t0, t0, 8
    j       1b
2:  call    take_stack
    tail    main

    .globl secondary            /* a0 = hart, a1 = argument of the call */
secondary:
    call    take_stack
    tail    secondary_main

take_stack:
    lla     sp, stacks
    addi    t0, a0, 1
    slli    t0, t0, 12
    add     sp, sp, t0
    ret

/* long load_or_trap(address): 0, or scause of the load at `address` */
    .globl load_or_trap
load_or_trap:
    lla     t0, 1f
    csrw    stvec, t0
    csrw    scause, zero
    ld      t1, 0(a0)
    .balign 4
1:  csrr    a0, scause
    ret

    .section .bss
    .balign 16
stacks:
    .space  4096 * 8
