/*
 * A spin lock. M-mode runs with interrupts off, so its holder cannot be
 * interrupted; who waits must not be needed by the holder (see rfence.c for
 * the one place where it could be).
 */
#ifndef SBI_LOCK_H
#define SBI_LOCK_H

#include <stdbool.h>

#include "hart.h"

struct lock {
    unsigned int taken;
};

static inline bool lock_try(struct lock *lock)
{
    return !__atomic_exchange_n(&lock->taken, 1, __ATOMIC_ACQUIRE);
}

static inline void lock_take(struct lock *lock)
{
    while (!lock_try(lock))
        hart_pause();
}

static inline void lock_release(struct lock *lock)
{
    __atomic_store_n(&lock->taken, 0, __ATOMIC_RELEASE);
}

#endif
