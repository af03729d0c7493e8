/* Two programs that do what U-mode may not. Neither harms anyone else. */
#include "user.h"

/* The kernel's memory is mapped here, but its pages lack the U bit. */
void wild(void)
{
    say("wild: writing to the kernel", 0, 0, 0);
    *(volatile uint32_t *)0x80200000 = 0;
    say("wild: this line must not appear", 0, 0, 0);
    sys_exit(1);
}

/* satp selects the address space; access from U-mode is illegal. */
void rogue(void)
{
    uint64_t satp;

    say("rogue: reading satp", 0, 0, 0);
    __asm__ volatile("csrr %0, satp" : "=r"(satp));
    say("rogue: satp is %d", satp, 0, 0);
    sys_exit(1);
}
