/* What `pogo verify efficiency` says: the verdict, then tables. */
#ifndef POGO_CLI_EFFICIENCY_REPORT_H
#define POGO_CLI_EFFICIENCY_REPORT_H

#include <stdio.h>

#include "check/efficiency.h"
#include "check/exit_groups.h"
#include "cli/machine_build.h"

struct efficiency_found {
    const struct efficiency *efficiency; /* of the topmost virtual machine */
    const struct built *built;
    const struct exit_group *group; /* exits by instruction, most first */
    size_t groups;
    unsigned top;    /* how many of them to list */
    double at_least; /* percent */
    const char *end; /* how the run ended */
};

/* Does the property hold? */
bool efficiency_holds(const struct efficiency_found *f);

/* The verdict in one line, terminated, in buf; 512 bytes are enough. */
void efficiency_verdict(const struct efficiency_found *f, char *buf,
                        size_t size);

/* All of it: for people, or as one JSON object. */
void efficiency_print(FILE *out, const struct efficiency_found *f, bool json);

#endif
