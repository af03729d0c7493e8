/* pogo, without a command: the embedded guest. */
#include "cli/cli.h"

int command_demo(int argc, char **argv)
{
    char *run[] = { "run", NULL };

    if (argc > 1)
        return complain(EXIT_USAGE, "demo takes no arguments, not '%s': use "
                        "'pogo run' to choose", argv[1]);
    return command_run(1, run);
}
