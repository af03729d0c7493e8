/*
 * Popek and Goldberg's second property, measured: "all innocuous instructions
 * are executed by the hardware directly, with no intervention at all on the
 * part of the control program" (CACM 17(7), 1974). Over a run of a virtual
 * machine it is counted what its host ran and what the monitor had to do, and
 * why; and the host's time is divided among the causes.
 *
 * Time: a probe below the virtual machine says when its host runs, one on top
 * when its monitor does, and the monitor's watcher when an exit has been dealt
 * with. From one of these moments to the next all time belongs to one account,
 * so that the accounts add up to the whole:
 *
 *   direct    the host ran the guest. Of a host that is itself virtual this
 *             contains all that the monitors below do
 *   an exit   from the end of the host's run (or of the exit before) until it
 *             has been dealt with, and from there to the next run: entering
 *             the guest again is part of an exit's price
 *   monitor   the monitor worked without an exit: runs that ended because
 *             their time was up
 *   outside   the run loop, the board's events, consoles and disks
 *   watching  the measurement's own counting. What its ticks_now calls take
 *             is in the other accounts: efficiency_timing_ns estimates it
 */
#ifndef POGO_CHECK_EFFICIENCY_H
#define POGO_CHECK_EFFICIENCY_H

#include "check/exit_sites.h"
#include "machine/probe.h"
#include "check/series.h"
#include "vmm/vm.h"

/* Why the guest exited, as a picture shows it. */
enum exit_class {
    EXIT_CLASS_CSR,       /* csrr, csrw… emulated */
    EXIT_CLASS_RETURN,    /* mret, sret */
    EXIT_CLASS_FENCE,     /* sfence.vma, sinval.vma, wfi */
    EXIT_CLASS_FILL,      /* a shadow entry was missing */
    EXIT_CLASS_DEVICE,    /* a device was accessed */
    EXIT_CLASS_MEMORY,    /* RAM that cannot be mapped was */
    EXIT_CLASS_ECALL,     /* an environment call, handed to the guest */
    EXIT_CLASS_EXCEPTION, /* another exception of the guest's own */
    EXIT_CLASS_INTERRUPT, /* an interrupt for the guest */
    EXIT_CLASSES
};
_Static_assert(EXIT_CLASSES == SERIES_CLASSES, "a row of an interval each");

/* "CSR access", "shadow fill" … */
const char *exit_class_name(enum exit_class c);

/* A kind of exit: its cause and what was done about it. For EXIT_INTERRUPT the
   cause is the interrupt's number. */
#define EXIT_KINDS (16 * EXIT_ACTIONS)

struct efficiency {
    struct vm *vm; /* borrowed */
    struct probe above, below;
    /* The bits of the instruction that `e` is about, or 0: asked once a site,
       where the monitor has not noted them. May be NULL. */
    uint32_t (*instruction)(struct vm *vm, const struct exit_record *e);

    struct tally kind[EXIT_KINDS]; /* [16 * action + cause] */
    struct tally class[EXIT_CLASSES];
    struct exit_sites sites; /* of all exits but interrupts */
    uint64_t lost; /* exits that there was no memory to note the site of */
    struct series series;

    /* Ticks, by account; those of exits are in the tallies above. */
    uint64_t direct, monitor, outside, watching;
    uint64_t readings;  /* calls of ticks_now */
    double ns_per_tick; /* from efficiency_end on */
    double ns_per_reading;
    uint64_t processor_ns; /* of all this time, this process had a processor:
                              if that is much less, the host was busy with
                              others, and the accounts are in error */

    /* While it runs: */
    struct machine *host;                 /* the vm's own */
    uint64_t last;                        /* when the last account was closed */
    struct tally *last_kind, *last_class; /* of the last exit; NULL: none since
                                             the host ran */
    size_t last_site;                     /* SIZE_MAX: not known */
    uint64_t start, start_ns;
};

/*
 * Begins to measure `vm`, which is in reset. From now on whoever runs it runs
 * &e->above.machine in its place. `e` stays where it is.
 */
void efficiency_begin(struct efficiency *e, struct vm *vm,
                      uint32_t (*instruction)(struct vm *,
                                              const struct exit_record *));
/* Ends it; `vm` is as it was, and `e` can be read. */
void efficiency_end(struct efficiency *e);
void efficiency_free(struct efficiency *e);

/* What has been measured. Instructions: run by the host, and by the monitor. */
uint64_t efficiency_direct(const struct efficiency *e);
uint64_t efficiency_emulated(const struct efficiency *e);
/* Of these, what ran directly, in percent; 100 if there was nothing. */
double efficiency_share(const struct core_stats *s);
struct tally efficiency_exits(const struct efficiency *e); /* all of them */
uint64_t efficiency_ns(const struct efficiency *e, uint64_t ticks);
uint64_t efficiency_total_ns(const struct efficiency *e); /* all accounts */
/* What reading the clock cost: part of the other accounts. */
uint64_t efficiency_timing_ns(const struct efficiency *e);

/* "illegal instruction, emulated": what a kind is called. Returns the length,
   less than `size`; 96 bytes are always enough. */
size_t efficiency_kind_name(unsigned kind, char *buf, size_t size);

/* Did the monitor complete an instruction in exits of that kind? */
bool efficiency_kind_emulates(unsigned kind);

#endif
