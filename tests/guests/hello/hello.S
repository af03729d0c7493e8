/*
 * The smallest guest: M-mode, no firmware. One hart prints a line over the
 * UART and stops the machine with exit code 7 through the test finisher.
 */
#define UART 0x10000000
#define FINISHER 0x100000
#define FAIL_WITH_7 (7 << 16 | 0x3333)

    .section .text
    .globl _start
_start:
    csrr    t0, mhartid
    bnez    t0, rest
    li      t0, UART
    lla     t1, text
print:
    lbu     t2, 0(t1)
    beqz    t2, stop
    sb      t2, 0(t0)
    addi    t1, t1, 1
    j       print
stop:
    li      t0, FINISHER
    li      t1, FAIL_WITH_7
    sw      t1, 0(t0)
rest:
    wfi
    j       rest

    .section .rodata
text:
    .string "hello\n"
