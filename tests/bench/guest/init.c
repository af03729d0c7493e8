/*
 * The first process of the benchmark's Linux: says that it runs, runs the
 * programs named behind "--" on the kernel's command line one after the other,
 * and powers the machine off.
 */
#include "linux.h"
#include "text.h"

#define REBOOT_MAGIC1 0xfee1dead
#define REBOOT_MAGIC2 672274793
#define REBOOT_POWER_OFF 0x4321fedc

LINUX_START(init_main);

static void say(struct text *t)
{
    linux_call(SYS_write, 1, (long)t->bytes, t->length, 0);
}

static void run(char *name)
{
    struct text path = { .length = 0 };
    char *arguments[] = { name, 0 };
    long child;

    text_add(&path, "/bench/");
    text_add(&path, name);
    path.bytes[path.length] = 0;
    child = linux_fork();
    if (child == 0) {
        struct text sorry = { .length = 0 };

        linux_call(SYS_execve, (long)path.bytes, (long)arguments, 0, 0);
        text_add(&sorry, "@missing ");
        text_add(&sorry, name);
        text_add(&sorry, "\n");
        say(&sorry);
        linux_exit(1);
    }
    linux_wait(child);
}

void init_main(long *stack)
{
    struct text hello = { .length = 0 };
    char **arguments = (char **)(stack + 1);

    text_add(&hello, "\n@user init 0 ");
    text_number(&hello, linux_time());
    text_add(&hello, " 1\n");
    say(&hello);
    linux_settle();
    for (long k = 1; k < stack[0]; k++)
        run(arguments[k]);
    linux_call(SYS_reboot, (long)REBOOT_MAGIC1, REBOOT_MAGIC2,
               REBOOT_POWER_OFF, 0);
    linux_exit(0);
}
