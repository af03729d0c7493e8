/* Frames for the guest that the link has no room for yet: so many, not more. */
#ifndef POGO_HOST_SLIRP_FRAME_QUEUE_H
#define POGO_HOST_SLIRP_FRAME_QUEUE_H

#include "devices/net.h"

#define FRAME_QUEUE 256

struct frame_queue {
    unsigned first, waiting; /* `waiting` frames of the ring from `first` on */
    struct {
        size_t size;
        uint8_t bytes[NET_FRAME_MAX];
    } frame[FRAME_QUEUE];
};

/* Adds a frame of at most NET_FRAME_MAX bytes; it is lost if there is no room.
 */
void frame_queue_add(struct frame_queue *q, const uint8_t *frame, size_t size);

/* The oldest; NULL: there is none. It stays until it is removed. */
const uint8_t *frame_queue_oldest(const struct frame_queue *q, size_t *size);
void frame_queue_remove(struct frame_queue *q);

#endif
