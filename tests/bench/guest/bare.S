/* Reset of the bare machine: M-mode, floating point on, a stack. */
#define MSTATUS_FS (3 << 13)

    .section .text.start, "ax"
    .globl _start
_start:
    li      t0, MSTATUS_FS
    csrs    mstatus, t0
    lla     sp, stack_top
    call    bare_main
1:  j       1b

    .bss
    .balign 16
    .skip   65536
stack_top:
