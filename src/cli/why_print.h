/* An explanation (debug/why.h) on standard output. */
#ifndef POGO_CLI_WHY_PRINT_H
#define POGO_CLI_WHY_PRINT_H

#include "cli/why_find.h"

/* For people; `colour` if it goes to a terminal. */
void why_print(const struct why *w, bool colour);

/* As one JSON object. */
void why_print_json(const struct why *w, const struct why_event *event);

#endif
