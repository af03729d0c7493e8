/* What the programs have: system calls, and one function to print with. */
#ifndef USER_H
#define USER_H

#include <stddef.h>
#include <stdint.h>

long sys_write(const char *text, size_t size);
long sys_yield(void);
long sys_getpid(void);
long sys_sleep(long ticks);
void *sys_sbrk(size_t bytes);
long sys_fork(void);
_Noreturn void sys_exit(int status);

/* Writes one line: %d stands for the next argument, in decimal. */
void say(const char *format, long a, long b, long c);

/* The programs. */
_Noreturn void primes(void);
_Noreturn void sort(void);
_Noreturn void wild(void);
_Noreturn void rogue(void);
_Noreturn void pi(void);
_Noreturn void euler(void);

#endif
