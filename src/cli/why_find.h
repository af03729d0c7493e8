/*
 * Which trap or exit of a run is meant: found by a fast run with someone who
 * watches; and the run repeated as far as that, where it is stepped through and
 * explained. What a guest does follows from its inputs, so that both runs are
 * alike.
 */
#ifndef POGO_CLI_WHY_FIND_H
#define POGO_CLI_WHY_FIND_H

#include "cli/guest_side.h"
#include "debug/why.h"

struct why_wanted {
    bool trap;       /* of the guest's own traps only; else of exits, too */
    uint64_t number; /* the n-th, from 1; 0: the last … */
    uint64_t until;  /* … before this count */
};

/* One that was seen. */
struct why_event {
    bool found;
    uint64_t number; /* its own, or that of the last there was */
    uint64_t count;  /* the hart's, before it */
    unsigned hart;
    unsigned resets; /* that came before it */
    enum why_part part;
};

enum why_found {
    WHY_FOUND,
    WHY_NONE,      /* there is none, or are not so many: event.number */
    WHY_CANCELLED, /* *cancel_flag() */
    WHY_FAILED,    /* e says why */
};

/*
 * Runs the guest, on a machine of g's depth made in `side`, until it is known
 * which one is wanted.
 */
enum why_found why_find(const struct why_wanted *wanted, struct guest *g,
                        struct guest_side *side, struct why_event *event,
                        struct error *e);

/*
 * Runs it again, on a machine made anew, as far as that; when it returns
 * WHY_FOUND w explains it, and the machine is as right after it.
 */
enum why_found why_repeat(const struct why_event *event, bool trap,
                          struct guest *g, struct guest_side *side,
                          const struct exit_log *names, struct why *w,
                          struct error *e);

#endif
