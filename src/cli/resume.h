/* --resume FILE: a guest that goes on from a snapshot. */
#ifndef POGO_CLI_RESUME_H
#define POGO_CLI_RESUME_H

#include "cli/guest.h"

/*
 * Opens the snapshot that the settings name, and makes them say what it says of
 * the machine. What the command line says of it must be the same. The status is
 * as guest_open's.
 */
enum status resume_open(struct guest *g, struct error *e);

/*
 * The files are open: those that it is booted from after a reset must be the
 * ones it booted from; its disks are made to hold what they held; and what the
 * script has said already it does not say again.
 */
enum status resume_files(struct guest *g, struct error *e);

/* What the snapshot says of the machine. */
const struct snapshot_config *resume_config(const struct guest *g);

/*
 * The guest becomes machine i of several in a snapshot that somebody else has
 * open: then call guest_open, or, if its files are another guest's, resume_again.
 */
void resume_lend(struct guest *g, struct snapshot *s, unsigned i);
enum status resume_again(struct guest *g, struct error *e);

/* Did keys go to the guest's virtio console when it was saved? */
bool resume_virtio_keys(const struct guest *g);

#endif
