/* pogo help [COMMAND [PART]] */
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

/* COMMAND, or COMMAND and a part of it. */
int command_help(int argc, char **argv)
{
    const struct command *table = commands, *c = NULL;

    if (argc < 2) {
        help_all();
        return 0;
    }
    for (int k = 1; k < argc; k++) {
        if (!table)
            return complain(EXIT_USAGE, "help does not know '%s' after '%s': "
                            "pogo help [COMMAND]", argv[k], argv[k - 1]);
        c = command_find(table, argv[k]);
        if (!c)
            return complain(EXIT_USAGE, "there is no %s '%s': 'pogo help%s%s' "
                            "lists them",
                            table == commands ? "command" : "property",
                            argv[k], k > 1 ? " " : "",
                            k > 1 ? argv[k - 1] : "");
        table = c->parts;
    }
    printf("pogo %s: %s\n", c->name, c->summary);
    if (c->help)
        c->help(stdout);
    return 0;
}
