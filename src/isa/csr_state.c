/*
 * The CSR file's state, saved and loaded (base/state.h). What is loaded is
 * held against what csr_write would have made of it, so that nothing stands in
 * a register that no program could have put there.
 */
#include "isa/csr_row.h"

/* Each register by its place. `csr` not 0: its value is legal if a write of it
   leaves it as it is. */
struct kept {
    uint16_t offset, csr;
};

/* clang-format off */
#define PLAIN(name) { offsetof(struct csr_file, name), 0 }
#define LEGAL(name) { offsetof(struct csr_file, name), CSR_##name }
/* clang-format on */

/* menvcfg goes before what depends on it. */
static const struct kept kept[] = {
    PLAIN(count),
    PLAIN(instret),
    PLAIN(cycle_offset),
    PLAIN(cycle_frozen),
    PLAIN(instret_offset),
    PLAIN(instret_frozen),
    LEGAL(menvcfg),
    LEGAL(mstatus),
    LEGAL(medeleg),
    LEGAL(mideleg),
    LEGAL(mie),
    LEGAL(mtvec),
    PLAIN(mscratch),
    LEGAL(mepc),
    PLAIN(mcause),
    PLAIN(mtval),
    LEGAL(mcounteren),
    LEGAL(mcountinhibit),
    LEGAL(mip),
    PLAIN(lines),
    LEGAL(stvec),
    PLAIN(sscratch),
    LEGAL(sepc),
    PLAIN(scause),
    PLAIN(stval),
    LEGAL(satp),
    LEGAL(senvcfg),
    LEGAL(scounteren),
    PLAIN(stimecmp),
    LEGAL(fcsr),
};

#define KEPT (sizeof kept / sizeof kept[0])

/* A locked entry's address cannot be written: addresses before entries. */
static bool pmp_legal(const struct csr_file *c)
{
    struct csr_file f;
    uint64_t cfg[2] = { 0, 0 };
    bool legal = true;

    csr_reset(&f, c->isa, 0);
    for (unsigned i = 0; i < PMP_ENTRIES; i++) {
        csr_write(&f, CSR_pmpaddr0 + i, c->pmpaddr[i]);
        cfg[i / 8] |= (uint64_t)c->pmpcfg[i] << (8 * (i % 8));
    }
    csr_write(&f, CSR_pmpcfg0, cfg[0]);
    csr_write(&f, CSR_pmpcfg2, cfg[1]);
    for (unsigned i = 0; i < PMP_ENTRIES; i++)
        legal = legal && f.pmpaddr[i] == c->pmpaddr[i] &&
                f.pmpcfg[i] == c->pmpcfg[i];
    return legal;
}

static bool registers_legal(const struct csr_file *c)
{
    const uint64_t lines = S_INTERRUPTS | M_INTERRUPTS;
    struct csr_file f;

    csr_reset(&f, c->isa, 0);
    for (size_t i = 0; i < KEPT; i++) {
        uint64_t v = csr_field_value(c, kept[i].offset);

        if (!kept[i].csr)
            continue;
        csr_write(&f, kept[i].csr, v);
        if (kept[i].csr == CSR_fcsr)
            continue; /* writing it makes FS Dirty: comes last */
        if (csr_field_value(&f, kept[i].offset) != v)
            return false;
    }
    return f.fcsr == c->fcsr && !(c->lines & ~lines) &&
           (c->priv == PRIV_U || c->priv == PRIV_S || c->priv == PRIV_M);
}

void csr_state(struct csr_file *c, struct state *s)
{
    if (!s->saving)
        csr_reset(c, c->isa, c->hartid);
    state_u8(s, &c->priv);
    for (size_t i = 0; i < KEPT; i++)
        state_u64(s, csr_field(c, kept[i].offset));
    for (unsigned i = 0; i < PMP_ENTRIES; i++) {
        state_u8(s, &c->pmpcfg[i]);
        state_u64(s, &c->pmpaddr[i]);
    }
    if (s->saving)
        return;
    state_require(s, c->count <= CSR_COUNT_MAX && c->instret <= c->count);
    state_require(s, registers_legal(c) && pmp_legal(c));
}
