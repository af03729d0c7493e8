/* System calls: the only way for a program to ask for what is privileged. */
#include "syscall.h"

#include "kernel.h"
#include "riscv.h"

/*
 * Copies from the program's memory. S-mode may not touch pages with the U bit
 * set unless it says that it means to, by setting sstatus.SUM: so a kernel
 * does not follow a program's pointer by mistake.
 */
static bool copy_in(char *to, uint64_t from, uint64_t size)
{
    const char *source = (const char *)from;

    for (uint64_t i = 0; i < size; i++)
        if ((i == 0 || (from + i) % PAGE_SIZE == 0) &&
            !vm_readable(current, from + i))
            return false;
    csr_set(sstatus, SSTATUS_SUM);
    for (uint64_t i = 0; i < size; i++)
        to[i] = source[i];
    csr_clear(sstatus, SSTATUS_SUM);
    return true;
}

static long sys_write(const uint64_t *arg)
{
    char text[WRITE_MAX + 1];
    uint64_t size = arg[1];

    if (size > WRITE_MAX || !copy_in(text, arg[0], size))
        return -1;
    text[size] = '\0';
    turn_take();
    print("[%d] %s", current->pid, text);
    turn_pass();
    return size;
}

static long sys_yield(const uint64_t *arg)
{
    (void)arg;
    yield();
    return 0;
}

static long sys_getpid(const uint64_t *arg)
{
    (void)arg;
    return current->pid;
}

static long sys_sleep(const uint64_t *arg)
{
    sleep_ticks(arg[0]);
    return 0;
}

/* Only the limit moves; vm_fault() provides the pages. */
static long sys_sbrk(const uint64_t *arg)
{
    uint64_t old = current->heap_end;

    if (arg[0] > USER_HEAP + USER_HEAP_MAX - old)
        return -1;
    current->heap_end = old + arg[0];
    return old;
}

static long sys_fork(const uint64_t *arg)
{
    int pid;

    (void)arg;
    turn_take();
    pid = proc_fork();
    turn_pass();
    return pid;
}

static long sys_exit(const uint64_t *arg)
{
    turn_take();
    print("kernel: pid %d (%s) exits with %d\n", current->pid, current->name,
          (int)arg[0]);
    proc_die();
}

static long (*const table[])(const uint64_t *arg) = {
    [SYS_write] = sys_write, [SYS_yield] = sys_yield, [SYS_getpid] = sys_getpid,
    [SYS_sleep] = sys_sleep, [SYS_sbrk] = sys_sbrk,   [SYS_fork] = sys_fork,
    [SYS_exit] = sys_exit,
};

/* Registers x10..x17 are a0..a7. */
void syscall(struct frame *frame)
{
    uint64_t number = frame->x[17];
    long result = -1;

    stats.syscalls++;
    if (number < sizeof table / sizeof *table)
        result = table[number](&frame->x[10]);
    frame->x[10] = result;
}
