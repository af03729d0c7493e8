/*
 * The firmware enters here in S-mode: a0 = hart id, a1 = device tree, address
 * translation off, interrupts off. Other harts stay stopped in the firmware.
 */
    .section .text.entry, "ax"
    .globl _start
_start:
    lla     t0, __bss_start
    lla     t1, __bss_end
1:  bgeu    t0, t1, 2f
    sd      zero, 0(t0)
    addi    t0, t0, 8
    j       1b
2:  lla     sp, boot_stack_end
    tail    main

    .section .bss
    .balign 16
    .space  4096
boot_stack_end:
