/* The layouts of the CSRs: rows of csr_layout.def, and those of a few that
   repeat a pattern. */
#include "isa/csr_layout.h"

#include "isa/csr_row.h"

enum layout {
    LAYOUT_STATUS,
    LAYOUT_INTERRUPTS,
    LAYOUT_CAUSE,
    LAYOUT_TVEC,
    LAYOUT_CODE,
    LAYOUT_DATA,
    LAYOUT_SATP,
    LAYOUT_COUNTEREN,
    LAYOUT_ENVCFG,
    LAYOUT_FCSR,
    LAYOUT_FRM,
    LAYOUT_MISA,
    LAYOUT_PMP,
};

static const struct {
    struct csr_layout_field field;
    enum layout layout;
} rows[] = {
#define FIELD(layout, name, mask, values) \
    { { #name, -1, mask, CSR_##values }, LAYOUT_##layout },
#include "isa/csr_layout.def"
#undef FIELD
};

#define ROWS (sizeof rows / sizeof *rows)
#define ALL  (~UINT64_C(0))

/* Those that have a row's layout, and how much of it. */
static const struct {
    uint16_t csr;
    uint8_t layout;
    uint64_t part;
} csrs[] = {
    { CSR_fflags, LAYOUT_FCSR, FCSR_FFLAGS },
    { CSR_frm, LAYOUT_FRM, ALL },
    { CSR_fcsr, LAYOUT_FCSR, ALL },
    { CSR_sstatus, LAYOUT_STATUS, SSTATUS_VIEW },
    { CSR_sie, LAYOUT_INTERRUPTS, S_INTERRUPTS },
    { CSR_stvec, LAYOUT_TVEC, ALL },
    { CSR_scounteren, LAYOUT_COUNTEREN, ALL },
    { CSR_senvcfg, LAYOUT_ENVCFG, MASK(31, 0) },
    { CSR_sepc, LAYOUT_CODE, ALL },
    { CSR_scause, LAYOUT_CAUSE, ALL },
    { CSR_stval, LAYOUT_DATA, ALL },
    { CSR_sip, LAYOUT_INTERRUPTS, S_INTERRUPTS },
    { CSR_satp, LAYOUT_SATP, ALL },
    { CSR_mstatus, LAYOUT_STATUS, ALL },
    { CSR_mideleg, LAYOUT_INTERRUPTS, S_INTERRUPTS },
    { CSR_mie, LAYOUT_INTERRUPTS, ALL },
    { CSR_mtvec, LAYOUT_TVEC, ALL },
    { CSR_mcounteren, LAYOUT_COUNTEREN, ALL },
    { CSR_menvcfg, LAYOUT_ENVCFG, ALL },
    { CSR_mcountinhibit, LAYOUT_COUNTEREN, COUNTEREN_CY | COUNTEREN_IR },
    { CSR_mepc, LAYOUT_CODE, ALL },
    { CSR_mcause, LAYOUT_CAUSE, ALL },
    { CSR_mtval, LAYOUT_DATA, ALL },
    { CSR_mip, LAYOUT_INTERRUPTS, ALL },
};

/* Row n of those of a layout, within `part`. */
static bool row_of(enum layout layout, uint64_t part, unsigned n,
                   struct csr_layout_field *f)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].layout != layout || !(rows[i].field.mask & part) ||
            n-- > 0)
            continue;
        *f = rows[i].field;
        return true;
    }
    return false;
}

/* The bits of medeleg are the exceptions. */
static bool exception_bit(unsigned n, struct csr_layout_field *f)
{
    for (unsigned cause = 0; cause < 64; cause++) {
        if (!cause_is_known(cause) || n-- > 0)
            continue;
        *f = (struct csr_layout_field){ cause_name(cause), -1, BIT(cause),
                                        CSR_NUMBER };
        return true;
    }
    return false;
}

/* The letters in the order of the alphabet, then MXL. */
static bool misa_bit(const struct isa *isa, unsigned n,
                     struct csr_layout_field *f)
{
    for (unsigned letter = 0; letter < 26; letter++) {
        for (unsigned e = 0; e < EXT_COUNT; e++) {
            const char *name = isa_ext_name(e);

            if (!isa_has(isa, e) || name[1] || name[0] != 'a' + (char)letter ||
                n-- > 0)
                continue;
            *f = (struct csr_layout_field){ name, -1, BIT(letter), CSR_NUMBER };
            return true;
        }
    }
    return row_of(LAYOUT_MISA, ALL, n, f);
}

/* Eight entries, each a byte. */
static bool pmp_field(unsigned csr, unsigned n, struct csr_layout_field *f)
{
    struct csr_layout_field none;
    unsigned fields = 0, entry;

    while (row_of(LAYOUT_PMP, ALL, fields, &none))
        fields++;
    entry = n / fields;
    if (entry >= 8)
        return false;
    row_of(LAYOUT_PMP, ALL, n % fields, f);
    f->number = (int)(csr_pmpcfg_first(csr) + entry);
    f->mask <<= 8 * entry;
    return true;
}

bool csr_layout(const struct isa *isa, unsigned csr, unsigned n,
                struct csr_layout_field *f)
{
    if (csr == CSR_medeleg)
        return exception_bit(n, f);
    if (csr == CSR_misa)
        return misa_bit(isa, n, f);
    if (csr == CSR_pmpcfg0 || csr == CSR_pmpcfg2)
        return pmp_field(csr, n, f);
    for (size_t i = 0; i < sizeof csrs / sizeof *csrs; i++)
        if (csrs[i].csr == csr)
            return row_of(csrs[i].layout, csrs[i].part, n, f);
    return false;
}

/* ---- values ---- */

#define NAMES (1 << CSR_VALUES_BITS)
static const char *const names[CSR_VALUES][NAMES] = {
    [CSR_MODE] = { [PRIV_U] = "U", [PRIV_S] = "S", [PRIV_M] = "M" },
    [CSR_FS] = { [FS_OFF] = "Off", [FS_INITIAL] = "Initial",
                 [FS_CLEAN] = "Clean", [FS_DIRTY] = "Dirty" },
    [CSR_XLEN] = { [1] = "32", [2] = "64", [3] = "128" },
    [CSR_TRANSLATION] = { [SATP_BARE] = "Bare", [SATP_SV39] = "Sv39",
                          [SATP_SV48] = "Sv48", [SATP_SV57] = "Sv57" },
    [CSR_VECTORS] = { [0] = "Direct", [TVEC_VECTORED] = "Vectored" },
    [CSR_CBIE] = { [0] = "illegal", [1] = "flush", [3] = "inval" },
    [CSR_ROUNDING] = { "RNE", "RTZ", "RDN", "RUP", [FRM_RMM] = "RMM",
                       [FRM_DYN] = "DYN" },
    [CSR_MATCHING] = { [PMP_OFF] = "OFF", [PMP_TOR] = "TOR",
                       [PMP_NA4] = "NA4", [PMP_NAPOT] = "NAPOT" },
};

const char *csr_value_name(enum csr_values values, uint64_t v)
{
    if (values == CSR_CAUSE)
        return cause_is_known(v) ? cause_name(v) : NULL;
    return v < NAMES ? names[values][v] : NULL;
}
