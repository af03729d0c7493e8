/*
 * A shared folder: what lies between its device and whoever answers for the
 * folder. The device carries messages of the 9P2000.L protocol and understands
 * none of them. All that a guest learns of the folder, it learns from replies,
 * so that a run is a function of them; and all that happens to the folder
 * happens because of requests.
 */
#ifndef POGO_DEVICES_SHARE_H
#define POGO_DEVICES_SHARE_H

#include "base/bits.h"

#define SHARE_MESSAGE (128u << 10) /* bytes of a message, at most */

struct share_end {
    /*
     * Answers one request, n bytes (0..SHARE_MESSAGE) as the guest wrote them:
     * they may be anything. Writes a reply of at most `max` bytes
     * (0..SHARE_MESSAGE) and returns its size; 0: there is none. It is called
     * while an instruction of the guest's is carried out, and comes back
     * without waiting for anybody.
     */
    size_t (*answer)(void *far, const uint8_t *request, size_t n,
                     uint8_t *reply, size_t max);
    void *far;
};

#endif
