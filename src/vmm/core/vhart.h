/*
 * Inside the core: what the files that handle exits share. Freestanding.
 */
#ifndef POGO_VMM_CORE_VHART_H
#define POGO_VMM_CORE_VHART_H

#include "isa/alu.h"
#include "isa/csr_insn.h"
#include "isa/trap.h"
#include "vmm/core/core.h"

/* ---- world.c: the host hart made to match the virtual one ---- */

/* Programs the host hart (satp, FS, cbo permissions) for the virtual mode. */
void world_enter(struct monitor *m, unsigned hart);

/* Fetches FS from the host: it turns Dirty there without an exit. */
void world_sync_fs(struct monitor *m, unsigned hart);

/* Brings csr.time up to date with csr.count and tells the board's clock. */
void world_sync_time(struct monitor *m, unsigned hart);

/* Follows up a csr_write's effects. */
void world_csr_effects(struct monitor *m, unsigned hart, unsigned effects);

/*
 * Lets only host-physical [lo, hi), within one page, be accessed in that page,
 * through the PMP of the host hart. With `enlarge` a
 * window of that page which ends at lo is kept too, for an instruction may lie
 * in both: the caller knows that it was made for the present view. Where a
 * window changes or gives way to another, its page is unmapped.
 */
void world_open_window(struct monitor *m, unsigned hart, uint64_t lo,
                       uint64_t hi, bool enlarge);

/* Unmaps the pages that have a window, and closes it. */
void world_unmap_windows(struct monitor *m, unsigned hart);

/* The window of the page at `hpa`, or NULL. */
struct pmp_window *world_window(struct monitor *m, unsigned hart,
                                uint64_t hpa);

/* Host settings that hold for as long as the monitor has the hart. */
void world_init(struct monitor *m, unsigned hart);

/* Programs the host's PMP for the windows that there are. */
void world_restore_windows(struct monitor *m, unsigned hart);

/* ---- guest.c: the guest's memory as the guest addresses it ---- */

/* Translates as the hardware would, for the virtual hart's present state. */
void guest_walk(struct monitor *m, unsigned hart, enum access access,
                uint64_t va, struct walk_result *r);

/*
 * The bits of the instruction at the virtual hart's pc, read without regard to
 * permissions (an execute-only page is no obstacle). False: there is none any
 * more (the guest's page tables have changed under it): let the guest run on,
 * and the host's fetch will say, for guest_refetch() has been called.
 */
bool guest_fetch(struct monitor *m, unsigned hart, uint32_t *raw);

/*
 * The host forgets where the code at pc is, and so has to ask again: no hart
 * has to keep a translation, fenced or not.
 */
void guest_refetch(struct monitor *m, unsigned hart);

/* Reads or writes guest RAM (or reads ROM) within one page. */
bool guest_read(struct monitor *m, uint64_t gpa, unsigned size, uint64_t *v);
bool guest_write(struct monitor *m, uint64_t gpa, unsigned size, uint64_t v);

/* ---- exit.c ---- */

/* Injects an exception that the current instruction raises. */
void exit_inject(struct monitor *m, unsigned hart, struct trap t);

/* Takes the interrupt that interrupt_choose() named. */
void exit_interrupt(struct monitor *m, unsigned hart, uint64_t cause);

/* The emulated instruction, `length` bytes long, retires. */
void exit_retire(struct monitor *m, unsigned hart, unsigned length);

/* Handles the trap that ended a run of the host hart; or nothing has happened,
   and the run ends before it (vhart.stop_break). The same goes for those above.
 */
void exit_handle(struct monitor *m, unsigned hart, const struct trap *t);

/* ---- emulate.c, access.c, fault.c: the handlers ---- */

void emulate_illegal(struct monitor *m, unsigned hart, const struct trap *t);

/*
 * Privileged instructions come in runs. If the instruction at pc is one that
 * the host would only trap at, *t is that trap, and the host need not be run.
 */
bool emulate_ahead(struct monitor *m, unsigned hart, struct trap *t);

void fault_page(struct monitor *m, unsigned hart, const struct trap *t);

/*
 * Executes the load, store, AMO, LR, SC or cbo.* at pc on behalf of the guest:
 * on a device, or on RAM that could not be mapped.
 */
void access_emulate(struct monitor *m, unsigned hart);

/* Is `op` one of cbo.clean, cbo.flush, cbo.inval? */
bool access_manages_cache(unsigned op);

/* Registers of the host hart. */
static inline uint64_t xreg(struct monitor *m, unsigned hart, unsigned n)
{
    return m->host->ops->reg_get(m->host, hart, REG_X0 + n);
}

static inline void set_xreg(struct monitor *m, unsigned hart, unsigned n,
                            uint64_t v)
{
    m->host->ops->reg_set(m->host, hart, REG_X0 + n, v);
}

static inline uint64_t pc_of(struct monitor *m, unsigned hart)
{
    return m->host->ops->reg_get(m->host, hart, REG_PC);
}

#endif
