/*
 * Programs that run in a guest, as a debugger needs them: which address space
 * is whose. A program that is known by its ELF file is seen to start when a
 * hart, in U-mode, is about to execute its entry point, and finds there what
 * the file has there: whichever kernel has loaded it. Its address space is the
 * hart's satp then. A program that is loaded wherever its kernel likes (PIE)
 * cannot be watched for.
 */
#ifndef POGO_DEBUG_PROGRAMS_H
#define POGO_DEBUG_PROGRAMS_H

#include "base/error.h"
#include "debug/session.h"
#include "debug/symbol_sets.h"

#define PROGRAMS_MAX 16

struct program {
    const char *path; /* of the ELF file; absolute. The programs' */
    unsigned world;
    uint64_t satp;    /* its address space */
    uint64_t started; /* session_time when it was first seen */
};

struct programs;

/* The symbols of a program hold in its address space from its start on: they go
   to `symbols` (borrowed; may be NULL). NULL: out of memory. */
struct programs *programs_new(struct symbol_sets *symbols);
void programs_free(struct programs *p);

/* A file whose program is to be watched for, in that world. STATUS_IO,
   STATUS_BAD_FORMAT, STATUS_TOO_BIG: e says why not. */
enum status programs_add_file(struct programs *p, const char *path,
                              unsigned world, struct error *e);

/*
 * The session stops where one starts: its stop points are added. Call it for
 * every new session. False: there is no room for them.
 */
bool programs_watch(struct programs *p, struct session *s);

/* Is this stop, SESSION_POINT just now, at a point of programs_watch? */
bool programs_own(const struct programs *p, unsigned point);

/*
 * One of those has been stopped at: which program has started; NULL: none has
 * (the address is somebody else's), and the run is to go on. A program that
 * had the same address space before is forgotten. It is known by its number
 * from then on: programs_at; numbers are not used again.
 */
const struct program *programs_started(struct programs *p, struct session *s,
                                       unsigned *number);

/* The time has gone back: what started later is forgotten. */
void programs_gone_back(struct programs *p, const struct session *s);

/* From 1 on; NULL: there is none of that number (any more). */
const struct program *programs_at(const struct programs *p, unsigned number);
/* Numbers are below this. */
unsigned programs_end(const struct programs *p);

#endif
