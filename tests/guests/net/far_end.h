/*
 * A station at the far end of a guest's cable: it answers ARP (RFC 826) and
 * pings (RFC 792), each after the same count of its guest's instructions, so
 * that a run with it repeats at every depth.
 */
#ifndef POGO_TESTS_GUESTS_FAR_END_H
#define POGO_TESTS_GUESTS_FAR_END_H

#include "bus/clock.h"
#include "devices/net.h"

#define FAR_END_IP                                                             \
    {                                                                          \
        10, 0, 0, 2                                                            \
    }
#define FAR_END_LATENCY 50000 /* counts */
#define FAR_END_ANSWERS 16    /* that wait; more are lost */

struct far_end {
    struct net_cable *cable;  /* borrowed */
    struct clock *clock;      /* of the guest's board; borrowed */
    struct clock_event event; /* the answers that wait are due */
    unsigned heard, answered; /* frames */
    unsigned waiting;
    struct {
        size_t size;
        uint8_t bytes[NET_FRAME_MAX];
    } answer[FAR_END_ANSWERS];
};

/* Takes the far end of `cable`. It must stay where it is. */
void far_end_init(struct far_end *f, struct net_cable *cable,
                  struct clock *clock);

#endif
