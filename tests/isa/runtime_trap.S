/*
 * Trap handling of a test program.  Every trap is mixed into the signature;
 * then execution goes on after the trapped instruction, or where ra points
 * if a jump went astray, or with the next block.
 */

    .balign 64
m_direct:
    M_STUB 99
    .balign 512
m_vector:
.option push
.option norvc
.irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    j m_stub_\n
.endr
.option pop
.irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
m_stub_\n:
    M_STUB \n
.endr

m_common:
    sd x1, ST_X+8(sp)
.irp n, 3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27
    sd x\n, ST_X+8*\n(sp)
.endr
.irp n, 28,29,30
    sd x\n, ST_X+8*\n(sp)
.endr
    mv s0, sp
    csrrw t0, mscratch, s0
    sd t0, ST_X+16(s0)
    ld s1, ST_SIG(s0)
    li t0, L_PARAM
    ld s2, PA_KEY(t0)
    ld s3, ST_DESC(s0)
    csrr s4, mcause
    csrr s5, mepc
    csrr s6, mtval
    csrr s7, mstatus
    mv s8, x31
    li s10, 'M'
    call record
    csrw mtval, s6 # what is not compared is not to be read either
    ld t0, ST_TRAPS(s0)
    addi t0, t0, 1
    sd t0, ST_TRAPS(s0)
    li t1, TRAP_LIMIT
    bgtu t0, t1, block_end
    bgez s4, m_exception
    call clear_interrupt
    j m_resume

m_exception:
    li t0, L_S_CODE
    srli t1, s5, 12
    srli t0, t0, 12
    beq t0, t1, s_service
    call advance
    beqz a0, block_end
    csrw mepc, a0
m_resume:
    sd s1, ST_SIG(s0)
m_return:
    li sp, L_STATE
    ld x1, ST_X+8(sp)
.irp n, 3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27
    ld x\n, ST_X+8*\n(sp)
.endr
.irp n, 28,29,30,31
    ld x\n, ST_X+8*\n(sp)
.endr
    ld sp, ST_X+16(sp)
    mret

/* Mixes, and in the block being dumped prints, the trap in s4 to s8. */
record:
    bltz s4, 1f
    andi t0, s4, 63
    slli t0, t0, 3
    li t1, L_PARAM
    add t0, t0, t1
    ld t0, PA_TVAL(t0)
    and s6, s6, t0
    li t0, 2
    bne s4, t0, 1f
    /* Illegal SYSTEM words with funct3 = 0, and cbo: README, "masks". */
    ld t1, DE_START(s3)
    ld t2, DE_EXIT(s3)
    slli t0, s5, 34
    srli t0, t0, 34
    li t3, L_RAM
    add t0, t0, t3
    bltu t0, t1, 1f
    bgeu t0, t2, 1f
    lhu t0, 0(t0)
    li t1, 0x707f
    and t0, t0, t1
    li t1, 0x73
    beq t0, t1, 2f
    li t1, 0x200f
    bne t0, t1, 1f
2:  li s6, 0
1:  li t1, L_PARAM
    ld t0, PA_STATUS_MASK(t1)
    /* Of FS only whether it is off: see README, "masks". */
    li t1, MSTATUS_FS
    and t1, s7, t1
    snez t1, t1
    and s7, s7, t0
    slli t1, t1, 13
    or s7, s7, t1
    MIX s4
    MIX s5
    MIX s6
    MIX s7
    MIX s8
    li t1, L_PARAM
    ld t0, PA_DUMP(t1)
    ld t1, ST_BLOCK(s0)
    beq t0, t1, print_trap
    ret

/* Removes the source of the interrupt whose cause is s4. */
clear_interrupt:
    andi t0, s4, 63
    li t1, 1
    sll t1, t1, t0
    csrc mip, t1
    li t1, L_CLINT
    sw zero, 0(t1)
    li t1, 5 # else QEMU would drop the STIP that mip has
    bne t0, t1, 1f
    li t0, -1
    csrw STIMECMP, t0
1:  ret

/*
 * Where to go on after the exception s4 at s5: a0, or zero to end the block.
 * Code is mapped so that the low 30 bits of an address are those of RAM.
 */
advance:
    ld t1, DE_START(s3)
    ld t2, DE_EXIT(s3)
    li t3, L_RAM
    slli t0, s5, 34
    srli t0, t0, 34
    add t0, t0, t3
    bltu t0, t1, 2f
    bgeu t0, t2, 2f
    li t4, 12
    beq s4, t4, 3f
    li t4, 1
    bleu s4, t4, 3f
    lhu t4, 0(t0)
    andi t4, t4, 3
    li t3, 3
    addi a0, s5, 2
    bne t4, t3, 1f
    addi a0, s5, 4
1:  ret
2:  beq t0, t2, 3f
    ld a0, ST_X+8(s0)
    slli t0, a0, 34
    srli t0, t0, 34
    add t0, t0, t3
    bltu t0, t1, 3f
    bgeu t0, t2, 3f
    ret
3:  li a0, 0
    ret

/*
 * A trap in the S-mode handler's page.  Its ecall asks for the service that
 * needs M-mode: record, clear or advance.  Its sret traps when TSR is set.
 */
s_service:
    la t0, s_ecall
    bne s5, t0, 1f
    li t0, L_S_DATA
    ld s8, 8(t0)
    csrr s4, scause
    csrr s5, sepc
    csrr s6, stval
    csrr s7, sstatus
    li s10, 'S'
    call record
    csrw stval, s6
    la t0, s_ecall + 4
    csrw mepc, t0
    bgez s4, 4f
    call clear_interrupt
    j m_resume
4:  call advance
    csrw sepc, a0
    bnez a0, m_resume
    csrr t0, sscratch
    sd t0, ST_X+16(s0)
    li t0, L_S_DATA
    ld t1, 0(t0)
    sd t1, ST_X+248(s0)
    j block_end
1:  la t0, s_sret
    bne s5, t0, block_end
/* What sret would have done, for TSR. */
    csrr t0, sepc
    csrw mepc, t0
    csrr t0, sstatus
    srli t1, t0, 8
    andi t1, t1, 1
    slli t1, t1, 11
    li t2, 0x1800
    csrc mstatus, t2
    csrs mstatus, t1
    csrci sstatus, 2
    srli t1, t0, 4
    andi t1, t1, 2
    csrs sstatus, t1
    li t1, 0x100
    csrc sstatus, t1
    li t1, 0x20
    csrs sstatus, t1
    j m_resume

.section .stext, "ax"
    .balign 64
s_direct:
    S_STUB 98
    .balign 512
s_vector:
.option push
.option norvc
.irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    j s_stub_\n
.endr
.option pop
.irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
s_stub_\n:
    S_STUB (\n+100)
.endr
s_common:
    sd x31, 8(sp)
    ld x31, 0(sp)
s_ecall:
    ecall
    csrrw sp, sscratch, sp
s_sret:
    sret
.section .text
