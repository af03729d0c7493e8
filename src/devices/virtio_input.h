/*
 * The virtio input device: a keyboard, or a tablet with buttons and a wheel
 * (VIRTIO 1.2, section 5.8). What it says are Linux's input events, in the
 * codes of <linux/input-event-codes.h>.
 */
#ifndef POGO_DEVICES_VIRTIO_INPUT_H
#define POGO_DEVICES_VIRTIO_INPUT_H

#include "base/state.h"
#include "bus/little_endian.h"
#include "devices/virtio_mmio.h"

#define VIRTIO_INPUT_EVENT   8     /* bytes of one event */
#define VIRTIO_INPUT_QUEUE   1024  /* events that wait at most */
#define VIRTIO_INPUT_CONFIG  136   /* bytes */
#define VIRTIO_INPUT_ABS_MAX 32767 /* the tablet's X and Y: from 0 */

enum virtio_input_kind { VIRTIO_INPUT_KEYBOARD, VIRTIO_INPUT_TABLET };

struct virtio_input {
    enum virtio_input_kind kind;
    struct virtio_mmio *mmio;            /* the slot it sits in */
    bool running;                        /* there is a driver */
    uint8_t select, subsel;              /* what the driver asks about … */
    uint8_t config[VIRTIO_INPUT_CONFIG]; /* … and the answer */
    /* A ring: `waiting` events from `first` on. */
    uint8_t event[VIRTIO_INPUT_QUEUE][VIRTIO_INPUT_EVENT];
    uint32_t first, waiting;
};

extern const struct virtio_ops virtio_input_ops;

void virtio_input_init(struct virtio_input *v, enum virtio_input_kind kind,
                       struct virtio_mmio *mmio);

/* struct virtio_input_event: an event's bytes. */
static inline void virtio_input_event(uint8_t event[VIRTIO_INPUT_EVENT],
                                      uint16_t type, uint16_t code,
                                      uint32_t value)
{
    little_endian_put(event, 2, type);
    little_endian_put(event + 2, 2, code);
    little_endian_put(event + 4, 4, value);
}

/*
 * From outside, between two instructions: n bytes of events arrive at `device`,
 * a struct virtio_input. They come in packets, of which a SYN_REPORT is the
 * last event; a packet is taken as a whole or not. Returns how many bytes were:
 * the caller keeps the rest for later. What no SYN_REPORT ends is not taken.
 * Without a driver all packets are taken, and lost.
 */
size_t virtio_input_push(void *device, const uint8_t *events, size_t n);

/* Its state, without the transport's. */
void virtio_input_state(struct virtio_input *v, struct state *s);

#endif
