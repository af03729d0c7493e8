/* The program that `forkexec` starts: it ends. */
#include "linux.h"

LINUX_START(nothing_main);

void nothing_main(void)
{
    linux_exit(0);
}
