/* A debugging session of a test's machine. */
#ifndef POGO_TESTS_WORLD_SESSION_H
#define POGO_TESTS_WORLD_SESSION_H

#include "debug/session.h"
#include "vmm/world.h"

/* All of its worlds; no history. */
struct session_config world_session_config(struct world *w);

/* With so many bytes of history; there is memory for it. */
struct session *world_session(struct world *w, uint64_t budget);

#endif
