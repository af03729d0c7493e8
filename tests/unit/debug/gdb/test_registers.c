/* What gdb is told of registers: every one is read, written, and described. */
#include "debug/gdb/registers.h"
#include "debug/world_session.h"
#include "machine/run.h"
#include "debug/gdb/text.h"
#include "vmm/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BUDGET (UINT64_C(1) << 26)

struct debugged {
    struct world w;
    struct debugger d;
};

static void begin_as(struct debugged *x, unsigned depth, struct isa isa)
{
    world_make_as(&x->w, depth, 2, WORLD_RAM, isa);
    x->d = (struct debugger){ .session = world_session(&x->w, BUDGET),
                              .world = depth };
}

static void begin(struct debugged *x, unsigned depth)
{
    begin_as(x, depth, isa_default());
}

static void end(struct debugged *x)
{
    session_free(x->d.session);
    world_free(&x->w);
}

static uint64_t get(struct debugged *x, unsigned world, unsigned number)
{
    uint64_t v = 0;

    assert_true(gdb_register_get(&x->d, world, 1, number, &v));
    return v;
}

static void all_are_read_in_all_worlds_and_nothing_changes(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth <= 2; depth++) {
        struct debugged x;
        uint64_t before, v;
        unsigned read = 0;

        begin(&x, depth);
        before = machine_hash(x.w.m, x.w.b);
        for (unsigned world = 0; world <= depth; world++)
            for (unsigned n = 0; n < gdb_registers(&x.d); n++) {
                bool is = gdb_register_size(&x.d, n) != 0;

                assert_true(gdb_register_get(&x.d, world, 1, n, &v) == is);
                read += is;
            }
        assert_true(read > 200 * (depth + 1));
        assert_false(gdb_register_get(&x.d, depth + 1, 0, GDB_PC, &v));
        assert_false(gdb_register_get(&x.d, depth, 2, GDB_PC, &v));
        assert_false(gdb_register_get(&x.d, depth, 0, gdb_registers(&x.d), &v));
        assert_true(machine_hash(x.w.m, x.w.b) == before);
        end(&x);
    }
}

/* A hart for itself is the judge. */
static void csrs_are_written_as_their_own_rules_have_it(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth <= 2; depth++) {
        struct debugged x;

        begin(&x, depth);
        for (int c = csr_next(x.w.m->isa, 0); c >= 0;
             c = csr_next(x.w.m->isa, (unsigned)c + 1)) {
            unsigned n = GDB_CSR0 + (unsigned)c;
            struct csr_file expected = *x.w.b->csr[1];
            uint64_t v = UINT64_C(0x5a5a5a5a5a5a5a5a);

            if (c >> 10 == 3) { /* read-only */
                assert_false(gdb_register_set(&x.d, depth, 1, n, v));
                continue;
            }
            csr_write(&expected, (unsigned)c, v);
            assert_true(gdb_register_set(&x.d, depth, 1, n, v));
            v = csr_read(&expected, (unsigned)c);
            if (get(&x, depth, n) != v)
                fail_msg("%s at depth %u: %#llx, not %#llx",
                         csr_name((unsigned)c), depth,
                         (unsigned long long)get(&x, depth, n),
                         (unsigned long long)v);
            assert_true(gdb_register_set(&x.d, depth, 1, n, v));
            assert_true(get(&x, depth, n) == v);
            if (depth > 0)
                assert_false(gdb_register_set(&x.d, depth - 1, 1, n, v));
        }
        end(&x);
    }
}

static void x_f_pc_and_mode_are_written(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth <= 2; depth++) {
        struct debugged x;

        begin(&x, depth);
        for (unsigned n = 1; n < GDB_CSR0; n++) {
            uint64_t v = UINT64_C(0x123456789abcde00) + 2 * n;

            assert_true(gdb_register_set(&x.d, depth, 1, n, v));
            assert_true(get(&x, depth, n) == v);
        }
        assert_true(gdb_register_set(&x.d, depth, 1, GDB_X0, 0));
        assert_false(gdb_register_set(&x.d, depth, 1, GDB_X0, 1));
        assert_true(get(&x, depth, GDB_X0) == 0);
        assert_true(gdb_register_set(&x.d, depth, 1, GDB_PRIV, PRIV_S));
        assert_int_equal(get(&x, depth, GDB_PRIV), PRIV_S);
        assert_false(gdb_register_set(&x.d, depth, 1, GDB_PRIV, 2));
        assert_int_equal(get(&x, depth, GDB_PRIV), PRIV_S);
        end(&x);
    }
}

/* The number of a register by what target.xml says of it. */
static unsigned number_of(const struct text *t, const char *name)
{
    char reg[64];
    const char *at;

    snprintf(reg, sizeof reg, "<reg name=\"%s\"", name);
    at = strstr(t->s, reg);
    assert_non_null(at);
    at = strstr(at, "regnum=\"");
    assert_non_null(at);
    return (unsigned)strtoul(at + strlen("regnum=\""), NULL, 10);
}

static void the_monitors_own_are_true(void **state)
{
    struct debugged x;
    struct text t = { 0 };
    const struct text_sink out = text_sink(&t);
    unsigned status;

    (void)state;
    begin(&x, 2);
    gdb_target_description(&x.d, &out);
    x.w.hart = 1;
    assert_int_equal(session_run(x.d.session, 5000), SESSION_STEPPED);
    for (unsigned world = 0; world <= 2; world++) {
        assert_int_equal(get(&x, world, number_of(&t, "vmm_world")), world);
        assert_int_equal(get(&x, world, number_of(&t, "vmm_time")), 5000);
        assert_true(get(&x, world, number_of(&t, "vmm_count")) ==
                    session_board(x.d.session, world)->csr[1]->count);
    }
    assert_true(get(&x, 0, number_of(&t, "vmm_exits")) == 0);
    assert_true(get(&x, 1, number_of(&t, "vmm_exits")) > 0);
    assert_true(get(&x, 2, number_of(&t, "vmm_exits")) > 0);
    /* the guest is in M-mode, and the monitors run it in U-mode */
    assert_int_equal(get(&x, 2, number_of(&t, "vmm_mode")), PRIV_M);
    assert_int_equal(get(&x, 1, number_of(&t, "vmm_mode")), PRIV_U);
    assert_int_equal(get(&x, 0, number_of(&t, "vmm_mode")), PRIV_U);
    world_set_csr(&x.w, CSR_scause, CAUSE_INTERRUPT | IRQ_STI);
    assert_int_equal(get(&x, 2, number_of(&t, "vmm_scause")), 64 + IRQ_STI);
    status = number_of(&t, "vmm_status");
    assert_true(gdb_register_set(&x.d, 2, 1, status, MSTATUS_SUM));
    assert_true(world_csr(&x.w, CSR_mstatus) & MSTATUS_SUM);
    assert_false(
        gdb_register_set(&x.d, 2, 1, number_of(&t, "vmm_count"), 1));
    text_free(&t);
    end(&x);
}

static void a_view_is_the_register_itself(void **state)
{
    struct debugged x;
    uint64_t v;

    (void)state;
    begin(&x, 1);
    assert_true(gdb_register_set(&x.d, 1, 1, GDB_FIELDS0 + CSR_mie, 0x22));
    assert_int_equal(get(&x, 1, GDB_CSR0 + CSR_mie), 0x22);
    assert_int_equal(get(&x, 1, GDB_FIELDS0 + CSR_mie), 0x22);
    assert_false(gdb_register_get(&x.d, 1, 1, GDB_FIELDS0 + CSR_mepc, &v));
    assert_false(gdb_register_set(&x.d, 0, 1, GDB_FIELDS0 + CSR_mie, 0));
    end(&x);
}

static unsigned times(const char *s, const char *what)
{
    unsigned n = 0;

    for (; (s = strstr(s, what)) != NULL; s++)
        n++;
    return n;
}

/* Each number once, with the size that p and P have. */
static void each_is_described_once(void **state)
{
    const struct isa isas[] = {
        isa_default(),
        { .ext = isa_default().ext & ~BIT(EXT_D) },
        { .ext = isa_default().ext & ~(BIT(EXT_D) | BIT(EXT_F)) },
    };

    (void)state;
    for (unsigned i = 0; i < sizeof isas / sizeof *isas; i++) {
        struct debugged x;
        struct text t = { 0 };
        const struct text_sink out = text_sink(&t);
        unsigned regs = 0, in_g = 0;

        begin_as(&x, 1, isas[i]);
        gdb_target_description(&x.d, &out);
        for (unsigned n = 0; n < gdb_registers(&x.d); n++) {
            unsigned size = gdb_register_size(&x.d, n);
            char regnum[32], bits[32];
            const char *at;

            snprintf(regnum, sizeof regnum, "regnum=\"%u\"", n);
            snprintf(bits, sizeof bits, "bitsize=\"%u\"", 8 * size);
            assert_int_equal(times(t.s, regnum), size != 0);
            if (!size)
                continue;
            regs++;
            for (at = strstr(t.s, regnum); *at != '\n'; at--)
                ;
            assert_true(strstr(at, bits) < strstr(at, regnum));
            in_g += n < gdb_registers_in_g(&x.d);
        }
        assert_int_equal(times(t.s, "<reg "), regs);
        assert_int_equal(in_g, gdb_registers_in_g(&x.d));
        assert_int_equal(times(t.s, "<feature "), i < 2 ? 5 : 4);
        text_is_xml(&t);
        text_free(&t);
        end(&x);
    }
}

/* A description that gdb cannot take is worse than none: every type that is
   used is defined before, in the same feature. */
static void every_type_is_known(void **state)
{
    static const char *const own[] = { "int", "uint32", "uint64", "code_ptr",
                                       "data_ptr", "ieee_double", "bool" };
    struct debugged x;
    struct text t = { 0 };
    const struct text_sink out = text_sink(&t);
    const char *feature, *last, *at;

    (void)state;
    begin(&x, 0);
    gdb_target_description(&x.d, &out);
    for (feature = t.s; (feature = strstr(feature, "<feature")) != NULL;
         feature = last) {
        last = strstr(feature, "</feature>");
        assert_non_null(last);
        for (at = feature; (at = strstr(at, " type=\"")) && at < last; at++) {
            char type[64], id[80];
            const char *definition;
            bool known = false;

            snprintf(type, sizeof type, "%.*s", (int)strcspn(at + 7, "\""),
                     at + 7);
            snprintf(id, sizeof id, "id=\"%s\"", type);
            for (size_t k = 0; k < sizeof own / sizeof *own; k++)
                known = known || strcmp(own[k], type) == 0;
            definition = strstr(feature, id);
            if (!known && (!definition || definition > at))
                fail_msg("type %s is not known", type);
        }
    }
    text_free(&t);
    end(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_read_in_all_worlds_and_nothing_changes),
        cmocka_unit_test(csrs_are_written_as_their_own_rules_have_it),
        cmocka_unit_test(x_f_pc_and_mode_are_written),
        cmocka_unit_test(the_monitors_own_are_true),
        cmocka_unit_test(a_view_is_the_register_itself),
        cmocka_unit_test(each_is_described_once),
        cmocka_unit_test(every_type_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
