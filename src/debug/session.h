/*
 * A debugging session: a machine of some depth, run, stopped, looked into, and
 * taken back in time. What a debugger's front ends (the remote stub for gdb,
 * the prompt, the text screen) share; they know nothing of how it is done.
 *
 * Worlds. World 0 is the bare machine; world d the virtual machine that the
 * d-th monitor makes; the guest is the one of highest number. All of them move
 * together: they are one machine, seen from below and from above. A world's
 * harts are the same harts in its own view: its registers, modes and CSRs, its
 * physical and virtual memory. Where the topmost monitor makes several machines
 * side by side, these are the worlds from `depth` on: one of them runs at a
 * time, and they have no history.
 *
 * Time. `session_time` counts what all harts together have executed or waited
 * (with one hart: its count): a number for each state of the run, the same
 * however often the run gets there. The session can go to any time between its
 * beginning and the latest that was reached: it goes back to a checkpoint
 * (machine/checkpoints.h), and on from there with the inputs that came the
 * first time (machine/inputs.h). Nothing that a debugger looks at or stops at
 * changes the run: its state hash is that of a free run.
 *
 * Until something is changed from outside (session_write…, session_set…): that
 * ends what is known of the future, and begins another. So does going back to
 * before the change: then it was not made.
 */
#ifndef POGO_DEBUG_SESSION_H
#define POGO_DEBUG_SESSION_H

#include "machine/bare.h"
#include "machine/checkpoints.h"
#include "vmm/scheduler.h"
#include "vmm/vm.h"

#define SESSION_WORLDS (4 + VM_MAX_SIBLINGS) /* depth 0 to 4 */
#define SESSION_STOPS  64

enum stop_kind {
    STOP_AT_CODE, /* before the instruction at `va` is executed … */
    STOP_AT_WRITE,
    STOP_AT_READ,
    STOP_AT_ACCESS,
    STOP_AT_TRAP, /* before a trap is taken in that world: `cause` */
    STOP_AT_EXIT, /* before a monitor deals with an exit from that world */
};

/* Where to stop. */
struct stop_point {
    enum stop_kind kind;
    unsigned world;
    bool any_space; /* else only where satp is `satp` */
    uint64_t satp;
    uint64_t va, size; /* bytes, at least 1; code: of no matter */
    uint64_t cause;    /* traps: as in mcause; SESSION_ANY_CAUSE: all */
};
#define SESSION_ANY_CAUSE UINT64_MAX

enum session_end {
    SESSION_STEPPED,   /* the step, or the time asked for, is done */
    SESSION_POINT,     /* at a stop point: session_hit says which */
    SESSION_BEGINNING, /* backwards: history begins here */
    SESSION_FINISHED,  /* the guest has ended the machine: exit status */
    SESSION_RESET,     /* it has asked for a reset: machine and session have to
                          be made anew, or go back */
    SESSION_IDLE,      /* it waits, and nothing can ever wake it */
    SESSION_BREAK,     /* *interrupt was set (Ctrl-C) */
    SESSION_LOST,      /* inputs cannot be followed: session_error says why */
};

struct session_hit {
    unsigned number; /* of the stop point, from session_add */
    unsigned hart;
    uint64_t va; /* of the access, or the pc */
    struct trap trap;
};

struct session_config {
    struct machine *machine[SESSION_WORLDS]; /* worlds 0 to `depth`, and … */
    struct board *board[SESSION_WORLDS];
    struct vm *vm[SESSION_WORLDS]; /* [0]: NULL */
    unsigned depth;
    struct scheduler *scheduler; /* … as many more as its machines are, but one;
                                    NULL: the guest is alone */
    const struct scheduler_options *several; /* its poll, turn and ended */
    struct bare *bottom;
    uint64_t budget; /* bytes for history; 0: no history. The guest's inputs,
                        if it has any, have a journal in memory. Several
                        guests have none */
    uint64_t spacing; /* counts between two checkpoints; 0: as is best */
    const volatile int *interrupt; /* may be NULL */
    bool *past; /* kept as session_is_past says; may be NULL */
    /* Called about every RUN_POLL counts of any run, of the past too, and may
       set *interrupt; may be NULL. */
    void (*attend)(void *context);
    /* The outside of a guest alone, as run_options' poll; not called while time
       is behind the latest. */
    uint64_t (*poll)(void *context, struct board *b, uint64_t idle);
    void *context;
};

struct session;

/* The machines are borrowed, and not run by anybody else meanwhile. NULL: out
   of memory. History begins here. */
struct session *session_new(const struct session_config *c);
void session_free(struct session *s);

/* ---- time ---- */

uint64_t session_time(const struct session *s);
uint64_t session_beginning(const struct session *s);
uint64_t session_latest(const struct session *s);

/* How often it has gone back. What was noted of the run before the last time may
   not have happened now. */
unsigned session_returns(const struct session *s);

/* The run under way is one that was before: what the machine puts out has been
   put out, and is to be dropped by whoever hands it on. */
bool session_is_past(const struct session *s);

/*
 * Runs on: to the next stop point, or to `until` (a time; UINT64_MAX: none). A
 * stop point at the very present is passed. The present is never stopped at
 * twice, so that going on always advances.
 */
enum session_end session_run(struct session *s, uint64_t until);

/* One instruction of that hart in that world, other harts as they would: a trap
   that it takes is part of it. If it waits, that is when it has been woken. */
enum session_end session_step(struct session *s, unsigned world, unsigned hart);

/*
 * The same, and if it is interrupted (or, with PAST_TRAPS, raises a trap), what
 * that leads to as well: until the hart is back there, or behind the
 * instruction, with the stack and the address space that it had. What never
 * comes back is run on with.
 */
enum session_past { PAST_INTERRUPTS, PAST_TRAPS };
enum session_end session_step_past(struct session *s, unsigned world,
                                   unsigned hart, enum session_past past);

/* Back to the last time before the present at which a stop point is; or to the
   beginning. */
enum session_end session_run_back(struct session *s);

/* To before the instruction that the hart executed last. */
enum session_end session_step_back(struct session *s, unsigned world,
                                   unsigned hart);

/* To that time, forwards or backwards, whatever lies between. */
enum session_end session_goto(struct session *s, uint64_t time);

/* Of the last stop at a point; and does the present still stand at it? */
const struct session_hit *session_hit(const struct session *s);
bool session_stands(const struct session *s);

/* Marks the present, to come back to exactly as it is: at the stop point that
   it stands at, too. There is one mark. */
void session_mark(struct session *s);
enum session_end session_return(struct session *s);

/* Nothing has been changed from outside since that time. Who goes back to
   before it gives up what was changed. */
uint64_t session_unchanged_since(const struct session *s);

/* Which hart executes next; and which guest's world that is. */
unsigned session_hart(const struct session *s);
unsigned session_guest(const struct session *s);
const char *session_error(const struct session *s);
int session_status(const struct session *s); /* SESSION_FINISHED */

/* ---- stop points ---- */

/* Numbered from 1; 0: there are SESSION_STOPS already. */
unsigned session_add(struct session *s, const struct stop_point *p);
void session_remove(struct session *s, unsigned number);
/* All of them, for another session of the same worlds (after a reset): they
   keep their numbers. */
struct session_points {
    struct stop_point point[SESSION_STOPS]; /* [number - 1] … */
    bool has_point[SESSION_STOPS];          /* … if there is one */
};
struct session_points session_points(const struct session *s);
void session_set_points(struct session *s, const struct session_points *p);

/* ---- looking into a world ---- */

unsigned session_worlds(const struct session *s);
unsigned session_harts(const struct session *s, unsigned world);
/* How many monitors are below it. */
unsigned session_level(const struct session *s, unsigned world);
/* Is it a guest's; or a machine's that such a one is made of? */
bool session_is_guest(const struct session *s, unsigned world);
struct machine *session_machine(const struct session *s, unsigned world);
struct board *session_board(const struct session *s, unsigned world);
struct vm *session_vm(const struct session *s, unsigned world);

/* Whose memory. */
struct session_view {
    unsigned world, hart;
    enum session_space {
        SPACE_CURRENT,  /* the address space that the hart is in */
        SPACE_PHYSICAL, /* addresses are physical */
        SPACE_OF,       /* that of `satp`, a program's, whoever runs now */
    } space;
    uint64_t satp;
};

/*
 * Memory as a world sees it, whatever the mode may access. Of RAM and, to be
 * read only, ROM, so that looking changes nothing. Returns how many bytes from `va` on could be moved.
 */
size_t session_read(struct session *s, const struct session_view *v,
                    uint64_t va, void *bytes, size_t n);
size_t session_write(struct session *s, const struct session_view *v,
                     uint64_t va, const void *bytes, size_t n);
/* Where the byte at `va` lies in that world's physical memory. False: nowhere.
 */
bool session_translate(const struct session *s, const struct session_view *v,
                       uint64_t va, uint64_t *pa);

/* enum machine_reg, and CSRs by number; false: there is none. Setting one of a
   world below a guest's is refused: it is the monitor's. */
bool session_get(struct session *s, unsigned world, unsigned hart, unsigned reg,
                 uint64_t *v);
bool session_set(struct session *s, unsigned world, unsigned hart, unsigned reg,
                 uint64_t v);
bool session_get_csr(struct session *s, unsigned world, unsigned hart,
                     unsigned csr, uint64_t *v);
bool session_set_csr(struct session *s, unsigned world, unsigned hart,
                     unsigned csr, uint64_t v);

/* ---- snapshots by name ---- */

/* A name for the present, to go back to; false: out of memory. */
bool session_name(struct session *s, const char *name);
/* False: there is no such name. */
bool session_find_name(const struct session *s, const char *name,
                       uint64_t *time);

/* The names, the newest first; false: there are not so many. */
bool session_name_at(const struct session *s, unsigned i, const char **name,
                     uint64_t *time);

/* What history takes: checkpoints, and their bytes. */
void session_history(const struct session *s, unsigned *checkpoints,
                     uint64_t *bytes);

#endif
