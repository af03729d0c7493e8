/* `pogo check theorem`: Theorem 1 itself (check/isa/theorem.h). */
#ifndef POGO_CLI_CHECK_THEOREM_H
#define POGO_CLI_CHECK_THEOREM_H

#include <stdio.h>

/*
 * argv[0] is the command's name, the rest are a machine's and a monitor's
 * descriptions and options. Prints the verdict first. Returns 0 if every square
 * commutes, 1 if one does not, 2 if one is not decided; 64, 65, 125 as
 * everywhere.
 */
int check_theorem(int argc, char **argv);
void help_check_theorem(FILE *out);

#endif
