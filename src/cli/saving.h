/* --snapshot FILE [--snapshot-at N]: when the machine of a run is saved. */
#ifndef POGO_CLI_SAVING_H
#define POGO_CLI_SAVING_H

#include "cli/guest.h"
#include "machine/run.h"

struct saving {
    const char *path; /* NULL: it is not to be saved */
    const char *base;
    uint64_t at;    /* a count; UINT64_MAX: at the end of the run */
    uint64_t until; /* the run's */
    bool done;
};

void saving_open(struct saving *v, const struct run_settings *s);

/* Up to which count the machine is to run now, and whether it is to stop at a
   boundary there (run_options.at_boundary). */
uint64_t saving_until(const struct saving *v, bool *at_boundary);

/* It has got there: is it to be saved, and to run on? */
bool saving_due(const struct saving *v, const struct board *b);

/* Is it to be saved now that the run is over? */
bool saving_at_end(const struct saving *v);

/* The run is over, and there is nothing to save, or not where it was asked for:
   e says why. */
bool saving_missed(const struct saving *v, enum run_end end, struct error *e);

/* The machine of a guest, for a request. */
struct snapshot_machine saving_machine(const struct guest *g,
                                       struct machine *m, struct board *b,
                                       bool virtio_keys);

/* Saves it where it is. */
enum status saving_save(struct saving *v, const struct guest *g,
                        const struct built *b, bool virtio_keys,
                        struct snapshot_written *out, struct error *e);

#endif
