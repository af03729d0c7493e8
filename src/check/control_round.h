/* Inside the check of resource control: one round, and the neighbour alone. */
#ifndef POGO_CHECK_CONTROL_ROUND_H
#define POGO_CHECK_CONTROL_ROUND_H

#include "check/control.h"

/* What the neighbour comes to when it has the host for itself. */
struct reference {
    uint8_t *console; /* everything it writes, owned */
    size_t size, room;
    bool failed; /* out of memory meanwhile */
    uint64_t hash, count;
    int status;
};

/* False: it cannot be made, or does not end by itself. */
bool reference_make(struct reference *r, const struct control_config *c);
void reference_free(struct reference *r);

/* One round for out->seed. Returns how it ended; CONTROL_HELD: go on. */
enum control_verdict control_round(const struct control_config *c,
                                   const struct reference *alone,
                                   struct control *out);

#endif
