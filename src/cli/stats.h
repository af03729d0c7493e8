/* What `pogo run --stats` says at the end. */
#ifndef POGO_CLI_STATS_H
#define POGO_CLI_STATS_H

#include <stdio.h>

#include "cli/guest_net.h"
#include "cli/machine_build.h"
#include "cli/report.h"

struct stats_run {
    uint64_t count;   /* of the guest's machine, idle time included */
    double seconds;   /* host time that the run took */
    const struct guest_net *net; /* NULL: it is not told of */
};

/* Its parts: what one monitor did for its machine; each of the levels of `b`, the
   topmost first, and the bare machine. */
void stats_vm(struct report *r, const struct vm *vm);
void stats_levels(struct report *r, const struct built *b);
/* What the board's balloon holds, and what the guest has told of its memory
   with it; nothing if there is no balloon. */
void stats_balloon(struct report *r, const struct board *b);
/* Instructions retired, of all harts. */
uint64_t stats_retired(const struct board *b);

/* As lines for people, or as one JSON object on one line. */
void stats_print(FILE *out, const struct built *b, const struct stats_run *r,
                 bool json);

#endif
