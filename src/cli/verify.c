#include "cli/verify.h"

#include <string.h>

static const struct command properties[] = {
    { "equivalence", "a guest does the same, bit for bit, at every depth",
      verify_equivalence, help_verify_equivalence },
    { "efficiency", "most instructions run directly; which do not, and why",
      verify_efficiency, help_verify_efficiency },
    { "control", "hostile guests beside a well-behaved one: who has what",
      verify_control, help_verify_control },
    { NULL, NULL, NULL, NULL },
};

int command_verify(int argc, char **argv)
{
    if (argc < 2)
        return complain(EXIT_USAGE, "verify what? 'pogo help verify' lists the "
                        "properties");
    for (const struct command *p = properties; p->name; p++)
        if (strcmp(argv[1], p->name) == 0)
            return p->run(argc - 1, argv + 1);
    return complain(EXIT_USAGE, "verify knows no property '%s': 'pogo help "
                    "verify' lists them", argv[1]);
}

void help_verify(FILE *out)
{
    fputs("\nusage: pogo verify PROPERTY [options]\n\n", out);
    for (const struct command *p = properties; p->name; p++)
        fprintf(out, "  %-12s %s\n", p->name, p->summary);
    for (const struct command *p = properties; p->name; p++) {
        fprintf(out, "\n%s:\n", p->name);
        p->help(out);
    }
}
