/*
 * A cable for Ethernet frames, without preamble and check sequence, between a
 * network device and whatever is at its other end (a switch, later a host
 * network). The device never waits for the other end: a frame that cannot be
 * taken is lost, as on a wire. A cable outlives the device at its end.
 */
#ifndef POGO_DEVICES_NET_H
#define POGO_DEVICES_NET_H

#include "base/bits.h"

#define NET_FRAME_MAX 1514 /* bytes: 14 of header, 1500 of payload */
#define NET_FRAME_MIN 14
#define NET_MAC       6

struct net_cable {
    /* Set by the far end: takes a frame that the guest sends, NET_FRAME_MIN to
       NET_FRAME_MAX bytes, borrowed for the call. NULL: frames are lost. */
    void (*sent)(void *far, const uint8_t *frame, size_t size);
    void *far;
    const bool *repeats; /* while it is true, frames have been sent before, and
                            are dropped; NULL: never */
    /* Set by the device, NULL until then: takes a frame for the guest, of as
       many bytes, to be called between two instructions of its machine. False:
       the guest has no buffer for it, nothing has happened; the caller may keep
       the frame and come back. */
    bool (*deliver)(void *device, const uint8_t *frame, size_t size);
    void *device;
    uint8_t mac[NET_MAC]; /* of the device; set before it is made */
};

#endif
