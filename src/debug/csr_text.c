/* By isa/csr_layout.h, but for a few that are shorter another way. */
#include "debug/csr_text.h"

#include "isa/csr_layout.h"

/* " load-page-fault": a blank comes between fields only. */
static void say_name(const char *name, const struct text_sink *out)
{
    text_print(out, " ");
    for (; *name; name++)
        text_print(out, "%c", *name == ' ' ? '-' : *name);
}

static void say_field(const struct csr_layout_field *f, uint64_t v,
                      const struct text_sink *out)
{
    uint64_t its = field_get(v, f->mask);
    const char *name = csr_value_name(f->values, its);

    if (name)
        text_print(out, " %s=%s", f->name, name);
    else if (f->mask & (f->mask - 1))
        text_print(out, " %s=%#llx", f->name, (unsigned long long)its);
    else if (its)
        say_name(f->name, out);
}

/* From the highest down, as the manual draws them. */
static void say_fields(const struct isa *isa, unsigned csr, uint64_t v,
                       const struct text_sink *out)
{
    struct csr_layout_field f;
    unsigned n = 0;

    while (csr_layout(isa, csr, n, &f))
        n++;
    if (n == 1 && f.values != CSR_ROUNDING)
        return; /* the register's own value */
    while (n-- > 0) {
        csr_layout(isa, csr, n, &f);
        say_field(&f, v, out);
    }
}

/* " mode=NAPOT R W X" is long, eight times. */
static void say_pmp(unsigned csr, uint64_t v, const struct text_sink *out)
{
    for (unsigned k = 0; k < 8; k++) {
        uint64_t cfg = bits_of(v, 8 * k + 7, 8 * k);

        if (cfg)
            text_print(out, " pmp%u=%s,%c%c%c%s", (csr - CSR_pmpcfg0) * 4 + k,
                       csr_value_name(CSR_MATCHING, field_get(cfg, PMPCFG_A)),
                       cfg & PMPCFG_R ? 'r' : '-', cfg & PMPCFG_W ? 'w' : '-',
                       cfg & PMPCFG_X ? 'x' : '-',
                       cfg & PMPCFG_L ? ",locked" : "");
    }
}

static void say_letters(uint64_t v, const struct text_sink *out)
{
    text_print(out, " ");
    for (unsigned k = 0; k < 26; k++)
        if (v & BIT(k))
            text_print(out, "%c", 'A' + (int)k);
}

void csr_text(const struct isa *isa, unsigned csr, uint64_t v,
              const struct text_sink *out)
{
    switch (csr) {
    case CSR_mcause:
    case CSR_scause:
        text_print(out, " %s", cause_name(v));
        return;
    case CSR_misa:
        say_letters(v, out);
        return;
    case CSR_pmpcfg0:
    case CSR_pmpcfg2:
        say_pmp(csr, v, out);
        return;
    default:
        say_fields(isa, csr, v, out);
    }
}
