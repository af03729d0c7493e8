/* Inside the debugging session only: what its files share. */
#ifndef POGO_DEBUG_SESSION_INSIDE_H
#define POGO_DEBUG_SESSION_INSIDE_H

#include "cpu/stops.h"
#include "debug/session.h"
#include "machine/run.h"

#define SESSION_PASSED 8

/* What the machine asks before it happens, seen from all worlds. */
struct session_event {
    enum stop_kind kind; /* an access: STOP_AT_ACCESS */
    unsigned world;      /* of a trap or exit */
    unsigned hart;
    uint64_t va; /* code and traps: the pc; an access: its first byte */
    unsigned size;
    unsigned access; /* a set of enum access */
    struct trap trap;
};

/* A state of the machine: a time, and the event it is at then, if any. */
struct session_place {
    uint64_t time;
    bool at_event;
    struct session_event event;
};

/* What is done when one is asked. */
enum session_mode {
    MODE_STOP,  /* stop if there is a stop point for it */
    MODE_QUIET, /* go on, whatever it is */
    MODE_LAND,  /* stop at `land`, and at no other */
};

/*
 * Before one count several events may be asked, and may be stopped at one after
 * the other: those that the present is behind. They hold while the hart has not
 * gone on.
 */
struct session_passed {
    struct session_event event[SESSION_PASSED];
    unsigned events;
    bool stopped;      /* … at the last of them; else at none */
    uint64_t progress; /* of the hart */
};

struct session_name {
    struct session_name *next;
    uint64_t time;
    char text[];
};

/* Something was changed from outside at that time. */
struct session_change {
    uint64_t time;
    struct input_mark mark;
};

struct session {
    struct session_config c;
    unsigned worlds;
    struct board *board; /* of the guest, if it is alone */
    struct session_points points;
    struct stops stops; /* what the engine is to look for */
    enum session_mode mode;
    struct session_event land;
    struct session_passed passed;
    struct session_hit hit;
    struct session_place mark;
    struct session_hit mark_hit;
    bool past;    /* the run under way is one that was before */
    bool touched; /* changed from outside, and no checkpoint of it yet */
    bool stepped; /* the step's instruction is the next */
    uint64_t latest;
    unsigned returns;
    struct checkpoints *checkpoints; /* NULL: no history */
    uint64_t spacing;                /* counts between two checkpoints */
    struct session_change *change;
    unsigned changes;
    struct session_name *names;
    struct trace_back *trace; /* while stepping back */
    unsigned step_world, step_hart;
    bool (*step)(void *session, unsigned hart); /* of the run under way */
};

/* ---- session.c ---- */

/* Runs to the time `until`, or to an event as the mode says: SESSION_STEPPED,
   SESSION_POINT, or why it ended. Checkpoints are taken on the way: always at
   the same times. */
enum session_end session_advance(struct session *s, uint64_t until);

/* Runs as run_options say, in one piece. */
enum session_end session_run_once(struct session *s, uint64_t until,
                                  bool (*step)(void *session, unsigned hart));

/* Does the hart wait, as far as its world, a guest's, can tell? */
bool session_waits(const struct session *s, unsigned world, unsigned hart);

/* ---- session_stop.c ---- */

/* The engine and the monitors are told what to look for. */
void session_set_stops(struct session *s);
void session_forget_stops(struct session *s);
/* The present is behind the event that was stopped at last. */
const struct session_event *session_stands_at(const struct session *s);
/* A stop point for the instruction at pc is not to be stopped at: the present
   is there. */
void session_pass_present(struct session *s);
/* Is the present behind events that may not be stopped at again? And: it still
   is, the hart has not gone on, whatever its counts say. */
bool session_holds_present(const struct session *s);
void session_stand_here(struct session *s);
/* Is there a stop point for it? */
bool session_is_stop(const struct session *s, const struct session_event *e);
bool session_event_equal(const struct session_event *a,
                         const struct session_event *b);

/* ---- session_history.c ---- */

/* False: out of memory. */
bool session_start_history(struct session *s);
void session_free_history(struct session *s);
/* A checkpoint, if it is time for one; and the next time for one. */
void session_keep(struct session *s);
uint64_t session_next_keep(const struct session *s);
/* The present has been changed from outside. */
void session_touch(struct session *s, unsigned world);
/* What was changed is kept before time goes on. */
void session_settle(struct session *s);
/* It has gone back: what was changed later was not. */
void session_undo_changes(struct session *s);

#endif
