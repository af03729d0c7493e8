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

struct guest {
    struct run_settings settings;
    struct run_files files;
};

/*
 * The rows of a command that takes the options of `pogo run` and `own` ones
 * too, for a struct whose first member is the struct guest; `run` rows that
 * `own` has as well give way. `out` has room for OPTIONS_MAX rows.
 */
#define OPTIONS_MAX 64
void guest_options(const struct option *own, struct option *out);

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
    struct console *console; /* of the UART; NULL: nowhere */
    struct console *virtio;  /* of the virtio console; NULL: no such device */
    struct net_cable *net;   /* of the network device; NULL: no such device */
    struct disk *disk;       /* as many as files.disks: g->files.disk, or
                                copies; NULL: g->files.disk */
};

/* The guest's board. It never has a virtio console if it has the most disks. */
struct board_config guest_board(struct guest *g, const struct guest_ends *ends);

/*
 * A machine of `depth` in reset, with everything in its memory; build_free
 * frees it, after an error too. `layout` may be NULL.
 */
enum status guest_build(struct guest *g, const struct guest_ends *ends,
                        unsigned depth, struct built *b,
                        struct boot_layout *layout, struct error *e);

#endif
