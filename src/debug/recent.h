/*
 * The last traps and exits of a session's worlds: traps that the bare machine
 * has entered, where no monitor stands, and exits that monitors have dealt
 * with. Once time has gone back they are those since the checkpoint that the
 * session went back to.
 */
#ifndef POGO_DEBUG_RECENT_H
#define POGO_DEBUG_RECENT_H

#include "debug/session.h"

#define RECENT_EVENTS 32

struct recent_event {
    struct vm *vm; /* whose exit it was; NULL: a trap of the bare machine … */
    uint8_t target; /* … into this mode */
    struct exit_record exit; /* of a trap: hart, count, priv, pc, host */
    uint64_t satp; /* as the hart had it; 0 where nothing is translated */
};

/* Begins as { 0 }. */
struct recent {
    struct session *session; /* NULL: of none */
    unsigned returns;        /* session_returns, when the last one came */
    uint64_t noted;          /* since then */
    struct recent_event event[RECENT_EVENTS];
    hart_watcher *watcher; /* of the bare machine before: is told as well */
    void *watcher_context;
};

/* Notes what happens from now on. It stays where it is until recent_end, which
   comes before the session and its machines go. */
void recent_begin(struct recent *r, struct session *s);
/* Forgets all. Does nothing if none was begun. */
void recent_end(struct recent *r);

/* How many are known, at most RECENT_EVENTS; and one of them, 0 is the oldest.
   Valid while the session does not run. */
unsigned recent_count(const struct recent *r);
const struct recent_event *recent_at(const struct recent *r, unsigned n);
/* The world that it came from. */
unsigned recent_world(const struct recent *r, const struct recent_event *e);

#endif
