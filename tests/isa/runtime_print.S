/*
 * Printing on the UART, for checkpoints, for the dump of one block, and for
 * the last line.  Uses t0 to t6 and a0 to a3 only.
 */

.macro PRINT text
    .section .rodata
8:  .asciz "\text"
    .section .text
    la a3, 8b
    call print_string
.endm

putc:
    li t0, L_UART
1:  lbu t1, 5(t0)
    andi t1, t1, 0x20
    beqz t1, 1b
    sb a0, 0(t0)
    ret

/* Prints the string at a3. */
print_string:
    mv a2, ra
1:  lbu a0, 0(a3)
    addi a3, a3, 1
    beqz a0, 2f
    call putc
    j 1b
2:  jr a2

/* Prints a0 in hexadecimal. */
print_hex:
    mv t6, ra
    mv t5, a0
    li t4, 60
1:  srl a0, t5, t4
    andi a0, a0, 15
    addi a0, a0, '0'
    li t3, '9'
    bleu a0, t3, 2f
    addi a0, a0, 'a' - '9' - 1
2:  call putc
    addi t4, t4, -4
    bgez t4, 1b
    jr t6

/* Prints a0 in decimal. */
print_decimal:
    mv t6, ra
    li t5, 0
    li t4, 10
1:  remu t3, a0, t4
    divu a0, a0, t4
    addi sp, sp, -8
    sd t3, 0(sp)
    addi t5, t5, 1
    bnez a0, 1b
2:  ld a0, 0(sp)
    addi sp, sp, 8
    addi a0, a0, '0'
    call putc
    addi t5, t5, -1
    bnez t5, 2b
    jr t6

/* One trap of the dumped block, as record has it. */
print_trap:
    mv s11, ra
    PRINT "TRAP "
    mv a0, s10
    call putc
    PRINT " cause "
    mv a0, s4
    call print_hex
    PRINT " epc "
    mv a0, s5
    call print_hex
    PRINT " tval "
    mv a0, s6
    call print_hex
    PRINT " status "
    mv a0, s7
    call print_hex
    PRINT " vector "
    mv a0, s8
    call print_hex
    PRINT "\n"
    jr s11

/* At the end of a block: its checkpoint and its dump, where asked for. */
report:
    mv s11, ra
    li s8, L_PARAM
    ld s9, ST_BLOCK(s0)
    ld t0, PA_DUMP(s8)
    bne s9, t0, 1f
    call dump
1:  ld t0, PA_FROM(s8)
    bltu s9, t0, 2f
    ld t0, PA_TO(s8)
    bgeu s9, t0, 2f
    ld t0, PA_STEP(s8)
    remu t1, s9, t0
    addi t0, t0, -1
    bne t0, t1, 2f
    PRINT "CHECK "
    mv a0, s9
    call print_decimal
    PRINT " "
    mv a0, s1
    call print_hex
    PRINT "\n"
2:  jr s11

.macro DUMP_CSR name
    PRINT "\name "
    csrr a0, \name
    call print_hex
    PRINT "\n"
.endm
dump:
    mv s10, ra
    PRINT "DUMP descriptor "
    mv a0, s3
    call print_hex
    PRINT "\n"
    li s7, 0
1:  PRINT "x/f/fcsr "
    mv a0, s7
    call print_decimal
    PRINT " "
    slli t0, s7, 3
    add t0, t0, s0
    ld a0, 0(t0)
    call print_hex
    PRINT "\n"
    addi s7, s7, 1
    li t0, 65
    bltu s7, t0, 1b
    DUMP_CSR scause
    DUMP_CSR sepc
    DUMP_CSR satp
    DUMP_CSR mstatus
    DUMP_CSR mip
    DUMP_CSR mie
    DUMP_CSR medeleg
    DUMP_CSR mideleg
    DUMP_CSR mtvec
    DUMP_CSR stvec
    ld s6, DE_LIVE(s3)
    ld s7, DE_ENTRIES(s3)
2:  beqz s7, 3f
    PRINT "pte "
    mv a0, s6
    call print_hex
    PRINT " "
    ld a0, 0(s6)
    call print_hex
    PRINT "\n"
    addi s6, s6, 8
    addi s7, s7, -1
    j 2b
3:  li s6, L_DATA
    ld t0, ST_BLOCK(s0)
    andi t0, t0, 63
    slli t0, t0, 10
    add s6, s6, t0
    li s7, 128
4:  PRINT "data "
    mv a0, s6
    call print_hex
    PRINT " "
    ld a0, 0(s6)
    call print_hex
    PRINT "\n"
    addi s6, s6, 8
    addi s7, s7, -1
    bnez s7, 4b
    jr s10

finish:
    li sp, L_STATE + 0x1000
    li t1, L_DATA
    li t2, L_DATA_SIZE/8
    call mix_words
    PRINT "SIG "
    mv a0, s1
    call print_hex
    PRINT " insns~"
    li t0, L_PARAM
    ld a0, PA_ESTIMATE(t0)
    call print_decimal
    PRINT "\n"
    PRINT "COUNT "
    csrr a0, minstret
    call print_decimal
    PRINT "\n"
    li t0, L_FINISHER
    li t1, 0x5555
    sw t1, 0(t0)
2:  j 2b
