/* pogo help [COMMAND] */
#include "cli/cli.h"

static void help_all(void)
{
    puts("Pogo: a RISC-V computer in software, and a monitor that makes more "
         "of them.\n\n"
         "usage: pogo COMMAND [options]\n"
         "       pogo help [COMMAND]\n"
         "       pogo --version\n");
    for (const struct command *c = commands; c->name; c++)
        printf("  %-8s %s\n", c->name, c->summary);
    puts("\nWithout a command: the guided tour.");
}

int command_help(int argc, char **argv)
{
    const struct command *c;

    if (argc < 2) {
        help_all();
        return 0;
    }
    if (argc > 2)
        return complain(EXIT_USAGE, "help takes one command, not '%s' as "
                        "well: pogo help [COMMAND]", argv[2]);
    c = command_find(argv[1]);
    if (!c)
        return complain(EXIT_USAGE, "there is no command '%s': 'pogo help' "
                        "lists them", argv[1]);
    printf("pogo %s: %s\n", c->name, c->summary);
    if (c->help)
        c->help(stdout);
    return 0;
}
