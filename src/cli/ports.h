/* `--port NAME=FILE|NAME=pty|NAME=unix:PATH`: named ports, and their ends on the
   host. */
#ifndef POGO_CLI_PORTS_H
#define POGO_CLI_PORTS_H

#include "base/error.h"
#include "cli/options.h"
#include "devices/virtio_console.h"
#include "host/port_end.h"
#include "machine/inputs.h"

/* Zeroed to begin with. It must stay where it is. */
struct ports {
    struct port_ends ends;
    struct host_source source; /* of them, if port_ends_live */
    char name[PORT_ENDS][VIRTIO_CONSOLE_NAME + 1];
    struct virtio_console_port port[PORT_ENDS]; /* as a board wants them */
};

/*
 * Do these options name ports, each with a name and a place of its own?
 * STATUS_BAD_ARGUMENT: e says what is wrong.
 */
enum status ports_check(const struct option_list *options, struct error *e);

/*
 * Opens the host's ends of ports that have been checked, in their order; what
 * comes there comes in through `inputs`. Unless
 * `quiet` it says on standard error where a pseudo-terminal is. STATUS_IO: e
 * says which one cannot be had. ports_close in any case.
 */
enum status ports_open(struct ports *p, const struct option_list *options,
                       struct inputs *inputs, bool quiet, struct error *e);
void ports_close(struct ports *p);

#endif
