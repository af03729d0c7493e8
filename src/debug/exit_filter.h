/*
 * Which exits someone wants to see: by virtual machine, cause, mode, what the
 * monitor did, address and count. Written as a list, all of which must hold:
 *
 *     vm=2,cause=illegal-instruction,mode=S,action=emulated,count=1000-2000
 *
 * A name may be given several times: then any of its values will do.
 */
#ifndef POGO_DEBUG_EXIT_FILTER_H
#define POGO_DEBUG_EXIT_FILTER_H

#include "base/error.h"
#include "base/status.h"
#include "vmm/core/core.h"

/* Bounds included. */
struct exit_range {
    uint64_t low, high;
};
#define EXIT_RANGES 8

/* Sets in which 0 means all. */
struct exit_filter {
    uint32_t vms;        /* bit n: level n, 1 being the outermost */
    uint32_t modes;      /* bit by enum priv */
    uint32_t actions;    /* bit by enum exit_action */
    uint32_t exceptions; /* bit by number; these two are one set */
    uint32_t interrupts;
    struct exit_range pc[EXIT_RANGES], count[EXIT_RANGES];
    unsigned pcs, counts;
};

/* A filter that lets all pass is { 0 }. */

/*
 * Adds what `text` says (as above; "" says nothing). STATUS_BAD_ARGUMENT: e
 * says what is not understood and what would be.
 *
 *   vm      a level, as 2 or vm2; all
 *   cause   why it left: an exception's number or name, or the name of the
 *           interrupt that was injected; in the manual's words, with '-' or
 *           '_' for a space, of which the beginning is enough: load-page
 *   mode    M, S, U: the virtual mode it left
 *   action  what the monitor did: emulated, filled, device, memory, injected,
 *           interrupt, reflected
 *   pc, count  a number, LO-HI, LO- or -HI, bounds included; 0x… is hexadecimal
 */
enum status exit_filter_parse(struct exit_filter *f, const char *text,
                              struct error *e);

/* Is level `vm` among those wanted? All are if none is named. */
bool exit_filter_vm(const struct exit_filter *f, unsigned vm);

/* Does the exit pass, its machine aside? */
bool exit_filter_passes(const struct exit_filter *f,
                        const struct exit_record *e);

/* … or time spent in `priv` from `from` until `to`, at least in part? */
bool exit_filter_span(const struct exit_filter *f, unsigned priv, uint64_t from,
                      uint64_t to);

#endif
