/*
 * The monitor's core: one virtual machine, made out of a struct machine.
 *
 * The guest's M-, S- and U-mode all run in the host machine's U-mode, on
 * shadow page tables. Whatever is privileged traps; the host's `run` returns
 * it; the exit table (exit.c) says what is done: the instruction is emulated
 * on the virtual hart, a shadow entry is filled, a device is accessed, or the
 * trap is injected into the guest. Virtual hart i lives on host hart i: its x
 * and f registers, pc and fcsr are the host's own while and between it runs.
 *
 * Freestanding: no libc, no allocation. All tables lie in a region of the host
 * machine's RAM that the caller sets aside.
 *
 * Sources: Popek and Goldberg (CACM 1974) for the construction; privileged
 * manual for everything that is emulated.
 */
#ifndef POGO_VMM_CORE_CORE_H
#define POGO_VMM_CORE_CORE_H

#include "isa/insn.h"
#include "machine/machine.h"
#include "vmm/core/shadow.h"

#define MONITOR_MAX_HARTS 8

/* What was done about an exit. */
enum exit_action {
    EXIT_EMULATED,  /* a privileged instruction, on the virtual hart */
    EXIT_FILLED,    /* a shadow entry: hidden from the guest */
    EXIT_DEVICE,    /* a load or store, by the board's device model */
    EXIT_MEMORY,    /* a load, store or AMO on RAM that cannot be mapped */
    EXIT_INJECTED,  /* a trap into the guest */
    EXIT_INTERRUPT, /* an interrupt into the guest: no exit brought it */
    EXIT_REFLECTED, /* a trap to virtual M-mode, where a monitor stands */
    EXIT_ACTIONS
};

const char *exit_action_name(enum exit_action a);

/* One exit, for whoever watches. */
struct exit_record {
    unsigned hart;
    uint64_t count;      /* the virtual hart's, when it left */
    uint8_t priv;        /* virtual mode when it left */
    uint8_t action;      /* enum exit_action */
    uint64_t pc;
    uint32_t insn;       /* the instruction's bits, 0 where not looked at */
    struct trap host;    /* what the host machine reported */
    struct trap guest;   /* what was injected or reflected */
    uint64_t gpa;        /* guest-physical, of a fill or an access */
    bool is_store;
};

/* What a debugger may want to stop before. */
enum core_stop {
    CORE_STOP_TRAP, /* a trap is injected, or reflected */
    CORE_STOP_EXIT, /* an exit, with the host's trap, is dealt with */
};

/* What the core needs from whoever built the virtual machine around it. */
struct core_env {
    void *context;
    /* Device access at a guest-physical address, at the hart's exact count. */
    enum status (*load)(void *context, uint64_t gpa, unsigned size,
                        uint64_t *v);
    enum status (*store)(void *context, uint64_t gpa, unsigned size,
                         uint64_t v);
    /* The board's clock is now at `count`: returns mtime. */
    uint64_t (*time)(void *context, uint64_t count);
    /* This hart's stimecmp or STCE was written. */
    void (*timer)(void *context, unsigned hart);
    /* Does the board want the run to end (STOP_EVENT)? */
    bool (*attention)(void *context);
    /* Told of every exit after it was dealt with; NULL: nobody watches. */
    void (*exited)(void *context, const struct exit_record *e);
    /*
     * Asked before it happens; true: the run ends with STOP_BREAK, and nothing
     * of it has. NULL: nobody asks. While it is set the monitor emulates no
     * instruction before the host has run into it, for that one may be at a
     * stop point of the engine's (cpu/stops.h).
     */
    bool (*stop)(void *context, unsigned hart, enum core_stop what,
                 const struct trap *t);
};

struct core_stats {
    uint64_t direct;   /* instructions that the host ran */
    uint64_t emulated; /* instructions that the monitor completed */
    uint64_t ahead;    /* … of these, met before the host ran into them */
    uint64_t exits[16][EXIT_ACTIONS]; /* by the host's cause */
    uint64_t interrupts[16];          /* injected, by number */
    uint64_t fills, leaves_dropped, spaces_made, spaces_reclaimed, fences;
};

/*
 * A page of host memory of which the host's PMP lets only [lo, hi) be accessed.
 * Two at most: one instruction may lie in two pages.
 */
struct pmp_window {
    uint64_t lo, hi; /* host-physical, within one page; lo == hi: none */
};
#define PMP_WINDOWS 2

/* What of a virtual hart lives in its host hart, while it is put aside: the
   registers from REG_X0 to REG_RESERVATION, and two CSRs. */
#define WORLD_REGS (REG_RESERVATION + 1)
struct world_state {
    uint64_t reg[WORLD_REGS];
    uint64_t mstatus, fcsr; /* the host's */
};

struct vhart {
    struct csr_file csr; /* virtual. FS and fcsr may be newer in the host */
    uint64_t carried; /* of its counts: what the monitor brought, not the host */
    bool waiting;
    bool attached;
    bool world_changed;  /* mode, satp, FS… changed: enter() must look */
    bool emulated;       /* the last exit was an instruction emulated */
    bool stop_trap;      /* `trap` is to be returned by the run */
    bool stop_break;     /* the run is to end with STOP_BREAK */
    bool step;           /* what windows map is for one instruction only */
    struct trap trap;
    unsigned space;      /* that the host's satp stands for */
    struct shadow shadow[SHADOW_KINDS];
    uint64_t host_satp, host_fs, host_senvcfg; /* as last written */
    struct pmp_window window[PMP_WINDOWS];
    struct world_state world;  /* while the machine is suspended */
    struct exit_record exit; /* being made */
};

/* Instructions that were emulated lately, decoded: by their bits. */
#define DECODED 64
struct decoded {
    uint32_t raw; /* 0: none, for that is no instruction */
    struct insn insn;
};

struct monitor {
    struct machine *host;
    struct isa isa; /* of the virtual harts: the host's, without its holes */
    struct core_env env;
    unsigned harts;
    unsigned asid; /* the first of SHADOW_SPACES host ASIDs that are its own */
    struct p2m p2m;
    /* The pool of shadow tables, in the host's RAM: of all harts, and what the
       monitor notes of each table and of each leaf. */
    uint64_t pool_hpa;
    uint8_t *pool; /* the same memory */
    uint32_t tables;
    struct translation_table *table; /* [tables] */
    struct shadow_link *link;        /* [tables * 512] */
    struct core_stats stats;
    struct vhart hart[MONITOR_MAX_HARTS];
    struct decoded decoded[DECODED];
};

struct monitor_config {
    unsigned harts;         /* at most the host's */
    uint64_t region_pa;     /* host-physical, page-aligned: the core's own */
    uint64_t region_size;   /* monitor_region_size() at least */
    uint64_t ram_gpa;       /* guest-physical base of the guest's RAM */
    uint64_t ram_hpa;       /* host-physical: contiguous to begin with */
    uint64_t ram_size;      /* bytes, a multiple of 4 KiB */
    uint64_t rom_gpa;       /* guest-physical: executable, not writable */
    const uint8_t *rom;     /* its bytes: copied. May be NULL with rom_size 0 */
    uint64_t rom_size;      /* bytes, a multiple of 4 KiB */
    uint64_t reset_pc;
    unsigned asid;          /* the first of SHADOW_SPACES host ASIDs that are
                               this machine's own; 0 stays the host's */
};

/* Bytes of region for a guest of this size; a multiple of 4 KiB. */
uint64_t monitor_region_size(uint64_t ram_size, uint64_t rom_size,
                             unsigned harts);

/*
 * Takes over the host machine's harts and makes virtual harts of them, in
 * reset state. `m` is the caller's memory, and outlives its use.
 * STATUS_BAD_ARGUMENT: the region or RAM is not RAM of the host, or too small.
 */
enum status monitor_init(struct monitor *m, struct machine *host,
                         const struct core_env *env,
                         const struct monitor_config *c);

/*
 * Several machines on one host: one at a time has the host's harts. suspend
 * puts the virtual harts aside; resume gives them the host's harts back. While
 * it is suspended only monitor_ram may be called, and what concerns the shadow.
 */
void monitor_suspend(struct monitor *m);
void monitor_resume(struct monitor *m);

/* As struct machine_ops has them, for the virtual harts. */
struct stop monitor_run(struct monitor *m, unsigned hart, uint64_t budget);
uint64_t monitor_reg_get(struct monitor *m, unsigned hart, unsigned reg);
void monitor_reg_set(struct monitor *m, unsigned hart, unsigned reg,
                     uint64_t v);
enum status monitor_csr_get(struct monitor *m, unsigned hart, unsigned csr,
                            uint64_t *v);
enum status monitor_csr_set(struct monitor *m, unsigned hart, unsigned csr,
                            uint64_t v);
void monitor_hart_state(struct monitor *m, unsigned hart, struct state *s);
void *monitor_ram(struct monitor *m, uint64_t gpa, uint64_t len, bool write);

#endif
