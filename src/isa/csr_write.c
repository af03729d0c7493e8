/*
 * Writes of CSRs, legalised: whatever is written, what stays behind is a value
 * the manual allows (privileged manual 1.13, WARL and WLRL fields). Pogo's
 * choices where the manual leaves one:
 *
 *   mstatus.MPP    the reserved value 2 keeps the old mode; UBE, SBE, MBE, VS,
 *                  XS are 0, UXL and SXL 2; FS is 0 without F
 *   xtvec          a reserved mode (2, 3) leaves the whole register as it was
 *   xepc           bit 0 is zero; bit 1 too without C
 *   xcause, xtval  hold all 64 bits
 *   satp           an unsupported MODE leaves the whole register as it was, as
 *                  the manual demands; ASID has 16 bits; Bare keeps the rest
 *   medeleg        every exception that S-mode or below can raise
 *   xenvcfg.CBIE   the reserved value 2 keeps the old one
 *   menvcfg.ADUE   writable with Svadu and Svade both, else fixed by reset
 *   xcounteren     the counters that exist
 *   mcountinhibit  CY and IR; the hpm counters are zero and cannot run
 *   pmpcfg         the reserved R=0 W=1 loses W: never more than was asked for
 *   counters       hold what is written from this very count on
 *
 * A row that is missing here ignores writes.
 */
#include "isa/csr_write.h"

/* A counter stands still at its frozen value while it is inhibited. */
static unsigned write_mcountinhibit(struct csr_file *c, unsigned csr,
                                    uint64_t value)
{
    uint64_t cycle = csr_read(c, CSR_mcycle);
    uint64_t instret = csr_read(c, CSR_minstret);

    (void)csr;
    c->mcountinhibit = value & (COUNTEREN_CY | COUNTEREN_IR);
    csr_write(c, CSR_mcycle, cycle);
    csr_write(c, CSR_minstret, instret);
    return 0;
}

/* Of frozen value and offset the one that is not in use is kept zero, so that
   counters that read the same are the same. */
static unsigned write_mcycle(struct csr_file *c, unsigned csr, uint64_t value)
{
    bool frozen = c->mcountinhibit & COUNTEREN_CY;

    (void)csr;
    c->cycle_frozen = frozen ? value : 0;
    c->cycle_offset = frozen ? 0 : value - c->count;
    return 0;
}

static unsigned write_minstret(struct csr_file *c, unsigned csr, uint64_t value)
{
    bool frozen = c->mcountinhibit & COUNTEREN_IR;

    (void)csr;
    c->instret_frozen = frozen ? value : 0;
    c->instret_offset = frozen ? 0 : value - c->instret;
    return 0;
}

/* A write to the floating-point state makes it Dirty, whatever is written. */
static unsigned write_fp(struct csr_file *c, uint64_t fcsr)
{
    c->fcsr = fcsr;
    csr_mark_fs_dirty(c);
    return CSR_EFFECT_FP;
}

static unsigned write_fcsr(struct csr_file *c, unsigned csr, uint64_t value)
{
    (void)csr;
    return write_fp(c, value & (FCSR_FRM | FCSR_FFLAGS));
}

static unsigned write_fflags(struct csr_file *c, unsigned csr, uint64_t value)
{
    (void)csr;
    return write_fp(c, field_set(c->fcsr, FCSR_FFLAGS, value));
}

static unsigned write_frm(struct csr_file *c, unsigned csr, uint64_t value)
{
    (void)csr;
    return write_fp(c, field_set(c->fcsr, FCSR_FRM, value));
}

/* medeleg: all but the ecall from M-mode, which cannot come from below. */
#define EXCEPTION(name) BIT(CAUSE_##name)
#define DELEGABLE_EXCEPTIONS                                                   \
    (EXCEPTION(FETCH_MISALIGNED) | EXCEPTION(FETCH_ACCESS) |                   \
     EXCEPTION(ILLEGAL) | EXCEPTION(BREAKPOINT) | EXCEPTION(LOAD_MISALIGNED) | \
     EXCEPTION(LOAD_ACCESS) | EXCEPTION(STORE_MISALIGNED) |                    \
     EXCEPTION(STORE_ACCESS) | EXCEPTION(ECALL_U) | EXCEPTION(ECALL_S) |       \
     EXCEPTION(FETCH_PAGE) | EXCEPTION(LOAD_PAGE) | EXCEPTION(STORE_PAGE))

/* One rule a row: a function of its own, or the register at `offset` of struct
   csr_file, whose bits `writable` can be written; changing it has `effects`. */
struct rule {
    csr_writer *write;
    uint16_t offset;
    uint8_t effects;
    uint64_t writable;
};

/* clang-format off */
#define PLAIN(name, writable, effects) \
    {NULL, offsetof(struct csr_file, name), effects, writable}
#define SPECIAL(name) {csr_write_##name, 0, 0, 0}
#define ALL_BITS (~UINT64_C(0))

static const struct rule rules[CSR_ROW_COUNT] = {
    [CSR_ROW_fflags] = {write_fflags, 0, 0, 0},
    [CSR_ROW_frm] = {write_frm, 0, 0, 0},
    [CSR_ROW_fcsr] = {write_fcsr, 0, 0, 0},

    [CSR_ROW_sstatus] = SPECIAL(sstatus),
    [CSR_ROW_sie] = SPECIAL(sie),
    [CSR_ROW_stvec] = SPECIAL(tvec),
    [CSR_ROW_scounteren] = SPECIAL(counteren),
    [CSR_ROW_senvcfg] = SPECIAL(senvcfg),
    [CSR_ROW_sscratch] = PLAIN(sscratch, ALL_BITS, 0),
    [CSR_ROW_sepc] = SPECIAL(epc),
    [CSR_ROW_scause] = PLAIN(scause, ALL_BITS, 0),
    [CSR_ROW_stval] = PLAIN(stval, ALL_BITS, 0),
    [CSR_ROW_sip] = SPECIAL(sip),
    [CSR_ROW_stimecmp] = SPECIAL(stimecmp),
    [CSR_ROW_satp] = SPECIAL(satp),

    [CSR_ROW_mstatus] = SPECIAL(mstatus),
    [CSR_ROW_medeleg] = PLAIN(medeleg, DELEGABLE_EXCEPTIONS, 0),
    [CSR_ROW_mideleg] = PLAIN(mideleg, S_INTERRUPTS, CSR_EFFECT_INTERRUPT),
    [CSR_ROW_mie] =
        PLAIN(mie, S_INTERRUPTS | M_INTERRUPTS, CSR_EFFECT_INTERRUPT),
    [CSR_ROW_mtvec] = SPECIAL(tvec),
    [CSR_ROW_mcounteren] = SPECIAL(counteren),
    [CSR_ROW_menvcfg] = SPECIAL(menvcfg),
    [CSR_ROW_mcountinhibit] = {write_mcountinhibit, 0, 0, 0},
    [CSR_ROW_mscratch] = PLAIN(mscratch, ALL_BITS, 0),
    [CSR_ROW_mepc] = SPECIAL(epc),
    [CSR_ROW_mcause] = PLAIN(mcause, ALL_BITS, 0),
    [CSR_ROW_mtval] = PLAIN(mtval, ALL_BITS, 0),
    [CSR_ROW_mip] = SPECIAL(mip),

    [CSR_ROW_pmpcfg0] = SPECIAL(pmpcfg),
    [CSR_ROW_pmpcfg2] = SPECIAL(pmpcfg),
#define PMPADDR(n) [CSR_ROW_pmpaddr##n] = SPECIAL(pmpaddr)
    PMPADDR(0), PMPADDR(1), PMPADDR(2), PMPADDR(3),
    PMPADDR(4), PMPADDR(5), PMPADDR(6), PMPADDR(7),
    PMPADDR(8), PMPADDR(9), PMPADDR(10), PMPADDR(11),
    PMPADDR(12), PMPADDR(13), PMPADDR(14), PMPADDR(15),
#undef PMPADDR

    [CSR_ROW_mcycle] = {write_mcycle, 0, 0, 0},
    [CSR_ROW_minstret] = {write_minstret, 0, 0, 0},
};
/* clang-format on */

unsigned csr_write(struct csr_file *c, unsigned csr, uint64_t value)
{
    const struct rule *rule = &rules[csr_row(c->isa, csr)];
    uint64_t *field, old;

    if (rule->write)
        return rule->write(c, csr, value);
    if (!rule->offset)
        return 0;
    field = csr_field(c, rule->offset);
    old = *field;
    *field = bits_merge(old, value, rule->writable);
    return *field != old ? rule->effects : 0;
}
