/* The same work on many pieces, on the host's cores. */
#ifndef POGO_MACHINE_PARALLEL_H
#define POGO_MACHINE_PARALLEL_H

#define PARALLEL_MAX 8

/*
 * Calls work(context, worker, i) for each i below n, on up to PARALLEL_MAX
 * threads, the caller's among them; `worker` (below PARALLEL_MAX) is the
 * thread's number. They begin in ascending order. Returns when all are done.
 */
void parallel(unsigned n,
              void (*work)(void *context, unsigned worker, unsigned i),
              void *context);

#endif
