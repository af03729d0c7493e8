/* `pogo check square`: the commuting square (check/square.h). */
#ifndef POGO_CLI_CHECK_SQUARE_H
#define POGO_CLI_CHECK_SQUARE_H

#include <stdio.h>

/*
 * argv[0] is the command's name, the rest are its options. Prints the verdict
 * first. Returns 0 if every square commutes, 1 if one does not; 64, 124, 125
 * as everywhere.
 */
int check_square(int argc, char **argv);
void help_check_square(FILE *out);

#endif
