/* A program for Linux that needs no library: says a few lines, and ends. What
   a debugger looks for in it: a function that calls itself, and a variable. */
#define SYS_WRITE  64
#define SYS_EXIT   93
#define SYS_GETPID 172

volatile long rounds;

static long call(long number, long a, long b, long c)
{
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    register long a7 __asm__("a7") = number;

    __asm__ volatile("ecall"
                     : "+r"(a0)
                     : "r"(a1), "r"(a2), "r"(a7)
                     : "memory");
    return a0;
}

__attribute__((noinline)) long ask_kernel(void)
{
    return call(SYS_GETPID, 0, 0, 0);
}

__attribute__((noinline)) long descend(long depth)
{
    long below;

    if (depth == 0)
        return ask_kernel() > 0;
    below = descend(depth - 1);
    __asm__ volatile("" : "+r"(below)); /* that it is no loop */
    return below + 1;
}

__attribute__((noinline)) void say(const char *text, long n)
{
    call(SYS_WRITE, 1, (long)text, n);
}

__attribute__((noreturn)) void _start(void)
{
    static const char line[] = "program: a line\n";

    for (rounds = 0; rounds < 3; rounds++)
        if (descend(4) == 5)
            say(line, sizeof line - 1);
    call(SYS_EXIT, 0, 0, 0);
    for (;;)
        ;
}
