/*
 * Calls to the firmware. `ecall` in S-mode traps to M-mode, as `ecall` in
 * U-mode traps to us: a7 says which extension, a6 which of its functions.
 */
#include "kernel.h"

#define EXT_BASE        0x10
#define EXT_TIME        0x54494d45
#define EXT_RESET       0x53525354
#define EXT_CONSOLE     0x4442434e
#define EXT_OLD_PUTCHAR 1

struct sbi_ret {
    long error;
    long value;
};

static struct sbi_ret sbi_call(long extension, long function, uint64_t arg0,
                               uint64_t arg1, uint64_t arg2)
{
    register uint64_t a0 __asm__("a0") = arg0;
    register uint64_t a1 __asm__("a1") = arg1;
    register uint64_t a2 __asm__("a2") = arg2;
    register long a6 __asm__("a6") = function;
    register long a7 __asm__("a7") = extension;

    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1)
                     : "r"(a2), "r"(a6), "r"(a7)
                     : "memory");
    return (struct sbi_ret){ (long)a0, (long)a1 };
}

static bool have(long extension)
{
    return sbi_call(EXT_BASE, 3, extension, 0, 0).value != 0;
}

/* The firmware takes a physical address; ours are equal to virtual ones. */
void sbi_puts(const char *text)
{
    size_t length = 0;

    while (text[length])
        length++;
    if (have(EXT_CONSOLE)) {
        sbi_call(EXT_CONSOLE, 0, length, (uint64_t)text, 0);
        return;
    }
    for (; *text; text++)
        sbi_call(EXT_OLD_PUTCHAR, 0, *text, 0, 0);
}

/* mtimecmp belongs to M-mode, so the supervisor asks for its alarm. */
void sbi_set_timer(uint64_t when)
{
    sbi_call(EXT_TIME, 0, when, 0, 0);
}

void sbi_shutdown(bool failure)
{
    sbi_call(EXT_RESET, 0, 0, failure, 0);
    for (;;)
        __asm__ volatile("wfi");
}
