/*
 * Why a hart trapped, or left to the monitor: an explanation of one step, in
 * words and figures, of any machine at any depth.
 *
 *     why_begin(&w, machine, hart, names);
 *     ... run one count of the hart ...
 *     why_end(&w);
 *     why_explain(&w, WHY_THE_INSTRUCTION);
 *     ... print w.line[0 .. w.lines - 1] ...
 *     why_free(&w);
 *
 * Before the step it is looked at what is going to happen (why_look.h); of each
 * monitor below it is noted what its host's hart raised, and what it did. The
 * text is put together from these, and from memory as it is after the step.
 */
#ifndef POGO_DEBUG_WHY_H
#define POGO_DEBUG_WHY_H

#include "cpu/hart.h"
#include "debug/exit_log.h"
#include "debug/why_look.h"
#include "machine/probe.h"

#define WHY_MAX_DEPTH 8
#define WHY_MAX_TRAPS 2 /* of a step: an interrupt's, and an exception's */

/* What a line is about, for who lays them out. */
enum why_kind {
    WHY_EVENT,       /* what happened, in short */
    WHY_INSTRUCTION, /* the instruction, and what it works on */
    WHY_MACHINE,     /* heads what follows: whose rules it is about */
    WHY_INTERRUPT,   /* what is pending, enabled, delegated */
    WHY_TRANSLATION, /* a step of a walk */
    WHY_PROTECTION,  /* of PMP */
    WHY_PLACE,       /* what lies at the physical address */
    WHY_RULE,        /* which rule decides, and where the manual has it */
    WHY_ENTRY,       /* where the trap goes, and why */
    WHY_MONITOR,     /* what a monitor did */
    WHY_STAGES,      /* the guest's table, p2m and shadow, beside one another */
    WHY_KINDS
};

/* "instruction", "translation": for JSON, and for a column in front of it. */
const char *why_kind_name(enum why_kind k);

struct why_line {
    uint8_t kind;  /* enum why_kind */
    uint8_t level; /* of the machine it is about; 0: the bare one */
    char *text;    /* no newline */
};

/* One exit to the monitor of the machine at `level`. */
struct why_exit {
    unsigned level;
    bool ran; /* the host's hart was run; if not, the monitor has seen the
                 instruction ahead of it */
    struct why_look host; /* what it raised, or would have */
    struct exit_record record;
};

struct why;

/* What is watched of one monitor. */
struct why_level {
    struct why *why;
    struct vm *vm;
    struct machine *host; /* its own, while the probe is in between */
    struct probe probe;
    struct why_look look; /* of the host, before its last run … */
    bool looked;          /* … which has ended in a trap, of which no exit has
                             told yet */
};

/* Zeroed to begin with. It must stay where it is until why_end. */
struct why {
    const struct exit_log *names; /* borrowed */
    struct machine *machine;
    unsigned hart, depth; /* depth: the machine's level */
    uint64_t count;       /* the hart's, before the step */
    struct why_look look; /* of the machine, before the step */

    struct trap trap[WHY_MAX_TRAPS]; /* that the machine has taken, in order */
    unsigned traps;
    struct why_exit *exit; /* [exits], in order: of the monitors below */
    unsigned exits;
    struct why_level level[WHY_MAX_DEPTH]; /* [n]: that of level n + 1 */
    hart_watcher *watcher; /* of the bare machine before: is told as well */
    void *watcher_context;
    bool no_memory; /* not all was noted, or said */

    struct why_line *line; /* [lines] */
    size_t lines, room;
};

/* `machine` is a bare or a virtual one whose hart is about to make a step; between
   it and the bare one lie virtual ones only, and no probe (vm_interpose). */
void why_begin(struct why *w, struct machine *machine, unsigned hart,
               const struct exit_log *names);
void why_end(struct why *w);
void why_free(struct why *w);

/* What of a step is to be explained. */
enum why_part { WHY_THE_INTERRUPT, WHY_THE_INSTRUCTION };

/*
 * Has the step an interrupt, or an instruction that trapped or, on a virtual
 * machine, exited? `trap`: only traps of the machine's own count.
 */
bool why_has(const struct why *w, enum why_part part, bool trap);

/* The trap that this part of the step has taken; NULL: none. */
const struct trap *why_trap_of(const struct why *w, enum why_part part);

/* Where the machine's trap went, as it was looked at before. */
const struct why_entry *why_entry_of(const struct why *w, enum why_part part);

/* Did the machine do what why_look said? If not, Pogo has a bug. */
bool why_agrees(const struct why *w);

/* Fills the lines, in place of those that there are. */
void why_explain(struct why *w, enum why_part part);

/* "csr", "data" …; "tvm", "no-write" …: the rule that raised it, and the reason
   within that rule, "" if it has none. */
const char *why_rule_name(const struct why_look *l);
const char *why_reason_name(const struct why_look *l);

#endif
