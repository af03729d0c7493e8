/*
 * The control and status registers the firmware uses, and how to touch them.
 * Numbers and fields: RISC-V Privileged Architecture, chapters 2, 3 and 12.
 */
#ifndef SBI_CSR_H
#define SBI_CSR_H

#define CSR_SCOUNTEREN    0x106
#define CSR_STVEC         0x105
#define CSR_SSCRATCH      0x140
#define CSR_SEPC          0x141
#define CSR_SCAUSE        0x142
#define CSR_STVAL         0x143
#define CSR_STIMECMP      0x14d
#define CSR_SATP          0x180
#define CSR_MSTATUS       0x300
#define CSR_MISA          0x301
#define CSR_MEDELEG       0x302
#define CSR_MIDELEG       0x303
#define CSR_MIE           0x304
#define CSR_MTVEC         0x305
#define CSR_MCOUNTEREN    0x306
#define CSR_MENVCFG       0x30a
#define CSR_MSTATEEN0     0x30c
#define CSR_MCOUNTINHIBIT 0x320
#define CSR_MCAUSE        0x342
#define CSR_MTVAL         0x343
#define CSR_MIP           0x344
#define CSR_PMPCFG0       0x3a0
#define CSR_PMPADDR0      0x3b0
#define CSR_PMPADDR1      0x3b1
#define CSR_TIME          0xc01
#define CSR_MVENDORID     0xf11
#define CSR_MARCHID       0xf12
#define CSR_MIMPID        0xf13

#define MSTATUS_SIE   (1UL << 1)
#define MSTATUS_SPIE  (1UL << 5)
#define MSTATUS_MPIE  (1UL << 7)
#define MSTATUS_SPP   (1UL << 8)
#define MSTATUS_MPP_S (1UL << 11) /* mstatus.MPP = supervisor */
#define MSTATUS_MPP   (3UL << 11)
#define MSTATUS_MPRV  (1UL << 17)
#define MSTATUS_SUM   (1UL << 18)
#define MSTATUS_MXR   (1UL << 19)
#define MSTATUS_TVM   (1UL << 20)
#define MSTATUS_TW    (1UL << 21)
#define MSTATUS_TSR   (1UL << 22)
#define MSTATUS_MPV   (1UL << 39)

/* mip and mie, and the interrupt numbers in mcause. */
#define IRQ_S_SOFT  1
#define IRQ_M_SOFT  3
#define IRQ_S_TIMER 5
#define IRQ_M_TIMER 7
#define IRQ_S_EXT   9
#define MIP_SSIP    (1UL << IRQ_S_SOFT)
#define MIP_MSIP    (1UL << IRQ_M_SOFT)
#define MIP_STIP    (1UL << IRQ_S_TIMER)
#define MIP_MTIP    (1UL << IRQ_M_TIMER)
#define MIP_SEIP    (1UL << IRQ_S_EXT)

#define CAUSE_INTERRUPT           (1UL << 63)
#define CAUSE_FETCH_MISALIGNED    0
#define CAUSE_FETCH_ACCESS        1
#define CAUSE_ILLEGAL             2
#define CAUSE_BREAKPOINT          3
#define CAUSE_LOAD_MISALIGNED     4
#define CAUSE_LOAD_ACCESS         5
#define CAUSE_STORE_MISALIGNED    6
#define CAUSE_STORE_ACCESS        7
#define CAUSE_ECALL_U             8
#define CAUSE_ECALL_S             9
#define CAUSE_ECALL_VS            10
#define CAUSE_FETCH_PAGE          12
#define CAUSE_LOAD_PAGE           13
#define CAUSE_STORE_PAGE          15
#define CAUSE_GUEST_FETCH_PAGE    20
#define CAUSE_GUEST_LOAD_PAGE     21
#define CAUSE_VIRTUAL_INSTRUCTION 22
#define CAUSE_GUEST_STORE_PAGE    23

#define COUNTEREN_CY_TM_IR 7UL

#define MENVCFG_CBIE  (3UL << 4)
#define MENVCFG_CBCFE (1UL << 6)
#define MENVCFG_CBZE  (1UL << 7)
#define MENVCFG_ADUE  (1UL << 61)
#define MENVCFG_PBMTE (1UL << 62)
#define MENVCFG_STCE  (1UL << 63)

#define PMP_RWX   7UL
#define PMP_NAPOT (3UL << 3)

#define csr_read(csr)                                                          \
    __extension__({                                                            \
        unsigned long v_;                                                      \
        __asm__ volatile("csrr %0, %1" : "=r"(v_) : "i"(csr));                 \
        v_;                                                                    \
    })

#define csr_write(csr, value)                                                  \
    __asm__ volatile("csrw %0, %1"                                             \
                     :                                                         \
                     : "i"(csr), "r"((unsigned long)(value))                   \
                     : "memory")

#define csr_set(csr, bits)                                                     \
    __asm__ volatile("csrs %0, %1"                                             \
                     :                                                         \
                     : "i"(csr), "r"((unsigned long)(bits))                    \
                     : "memory")

#define csr_clear(csr, bits)                                                   \
    __asm__ volatile("csrc %0, %1"                                             \
                     :                                                         \
                     : "i"(csr), "r"((unsigned long)(bits))                    \
                     : "memory")

/*
 * Runs one instruction that may trap. A trap in M-mode goes to mtvec, so for
 * the time of the attempt mtvec points just past the instruction: `ok` is 1
 * only if the instruction completed. The trap overwrites mepc, mcause, mtval
 * and mstatus.MPP/MPIE: callers use them before, or not at all. mtvec must be
 * 4-byte aligned.
 */
#define TRY(instruction)                                                       \
    "   lla   t0, 1f\n"                                                        \
    "   csrrw t0, mtvec, t0\n"                                                 \
    "   li    %[ok], 0\n"                                                      \
    "   " instruction "\n"                                                     \
    "   li    %[ok], 1\n"                                                      \
    "   .balign 4\n"                                                           \
    "1: csrw  mtvec, t0\n"

/* Reads a CSR that the hart may not have: true and *value, or false. */
#define csr_try_read(csr, value)                                               \
    __extension__({                                                            \
        unsigned long ok_, v_ = 0;                                             \
        __asm__ volatile(TRY("csrr %[v], %[number]")                           \
                         : [ok] "=&r"(ok_), [v] "+&r"(v_)                      \
                         : [number] "i"(csr)                                   \
                         : "t0", "memory");                                    \
        *(value) = v_;                                                         \
        ok_ != 0;                                                              \
    })

/* Writes a CSR that the hart may not have: false if there is none. */
#define csr_try_write(csr, value)                                              \
    __extension__({                                                            \
        unsigned long ok_;                                                     \
        __asm__ volatile(TRY("csrw %[number], %[v]")                           \
                         : [ok] "=&r"(ok_)                                     \
                         : [number] "i"(csr), [v] "r"((unsigned long)(value))  \
                         : "t0", "memory");                                    \
        ok_ != 0;                                                              \
    })

#endif
