#include "debug/gdb/registers_vmm.h"

static uint64_t world_of(struct session *s, unsigned world, unsigned hart)
{
    (void)s;
    (void)hart;
    return world;
}

static uint64_t mode(struct session *s, unsigned world, unsigned hart)
{
    return session_board(s, world)->csr[hart]->priv;
}

static bool set_mode(struct session *s, unsigned world, unsigned hart,
                     uint64_t v)
{
    return session_set(s, world, hart, REG_PRIV, v);
}

static uint64_t waiting(struct session *s, unsigned world, unsigned hart)
{
    const struct vm *vm = session_vm(s, world);

    return vm ? vm->monitor.hart[hart].waiting
              : bare_from(session_machine(s, world))->hart[hart].waiting;
}

static uint64_t csr_of(struct session *s, unsigned world, unsigned hart,
                       unsigned csr)
{
    uint64_t v = 0;

    session_get_csr(s, world, hart, csr, &v);
    return v;
}

static uint64_t status(struct session *s, unsigned world, unsigned hart)
{
    return csr_of(s, world, hart, CSR_mstatus);
}

static bool set_status(struct session *s, unsigned world, unsigned hart,
                       uint64_t v)
{
    return session_set_csr(s, world, hart, CSR_mstatus, v);
}

static uint64_t small_cause(uint64_t cause)
{
    return cause & CAUSE_INTERRUPT
        ? (cause & ~CAUSE_INTERRUPT) + GDB_CAUSE_INTERRUPT : cause;
}

static uint64_t mcause(struct session *s, unsigned world, unsigned hart)
{
    return small_cause(csr_of(s, world, hart, CSR_mcause));
}

static uint64_t scause(struct session *s, unsigned world, unsigned hart)
{
    return small_cause(csr_of(s, world, hart, CSR_scause));
}

static uint64_t exits(struct session *s, unsigned world, unsigned hart)
{
    const struct vm *vm = session_vm(s, world);
    uint64_t sum = 0;

    (void)hart;
    for (unsigned cause = 0; vm && cause < 16; cause++)
        for (unsigned a = 0; a < EXIT_ACTIONS; a++)
            sum += vm->monitor.stats.exits[cause][a];
    return sum;
}

static uint64_t count(struct session *s, unsigned world, unsigned hart)
{
    return session_board(s, world)->csr[hart]->count;
}

static uint64_t time_of(struct session *s, unsigned world, unsigned hart)
{
    (void)world;
    (void)hart;
    return session_time(s);
}

static const struct gdb_vmm_register registers[] = {
    { "vmm_world", "uint64", world_of, NULL },
    { "vmm_mode", "mode", mode, set_mode },
    { "vmm_waiting", "uint64", waiting, NULL },
    { "vmm_status", "mstatus_fields", status, set_status },
    { "vmm_mcause", "any_cause", mcause, NULL },
    { "vmm_scause", "any_cause", scause, NULL },
    { "vmm_exits", "uint64", exits, NULL },
    { "vmm_count", "uint64", count, NULL },
    { "vmm_time", "uint64", time_of, NULL },
};

const struct gdb_vmm_register *gdb_vmm_register(unsigned n)
{
    return n < sizeof registers / sizeof *registers ? registers + n : NULL;
}
