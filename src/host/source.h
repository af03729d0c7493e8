/*
 * Something outside the machine that input comes from: a network of the host's,
 * a window. The run loop's poll asks every source, about every RUN_POLL counts
 * and while the guest waits.
 */
#ifndef POGO_HOST_SOURCE_H
#define POGO_HOST_SOURCE_H

#include <poll.h>

#include "base/bits.h"

struct host_source {
    /*
     * Before a wait: writes what it waits for to p[0..max) and returns how many
     * that are; lowers *ns if it has something to do in so many nanoseconds (-1:
     * never). May be NULL.
     */
    unsigned (*prepare)(void *context, struct pollfd *p, unsigned max,
                        int64_t *ns);
    /*
     * Takes what has come, and never waits: after a wait with the `n`
     * descriptors of `prepare` and their revents; at a mere poll with those of
     * a wait of 0 ns. Input is handed to the machine from here, between two
     * instructions.
     */
    void (*take)(void *context, const struct pollfd *p, unsigned n);
    void *context;
};

#define HOST_SOURCES 8            /* of one machine, at most */
#define HOST_SOURCE_DESCRIPTORS 64 /* of one source, at most */

#endif
