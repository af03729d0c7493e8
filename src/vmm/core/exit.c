/*
 * The exit table: what the monitor does about each trap that ends a run of the
 * host hart. And the three ways a guest goes on: the instruction retires, it
 * raises an exception, or an interrupt comes before the next one.
 */
#include "vmm/core/vhart.h"

typedef void exit_handler(struct monitor *, unsigned, const struct trap *);

static void exit_reflect(struct monitor *m, unsigned hart,
                         const struct trap *t)
{
    exit_inject(m, hart, *t);
}

/* An environment call's cause names the mode it was made in: the virtual. */
static void exit_ecall(struct monitor *m, unsigned hart, const struct trap *t)
{
    struct trap guest = { CAUSE_ECALL_U + m->hart[hart].csr.priv, t->tval };

    exit_inject(m, hart, guest);
}

static exit_handler *const exit_table[16] = {
    [CAUSE_FETCH_MISALIGNED] = exit_reflect,
    [CAUSE_FETCH_ACCESS] = fault_page,
    [CAUSE_ILLEGAL] = emulate_illegal,
    [CAUSE_BREAKPOINT] = exit_reflect,
    [CAUSE_LOAD_MISALIGNED] = exit_reflect,
    [CAUSE_LOAD_ACCESS] = fault_page,
    [CAUSE_STORE_MISALIGNED] = exit_reflect,
    [CAUSE_STORE_ACCESS] = fault_page,
    /* The host runs the guest in U-mode; a host that reports another mode, or
       what the manual reserves, must not stop the monitor. */
    [CAUSE_ECALL_U] = exit_ecall,
    [CAUSE_ECALL_S] = exit_ecall,
    [10] = exit_reflect,
    [CAUSE_ECALL_M] = exit_ecall,
    [CAUSE_FETCH_PAGE] = fault_page,
    [CAUSE_LOAD_PAGE] = fault_page,
    [14] = exit_reflect,
    [CAUSE_STORE_PAGE] = fault_page,
};

static const char *const action_names[EXIT_ACTIONS] = {
    [EXIT_EMULATED] = "emulated",   [EXIT_FILLED] = "filled",
    [EXIT_DEVICE] = "device",       [EXIT_MEMORY] = "memory",
    [EXIT_INJECTED] = "injected",   [EXIT_INTERRUPT] = "interrupt",
    [EXIT_REFLECTED] = "reflected",
};

const char *exit_action_name(enum exit_action a)
{
    return action_names[a];
}

static void begin(struct monitor *m, unsigned hart)
{
    struct vhart *v = &m->hart[hart];

    v->emulated = false;
    if (!m->env.exited)
        return; /* nobody reads the record */
    v->exit = (struct exit_record){
        .hart = hart,
        .count = v->csr.count,
        .priv = v->csr.priv,
        .pc = pc_of(m, hart),
    };
}

static void tell(struct monitor *m, unsigned hart)
{
    if (m->env.exited)
        m->env.exited(m->env.context, &m->hart[hart].exit);
}

/* Does a debugger want to stop before it? Then all of it will come again. */
static bool stops(struct monitor *m, unsigned hart, enum core_stop what,
                  const struct trap *t)
{
    struct vhart *v = &m->hart[hart];

    if (!m->env.stop || !m->env.stop(m->env.context, hart, what, t))
        return false;
    v->stop_break = true;
    return true;
}

/* Hands the trap to the monitor that stands in virtual M-mode, if one does. */
static bool reflect(struct monitor *m, unsigned hart, struct trap t)
{
    struct vhart *v = &m->hart[hart];

    v->exit.guest = t;
    if (!v->attached || trap_target(&v->csr, t.cause) != PRIV_M)
        return false;
    v->exit.action = EXIT_REFLECTED;
    v->stop_trap = true;
    v->trap = t;
    return true;
}

static void enter_handler(struct monitor *m, unsigned hart, struct trap t)
{
    struct vhart *v = &m->hart[hart];
    uint64_t pc = trap_enter(&v->csr, t, pc_of(m, hart));

    m->host->ops->reg_set(m->host, hart, REG_PC, pc);
    v->world_changed = true;
}

void exit_inject(struct monitor *m, unsigned hart, struct trap t)
{
    struct vhart *v = &m->hart[hart];

    if (stops(m, hart, CORE_STOP_TRAP, &t) || reflect(m, hart, t))
        return;
    enter_handler(m, hart, t);
    /* It was executed, and counts, but has not retired. */
    v->csr.count++;
    v->carried++;
    v->exit.action = EXIT_INJECTED;
}

void exit_interrupt(struct monitor *m, unsigned hart, uint64_t cause)
{
    struct vhart *v = &m->hart[hart];
    struct trap t = { .cause = cause };

    if (stops(m, hart, CORE_STOP_TRAP, &t))
        return;
    begin(m, hart);
    if (!reflect(m, hart, t)) {
        enter_handler(m, hart, t);
        v->exit.action = EXIT_INTERRUPT;
        m->stats.interrupts[cause & 15]++;
    }
    tell(m, hart);
}

void exit_retire(struct monitor *m, unsigned hart, unsigned length)
{
    struct vhart *v = &m->hart[hart];

    m->host->ops->reg_set(m->host, hart, REG_PC, pc_of(m, hart) + length);
    v->csr.count++;
    v->csr.instret++;
    v->carried++;
    m->stats.emulated++;
}

void exit_handle(struct monitor *m, unsigned hart, const struct trap *t)
{
    struct vhart *v = &m->hart[hart];

    if (stops(m, hart, CORE_STOP_EXIT, t))
        return;
    begin(m, hart);
    v->exit.host = *t;
    /* The host has no interrupts enabled: t is an exception. */
    exit_table[t->cause & 15](m, hart, t);
    if (v->stop_break)
        return;
    m->stats.exits[t->cause & 15][v->exit.action]++;
    tell(m, hart);
}
