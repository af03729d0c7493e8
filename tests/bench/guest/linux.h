/* Linux system calls, as of riscv64, and what the programs share. */
#ifndef BENCH_LINUX_H
#define BENCH_LINUX_H

#include <stdint.h>

enum {
    SYS_close = 57,
    SYS_pipe2 = 59,
    SYS_read = 63,
    SYS_write = 64,
    SYS_exit = 93,
    SYS_nanosleep = 101,
    SYS_reboot = 142,
    SYS_getppid = 173,
    SYS_munmap = 215,
    SYS_clone = 220,
    SYS_execve = 221,
    SYS_mmap = 222,
    SYS_wait4 = 260,
};

#define SIGCHLD 17

static inline long linux_call(long number, long a, long b, long c, long d)
{
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    register long a3 __asm__("a3") = d;
    register long a4 __asm__("a4") = -1; /* mmap's file and offset: */
    register long a5 __asm__("a5") = 0;  /* none */
    register long a7 __asm__("a7") = number;

    __asm__ volatile("ecall"
                     : "+r"(a0)
                     : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7)
                     : "memory");
    return a0;
}

/* The process's copy, as fork() makes it: 0 in the child. */
static inline long linux_fork(void)
{
    return linux_call(SYS_clone, SIGCHLD, 0, 0, 0);
}

static inline long linux_wait(long pid)
{
    return linux_call(SYS_wait4, pid, 0, 0, 0);
}

static inline void linux_exit(long status)
{
    for (;;)
        linux_call(SYS_exit, status, 0, 0, 0);
}

static inline uint64_t linux_time(void)
{
    uint64_t t;

    __asm__ volatile("rdtime %0" : "=r"(t));
    return t;
}

/* One short sleep: the console's output drains meanwhile. */
static inline void linux_settle(void)
{
    const int64_t wait[2] = { 0, 500000 };

    linux_call(SYS_nanosleep, (long)wait, 0, 0, 0);
}

/* The stack as the kernel made it: argc, argv, a null, the environment. */
#define LINUX_START(function)                                                  \
    __asm__(".text\n.globl _start\n_start:\n\tmv a0, sp\n\tandi sp, sp, -16\n" \
            "\tcall " #function "\n1:\tj 1b\n")

#endif
