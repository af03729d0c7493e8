/*
 * The programs' side of a system call: `ecall` is the one instruction with
 * which U-mode enters S-mode on purpose.
 */
#include "../syscall.h"
#include "user.h"

static long system_call(long number, long arg0, long arg1)
{
    register long a0 __asm__("a0") = arg0;
    register long a1 __asm__("a1") = arg1;
    register long a7 __asm__("a7") = number;

    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a7) : "memory");
    return a0;
}

long sys_write(const char *text, size_t size)
{
    return system_call(SYS_write, (long)text, size);
}

long sys_yield(void)
{
    return system_call(SYS_yield, 0, 0);
}

long sys_getpid(void)
{
    return system_call(SYS_getpid, 0, 0);
}

long sys_sleep(long ticks)
{
    return system_call(SYS_sleep, ticks, 0);
}

void *sys_sbrk(size_t bytes)
{
    return (void *)system_call(SYS_sbrk, bytes, 0);
}

long sys_fork(void)
{
    return system_call(SYS_fork, 0, 0);
}

void sys_exit(int status)
{
    system_call(SYS_exit, status, 0);
    for (;;)
        ;
}

static char *put_number(char *to, unsigned long value)
{
    if (value >= 10)
        to = put_number(to, value / 10);
    *to++ = '0' + value % 10;
    return to;
}

void say(const char *format, long a, long b, long c)
{
    long args[3] = { a, b, c };
    char line[WRITE_MAX];
    char *to = line;
    int next = 0;

    for (; *format; format++) {
        if (format[0] == '%' && format[1] == 'd') {
            to = put_number(to, args[next++]);
            format++;
        } else {
            *to++ = *format;
        }
    }
    *to++ = '\n';
    sys_write(line, to - line);
}
