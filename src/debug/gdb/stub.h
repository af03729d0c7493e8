/*
 * A stub of gdb's remote serial protocol (GDB manual, appendix E) for a
 * debugging session: bytes from gdb in, bytes to gdb out, and no socket
 * anywhere. Worlds are processes (world w is process w + 1), their harts are
 * threads (hart h is thread h + 1); programs that run in a guest are processes
 * too (debug/programs.h).
 *
 * It takes any bytes and any order of them. What it answers is an error then,
 * and the machine is as it was.
 */
#ifndef POGO_DEBUG_GDB_STUB_H
#define POGO_DEBUG_GDB_STUB_H

#include "debug/debugger.h"
#include "debug/programs.h"

struct gdb_config {
    struct debugger *debugger; /* borrowed */
    struct programs *programs; /* borrowed, and watched for in the session by
                                  who gives it; NULL: none are */
    void (*send)(void *context, const uint8_t *bytes, size_t n);
    /* The guest has asked for a reset: makes machine and session anew
       (debugger->session is another one then) with the stop points of the old
       one. False: it cannot be. */
    bool (*reset)(void *context);
    /* Called now and then in a run that the session does in small pieces, as
       the session's attend is in others; may be NULL. */
    void (*attend)(void *context);
    void *context;
    volatile int *interrupt; /* the session's: set for Ctrl-C */
};

struct gdb_stub;

enum gdb_state {
    GDB_STOPPED,  /* the machine stands; gdb is to say what next */
    GDB_RUNNING,  /* gdb has resumed it: call gdb_stub_run */
    GDB_DETACHED, /* gdb has let go of it (D): it is to run free */
    GDB_KILLED,   /* gdb wants an end (k, vKill) */
    GDB_OVER,     /* the guest has ended the machine, and gdb was told: it may
                     ask on, but not for long */
};

/* NULL: out of memory. */
struct gdb_stub *gdb_stub_new(const struct gdb_config *c);
void gdb_stub_free(struct gdb_stub *g);

/*
 * A connection begins, with nothing agreed upon yet. The machine stands. gdb is
 * attached to the guest's world, and attaches to others as it likes (`attach
 * 1`): of the processes that it finds when it connects it reads the target
 * description of one only, and does not know the registers of the others.
 */
void gdb_stub_connect(struct gdb_stub *g);

/* It has ended, or broken: the stop points that gdb has set are gone. */
void gdb_stub_disconnect(struct gdb_stub *g);

/*
 * Bytes from gdb. While the machine runs (this may be called from within
 * gdb_stub_run, and from within a command, by the session's attend or poll) a
 * Ctrl-C sets *interrupt, and all else is kept for later.
 */
void gdb_stub_take(struct gdb_stub *g, const uint8_t *bytes, size_t n);

enum gdb_state gdb_stub_state(const struct gdb_stub *g);

/* GDB_RUNNING: runs until there is something to tell gdb, and tells it. */
void gdb_stub_run(struct gdb_stub *g);

/* Hands over text of the guest's or the monitor's to be shown by gdb (O); only
   while the machine runs. */
void gdb_stub_show(struct gdb_stub *g, const char *text, size_t n);

/* GDB_OVER, GDB_KILLED, or the guest has ended the machine: the exit status. */
int gdb_stub_status(const struct gdb_stub *g);
/* It has; gdb has not been told about all of its processes yet, perhaps. */
bool gdb_stub_finished(const struct gdb_stub *g);

#endif
