#include "cli/verify.h"

const struct command verify_properties[] = {
    { "equivalence", "a guest does the same, bit for bit, at every depth",
      verify_equivalence, help_verify_equivalence, NULL },
    { "efficiency", "most instructions run directly; which do not, and why",
      verify_efficiency, help_verify_efficiency, NULL },
    { "control", "hostile guests beside a well-behaved one: who has what",
      verify_control, help_verify_control, NULL },
    { NULL, NULL, NULL, NULL, NULL },
};

int command_verify(int argc, char **argv)
{
    const struct command *p;

    if (argc < 2)
        return complain(EXIT_USAGE, "verify what? 'pogo help verify' lists the "
                        "properties");
    p = command_find(verify_properties, argv[1]);
    if (p)
        return p->run(argc - 1, argv + 1);
    return complain(EXIT_USAGE, "verify knows no property '%s': 'pogo help "
                    "verify' lists them", argv[1]);
}

void help_verify(FILE *out)
{
    fputs("\nusage: pogo verify PROPERTY [options]\n\n", out);
    for (const struct command *p = verify_properties; p->name; p++)
        fprintf(out, "  %-12s %s\n", p->name, p->summary);
    fputs("\n'pogo help verify PROPERTY' says what its options are.\n", out);
}
