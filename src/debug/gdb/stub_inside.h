/* Inside the stub only: what its files share. */
#ifndef POGO_DEBUG_GDB_STUB_INSIDE_H
#define POGO_DEBUG_GDB_STUB_INSIDE_H

#include "debug/gdb/args.h"
#include "debug/gdb/hex.h"
#include "debug/gdb/reply.h"
#include "debug/gdb/stub.h"
#include "debug/gdb/text.h"

#define GDB_HELD  (2 * GDB_PACKET) /* bytes kept while the machine runs */
#define GDB_FILES 8                /* open at a time */
/* What the symbols of the world of that process are called, as a file. */
#define GDB_WORLD_FILE "/pogo/process-%u.elf"
#define GDB_SHOWN 2048             /* bytes of text in a packet, at most */

/* Program n is process GDB_PROGRAMS + n. */
#define GDB_PROGRAMS 100

#define GDB_NO_RESET 125 /* exit status: the machine cannot be reset */

struct gdb_thread {
    unsigned process; /* its number */
    unsigned hart;    /* from 0 */
};

/* A process that there is. */
struct gdb_process {
    unsigned number, world;
    const struct program *program; /* NULL: it is the world itself */
};

/* What gdb's Z has set. */
struct gdb_point {
    bool used;
    unsigned process;
    unsigned type; /* of Z: 0 to 4 */
    uint64_t address, size;
};

struct gdb_resume {
    enum gdb_how {
        RESUME_RUN,
        RESUME_STEP,
        RESUME_RANGE, /* steps while pc is in [start, end) */
        RESUME_RUN_BACK,
        RESUME_STEP_BACK,
    } how;
    struct gdb_thread thread;
    uint64_t start, end;
};

struct gdb_stub {
    struct gdb_config c;
    struct packets packets;
    struct gdb_reply reply;
    bool silent; /* the packet at hand is not answered, or not yet */
    enum gdb_state state;

    bool busy; /* with a packet, or a run: what comes is kept */
    uint8_t held[GDB_HELD];
    size_t held_size;
    enum { HELD_BETWEEN, HELD_BODY, HELD_SUM, HELD_SUM_END } held_state;

    bool processes, forks, execs; /* what gdb understands */
    bool physical;                /* addresses are physical */
    bool world[SESSION_WORLDS];   /* is gdb attached to it … */
    unsigned program[PROGRAMS_MAX]; /* … and to these; 0: none */
    struct gdb_thread general, resumed; /* set by Hg and Hc */
    struct gdb_thread stopped; /* that gdb was told of last. The one that its
                                  user looks at may be another: it is not always
                                  told when that is */
    struct gdb_point point[SESSION_STOPS]; /* [the session's number - 1] */

    struct gdb_resume resume; /* GDB_RUNNING: what is to be done */
    unsigned told;            /* of so many worlds gdb has been told */
    unsigned exec;            /* a process: the next to be told of it */
    unsigned entered; /* a process that has just started: a stop point at its
                         first instruction has not been told of */
    bool finished;            /* the machine has ended … */
    int status;               /* … with this */

    struct gdb_text document; /* what qXfer read last: its name, a 0, text */
    char document_name[80];
    int file[GDB_FILES]; /* descriptor + 1; 0: none */
};

/* ---- stub_dispatch.c ---- */

/* A whole packet: its answer is sent, if it has one by now. */
void gdb_dispatch(struct gdb_stub *g);

/* ---- stub_processes.c ---- */

bool gdb_process(const struct gdb_stub *g, uint64_t number,
                 struct gdb_process *p);
/* A process that gdb is attached to. */
bool gdb_attached(const struct gdb_stub *g, uint64_t number,
                  struct gdb_process *p);
/* False: there is no room to remember it. */
bool gdb_attach(struct gdb_stub *g, unsigned process);
/* Its stop points go too. */
void gdb_detach(struct gdb_stub *g, unsigned process);
/* The processes that gdb is attached to, one after the other: the guest's world
   first. `after`: 0 to begin with. 0: there is no other. */
unsigned gdb_next_process(const struct gdb_stub *g, unsigned after,
                          struct gdb_process *p);
/* Attached to one that is no more (of a program): its number; 0: to none. */
unsigned gdb_gone_process(const struct gdb_stub *g);

/* The thread that `id` names, of a process that is attached; `any` where it
   leaves something open. False: there is no such thread. */
bool gdb_find_thread(const struct gdb_stub *g, struct gdb_id id,
                     struct gdb_thread any, struct gdb_thread *t);
/* … or in place of one whose process is not attached any more, another. False:
   there is none at all. */
bool gdb_some_thread(const struct gdb_stub *g, struct gdb_thread *t);
/* As gdb writes it. */
void gdb_put_thread(struct gdb_stub *g, struct gdb_thread t);
/* Is the hart in that process's address space? */
bool gdb_is_there(const struct gdb_stub *g, const struct gdb_process *p,
                  unsigned hart);
/* "U-mode, waits" */
void gdb_describe_thread(const struct gdb_stub *g, const struct gdb_process *p,
                         unsigned hart, const struct text_sink *out);

/* ---- stub_points.c ---- */

/* All of that process's stop points; 0: of all. */
void gdb_remove_points(struct gdb_stub *g, unsigned process);
/* A stop point for the instruction at `va`, which that hart is about to
   execute, that gdb is to be told of: its number; 0: there is none. */
unsigned gdb_code_point(const struct gdb_stub *g, uint64_t va, unsigned hart);
/* Which process a session's stop point belongs to, if it is attached; else 0 */
unsigned gdb_point_process(const struct gdb_stub *g, unsigned number);

/* ---- stub_run.c ---- */

void gdb_resume(struct gdb_stub *g, struct gdb_resume r);

/* ---- stub_stop.c ---- */

/* "T05", where the machine stands. */
void gdb_tell_present(struct gdb_stub *g);
/* What ended the run, in the reply; the run is over. */
void gdb_tell_end(struct gdb_stub *g, enum session_end end);
void gdb_tell_point(struct gdb_stub *g, unsigned number, uint64_t va,
                    unsigned hart);
void gdb_tell_fork(struct gdb_stub *g, struct gdb_thread parent,
                   unsigned child);
void gdb_tell_exec(struct gdb_stub *g, unsigned process);
/* "W": that process has ended. */
void gdb_tell_exit(struct gdb_stub *g, unsigned process, int status);

/* ---- stub.c ---- */

/* What has come meanwhile, now that nothing is under way. */
void gdb_take_held(struct gdb_stub *g);
/* Text to be shown, at once. */
void gdb_show(struct gdb_stub *g, const char *text, size_t n);
/* A sink that gdb shows. */
struct text_sink gdb_shown(struct gdb_stub *g);
/* Commands without arguments are about that thread, until the next stop or
   `world`. */
void gdb_look_at(struct gdb_stub *g, struct gdb_thread t);

/* ---- handlers of packets: what is behind the name is in `a` ---- */

#define GDB_HANDLER(name) \
    void name(struct gdb_stub *g, struct gdb_args *a)

/* stub_query.c */
GDB_HANDLER(gdb_supported);
GDB_HANDLER(gdb_no_acks);
GDB_HANDLER(gdb_nothing);
GDB_HANDLER(gdb_extended);
GDB_HANDLER(gdb_why_stopped);
GDB_HANDLER(gdb_symbols);
GDB_HANDLER(gdb_qemu_supported);
GDB_HANDLER(gdb_memory_mode);
GDB_HANDLER(gdb_set_memory_mode);
GDB_HANDLER(gdb_command);

/* stub_threads.c */
GDB_HANDLER(gdb_current_thread);
GDB_HANDLER(gdb_first_threads);
GDB_HANDLER(gdb_more_threads);
GDB_HANDLER(gdb_thread_extra);
GDB_HANDLER(gdb_thread_alive);
GDB_HANDLER(gdb_set_thread);
GDB_HANDLER(gdb_was_attached);
GDB_HANDLER(gdb_do_attach);
GDB_HANDLER(gdb_do_detach);
GDB_HANDLER(gdb_kill);
GDB_HANDLER(gdb_kill_process);

/* stub_documents.c */
GDB_HANDLER(gdb_transfer);

/* stub_memory.c */
GDB_HANDLER(gdb_read_memory);
GDB_HANDLER(gdb_write_memory);
GDB_HANDLER(gdb_write_binary);

/* stub_registers.c */
GDB_HANDLER(gdb_read_registers);
GDB_HANDLER(gdb_write_registers);
GDB_HANDLER(gdb_read_register);
GDB_HANDLER(gdb_write_register);

/* stub_points.c */
GDB_HANDLER(gdb_insert_point);
GDB_HANDLER(gdb_remove_point);

/* stub_resume.c */
GDB_HANDLER(gdb_resume_kinds);
GDB_HANDLER(gdb_resume_each);
GDB_HANDLER(gdb_continue);
GDB_HANDLER(gdb_continue_signal);
GDB_HANDLER(gdb_step);
GDB_HANDLER(gdb_step_signal);
GDB_HANDLER(gdb_continue_back);
GDB_HANDLER(gdb_step_back);

/* stub_files.c */
GDB_HANDLER(gdb_file);
void gdb_close_files(struct gdb_stub *g);
/* Are there symbols of that world, as a file? */
bool gdb_has_symbols(const struct gdb_stub *g, unsigned world);

#endif
