/*
 * A guest on a machine of its own, cut off from the host: its console's output
 * is kept, its input comes from the script alone, and what it writes to its
 * disks is seen by nobody else. Several of one struct guest do the same.
 */
#ifndef POGO_CLI_GUEST_SIDE_H
#define POGO_CLI_GUEST_SIDE_H

#include "check/difference.h"
#include "cli/guest.h"

/* Zeroed to begin with. It must stay where it is. */
struct guest_side {
    struct built built;
    struct console console, virtio;
    struct inputs inputs;
    struct console *keyboard; /* which of them the script's keys go to */
    struct side_output output;
    size_t room; /* of output.bytes */
    bool full;   /* there was no memory for more output */
    struct disk disk[BOARD_MAX_DISKS];
    unsigned disks;
    struct share *share; /* on the guest's folder; NULL: none */
    struct input_script script; /* borrows the guest's lines */
};

/*
 * Makes it (anew: what it was is gone) at `depth`, in reset. `again`: only the
 * machine; console, disks and script go on as they are. The status says what
 * kind of error, e the sentence. guest_side_free in any case. All have the
 * same folder of --share: it is the same input only if they do not write there.
 */
enum status guest_side_make(struct guest_side *s, struct guest *g,
                            unsigned depth, bool again, struct error *e);
void guest_side_free(struct guest_side *s);

/* As the checks want it. */
struct side guest_side_of(struct guest_side *s);

#endif
