/*
 * A split virtqueue, the device's side (VIRTIO 1.2, section 2.7), with
 * indirect descriptors. Nothing the driver writes is trusted: every address is
 * checked against RAM, every index against the queue, every loop is bounded.
 * At the first thing that cannot be, the queue is broken: it is not touched
 * any more until the device is reset.
 */
#ifndef POGO_DEVICES_VIRTQUEUE_H
#define POGO_DEVICES_VIRTQUEUE_H

#include "base/state.h"
#include "bus/ram.h"

#define VIRTQUEUE_MAX 256 /* entries of a queue, and descriptors of a chain */

struct virtqueue {
    struct ram *ram; /* borrowed; where rings and buffers are */
    bool ready;      /* the driver has set it up */
    bool broken;
    bool indirect; /* indirect descriptors were negotiated */
    uint32_t size; /* entries: a power of two once ready */
    uint64_t descriptors, available, used; /* physical, as the driver says */
    uint16_t next_available, next_used;
};

struct virtqueue_segment {
    uint64_t pa;
    uint32_t len;
};

/* One request: what the device may read, then what it may write. */
struct virtqueue_chain {
    uint16_t head;
    unsigned readable, writable;      /* segments of each kind */
    uint64_t read_bytes, write_bytes; /* their sums: at most the RAM's size */
    struct virtqueue_segment segment[VIRTQUEUE_MAX];
};

/* Not ready, nothing set. */
void virtqueue_reset(struct virtqueue *q, struct ram *ram);

/*
 * The driver says the queue is ready; its rings are taken to be empty. False
 * (and the queue broken) if its size is not a power of two up to VIRTQUEUE_MAX,
 * or a ring is misaligned or not in RAM.
 */
bool virtqueue_enable(struct virtqueue *q);

/*
 * How many chains the driver has made available and virtqueue_pop has not
 * taken, at most `size`. 0 if the queue is not ready or broken.
 */
unsigned virtqueue_waiting(struct virtqueue *q);

/* Takes the next chain. False if there is none, or the queue is broken. */
bool virtqueue_pop(struct virtqueue *q, struct virtqueue_chain *c);

/* Hands a chain back, `written` bytes of its writable part filled. */
void virtqueue_push(struct virtqueue *q, const struct virtqueue_chain *c,
                    uint64_t written);

/* Does the driver want an interrupt for what was pushed? */
bool virtqueue_wants_interrupt(struct virtqueue *q);

/*
 * Copies from the readable, or to the writable part, from its byte `offset` on.
 * Returns false, queue broken, if that is not all inside it or not in RAM.
 */
bool virtqueue_read(struct virtqueue *q, const struct virtqueue_chain *c,
                    uint64_t offset, void *buf, uint64_t len);
bool virtqueue_write(struct virtqueue *q, const struct virtqueue_chain *c,
                     uint64_t offset, const void *buf, uint64_t len);

/* The state (base/state.h). */
void virtqueue_state(struct virtqueue *q, struct state *s);

#endif
