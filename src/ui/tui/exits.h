/*
 * The last exits to the monitors, in the order of time, kept while the session
 * runs, goes back, and runs through its past again: each is there once, and
 * none that lies ahead of the present.
 */
#ifndef POGO_UI_TUI_EXITS_H
#define POGO_UI_TUI_EXITS_H

#include "debug/debugger.h"

#define TUI_EXITS_KEPT 256

struct tui_exit {
    struct exit_record record;
    struct vm *vm;
    unsigned world; /* the vm's */
    uint64_t time;  /* the session's; below the guest's, that of the last exit
                       of the guest's */
    char text[EXIT_LOG_LINE]; /* "": not yet */
};

/* Begins as { 0 }. */
struct tui_exits {
    struct session *session;              /* borrowed */
    struct tui_exit exit[TUI_EXITS_KEPT]; /* a ring */
    unsigned first, count;
    /* The last of each, which may have left the ring. */
    struct tui_exit recent[SESSION_WORLDS][MONITOR_MAX_HARTS];
    bool back;     /* tui_exits_before, and not yet tui_exits_after */
    bool anew;     /* the present may be gone to from a time before … */
    uint64_t from; /* … this one */
    uint64_t seen; /* session_time at the last exit */
};

/* Watches all monitors of the session, from now on; of another session before,
   nothing is kept. The machines must go before `e` does, or tui_exits_end. */
void tui_exits_begin(struct tui_exits *e, struct session *s);
void tui_exits_end(struct tui_exits *e);

/* The session is about to do something that may lead backwards; and has done
   it. */
void tui_exits_before(struct tui_exits *e);
void tui_exits_after(struct tui_exits *e);

/* Number k of e->count, the oldest first. */
struct tui_exit *tui_exits_at(struct tui_exits *e, unsigned k);

/* The last of that world and hart; NULL: none has been seen. */
const struct tui_exit *tui_exits_last(const struct tui_exits *e, unsigned world,
                                      unsigned hart);

/* Its line, made when it is first asked for. */
const char *tui_exit_text(struct tui_exit *x, const struct debugger *d);

#endif
