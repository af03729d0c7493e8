/*
 * The privileged registers a supervisor uses (Privileged Architecture,
 * chapter 12). All of these trap when U-mode touches them.
 */
#ifndef RISCV_H
#define RISCV_H

#define csr_read(csr)                                                          \
    __extension__({                                                            \
        unsigned long v_;                                                      \
        __asm__ volatile("csrr %0, " #csr : "=r"(v_));                         \
        v_;                                                                    \
    })

#define csr_write(csr, value)                                                  \
    __asm__ volatile("csrw " #csr ", %0" ::"r"((unsigned long)(value))         \
                     : "memory")

#define csr_set(csr, bits)                                                     \
    __asm__ volatile("csrs " #csr ", %0" ::"r"((unsigned long)(bits))          \
                     : "memory")

#define csr_clear(csr, bits)                                                   \
    __asm__ volatile("csrc " #csr ", %0" ::"r"((unsigned long)(bits))          \
                     : "memory")

#define SSTATUS_SIE      (1UL << 1)  /* interrupts taken while in S */
#define SSTATUS_SPIE     (1UL << 5)  /* SIE before the trap */
#define SSTATUS_SPP      (1UL << 8)  /* privilege before the trap: S or U */
#define SSTATUS_FS       (3UL << 13) /* floating point: off, initial, ... */
#define SSTATUS_FS_CLEAN (2UL << 13)
#define SSTATUS_FS_DIRTY (3UL << 13)
#define SSTATUS_SUM      (1UL << 18) /* S may access U pages */

#define SIE_TIMER    (1UL << 5)
#define SIE_EXTERNAL (1UL << 9)

#define CAUSE_INTERRUPT  (1UL << 63)
#define CAUSE_TIMER      (CAUSE_INTERRUPT | 5)
#define CAUSE_EXTERNAL   (CAUSE_INTERRUPT | 9)
#define CAUSE_ILLEGAL    2
#define CAUSE_ECALL_U    8
#define CAUSE_FETCH_PAGE 12
#define CAUSE_LOAD_PAGE  13
#define CAUSE_STORE_PAGE 15

/* satp: mode | address space id | page number of the root table. */
#define SATP_SV39       (8UL << 60)
#define SATP_ASID_SHIFT 44
#define SATP_ASID       (0xffffUL << SATP_ASID_SHIFT)

/* A page table entry: page number << 10 | flags. */
#define PTE_V          (1UL << 0)
#define PTE_R          (1UL << 1)
#define PTE_W          (1UL << 2)
#define PTE_X          (1UL << 3)
#define PTE_U          (1UL << 4)
#define PTE_G          (1UL << 5) /* in all address spaces, whatever the ASID */
#define PTE_A          (1UL << 6)
#define PTE_D          (1UL << 7)
#define PTE_COW        (1UL << 8) /* for software: "copy on write" */
#define PTE_FLAGS      0x3ffUL
#define PTE_TO_PA(pte) ((pte) >> 10 << 12)
#define PA_TO_PTE(pa)  ((unsigned long)(pa) >> 12 << 10)

#endif
