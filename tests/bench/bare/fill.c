/*
 * S-mode under Sv39: a page's first access after a fence of everything. On the
 * bare machine that is one walk of the page table; in a virtual machine a fault
 * that the monitor answers by filling its shadow of the table.
 */
#include "bench.h"

#define PAGE 4096
#define PAGES 2048
#define ROUNDS 250
#define ARENA 0x40000000 /* virtual; 0 and 2 GiB are mapped as they are */
#define ENTRIES 512

#define PTE_LEAF 0xcf /* D A X W R V */
#define PTE_TABLE 1
#define SATP_SV39 (UINT64_C(8) << 60)
#define MSTATUS_MPP_S (1 << 11)
#define MSTATUS_MPP (3 << 11)
#define PMP_ALL 0x1f /* NAPOT X W R */

const uint64_t workload_operations = PAGES * ROUNDS;

static uint64_t root[ENTRIES] __attribute__((aligned(PAGE)));
static uint64_t middle[ENTRIES] __attribute__((aligned(PAGE)));
static uint64_t leaves[PAGES] __attribute__((aligned(PAGE)));
static uint8_t pages[PAGES][PAGE] __attribute__((aligned(PAGE)));

static uint64_t pte(const void *at, uint64_t flags)
{
    return (uint64_t)at >> 12 << 10 | flags;
}

static void map(void)
{
    root[0] = pte((void *)0, PTE_LEAF);
    root[1] = pte(middle, PTE_TABLE);
    root[2] = pte((void *)0x80000000, PTE_LEAF);
    for (unsigned k = 0; k < PAGES / ENTRIES; k++)
        middle[k] = pte(&leaves[k * ENTRIES], PTE_TABLE);
    for (unsigned k = 0; k < PAGES; k++)
        leaves[k] = pte(pages[k], PTE_LEAF);
}

/* An ecall climbs back to M-mode, behind itself. */
void climb(void);
__asm__(".balign 4\n"
        ".globl climb\n"
        "climb:\n\t"
        "csrr t0, mepc\n\t"
        "addi t0, t0, 4\n\t"
        "csrw mepc, t0\n\t"
        "li t0, 3 << 11\n\t"
        "csrs mstatus, t0\n\t"
        "mret\n");

static void leave_supervisor(void)
{
    __asm__ volatile("ecall" : : : "t0", "memory");
}

static void enter_supervisor(void)
{
    uint64_t t;

    __asm__ volatile("csrw pmpaddr0, %1\n\t"
                     "csrw pmpcfg0, %2\n\t"
                     "csrw satp, %3\n\t"
                     "csrw mtvec, %6\n\t"
                     "csrc mstatus, %4\n\t"
                     "csrs mstatus, %5\n\t"
                     "lla %0, 1f\n\t"
                     "csrw mepc, %0\n\t"
                     "mret\n"
                     "1:"
                     : "=&r"(t)
                     : "r"(-1L), "r"((long)PMP_ALL),
                       "r"(SATP_SV39 | (uint64_t)root >> 12),
                       "r"((long)MSTATUS_MPP), "r"((long)MSTATUS_MPP_S),
                       "r"(climb)
                     : "memory");
}

uint64_t workload(void)
{
    uint64_t sum = 0;

    map();
    enter_supervisor();
    for (unsigned r = 0; r < ROUNDS; r++) {
        __asm__ volatile("sfence.vma" : : : "memory");
        for (unsigned k = 0; k < PAGES; k++)
            sum += *(volatile uint8_t *)(ARENA + (uint64_t)k * PAGE) + k;
    }
    leave_supervisor();
    return sum;
}
