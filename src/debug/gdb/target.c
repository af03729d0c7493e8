/*
 * The target description (GDB manual, "Target Description Format" and "RISC-V
 * Features"). Types come from the layouts of the CSRs (isa/csr_layout.h); each
 * feature defines those it uses.
 */
#include <stdio.h>

#include "debug/gdb/registers_vmm.h"
#include "isa/csr_layout.h"
#include "isa/insn.h"

struct target {
    const struct isa *isa;
    const struct text_sink *out;
};

static void begin_feature(const struct target *t, const char *name)
{
    text_print(t->out, "  <feature name=\"%s\">\n", name);
}

static void end_feature(const struct target *t)
{
    text_print(t->out, "  </feature>\n");
}

/* ---- types ---- */

/* The type of a field's values: an enum that is named so, or one of gdb's own.
 */
static const char *values_type(enum csr_values values, bool flag)
{
    static const char *const types[CSR_VALUES] = {
        [CSR_MODE] = "mode",
        [CSR_FS] = "fs",
        [CSR_XLEN] = "xlen",
        [CSR_CAUSE] = "exception",
        [CSR_CODE] = "code_ptr",
        [CSR_DATA] = "data_ptr",
        [CSR_TRANSLATION] = "translation",
        [CSR_VECTORS] = "vectors",
        [CSR_CBIE] = "cbie",
        [CSR_ROUNDING] = "rounding",
        [CSR_MATCHING] = "matching",
    };

    return types[values] ? types[values] : flag ? "bool" : NULL;
}

/* A name as one word: "load_page_fault". */
static void print_word(const struct target *t, const char *name)
{
    for (; *name; name++) {
        bool fits = (*name >= '0' && *name <= '9') ||
                    (*name >= 'a' && *name <= 'z') ||
                    (*name >= 'A' && *name <= 'Z');

        text_print(t->out, "%c", fits ? *name : '_');
    }
}

static void print_value(const struct target *t, const char *name,
                        unsigned long long v)
{
    if (!name)
        return;
    text_print(t->out, "      <evalue name=\"");
    print_word(t, name);
    text_print(t->out, "\" value=\"%llu\"/>\n", v);
}

static void print_enum(const struct target *t, enum csr_values values,
                       unsigned size)
{
    text_print(t->out, "    <enum id=\"%s\" size=\"%u\">\n",
               values_type(values, false), size);
    for (uint64_t v = 0; v < UINT64_C(1) << CSR_VALUES_BITS; v++)
        print_value(t, csr_value_name(values, v), v);
    text_print(t->out, "    </enum>\n");
}

/* gdb's enums hold no number as large as an interrupt's. */
static void print_any_cause(const struct target *t)
{
    text_print(t->out, "    <enum id=\"any_cause\" size=\"8\">\n");
    for (uint64_t v = 0; v < 2 * GDB_CAUSE_INTERRUPT; v++) {
        uint64_t cause = v < GDB_CAUSE_INTERRUPT
            ? v : (v - GDB_CAUSE_INTERRUPT) | CAUSE_INTERRUPT;

        print_value(t, csr_value_name(CSR_CAUSE, cause), v);
    }
    text_print(t->out, "    </enum>\n");
}

static void print_field(const struct target *t,
                        const struct csr_layout_field *f)
{
    unsigned start = 0, end = 63;
    const char *type = NULL;

    while (!(f->mask >> start & 1))
        start++;
    while (!(f->mask >> end & 1))
        end--;
    if (f->values != CSR_CODE) /* gdb has no bit fields that are pointers */
        type = values_type(f->values, start == end);
    text_print(t->out, "      <field name=\"");
    print_word(t, f->name);
    if (f->number >= 0)
        text_print(t->out, "%d", f->number);
    text_print(t->out, "\" start=\"%u\" end=\"%u\"", start, end);
    if (type)
        text_print(t->out, " type=\"%s\"", type);
    text_print(t->out, "/>\n");
}

static bool is_fp(unsigned csr)
{
    return csr == CSR_fflags || csr == CSR_frm || csr == CSR_fcsr;
}

static void print_struct(const struct target *t, unsigned csr)
{
    struct csr_layout_field f;

    text_print(t->out, "    <struct id=\"%s_fields\" size=\"%u\">\n",
               csr_name(csr), is_fp(csr) ? 4 : 8);
    for (unsigned n = 0; csr_layout(t->isa, csr, n, &f); n++)
        print_field(t, &f);
    text_print(t->out, "    </struct>\n");
}

/* ---- registers ---- */

static void print_register(const struct target *t, const char *name,
                           unsigned bits, const char *type, unsigned number,
                           const char *more)
{
    text_print(t->out,
               "    <reg name=\"%s\" bitsize=\"%u\" type=\"%s\" "
               "regnum=\"%u\"%s/>\n",
               name, bits, type, number, more);
}

#define OF_GROUP(group) " save-restore=\"no\" group=\"" group "\""

/* A number; or what its only field is, or an address if that is a field. */
static const char *csr_type(const struct target *t, unsigned csr)
{
    struct csr_layout_field f;
    unsigned n = 0;

    for (; csr_layout(t->isa, csr, n, &f); n++)
        if (f.values == CSR_CODE)
            return "code_ptr";
    if (n == 1)
        return values_type(f.values, false);
    return is_fp(csr) ? "uint32" : "uint64";
}

static void print_csr(const struct target *t, unsigned csr)
{
    print_register(t, csr_name(csr), is_fp(csr) ? 32 : 64, csr_type(t, csr),
                   GDB_CSR0 + csr,
                   is_fp(csr) ? " group=\"float\"" : OF_GROUP("csr"));
}

static void print_view(const struct target *t, unsigned csr)
{
    char name[64];

    snprintf(name, sizeof name, "%s_fields", csr_name(csr));
    print_register(t, name, is_fp(csr) ? 32 : 64, name, GDB_FIELDS0 + csr,
                   OF_GROUP("fields"));
}

/* ---- features ---- */

/* gdb knows best which of them are addresses. */
static void print_cpu(const struct target *t)
{
    begin_feature(t, "org.gnu.gdb.riscv.cpu");
    for (unsigned n = 0; n < 32; n++)
        print_register(t, insn_x_name(n), 64, "int", GDB_X0 + n, "");
    print_register(t, "pc", 64, "code_ptr", GDB_PC, "");
    end_feature(t);
}

static void print_fpu(const struct target *t)
{
    bool is_double = isa_has(t->isa, EXT_D);

    if (!isa_has(t->isa, EXT_F))
        return;
    begin_feature(t, "org.gnu.gdb.riscv.fpu");
    print_enum(t, CSR_ROUNDING, 4);
    for (unsigned n = 0; n < 32; n++) {
        char name[8];

        snprintf(name, sizeof name, "f%u", n);
        print_register(t, name, is_double ? 64 : 32,
                       is_double ? "ieee_double" : "ieee_single", GDB_F0 + n,
                       "");
    }
    for (unsigned csr = CSR_fflags; csr <= CSR_fcsr; csr++)
        print_csr(t, csr);
    end_feature(t);
}

static void print_csrs(const struct target *t)
{
    begin_feature(t, "org.gnu.gdb.riscv.csr");
    print_enum(t, CSR_CAUSE, 8);
    for (int c = csr_next(t->isa, 0); c >= 0; c = csr_next(t->isa, c + 1u))
        if (!is_fp((unsigned)c))
            print_csr(t, (unsigned)c);
    end_feature(t);
}

static void print_virtual(const struct target *t)
{
    begin_feature(t, "org.gnu.gdb.riscv.virtual");
    print_register(t, "priv", 32, "int", GDB_PRIV, " save-restore=\"no\"");
    end_feature(t);
}

static void print_vmm(const struct target *t)
{
    const struct gdb_vmm_register *r;

    begin_feature(t, "org.pogo.vmm");
    for (unsigned values = CSR_MODE; values < CSR_VALUES; values++)
        if (values != CSR_CAUSE && values != CSR_CODE && values != CSR_DATA)
            print_enum(t, values, values == CSR_ROUNDING ? 4 : 8);
    print_any_cause(t);
    for (int c = csr_next(t->isa, 0); c >= 0; c = csr_next(t->isa, c + 1u))
        if (gdb_has_view(t->isa, (unsigned)c))
            print_struct(t, (unsigned)c);
    for (unsigned n = 0; (r = gdb_vmm_register(n)) != NULL; n++)
        print_register(t, r->name, 64, r->type, GDB_VMM + n, OF_GROUP("vmm"));
    for (int c = csr_next(t->isa, 0); c >= 0; c = csr_next(t->isa, c + 1u))
        if (gdb_has_view(t->isa, (unsigned)c))
            print_view(t, (unsigned)c);
    end_feature(t);
}

void gdb_target_description(const struct debugger *d,
                            const struct text_sink *out)
{
    const struct target t = { session_machine(d->session, 0)->isa, out };

    text_print(out, "<?xml version=\"1.0\"?>\n"
                    "<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
                    "<target version=\"1.0\">\n"
                    "  <architecture>riscv:rv64</architecture>\n"
                    "  <osabi>none</osabi>\n");
    print_cpu(&t);
    print_fpu(&t);
    print_csrs(&t);
    print_virtual(&t);
    print_vmm(&t);
    text_print(out, "</target>\n");
}
