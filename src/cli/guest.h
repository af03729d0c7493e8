/*
 * A guest as the options of `pogo run` describe it, and machines that it can
 * run on: `run`, `verify`, `pt` and the like all begin with this. One guest can
 * be put on several machines, one after the other or side by side; the files
 * are read once.
 */
#ifndef POGO_CLI_GUEST_H
#define POGO_CLI_GUEST_H

#include "cli/machine_build.h"
#include "cli/run_files.h"
#include "machine/snapshot.h"

struct guest {
    struct run_settings settings;
    struct run_files files;
    struct snapshot *resumed; /* that machines go on from; NULL: they boot */
    unsigned resumed_as; /* which of the machines in it */
    bool resumed_lent;   /* it is somebody else's */
    bool cannot_boot; /* the snapshot's machine booted from files that are not
                         known: it cannot be reset */
};

/*
 * The rows of a command that takes the options of `pogo run` and `own` ones
 * too, for a struct whose first member is the struct guest; `run` rows that
 * `own` has as well give way. `out` has room for OPTIONS_MAX rows.
 */
#define OPTIONS_MAX 64
void guest_options(const struct option *own, struct option *out);

/* The same, without the rows of these names, which end with NULL. */
void guest_options_without(const char *const *names, const struct option *own,
                           struct option *out);

/* Defaults for the settings; then call options_parse and guest_open. */
void guest_defaults(struct guest *g);

/*
 * Checks the settings and opens the files. The status says what kind of error
 * (guest_exit_status), e the sentence. guest_close in any case.
 */
enum status guest_open(struct guest *g, struct error *e);
void guest_close(struct guest *g);

/* The exit status for an error of guest_open and guest_build. */
int guest_exit_status(enum status s);

/* What a machine's wires are connected to; all borrowed. */
struct guest_ends {
    struct inputs *inputs;   /* what comes in; NULL: nothing does */
    struct console *console; /* of the UART; NULL: nowhere */
    struct console *virtio;  /* of the virtio console; NULL: no such device */
    const struct virtio_console_port *port; /* as many as settings.port says;
                                               NULL: it must say none */
    struct net_cable *net;   /* of the network device; NULL: no such device */
    const struct share_end *share; /* of the 9P device; NULL: no such device */
    struct display *display; /* of the screen; NULL: no such devices */
    bool again;              /* the guest has reset the machine: it boots */
    struct disk *disk;       /* as many as files.disks: g->files.disk, or
                                copies; NULL: g->files.disk */
};

/* Who answers for the folder of --share; NULL if it is not given. */
const struct share_end *guest_share(const struct guest *g);

/* The guest's board. It never has a virtio console if it has the most disks. */
struct board_config guest_board(struct guest *g, const struct guest_ends *ends);

/* Puts into the board's memory what the guest boots from. */
enum status guest_boot(struct guest *g, struct board *b,
                       struct boot_layout *layout, struct error *e);

/*
 * A machine of `depth` in reset, with everything in its memory, or as the
 * snapshot has it that is to be resumed; build_free frees it, after an error
 * too. `layout` may be NULL, and is filled in for a machine that boots.
 */
enum status guest_build(struct guest *g, const struct guest_ends *ends,
                        unsigned depth, struct built *b,
                        struct boot_layout *layout, struct error *e);

#endif
