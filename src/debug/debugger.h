/*
 * What every front end of the debugger works on: a session, the names in its
 * worlds, and which world and hart are being looked at.
 */
#ifndef POGO_DEBUG_DEBUGGER_H
#define POGO_DEBUG_DEBUGGER_H

#include "debug/exit_log.h"
#include "debug/recent.h"
#include "debug/session.h"

/* Text goes here, in pieces of any length. */
struct text_sink {
    void (*put)(void *context, const char *text, size_t n);
    void *context;
};

struct debugger {
    struct session *session;      /* borrowed; another one after a reset */
    const struct exit_log *names; /* borrowed: symbols and disassembler … */
    const struct exit_log *const *guest_names; /* … of each of several guests;
                                                  NULL: there is one */
    struct recent *recent; /* borrowed; NULL: nobody keeps them */
    /* What a command without an argument is about. */
    unsigned world, hart;
    /* The symbols of a world as an ELF file, with source lines if they are
       known: a descriptor, which the caller closes; -1: there are none. May be
       NULL. */
    int (*file)(void *context, unsigned world);
    /* Where the guest ends the machine the debugger stands first, so that it can
       go back from there; else it goes with it. */
    bool stops_at_end;
    /* The log of exits while the machine runs on (`log`); NULL: cannot. */
    bool (*log)(void *context, bool on, const struct text_sink *out);
    void *context;
};

/* Where an address of that world is to be looked up, and in which names. */
const struct exit_log *debugger_names(const struct debugger *d, unsigned world);
struct symbol_place debugger_place(const struct debugger *d, unsigned world,
                                   unsigned hart, uint64_t va);

/* printf to a sink. */
void text_print(const struct text_sink *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
