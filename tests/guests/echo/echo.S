# Bare M-mode: says back what it is told; 'r' resets the machine, 'q' ends it
# with status 7. Between two keys it waits for the UART's interrupt, which the
# PLIC brings.
    .equ UART, 0x10000000
    .equ PLIC, 0x0c000000
    .equ FINISHER, 0x100000

    .globl _start
_start:
    csrr t0, mhartid
    bnez t0, asleep
    li s0, UART
    li s1, PLIC
    li s2, FINISHER
    li t0, 1
    sb t0, 1(s0)            # IER: bytes received
    sw t0, 40(s1)           # source 10 has priority 1
    li t0, 1 << 10
    li t1, PLIC + 0x2000
    sw t0, 0(t1)            # M-mode of hart 0 listens to it
    li t0, 1 << 11
    csrw mie, t0
    li a0, 'B'              # it has begun
    sb a0, 0(s0)
wait:
    wfi
    li t1, PLIC + 0x200004
    lw t2, 0(t1)            # claim
next:
    lbu t0, 5(s0)
    andi t0, t0, 1
    beqz t0, done
    lbu a0, 0(s0)
    sb a0, 0(s0)
    li t0, 'r'
    beq a0, t0, reset
    li t0, 'q'
    bne a0, t0, next
    li t0, 7 << 16 | 0x3333
    sw t0, 0(s2)
done:
    sw t2, 0(t1)            # complete
    j wait
reset:
    li t0, 0x7777
    sw t0, 0(s2)
asleep:
    wfi
    j asleep
