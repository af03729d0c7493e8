/*
 * Which of a guest's frames libslirp (4.7.0, Debian 12's) can be given. What it
 * cannot take is lost:
 *
 * - A datagram in pieces: ip_reass may write to a wild address.
 * - A segment of TCP that ends at sequence number 0. tcp_reass looks for the
 *   end of its list by a pointer that is never there, goes on behind the end,
 *   and crashes, if the stream is whole up to number 0: a guest needs three
 *   segments for that. Of the streams that pass 0, one in a thousand has such a
 *   segment.
 */
#ifndef POGO_HOST_SLIRP_FRAME_CHECK_H
#define POGO_HOST_SLIRP_FRAME_CHECK_H

#include "base/bits.h"

/* False: it is better lost. `size` may be anything. */
bool frame_check(const uint8_t *frame, size_t size);

#endif
