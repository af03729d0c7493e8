#include "cli/cli.h"

#include <stdarg.h>
#include <string.h>

#include "cli/check.h"
#include "cli/verify.h"

const struct command commands[] = {
    { "run", "run a machine, bare or virtual", command_run, help_run, NULL },
    { "debug", "start gdb at a guest, with the right settings", command_debug,
      help_debug, NULL },
    { "top", "show what several virtual machines do", command_top, help_top,
      NULL },
    { "verify", "measure Popek and Goldberg's three properties on a machine",
      command_verify, help_verify, verify_properties },
    { "check", "say whether a machine is virtualizable, and show why not",
      command_check, help_check, check_parts },
    { "pt", "show a guest's page table, p2m and shadow beside one another",
      command_pt, help_pt, NULL },
    { "why", "explain the last trap or exit before a count",
      command_why, help_why, NULL },
    { "monitor", "run a guest under a debugger, at a prompt", command_monitor,
      help_monitor, NULL },
    { "tui", "debug a run on a text screen", command_tui, help_tui, NULL },
    { "scan", "find the sensitive instructions in programs of any processor",
      command_scan, help_scan, NULL },
    { "tcb", "say how much must be trusted, layer by layer", command_tcb,
      help_tcb, NULL },
    { "replay-witness", "run a witness of a check again, on both sides",
      command_replay_witness, help_replay_witness, NULL },
    { "snapshot", "say what is in a snapshot of 'pogo run'", command_snapshot,
      help_snapshot, snapshot_parts },
    { "demo", "the guided tour: the embedded guest in a virtual machine "
              "(the default)", command_demo, NULL, NULL },
    { "help", "say what the commands and their options are", command_help,
      NULL, NULL },
    { NULL, NULL, NULL, NULL, NULL },
};

const struct command *command_find(const struct command *table,
                                   const char *name)
{
    for (const struct command *c = table; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

int complain(int status, const char *format, ...)
{
    va_list args;

    fflush(stdout);
    fputs("pogo: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return status;
}

int cli_main(int argc, char **argv, const char *version)
{
    char *demo[] = { "demo", NULL };
    const struct command *c;

    if (argc < 2)
        return command_demo(1, demo);
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0) {
        printf("pogo %s\n", version);
        return 0;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return command_help(argc - 1, argv + 1);
    c = command_find(commands, argv[1]);
    if (!c)
        return complain(EXIT_USAGE, "there is no command '%s': 'pogo help' "
                        "lists them", argv[1]);
    return c->run(argc - 1, argv + 1);
}
