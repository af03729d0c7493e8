/*
 * `pogo verify PROPERTY [options]`: Popek and Goldberg's three properties, each
 * measured on a real system. The exit status is 0 where it holds, 1 where it
 * does not; 64, 65, 124, 125 as everywhere.
 */
#ifndef POGO_CLI_VERIFY_H
#define POGO_CLI_VERIFY_H

#include "cli/cli.h"

enum {
    EXIT_HOLDS = 0,
    EXIT_DOES_NOT_HOLD = 1,
};

/* The table of properties, which are commands' parts (cli.h). */
extern const struct command verify_properties[];

/* argv[0] is the property's name. Each in the file of its name. */
int verify_equivalence(int argc, char **argv);
int verify_efficiency(int argc, char **argv);
int verify_control(int argc, char **argv);
void help_verify_equivalence(FILE *out);
void help_verify_efficiency(FILE *out);
void help_verify_control(FILE *out);

#endif
