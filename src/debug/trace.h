/*
 * A timeline of a run for Perfetto (https://ui.perfetto.dev) and Chrome's
 * tracing, in the Trace Event Format's JSON. A process is a virtual machine,
 * every level one of its own; a thread is a hart. There are spans for what a
 * hart ran directly, for waits and for exits, and arrows ("flows") from a trap
 * to the guest's handler, or from one that was reflected to the exit of the
 * machine above.
 *
 * Time is the guest's count of instructions, on all levels, so that a trace
 * repeats byte for byte: one count is a microsecond. An exit that completes an
 * instruction, or enters a handler for one, takes that count; one that is
 * hidden from the guest takes none, and is drawn 0.1 us wide. Where several
 * happen at one count they follow one another, and what comes next starts that
 * much later: the "count" of each span is the true one.
 *
 * Source: "Trace Event Format" (Google, 2016): M, X, s and f events.
 */
#ifndef POGO_DEBUG_TRACE_H
#define POGO_DEBUG_TRACE_H

#include <stdio.h>

#include "debug/exit_filter.h"
#include "debug/exit_log.h"

#define TRACE_MAX_DEPTH 4
/* A tick is a nanosecond of the file; so many make a count … */
#define TRACE_TICKS 1000
/* … and so many are the width of an exit that takes no count. */
#define TRACE_HIDDEN 100

/* An arrow's tail, until its head is drawn. */
struct trace_tail {
    bool pending;
    uint64_t ticks;
};

/* What is known of one virtual hart. */
struct trace_hart {
    uint64_t cursor;             /* ticks: all before is drawn */
    uint64_t count, instret;     /* as the last exit left them */
    bool waiting;                /* in wfi since then */
    struct trace_tail injected;  /* from a trap of this hart's */
    struct trace_tail reflected; /* from one that the machine below handed up */
};

struct trace;

/* One level. Traces are told of the levels apart. */
struct trace_vm {
    struct trace *trace;
    struct vm *vm;
    unsigned level; /* 1: outermost */
    bool wanted;    /* by the filter; if not, only its time is needed */
    struct trace_hart hart[MONITOR_MAX_HARTS];
    /* How far this level's count is behind that of the level above. */
    uint64_t behind[MONITOR_MAX_HARTS];
};

struct trace {
    FILE *out;                        /* borrowed */
    const struct exit_log *names;     /* borrowed */
    const struct exit_filter *filter; /* borrowed */
    struct trace_vm vm[TRACE_MAX_DEPTH];
    unsigned depth;
    uint64_t origin; /* ticks: where the present machine's count 0 is */
    struct trace *file; /* the one whose file it is: mostly itself */
    unsigned process;   /* number of its first level's process */
    const char *name;   /* of the machine; NULL: its levels have numbers */
    uint64_t arrows; /* drawn in the file */
    bool first;      /* nothing has been written to the file yet */
};

/*
 * Begins a trace on `out`. `names` says what addresses and instructions are
 * called; spans that `filter` refuses are left out.
 */
void trace_begin(struct trace *t, FILE *out, const struct exit_log *names,
                 const struct exit_filter *filter);

/*
 * Begins the trace of one of several machines side by side, as process `number`
 * of the file that `file` was begun with. Its time is that of whoever shares
 * the host among them: see trace_turn.
 */
void trace_join(struct trace *t, struct trace *file, unsigned number,
                const char *name, const struct exit_log *names);

/* The machine's turn begins: its `count` is `now` on the common axis. */
void trace_turn(struct trace *t, uint64_t now, uint64_t count);

/* The turn has ended: draws what is open. */
void trace_pause(struct trace *t);

/*
 * From now on the machines vm[0], the outermost, to vm[depth - 1] (at most
 * TRACE_MAX_DEPTH) are traced.
 */
void trace_watch(struct trace *t, struct vm *const *vm, unsigned depth);

/*
 * Draws what is open, and looks at the machines no more: to be called before
 * they go. Others may follow (trace_watch), later on the axis.
 */
void trace_unwatch(struct trace *t);

/* Ends the file's text. STATUS_IO: not all of it could be written. */
enum status trace_end(struct trace *t);

#endif
