/* Trap entry and return, and the permission of privileged instructions. */
#include "csr_fixture.h"

#include "isa/insn.h"
#include "isa/trap.h"

#define HANDLER_M UINT64_C(0x80000100)
#define HANDLER_S UINT64_C(0xffffffc000200200)

static const enum priv modes[] = { PRIV_U, PRIV_S, PRIV_M };

static void init(struct fixture *f, enum priv mode)
{
    fixture_init(f);
    csr_write(&f->c, CSR_mtvec, HANDLER_M);
    csr_write(&f->c, CSR_stvec, HANDLER_S);
    f->c.priv = (uint8_t)mode;
}

static struct trap page_fault = { CAUSE_LOAD_PAGE, UINT64_C(0xdead000) };

static void exception_without_delegation_enters_m_from_every_mode(void **state)
{
    struct fixture f;

    (void)state;
    for (unsigned m = 0; m < 3; m++) {
        init(&f, modes[m]);
        csr_write(&f.c, CSR_mstatus, MSTATUS_MIE | MSTATUS_SIE);
        assert_int_equal(trap_target(&f.c, CAUSE_LOAD_PAGE), PRIV_M);
        assert_int_equal(trap_enter(&f.c, page_fault, 0x1234), HANDLER_M);
        assert_int_equal(f.c.priv, PRIV_M);
        assert_int_equal(csr_read(&f.c, CSR_mepc), 0x1234);
        assert_int_equal(csr_read(&f.c, CSR_mcause), CAUSE_LOAD_PAGE);
        assert_int_equal(csr_read(&f.c, CSR_mtval), 0xdead000);
        assert_int_equal(csr_read(&f.c, CSR_mstatus),
                         UINT64_C(0xa00000000) | MSTATUS_MPIE | MSTATUS_SIE |
                             field_set(0, MSTATUS_MPP, modes[m]));
    }
}

static void delegated_exception_enters_s_but_never_from_m(void **state)
{
    struct fixture f;

    (void)state;
    for (unsigned m = 0; m < 3; m++) {
        init(&f, modes[m]);
        csr_write(&f.c, CSR_medeleg, BIT(CAUSE_LOAD_PAGE));
        csr_write(&f.c, CSR_mstatus, MSTATUS_MIE | MSTATUS_SIE);
        if (modes[m] == PRIV_M) {
            assert_int_equal(trap_enter(&f.c, page_fault, 2), HANDLER_M);
            continue;
        }
        assert_int_equal(trap_target(&f.c, CAUSE_LOAD_PAGE), PRIV_S);
        assert_int_equal(trap_target(&f.c, CAUSE_STORE_PAGE), PRIV_M);
        assert_int_equal(trap_enter(&f.c, page_fault, 0x1234), HANDLER_S);
        assert_int_equal(f.c.priv, PRIV_S);
        assert_int_equal(csr_read(&f.c, CSR_sepc), 0x1234);
        assert_int_equal(csr_read(&f.c, CSR_scause), CAUSE_LOAD_PAGE);
        assert_int_equal(csr_read(&f.c, CSR_stval), 0xdead000);
        assert_int_equal(csr_read(&f.c, CSR_mepc), 0);
        assert_int_equal(csr_read(&f.c, CSR_mstatus),
                         UINT64_C(0xa00000000) | MSTATUS_MIE | MSTATUS_SPIE |
                             (m == 1 ? MSTATUS_SPP : 0));
    }
}

static void medeleg_and_mideleg_are_not_mixed_up(void **state)
{
    struct fixture f;

    (void)state;
    init(&f, PRIV_U);
    csr_write(&f.c, CSR_medeleg, BIT(5));
    assert_int_equal(trap_target(&f.c, 5), PRIV_S);
    assert_int_equal(trap_target(&f.c, CAUSE_INTERRUPT | 5), PRIV_M);
    csr_write(&f.c, CSR_medeleg, 0);
    csr_write(&f.c, CSR_mideleg, BIT(5));
    assert_int_equal(trap_target(&f.c, 5), PRIV_M);
    assert_int_equal(trap_target(&f.c, CAUSE_INTERRUPT | 5), PRIV_S);
    assert_int_equal(trap_target(&f.c, 64 + 5), PRIV_M);
}

static void vectored_mode_moves_interrupts_only(void **state)
{
    struct fixture f;
    struct trap irq = { CAUSE_INTERRUPT | IRQ_MTI, 0 };

    (void)state;
    init(&f, PRIV_U);
    csr_write(&f.c, CSR_mtvec, HANDLER_M | TVEC_VECTORED);
    assert_int_equal(trap_enter(&f.c, irq, 0), HANDLER_M + 4 * IRQ_MTI);
    assert_int_equal(trap_enter(&f.c, page_fault, 0), HANDLER_M);
    csr_write(&f.c, CSR_stvec, HANDLER_S | TVEC_VECTORED);
    csr_write(&f.c, CSR_mideleg, BIT(IRQ_SEI));
    csr_write(&f.c, CSR_medeleg, BIT(CAUSE_LOAD_PAGE));
    irq.cause = CAUSE_INTERRUPT | IRQ_SEI;
    f.c.priv = PRIV_U;
    assert_int_equal(trap_enter(&f.c, irq, 0), HANDLER_S + 4 * IRQ_SEI);
    assert_int_equal(csr_read(&f.c, CSR_scause), CAUSE_INTERRUPT | IRQ_SEI);
    assert_int_equal(trap_enter(&f.c, page_fault, 0), HANDLER_S);
}

static void mret_pops_the_stack_and_leaves_mpp_at_u(void **state)
{
    struct fixture f;

    (void)state;
    for (unsigned m = 0; m < 3; m++) {
        for (unsigned pie = 0; pie < 2; pie++) {
            uint64_t mprv = modes[m] == PRIV_M ? MSTATUS_MPRV : 0;

            init(&f, PRIV_M);
            csr_write(&f.c, CSR_mepc, 0x4002);
            csr_write(&f.c, CSR_mstatus,
                      field_set(MSTATUS_MPRV, MSTATUS_MPP, modes[m]) |
                          (pie ? MSTATUS_MPIE : 0) | (pie ? 0 : MSTATUS_MIE));
            assert_int_equal(trap_mret(&f.c), 0x4002);
            assert_int_equal(f.c.priv, modes[m]);
            assert_int_equal(csr_read(&f.c, CSR_mstatus),
                             UINT64_C(0xa00000000) | MSTATUS_MPIE | mprv |
                                 (pie ? MSTATUS_MIE : 0));
        }
    }
}

static void sret_pops_the_stack_and_clears_mprv_even_from_m(void **state)
{
    struct fixture f;

    (void)state;
    for (unsigned spp = 0; spp < 2; spp++) {
        for (unsigned m = 1; m < 3; m++) {
            init(&f, modes[m]);
            csr_write(&f.c, CSR_sepc, UINT64_C(0xffffffc000000000));
            csr_write(&f.c, CSR_mstatus,
                      MSTATUS_MPRV | MSTATUS_SPIE | MSTATUS_MPP |
                          (spp ? MSTATUS_SPP : 0));
            assert_int_equal(trap_sret(&f.c), UINT64_C(0xffffffc000000000));
            assert_int_equal(f.c.priv, spp ? PRIV_S : PRIV_U);
            assert_int_equal(csr_read(&f.c, CSR_mstatus),
                             UINT64_C(0xa00000000) | MSTATUS_SPIE |
                                 MSTATUS_SIE | MSTATUS_MPP);
        }
    }
}

static void enter_and_return_restore_the_mode_and_the_enable(void **state)
{
    struct fixture f;

    (void)state;
    for (unsigned m = 0; m < 3; m++) {
        for (unsigned enable = 0; enable < 2; enable++) {
            init(&f, modes[m]);
            csr_write(&f.c, CSR_medeleg, BIT(CAUSE_LOAD_PAGE));
            csr_write(&f.c, CSR_mstatus,
                      enable ? MSTATUS_SIE | MSTATUS_MIE : 0);
            trap_enter(&f.c, page_fault, 0x88);
            assert_int_equal(m == 2 ? trap_mret(&f.c) : trap_sret(&f.c), 0x88);
            assert_int_equal(f.c.priv, modes[m]);
            assert_int_equal(csr_read(&f.c, CSR_mstatus) &
                                 (MSTATUS_SIE | MSTATUS_MIE),
                             enable ? MSTATUS_SIE | MSTATUS_MIE : 0);
        }
    }
}

static void mprv_borrows_mpp_in_m_mode(void **state)
{
    struct fixture f;

    (void)state;
    init(&f, PRIV_M);
    csr_write(&f.c, CSR_mstatus, field_set(0, MSTATUS_MPP, PRIV_S));
    assert_int_equal(csr_data_priv(&f.c), PRIV_M);
    csr_write(&f.c, CSR_mstatus, field_set(MSTATUS_MPRV, MSTATUS_MPP, PRIV_S));
    assert_int_equal(csr_data_priv(&f.c), PRIV_S);
    csr_write(&f.c, CSR_mstatus, MSTATUS_MPRV);
    assert_int_equal(csr_data_priv(&f.c), PRIV_U);
    f.c.priv = PRIV_S; /* as a debugger may set it */
    assert_int_equal(csr_data_priv(&f.c), PRIV_S);
}

/* In S-mode each is illegal while its bit of mstatus is set, and only then. */
static void privileged_instructions_obey_tsr_tw_tvm(void **state)
{
    static const struct {
        unsigned op;
        uint64_t trapped_by;
    } row[] = {
        { INSN_sret, MSTATUS_TSR },       { INSN_wfi, MSTATUS_TW },
        { INSN_sfence_vma, MSTATUS_TVM }, { INSN_sinval_vma, MSTATUS_TVM },
        { INSN_sfence_w_inval, 0 },       { INSN_sfence_inval_ir, 0 },
    };
    const uint64_t all = MSTATUS_TSR | MSTATUS_TW | MSTATUS_TVM;
    struct fixture f;

    (void)state;
    for (unsigned i = 0; i < sizeof row / sizeof *row; i++) {
        init(&f, PRIV_M);
        csr_write(&f.c, CSR_mstatus, all);
        assert_true(system_permitted(&f.c, row[i].op));
        f.c.priv = PRIV_S;
        assert_int_equal(system_permitted(&f.c, row[i].op), !row[i].trapped_by);
        assert_int_equal(system_refusal(&f.c, row[i].op),
                         row[i].trapped_by ? SYSTEM_REFUSED_BIT
                                           : SYSTEM_ALLOWED);
        assert_true(system_trap_bit(row[i].op) == row[i].trapped_by);
        csr_write(&f.c, CSR_mstatus, all & ~row[i].trapped_by);
        assert_true(system_permitted(&f.c, row[i].op));
        f.c.priv = PRIV_U;
        csr_write(&f.c, CSR_mstatus, 0);
        assert_false(system_permitted(&f.c, row[i].op));
        assert_int_equal(system_refusal(&f.c, row[i].op), SYSTEM_REFUSED_U);
    }
}

static void mret_is_for_m_mode_and_ecall_for_all(void **state)
{
    struct fixture f;

    (void)state;
    for (unsigned m = 0; m < 3; m++) {
        init(&f, modes[m]);
        assert_int_equal(system_refusal(&f.c, INSN_mret),
                         m == 2 ? SYSTEM_ALLOWED : SYSTEM_REFUSED_M);
        assert_true(system_permitted(&f.c, INSN_ecall));
        assert_true(system_permitted(&f.c, INSN_ebreak));
    }
}

static void cache_block_operations_need_every_envcfg_above(void **state)
{
    static const struct {
        unsigned op;
        uint64_t field;
    } row[] = {
        { INSN_cbo_zero, ENVCFG_CBZE },
        { INSN_cbo_clean, ENVCFG_CBCFE },
        { INSN_cbo_flush, ENVCFG_CBCFE },
        { INSN_cbo_inval, BIT(4) }, /* CBIE = 1: performs a flush */
        { INSN_cbo_inval, MASK(5, 4) },
    };
    struct fixture f;

    (void)state;
    for (unsigned i = 0; i < sizeof row / sizeof *row; i++) {
        for (unsigned enables = 0; enables < 4; enables++) {
            bool m = enables & 1, s = enables & 2;

            init(&f, PRIV_M);
            csr_write(&f.c, CSR_menvcfg, m ? row[i].field : ~row[i].field);
            csr_write(&f.c, CSR_senvcfg, s ? row[i].field : ~row[i].field);
            assert_true(cbo_permitted(&f.c, row[i].op));
            f.c.priv = PRIV_S;
            assert_int_equal(cbo_permitted(&f.c, row[i].op), m);
            f.c.priv = PRIV_U;
            assert_int_equal(cbo_permitted(&f.c, row[i].op), m && s);
            assert_int_equal(cbo_refusal(&f.c, row[i].op),
                             !m   ? CBO_REFUSED_MENVCFG
                             : !s ? CBO_REFUSED_SENVCFG
                                  : CBO_ALLOWED);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exception_without_delegation_enters_m_from_every_mode),
        cmocka_unit_test(delegated_exception_enters_s_but_never_from_m),
        cmocka_unit_test(medeleg_and_mideleg_are_not_mixed_up),
        cmocka_unit_test(vectored_mode_moves_interrupts_only),
        cmocka_unit_test(mret_pops_the_stack_and_leaves_mpp_at_u),
        cmocka_unit_test(sret_pops_the_stack_and_clears_mprv_even_from_m),
        cmocka_unit_test(enter_and_return_restore_the_mode_and_the_enable),
        cmocka_unit_test(mprv_borrows_mpp_in_m_mode),
        cmocka_unit_test(privileged_instructions_obey_tsr_tw_tvm),
        cmocka_unit_test(mret_is_for_m_mode_and_ecall_for_all),
        cmocka_unit_test(cache_block_operations_need_every_envcfg_above),
    };

    return cmocka_run_group_tests_name("isa/trap", tests, NULL, NULL);
}
