/*
 * Writes of the CSRs that shape what less privileged modes meet: translation
 * (satp), PMP, counter enables, xenvcfg and the Sstc comparator. Privileged
 * manual 1.13; the Svade, Svadu, Svpbmt, Sstc and CMO chapters.
 */
#include "isa/csr_write.h"

static bool satp_mode_exists(const struct isa *isa, uint64_t mode)
{
    switch (mode) {
    case SATP_BARE:
        return true;
    case SATP_SV39:
        return isa_has(isa, EXT_SV39);
    case SATP_SV48:
        return isa_has(isa, EXT_SV48);
    case SATP_SV57:
        return isa_has(isa, EXT_SV57);
    default:
        return false;
    }
}

/* "If satp is written with an unsupported MODE, the entire write has no
   effect; no fields in satp are modified." */
unsigned csr_write_satp(struct csr_file *c, unsigned csr, uint64_t value)
{
    (void)csr;
    if (c->satp == value ||
        !satp_mode_exists(c->isa, field_get(value, SATP_MODE)))
        return 0;
    c->satp = value;
    return CSR_EFFECT_TRANSLATION;
}

static uint64_t existing_counters(const struct isa *isa)
{
    uint64_t counters = 0;

    if (isa_has(isa, EXT_ZICNTR))
        counters |= COUNTEREN_CY | COUNTEREN_TM | COUNTEREN_IR;
    if (isa_has(isa, EXT_SSTC))
        counters |= COUNTEREN_TM; /* gates stimecmp */
    if (isa_has(isa, EXT_ZIHPM))
        counters |= COUNTEREN_HPM;
    return counters;
}

unsigned csr_write_counteren(struct csr_file *c, unsigned csr, uint64_t value)
{
    *(csr == CSR_mcounteren ? &c->mcounteren : &c->scounteren) =
        value & existing_counters(c->isa);
    return 0;
}

/* The fields that menvcfg and senvcfg share, as they may be after a write. */
static uint64_t legal_envcfg(const struct isa *isa, uint64_t old,
                             uint64_t value, uint64_t writable)
{
    writable |= ENVCFG_FIOM;
    if (isa_has(isa, EXT_ZICBOZ))
        writable |= ENVCFG_CBZE;
    if (isa_has(isa, EXT_ZICBOM)) {
        writable |= ENVCFG_CBCFE;
        if (field_get(value, ENVCFG_CBIE) != 2)
            writable |= ENVCFG_CBIE;
    }
    return bits_merge(old, value, writable);
}

unsigned csr_write_senvcfg(struct csr_file *c, unsigned csr, uint64_t value)
{
    uint64_t old = c->senvcfg;

    (void)csr;
    c->senvcfg = legal_envcfg(c->isa, old, value, 0);
    return c->senvcfg != old ? CSR_EFFECT_ENVCFG : 0;
}

static unsigned menvcfg_effects(uint64_t changed)
{
    unsigned effects = changed ? CSR_EFFECT_ENVCFG : 0;

    if (changed & (MENVCFG_PBMTE | MENVCFG_ADUE))
        effects |= CSR_EFFECT_TRANSLATION;
    if (changed & MENVCFG_STCE)
        effects |= CSR_EFFECT_TIMER | CSR_EFFECT_INTERRUPT;
    return effects;
}

unsigned csr_write_menvcfg(struct csr_file *c, unsigned csr, uint64_t value)
{
    uint64_t old = c->menvcfg, writable = 0;

    (void)csr;
    if (isa_has(c->isa, EXT_SVPBMT))
        writable |= MENVCFG_PBMTE;
    if (isa_has(c->isa, EXT_SVADU) && isa_has(c->isa, EXT_SVADE))
        writable |= MENVCFG_ADUE;
    if (isa_has(c->isa, EXT_SSTC))
        writable |= MENVCFG_STCE;
    c->menvcfg = legal_envcfg(c->isa, old, value, writable);
    /* Who owns STIP changes with STCE; nothing of the other stays behind. */
    if (c->menvcfg & MENVCFG_STCE)
        c->mip &= ~BIT(IRQ_STI);
    csr_timer_update(c);
    return menvcfg_effects(old ^ c->menvcfg);
}

unsigned csr_write_stimecmp(struct csr_file *c, unsigned csr, uint64_t value)
{
    (void)csr;
    c->stimecmp = value;
    csr_timer_update(c);
    return CSR_EFFECT_TIMER | CSR_EFFECT_INTERRUPT;
}

static uint8_t legal_pmpcfg(uint8_t value)
{
    uint8_t cfg =
        value & (PMPCFG_R | PMPCFG_W | PMPCFG_X | PMPCFG_A | PMPCFG_L);

    return cfg & PMPCFG_R ? cfg : (uint8_t)(cfg & ~PMPCFG_W);
}

/* "Writes to the configuration register of a locked entry are ignored." */
unsigned csr_write_pmpcfg(struct csr_file *c, unsigned csr, uint64_t value)
{
    uint8_t *cfg = c->pmpcfg + csr_pmpcfg_first(csr);
    unsigned effects = 0;

    for (unsigned i = 0; i < 8; i++) {
        uint8_t next = legal_pmpcfg((uint8_t)(value >> (8 * i)));

        if ((cfg[i] & PMPCFG_L) || cfg[i] == next)
            continue;
        cfg[i] = next;
        effects = CSR_EFFECT_PMP;
    }
    return effects;
}

/* Locked by its own entry, or by the next one if that is a locked TOR, whose
   lower bound it is. */
static bool pmpaddr_locked(const struct csr_file *c, unsigned entry)
{
    uint8_t next = entry + 1 < PMP_ENTRIES ? c->pmpcfg[entry + 1] : 0;

    return (c->pmpcfg[entry] & PMPCFG_L) ||
           ((next & PMPCFG_L) && field_get(next, PMPCFG_A) == PMP_TOR);
}

unsigned csr_write_pmpaddr(struct csr_file *c, unsigned csr, uint64_t value)
{
    unsigned entry = csr - CSR_pmpaddr0;
    uint64_t next = value & PMPADDR_ADDRESS;

    if (c->pmpaddr[entry] == next || pmpaddr_locked(c, entry))
        return 0;
    c->pmpaddr[entry] = next;
    return CSR_EFFECT_PMP;
}
