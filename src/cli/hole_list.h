/* Holes on the command line: their list, and --hole. */
#ifndef POGO_CLI_HOLE_LIST_H
#define POGO_CLI_HOLE_LIST_H

#include "cli/options.h"

/* One a line, its name first: `pogo check --list-holes`. */
void hole_list(FILE *out);

/*
 * The set of isa.holes that the values of --hole name; each may be several
 * names with commas between them. STATUS_BAD_ARGUMENT: e says which name there
 * is not, and how to list those that there are.
 */
enum status hole_options(const struct option_list *list, uint64_t *holes,
                         struct error *e);

#endif
