/*
 * Where a debugger wants to be asked before a hart goes on. The engine looks
 * for it without a change to guest memory, and the run is the same as without:
 *
 *  - code: a page that is executed at a virtual page with a stop point has its
 *    code decoded into blocks that end before such offsets; there the hart
 *    leaves its blocks and asks;
 *  - data: a page with a watched byte is in no TLB, so that each access to it
 * is looked at;
 *  - traps: asked before one is entered.
 *
 * Asked is before anything has happened: pc is at the instruction, counts are
 * exact. An access is asked for as it is tried; where it misses a translation
 * that a monitor then makes, it is tried, and asked for, again.
 */
#ifndef POGO_CPU_STOPS_H
#define POGO_CPU_STOPS_H

#include "cpu/hart.h"

#define STOPS_MAX 64 /* of each kind */

/* Virtual addresses [first, last]; access: a set of enum access. */
struct stops_range {
    uint64_t first, last;
    unsigned access;
};

enum stops_kind { STOPS_CODE, STOPS_ACCESS, STOPS_TRAP };

/* What is asked. */
struct stops_event {
    enum stops_kind kind;
    uint64_t va;        /* code: pc; an access: its first byte */
    unsigned size;      /* of an access, bytes */
    enum access access; /* LOAD or STORE (AMO, SC and cbo.zero too) */
    struct trap trap;
};

/* Borrowed by an engine, all of whose harts it is for. */
struct stops {
    uint64_t code[STOPS_MAX]; /* virtual addresses */
    unsigned codes;
    struct stops_range data[STOPS_MAX];
    unsigned datas;
    bool traps; /* ask for these too */
    /* True: the run ends here, with STOP_BREAK. False: it goes on. */
    bool (*ask)(void *context, struct hart *h, const struct stops_event *e);
    void *context;
};

/* From now on until the next call; NULL: none. To be called again when what `s`
   holds has changed. Not from `ask`. */
void engine_set_stops(struct engine *e, const struct stops *s);
/* The same where code and data are as they were: costs nothing. */
void engine_set_trap_stops(struct engine *e, const struct stops *s);

#endif
