/* What `pogo run --stats` says at the end. */
#ifndef POGO_CLI_STATS_H
#define POGO_CLI_STATS_H

#include <stdio.h>

#include "cli/machine_build.h"

struct stats_run {
    uint64_t count;   /* of the guest's machine, idle time included */
    double seconds;   /* host time that the run took */
};

/* As lines for people, or as one JSON object on one line. */
void stats_print(FILE *out, const struct built *b, const struct stats_run *r,
                 bool json);

#endif
