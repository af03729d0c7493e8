/*
 * The other half of the shadow invariant: each leaf is a translation that the
 * guest's own tables gave at some time since the last fence that covers it.
 * Shown by induction over the exits: right after a leaf was made the guest's
 * tables give it (legality_of_fill), and right after a fence they give whatever
 * it covers and is still there (legality_of_fence). In between the guest may
 * change its tables as it likes: the leaf was legal when it was made. PMP and
 * translation that is bare know no such delay, and are looked at any time
 * (legality_of_all).
 *
 * Between two exits, of the machine o->vm[i], after a good ownership_assign.
 * False, and *f, if a leaf is not legal.
 */
#ifndef POGO_CHECK_LEGALITY_H
#define POGO_CHECK_LEGALITY_H

#include "check/ownership.h"

/* `va` has just been filled on `hart`, if its leaf is valid. */
bool legality_of_fill(const struct ownership *o, unsigned i, unsigned hart,
                      uint64_t va, struct finding *f);

/* The guest has just fenced; NULL: all. With an address, in each space the leaf
   that maps it is looked at, and what else of the same superpage or 64 KiB page
   lies in the same table. */
bool legality_of_fence(const struct ownership *o, unsigned i, unsigned hart,
                       const uint64_t *va, const uint64_t *asid,
                       struct finding *f);

/* Every leaf, by PMP (the host's windows too), and where nothing translates. */
bool legality_of_all(const struct ownership *o, unsigned i, struct finding *f);

#endif
