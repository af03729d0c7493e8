/* Waiting for several sources at once. */
#ifndef POGO_HOST_WAIT_H
#define POGO_HOST_WAIT_H

#include "host/source.h"

#define HOST_WAIT_SOURCES     72
#define HOST_WAIT_DESCRIPTORS 640 /* of the caller and the sources together */

/*
 * Waits at most `ns` (-1: for ever, 0: not at all) until one of the caller's
 * descriptors own[0..n) is ready, whose revents then say so, or a source is, or
 * has something to do, or the run is cancelled (host/cancel.h); then, if `take`,
 * lets every source take what has come. A negative descriptor is none.
 */
void host_wait(struct pollfd *own, unsigned n,
               const struct host_source *const *source, unsigned sources,
               int64_t ns, bool take);

#endif
