/* The virtio console, one port, no control queue (VIRTIO 1.2, section 5.3). */
#ifndef POGO_DEVICES_VIRTIO_CONSOLE_H
#define POGO_DEVICES_VIRTIO_CONSOLE_H

#include "devices/console.h"
#include "devices/virtio_mmio.h"

struct virtio_console {
    struct console *console;  /* borrowed */
    struct virtio_mmio *mmio; /* the slot it sits in */
};

extern const struct virtio_ops virtio_console_ops;

/* Becomes the reader of `console`. */
void virtio_console_init(struct virtio_console *v, struct console *console,
                         struct virtio_mmio *mmio);

#endif
