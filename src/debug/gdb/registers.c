#include "debug/gdb/registers_vmm.h"
#include "isa/csr_layout.h"

/* ---- which there are ---- */

static const struct isa *isa_of(const struct debugger *d)
{
    return session_machine(d->session, 0)->isa;
}

static bool is_x(unsigned number)
{
    return number < GDB_PC;
}

static bool is_f(unsigned number)
{
    return number >= GDB_F0 && number < GDB_CSR0;
}

static bool is_view(unsigned number)
{
    return number >= GDB_FIELDS0 && number < GDB_FIELDS_END;
}

/* Of a CSR, or a view of one. */
static bool is_csr(unsigned number)
{
    return (number >= GDB_CSR0 && number < GDB_PRIV) || is_view(number);
}

static unsigned csr_of(unsigned number)
{
    return number - (is_view(number) ? GDB_FIELDS0 : GDB_CSR0);
}

unsigned gdb_registers(const struct debugger *d)
{
    (void)d;
    return GDB_FIELDS_END;
}

/* What is one value only has none. */
bool gdb_has_view(const struct isa *isa, unsigned csr)
{
    struct csr_layout_field f;

    return csr_layout(isa, csr, 1, &f);
}

unsigned gdb_registers_in_g(const struct debugger *d)
{
    return isa_has(isa_of(d), EXT_F) ? GDB_CSR0 : GDB_F0;
}

static unsigned csr_size(const struct isa *isa, unsigned csr)
{
    if (!csr_exists(isa, csr))
        return 0;
    return csr == CSR_fflags || csr == CSR_frm || csr == CSR_fcsr ? 4 : 8;
}

unsigned gdb_register_size(const struct debugger *d, unsigned number)
{
    const struct isa *isa = isa_of(d);

    if (is_f(number))
        return isa_has(isa, EXT_D) ? 8 : isa_has(isa, EXT_F) ? 4 : 0;
    if (is_view(number) && !gdb_has_view(isa, csr_of(number)))
        return 0;
    if (is_csr(number))
        return csr_size(isa, csr_of(number));
    if (number == GDB_PRIV)
        return 4;
    if (number > GDB_PRIV)
        return gdb_vmm_register(number - GDB_VMM) ? 8 : 0;
    return 8; /* x, pc */
}

/* ---- their values ---- */

/* The enum machine_reg of x, pc, f, priv. */
static unsigned machine_reg(unsigned number)
{
    return is_x(number)         ? REG_X0 + number
           : is_f(number)       ? REG_F0 + number - GDB_F0
           : number == GDB_PRIV ? REG_PRIV
                                : REG_PC;
}

static bool is_there(const struct debugger *d, unsigned world, unsigned hart,
                     unsigned number)
{
    return world < session_worlds(d->session) &&
           hart < session_harts(d->session, world) &&
           gdb_register_size(d, number);
}

bool gdb_register_get(struct debugger *d, unsigned world, unsigned hart,
                      unsigned number, uint64_t *v)
{
    if (!is_there(d, world, hart, number))
        return false;
    if (is_csr(number))
        return session_get_csr(d->session, world, hart, csr_of(number), v);
    if (number >= GDB_VMM) {
        *v = gdb_vmm_register(number - GDB_VMM)->get(d->session, world, hart);
        return true;
    }
    return session_get(d->session, world, hart, machine_reg(number), v);
}

/* gdb puts back all of x after a call of a function: x0 may be written with
   what it holds. */
bool gdb_register_set(struct debugger *d, unsigned world, unsigned hart,
                      unsigned number, uint64_t v)
{
    const struct gdb_vmm_register *r;

    if (!is_there(d, world, hart, number))
        return false;
    if (number == GDB_X0)
        return v == 0;
    if (is_csr(number))
        return session_set_csr(d->session, world, hart, csr_of(number), v);
    if (number >= GDB_VMM) {
        r = gdb_vmm_register(number - GDB_VMM);
        return r->set && r->set(d->session, world, hart, v);
    }
    return session_set(d->session, world, hart, machine_reg(number), v);
}
