/*
 * What a read of each CSR returns. Most are a register of struct csr_file as
 * it stands, some are views or sums; a row that is missing here reads as zero
 * (the hpm counters and their events, mvendorid, marchid, mimpid, mconfigptr).
 */
#include "isa/csr_row.h"

typedef uint64_t reader(const struct csr_file *c, unsigned csr);

/* SD summarises FS; VS and XS are always Off. */
static uint64_t read_mstatus(const struct csr_file *c, unsigned csr)
{
    bool dirty = field_get(c->mstatus, MSTATUS_FS) == FS_DIRTY;

    (void)csr;
    return bits_merge(c->mstatus, dirty ? MSTATUS_SD : 0, MSTATUS_SD);
}

static uint64_t read_sstatus(const struct csr_file *c, unsigned csr)
{
    return read_mstatus(c, csr) & SSTATUS_VIEW;
}

static uint64_t read_misa(const struct csr_file *c, unsigned csr)
{
    (void)csr;
    return isa_misa(c->isa);
}

static uint64_t read_mip(const struct csr_file *c, unsigned csr)
{
    (void)csr;
    return csr_mip(c);
}

/* sip and sie: a bit that is not delegated appears as zero. */
static uint64_t read_sip(const struct csr_file *c, unsigned csr)
{
    (void)csr;
    return csr_mip(c) & c->mideleg;
}

static uint64_t read_sie(const struct csr_file *c, unsigned csr)
{
    (void)csr;
    return c->mie & c->mideleg;
}

static uint64_t read_cycle(const struct csr_file *c, unsigned csr)
{
    (void)csr;
    return c->mcountinhibit & COUNTEREN_CY ? c->cycle_frozen
                                           : c->count + c->cycle_offset;
}

static uint64_t read_instret(const struct csr_file *c, unsigned csr)
{
    (void)csr;
    return c->mcountinhibit & COUNTEREN_IR ? c->instret_frozen
                                           : c->instret + c->instret_offset;
}

static uint64_t read_fflags(const struct csr_file *c, unsigned csr)
{
    (void)csr;
    return field_get(c->fcsr, FCSR_FFLAGS);
}

static uint64_t read_frm(const struct csr_file *c, unsigned csr)
{
    (void)csr;
    return field_get(c->fcsr, FCSR_FRM);
}

/* Eight entries a register, the lowest-numbered in the lowest byte. */
static uint64_t read_pmpcfg(const struct csr_file *c, unsigned csr)
{
    const uint8_t *cfg = c->pmpcfg + csr_pmpcfg_first(csr);
    uint64_t value = 0;

    for (unsigned i = 0; i < 8; i++)
        value |= (uint64_t)cfg[i] << (8 * i);
    return value;
}

/* clang-format off */
static const struct {
    reader *read;    /* NULL: the register at … */
    uint16_t offset; /* … of struct csr_file, or zero if this is 0 */
} rules[CSR_ROW_COUNT] = {
#define PLAIN(name) {NULL, offsetof(struct csr_file, name)}
    [CSR_ROW_fflags] = {read_fflags, 0},
    [CSR_ROW_frm] = {read_frm, 0},
    [CSR_ROW_fcsr] = PLAIN(fcsr),

    [CSR_ROW_sstatus] = {read_sstatus, 0},
    [CSR_ROW_sie] = {read_sie, 0},
    [CSR_ROW_stvec] = PLAIN(stvec),
    [CSR_ROW_scounteren] = PLAIN(scounteren),
    [CSR_ROW_senvcfg] = PLAIN(senvcfg),
    [CSR_ROW_sscratch] = PLAIN(sscratch),
    [CSR_ROW_sepc] = PLAIN(sepc),
    [CSR_ROW_scause] = PLAIN(scause),
    [CSR_ROW_stval] = PLAIN(stval),
    [CSR_ROW_sip] = {read_sip, 0},
    [CSR_ROW_stimecmp] = PLAIN(stimecmp),
    [CSR_ROW_satp] = PLAIN(satp),

    [CSR_ROW_mstatus] = {read_mstatus, 0},
    [CSR_ROW_misa] = {read_misa, 0},
    [CSR_ROW_medeleg] = PLAIN(medeleg),
    [CSR_ROW_mideleg] = PLAIN(mideleg),
    [CSR_ROW_mie] = PLAIN(mie),
    [CSR_ROW_mtvec] = PLAIN(mtvec),
    [CSR_ROW_mcounteren] = PLAIN(mcounteren),
    [CSR_ROW_menvcfg] = PLAIN(menvcfg),
    [CSR_ROW_mcountinhibit] = PLAIN(mcountinhibit),
    [CSR_ROW_mscratch] = PLAIN(mscratch),
    [CSR_ROW_mepc] = PLAIN(mepc),
    [CSR_ROW_mcause] = PLAIN(mcause),
    [CSR_ROW_mtval] = PLAIN(mtval),
    [CSR_ROW_mip] = {read_mip, 0},

    [CSR_ROW_pmpcfg0] = {read_pmpcfg, 0},
    [CSR_ROW_pmpcfg2] = {read_pmpcfg, 0},
#define PMPADDR(n) [CSR_ROW_pmpaddr##n] = PLAIN(pmpaddr[n])
    PMPADDR(0), PMPADDR(1), PMPADDR(2), PMPADDR(3),
    PMPADDR(4), PMPADDR(5), PMPADDR(6), PMPADDR(7),
    PMPADDR(8), PMPADDR(9), PMPADDR(10), PMPADDR(11),
    PMPADDR(12), PMPADDR(13), PMPADDR(14), PMPADDR(15),
#undef PMPADDR

    [CSR_ROW_mcycle] = {read_cycle, 0},
    [CSR_ROW_minstret] = {read_instret, 0},
    [CSR_ROW_cycle] = {read_cycle, 0},
    [CSR_ROW_time] = PLAIN(time),
    [CSR_ROW_instret] = {read_instret, 0},
    [CSR_ROW_mhartid] = PLAIN(hartid),
#undef PLAIN
};
/* clang-format on */

uint64_t csr_read(const struct csr_file *c, unsigned csr)
{
    unsigned row = csr_row(c->isa, csr);

    if (rules[row].read)
        return rules[row].read(c, csr);
    return rules[row].offset ? csr_field_value(c, rules[row].offset) : 0;
}

uint64_t csr_rmw_base(const struct csr_file *c, unsigned csr)
{
    uint64_t value = csr_read(c, csr);

    if (csr == CSR_mip)
        return bits_merge(value, c->mip, BIT(IRQ_SEI));
    if (csr == CSR_sip)
        return bits_merge(value, c->mip & c->mideleg, BIT(IRQ_SEI));
    return value;
}
