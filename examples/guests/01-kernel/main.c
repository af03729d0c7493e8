/*
 * A kernel to read in one evening: it boots as Linux does, makes address
 * spaces, runs a few programs in U-mode, and switches the machine off.
 */
#include "kernel.h"
#include "programs/programs.h"
#include "riscv.h"

struct statistics stats;

extern char __user_load[]; /* the program image begins with its table */

static void create_programs(const struct machine_info *info)
{
    const struct program *p = (const struct program *)__user_load;

    for (; p->name[0]; p++) {
        if (p->needs_fp && !info->has_fp)
            continue;
        proc_create(p->name, p->entry);
    }
}

/* These numbers depend on the clock: two machines may differ in them. */
static void print_summary(bool has_instret)
{
    print("summary: ");
    if (has_instret)
        print("%u instructions, ", csr_read(instret));
    print("%d ticks, ", stats.ticks);
    print("%d external interrupts, %d switches, %d system calls, ",
          stats.external, stats.switches, stats.syscalls);
    print("%d page faults, %d copies, %d fp traps\n", stats.faults,
          stats.copies, stats.fp_traps);
}

_Noreturn void main(int hart, const void *fdt);

void main(int hart, const void *fdt)
{
    struct machine_info info;

    sbi_puts("kernel: in S-mode; this line goes through the firmware\r\n");
    if (!fdt_read(fdt, &info))
        panic("kernel: no usable device tree\r\n", (uint64_t)fdt);
    page_init();
    vm_init(hart);
    plic_init(hart);
    console_init();
    trap_init(&info);
    print("kernel: paging is on, the console is driven by interrupts\n");
    create_programs(&info);
    scheduler();
    print("kernel: all processes are gone\n");
    print_summary(info.has_instret);
    while (!console_is_drained())
        cpu_idle();
    sbi_shutdown(false);
}
