/*
 * What a hart is going to do next, and by which rule, if it is a trap: looked
 * at before it happens, on any machine, with nothing changed. All that decides
 * is asked of the functions that the machine itself obeys: isa/ (decoding, CSR
 * permission, delegation, interrupts), mmu/ (the walk, PMP, translations kept).
 */
#ifndef POGO_DEBUG_WHY_LOOK_H
#define POGO_DEBUG_WHY_LOOK_H

#include "isa/csr_insn.h"
#include "isa/trap.h"
#include "machine/board.h"
#include "machine/machine.h"
#include "mmu/walk.h"

/* What refuses an access; in the order in which it is looked at. */
enum why_refusal {
    ACCESS_GOES,
    ACCESS_REFUSED_WALK,    /* walk.reason says why */
    ACCESS_REFUSED_PMP,     /* pmp says by which entry */
    ACCESS_REFUSED_ALIGNED, /* an AMO, LR or SC is not aligned */
    ACCESS_REFUSED_PLACE,   /* not for such an access, where it leads */
    ACCESS_ASKS_DEVICE,     /* it is up to the device */
};

/* What lies at a physical address. */
enum why_place { PLACE_RAM, PLACE_ROM, PLACE_DEVICE, PLACE_NOTHING };

/* One access, or what of it lies in one page. */
struct why_access {
    enum access access;
    enum priv priv; /* the mode that counts: MPRV considered */
    uint64_t va, size;
    bool kept; /* a translation that the hart keeps allows it: no walk, and PMP
                  is not asked, for it has allowed the whole page */
    struct walk_result walk; /* if !kept */
    struct pmp_decision pmp; /* likewise, if the walk went well */
    uint64_t pa;
    uint8_t place;      /* enum why_place: of all of its bytes */
    const char *device; /* its name; NULL: none */
    uint8_t refusal;    /* enum why_refusal */
};

/* Which rule raises the exception. Those with a reason have it in why_look. */
enum why_rule {
    RULE_NONE,     /* there is none: it retires */
    RULE_FETCH,    /* the last of fetch[] is refused */
    RULE_ENCODING, /* it is no instruction, or of an extension that is absent */
    RULE_CSR,      /* reason: enum csr_refusal */
    RULE_SYSTEM,   /* reason: enum system_refusal */
    RULE_CBO,      /* reason: enum cbo_refusal */
    RULE_FP_OFF,   /* FS is Off */
    RULE_ROUNDING, /* the rounding mode is reserved */
    RULE_ECALL,
    RULE_EBREAK,
    RULE_TARGET, /* a jump to a misaligned address, `target` */
    RULE_DATA,   /* the last of data[] is refused */
};

/* A trap being taken. */
struct why_entry {
    struct trap trap;
    enum trap_route route;
    bool to_monitor;       /* M-mode is to take it, where a monitor stands */
    uint64_t pc;           /* saved in xepc */
    uint64_t handler;      /* where the hart goes on */
    struct csr_file after; /* if a monitor does not take it */
};

struct why_look {
    struct machine *machine;
    unsigned hart;

    /* The interrupt that comes first, if interrupts.cause is not 0. */
    struct interrupt_look interrupts;
    struct csr_file before; /* as it finds the hart */
    struct why_entry interrupt;

    /* Then the instruction, unless the monitor has taken the interrupt, or the
       hart is in wfi and nothing wakes it. */
    bool executes, waits;
    struct csr_file csr; /* as it finds them */
    uint64_t pc;
    struct why_access fetch[2]; /* one for each halfword; a second one only
                                   where the instruction has four bytes */
    unsigned fetches;
    bool fetched; /* both went: raw and insn hold */
    uint32_t raw;
    struct insn insn;
    uint64_t rs1, rs2;         /* values of these x registers */
    struct why_access data[2]; /* what lies in one page; two only where all of
                                  the first goes */
    unsigned accesses;
    uint64_t size; /* of it all, bytes */
    uint64_t target;
    uint8_t rule;   /* enum why_rule */
    uint8_t reason; /* see there */
    bool traps;     /* surely … */
    bool may_trap; /* … or if the device refuses: `entry` is what then comes */
    bool absorbed; /* would trap, but the hardware has a hole there (hole.h) */
    struct why_entry entry;
};

/*
 * `hart` of `m`, which does not run now; m is a bare machine, or a virtual one
 * (of others nothing is known: then executes is false).
 */
void why_look(struct why_look *l, struct machine *m, unsigned hart);

/* The machine's board; NULL: it is a machine of neither kind. */
struct board *why_board(struct machine *m);

/* The walk of `va` by c's satp, through the memory of `m`, with any access, as
   a debugger sees it: permissions are not looked at. */
void why_walk(struct machine *m, const struct csr_file *c, uint64_t va,
              struct walk_result *r);

#endif
