/*
 * The CSR file as a whole: which CSRs there are, reset, and what depends on
 * several registers at once. Privileged manual 1.13, "Control and Status
 * Registers (CSRs)", "Reset", "mip and mie", and the Sstc chapter.
 */
#include "isa/csr_row.h"
#include "isa/hole.h"

/* Both tables are indexed with 8 bits. */
_Static_assert(CSR_ROW_COUNT <= 256, "a row fits a byte");
_Static_assert(EXT_COUNT <= 64, "an extension is a bit of isa.ext");

const struct csr_slot csr_slots[CSR_NUMBERS] = {
#define CSR(name, number, ext) [number] = { CSR_ROW_##name, EXT_##ext },
#include "isa/csr.def"
#undef CSR
};

static const char *const names[CSR_ROW_COUNT] = {
#define CSR(name, number, ext) [CSR_ROW_##name] = #name,
#include "isa/csr.def"
#undef CSR
};

/*
 * All bytes to zero. volatile, or the compiler would make this loop a call of
 * memset, which a freestanding program need not have.
 */
static void clear(volatile unsigned char *p, size_t size)
{
    while (size--)
        *p++ = 0;
}

void csr_reset(struct csr_file *c, const struct isa *isa, uint64_t hartid)
{
    clear((volatile unsigned char *)c, sizeof *c);
    c->isa = isa;
    c->hartid = hartid;
    c->priv = PRIV_M;
    c->mstatus = field_set(0, MSTATUS_UXL, 2) | field_set(0, MSTATUS_SXL, 2);
    /* Without Svade there is nothing to choose: hardware always updates. */
    if (isa_has(isa, EXT_SVADU) && !isa_has(isa, EXT_SVADE))
        c->menvcfg = MENVCFG_ADUE;
}

bool csr_exists(const struct isa *isa, unsigned csr)
{
    return csr_row(isa, csr) != CSR_ROW_NONE;
}

const char *csr_name(unsigned csr)
{
    return csr < CSR_NUMBERS ? names[csr_slots[csr].row] : NULL;
}

int csr_next(const struct isa *isa, unsigned from)
{
    for (; from < CSR_NUMBERS; from++) {
        if (csr_exists(isa, from))
            return (int)from;
    }
    return -1;
}

/*
 * While menvcfg.STCE is set the software bit STIP is kept clear, and while it
 * is clear so is the comparator's line: their OR is right in both cases.
 */
uint64_t csr_mip(const struct csr_file *c)
{
    return c->mip | c->lines;
}

/* "STIP … is set whenever time contains a value greater than or equal to
   stimecmp, treating the values as unsigned integers." */
void csr_timer_update(struct csr_file *c)
{
    bool due = (c->menvcfg & MENVCFG_STCE) && c->time >= c->stimecmp;

    c->lines = bits_merge(c->lines, due ? BIT(IRQ_STI) : 0, BIT(IRQ_STI));
}

void csr_mark_fs_dirty(struct csr_file *c)
{
    c->mstatus |= MSTATUS_FS | MSTATUS_SD;
}

/* MPRV acts in M-mode: leaving it clears the bit. */
enum priv csr_data_priv(const struct csr_file *c)
{
    if ((c->mstatus & MSTATUS_MPRV) &&
        (c->priv == PRIV_M || hole_in(c->isa, HOLE_mprv_kept)))
        return (enum priv)field_get(c->mstatus, MSTATUS_MPP);
    return (enum priv)c->priv;
}
