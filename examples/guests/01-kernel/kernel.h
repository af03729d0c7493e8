/* All the kernel's parts and what each offers the others, bottom up. */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memlayout.h"

/* Registers of the interrupted program, as trap.S saves them. */
struct frame {
    uint64_t x[32]; /* x[0] is unused */
    uint64_t sepc;
    uint64_t sstatus;
};
_Static_assert(sizeof(struct frame) == FRAME_SIZE, "trap.S counts on it");

/* What a kernel thread keeps while another runs: swtch in trap.S. */
struct context {
    uint64_t ra, sp, s[12];
};

typedef uint64_t *pagetable;

enum proc_state { UNUSED, RUNNABLE, RUNNING, SLEEPING, DEAD };

struct proc {
    int pid; /* also its ASID */
    enum proc_state state;
    const char *name;
    struct frame *frame; /* at the end of its kernel stack */
    char *stack;         /* one page */
    struct context context;
    pagetable table;
    uint64_t heap_end;
    const void *channel; /* what it sleeps for */
    uint64_t wake_at;    /* in ticks, while it sleeps for time */
    uint64_t fp[33];     /* f0..f31 and fcsr, while not in the registers */
};

/* Numbers for the summary. */
struct statistics {
    int ticks, external, faults, copies, fp_traps, switches, syscalls;
};
extern struct statistics stats;

/* sbi.c: calls to M-mode */
void sbi_puts(const char *text);
void sbi_set_timer(uint64_t when);
_Noreturn void sbi_shutdown(bool failure);

/* fdt.c: the device tree */
struct machine_info {
    uint32_t timebase; /* Hz of the time register */
    bool has_fp;       /* F and D */
    bool has_instret;  /* Zicntr's count of instructions */
};
bool fdt_read(const void *tree, struct machine_info *info);

/* console.c: the UART, through a buffer that interrupts empty */
void console_init(void);
void console_interrupt(void);
bool console_is_drained(void);
void print(const char *format, ...); /* %s, %d int, %u %x uint64_t */
_Noreturn void panic(const char *why, uint64_t value);

/* plic.c: which device interrupts */
void plic_init(int hart);
int plic_claim(void);
void plic_complete(int irq);

/* page.c: free pages, and how many page tables share each */
void page_init(void);
void *page_alloc(void); /* zeroed; NULL when there are none left */
void page_share(void *page);
void page_free(void *page); /* gives up one share */
int page_shares(void *page);

/* vm.c: Sv39 address spaces */
void vm_init(int hart);
void vm_use(pagetable table, int asid);
void vm_use_kernel(void);
pagetable vm_new(void); /* kernel and user programs; NULL: no memory */
bool vm_fork(pagetable from, pagetable to, int asid);
void vm_free(pagetable table);
/* Makes `va` readable (or writable) if the program has a right to it. */
bool vm_fault(struct proc *p, uint64_t va, bool write);
bool vm_readable(struct proc *p, uint64_t va);

/* proc.c: processes and the scheduler */
extern struct proc *current; /* NULL while the scheduler itself runs */
void proc_create(const char *name, uint64_t entry);
int proc_fork(void);
void scheduler(void); /* returns when all processes are dead */
void yield(void);
void sleep_on(const void *channel);
void wake_up(const void *channel);
void sleep_ticks(uint64_t count);
void wake_sleepers(void);
_Noreturn void proc_die(void);
void cpu_idle(void);
void turn_take(void); /* waits until the process may speak: see proc.c */
void turn_pass(void);

/* trap.c */
void trap_init(const struct machine_info *info);
void trap_handle(struct frame *frame);

/* syscall.c */
void syscall(struct frame *frame);

/* Assembly: trap.S and fp.S */
void trap_entry(void);
void trap_return(void);
void swtch(struct context *from, struct context *to);
void fp_save(uint64_t fp[33]);
void fp_restore(const uint64_t fp[33]);

#endif
