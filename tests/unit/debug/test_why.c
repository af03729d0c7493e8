/*
 * Every rule that raises an exception, raised by a machine at depth 0, 1 and 2,
 * and explained: the cause is the machine's own, the rule and the reason are
 * those that the case was made for. And the texts of some, word for word:
 * why_golden/NAME-DEPTH.txt, which POGO_GOLDEN=write writes anew. What lies
 * where in a host is not the point of them: such addresses are #.
 */
#include "debug/why.h"
#include "vmm/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "isa/trap.h"

#define GOLDEN  POGO_SOURCE_DIR "/tests/unit/debug/why_golden/"
#define UART    UINT64_C(0x10000000)
#define NOTHING UINT64_C(0x50000000)

static struct symbol_sets symbols;
static struct disassembler disassembler;
static const struct exit_log names = { &symbols, &disassembler };
static struct why why;

struct example {
    const char *name, *rule, *reason;
    enum priv priv;
    uint64_t pc; /* 0: CODE */
    uint32_t insn;
    uint64_t cause;
    void (*set)(struct world *w); /* NULL: nothing */
    uint64_t without;             /* extensions that the machine lacks */
    bool golden;                  /* its text is compared */
};

/* ---- settings ---- */

#define SET(name, body)                                                        \
    static void name(struct world *w)                                          \
    {                                                                          \
        body;                                                                  \
    }
#define MSTATUS(bits) world_set_csr(w, CSR_mstatus, (bits))
#define S0_IS(v)      world_set_reg(w, S0, (v))

SET(tvm, MSTATUS(MSTATUS_TVM))
SET(tsr, MSTATUS(MSTATUS_TSR))
SET(tw, MSTATUS(MSTATUS_TW))
SET(stce, world_set_csr(w, CSR_menvcfg, MENVCFG_STCE))
SET(counters_of_s, world_set_csr(w, CSR_mcounteren, COUNTEREN_CY))
SET(cbze_of_s, world_set_csr(w, CSR_menvcfg, ENVCFG_CBZE))
SET(frm_5, MSTATUS(field_set(0, MSTATUS_FS, FS_DIRTY));
    world_set_csr(w, CSR_frm, 5))
SET(misaligned, S0_IS(DATA + 4))
SET(at_uart, S0_IS(UART))
SET(at_uart_odd, S0_IS(UART + 1))
SET(at_nothing, S0_IS(NOTHING))
SET(at_rom, S0_IS(BOARD_ROM_BASE))
SET(across_the_end, S0_IS(BOARD_RAM_BASE + WORLD_RAM - 4))
SET(deleg_s, world_set_csr(w, CSR_medeleg, BIT(CAUSE_ECALL_U));
    world_set_csr(w, CSR_stvec, HANDLER))

/* S0 points into page 1 of the window, whose PTE this is. */
static void page(struct world *w, uint64_t pte)
{
    world_paging(w);
    world_map(w, 1, DATA, 0);
    world_store(w, L0 + 8, pte);
    S0_IS(PAGE_OF_WINDOW(1) + 0x18);
}

#define LEAF(flags) field_set(PTE_V | (flags), PTE_PPN, DATA >> 12)
SET(invalid, page(w, 0))
SET(write_only, page(w, LEAF(PTE_W | PTE_A | PTE_D)))
SET(reserved, page(w, LEAF(ALL_OF_S) | BIT(54)))
SET(pbmt, page(w, LEAF(ALL_OF_S) | BIT(61)))
SET(napot, page(w, LEAF(ALL_OF_S) | PTE_N))
SET(no_leaf, page(w, LEAF(0)))
SET(supervisor, page(w, LEAF(ALL_OF_S)))
SET(user, page(w, LEAF(ALL_OF_U)))
SET(execute_only, page(w, LEAF(PTE_X | PTE_A)))
SET(read_only, page(w, LEAF(PTE_R | PTE_A | PTE_D)))
SET(not_accessed, page(w, LEAF(PTE_R | PTE_W)))
SET(not_dirty, page(w, LEAF(PTE_R | PTE_W | PTE_A)))
SET(pointer_bits, page(w, 0);
    world_store(w, L1, field_set(PTE_V | PTE_A, PTE_PPN, L0 >> 12)))
SET(superpage, page(w, 0);
    world_store(w, L1, LEAF(ALL_OF_S) | field_set(0, PTE_PPN, 1)))
SET(no_table, page(w, 0);
    world_store(w, L1, field_set(PTE_V, PTE_PPN, NOTHING >> 12)))
SET(not_canonical, page(w, 0); S0_IS(UINT64_C(0x4000000000)))
SET(code_of_u, page(w, field_set(PTE_V | ALL_OF_U, PTE_PPN, CODE >> 12)))
SET(code_no_x, page(w, field_set(PTE_V | PTE_R | PTE_W | PTE_A | PTE_D, PTE_PPN,
                                 CODE >> 12)))
SET(mprv, page(w, 0); world_set_reg(w, REG_PRIV, PRIV_M);
    MSTATUS(MSTATUS_MPRV | field_set(0, MSTATUS_MPP, PRIV_S)))

/* An entry before the one for all: [lo, hi). */
static void protect(struct world *w, uint64_t lo, uint64_t hi, unsigned rights)
{
    uint64_t cfg = (PMP_TOR << 3 | rights) << 8 | UINT64_C(0x1f) << 16;

    world_set_csr(w, CSR_pmpaddr2, MASK(53, 0));
    world_set_csr(w, CSR_pmpaddr0, lo >> 2);
    world_set_csr(w, CSR_pmpaddr1, hi >> 2);
    world_set_csr(w, CSR_pmpcfg0, cfg);
}

SET(pmp_deny, S0_IS(DATA + 8); protect(w, DATA, DATA + 0x1000, ACCESS_FETCH))
SET(pmp_part, S0_IS(DATA + 8); protect(w, DATA, DATA + 12, ACCESS_ALL))
SET(pmp_none, S0_IS(DATA);
    world_set_csr(w, CSR_pmpcfg0, PMP_TOR << 3 | ACCESS_ALL);
    world_set_csr(w, CSR_pmpaddr0, DATA >> 2))
SET(pmp_table, page(w, LEAF(ALL_OF_S)); protect(w, L0, L0 + 0x1000, 0))
SET(pmp_update, page(w, LEAF(PTE_R | PTE_W));
    world_set_csr(w, CSR_menvcfg, MENVCFG_ADUE);
    protect(w, L0, L0 + 0x1000, ACCESS_LOAD))

/* ---- the examples ---- */

#define JAL_2    0x0020006f /* j .+2 */
#define FADD_DYN 0x02007053 /* fadd.d ft0, ft0, ft0, dyn */
#define AMOADD_W 0x0084202f /* amoadd.w x0, s0, (s0) */

static const struct example examples[] = {
    { "csr-absent", "csr", "absent", PRIV_M, 0, 0x7c002573, CAUSE_ILLEGAL, NULL,
      0, true },
    { "csr-mode", "csr", "mode", PRIV_U, 0, 0x10002573, CAUSE_ILLEGAL, NULL, 0,
      true },
    { "csr-read-only", "csr", "read-only", PRIV_M, 0, 0xc0051073, CAUSE_ILLEGAL,
      NULL, 0, true },
    { "csr-fs", "csr", "fs", PRIV_S, 0, 0x00302573, CAUSE_ILLEGAL, NULL, 0,
      false },
    { "csr-tvm", "csr", "tvm", PRIV_S, 0, 0x18002573, CAUSE_ILLEGAL, tvm, 0,
      true },
    { "csr-stce", "csr", "stce", PRIV_S, 0, 0x14d02573, CAUSE_ILLEGAL, NULL, 0,
      true },
    { "csr-stimecmp-tm", "csr", "mcounteren", PRIV_S, 0, 0x14d02573,
      CAUSE_ILLEGAL, stce, 0, false },
    { "csr-mcounteren", "csr", "mcounteren", PRIV_S, 0, 0xc0002573,
      CAUSE_ILLEGAL, NULL, 0, true },
    { "csr-scounteren", "csr", "scounteren", PRIV_U, 0, 0xc0002573,
      CAUSE_ILLEGAL, counters_of_s, 0, true },
    { "mret-in-s", "system", "mode", PRIV_S, 0, MRET, CAUSE_ILLEGAL, NULL, 0,
      true },
    { "sret-in-u", "system", "mode", PRIV_U, 0, SRET, CAUSE_ILLEGAL, NULL, 0,
      false },
    { "sret-tsr", "system", "tsr", PRIV_S, 0, SRET, CAUSE_ILLEGAL, tsr, 0,
      true },
    { "wfi-tw", "system", "tw", PRIV_S, 0, WFI, CAUSE_ILLEGAL, tw, 0, false },
    { "sfence-tvm", "system", "tvm", PRIV_S, 0, 0x12000073, CAUSE_ILLEGAL, tvm,
      0, false },
    { "sfence-in-u", "system", "mode", PRIV_U, 0, 0x12000073, CAUSE_ILLEGAL,
      NULL, 0, false },
    { "sfence-inval-in-u", "system", "mode", PRIV_U, 0, 0x18100073,
      CAUSE_ILLEGAL, NULL, 0, false },
    { "cbo-menvcfg", "cbo", "menvcfg", PRIV_S, 0, 0x0044200f, CAUSE_ILLEGAL,
      NULL, 0, true },
    { "cbo-senvcfg", "cbo", "senvcfg", PRIV_U, 0, 0x0044200f, CAUSE_ILLEGAL,
      cbze_of_s, 0, false },
    { "fp-off", "fp-off", "", PRIV_S, 0, 0x00043507, CAUSE_ILLEGAL, NULL, 0,
      true },
    { "rounding", "rounding", "", PRIV_M, 0, FADD_DYN, CAUSE_ILLEGAL, frm_5, 0,
      true },
    { "zero", "encoding", "", PRIV_S, 0, 0, CAUSE_ILLEGAL, NULL, 0, true },
    { "no-instruction", "encoding", "", PRIV_S, 0, 0xffffffff, CAUSE_ILLEGAL,
      NULL, 0, false },
    { "no-extension", "encoding", "", PRIV_M, 0, AMOADD_W, CAUSE_ILLEGAL, NULL,
      BIT(EXT_A), true },
    { "ecall-u", "ecall", "", PRIV_U, 0, ECALL, CAUSE_ECALL_U, deleg_s, 0,
      true },
    { "ecall-s", "ecall", "", PRIV_S, 0, ECALL, CAUSE_ECALL_S, NULL, 0, false },
    { "ecall-m", "ecall", "", PRIV_M, 0, ECALL, CAUSE_ECALL_M, NULL, 0, true },
    { "ebreak", "ebreak", "", PRIV_S, 0, EBREAK, CAUSE_BREAKPOINT, NULL, 0,
      false },
    { "target", "target", "", PRIV_M, 0, JAL_2, CAUSE_FETCH_MISALIGNED, NULL,
      BIT(EXT_C), true },
    { "amo-misaligned", "data", "alignment", PRIV_M, 0, 0x0084302f,
      CAUSE_STORE_MISALIGNED, misaligned, 0, true },
    { "lr-misaligned", "data", "alignment", PRIV_M, 0, 0x1004352f,
      CAUSE_LOAD_MISALIGNED, misaligned, 0, false },
    { "amo-device", "data", "place", PRIV_M, 0, AMOADD_W, CAUSE_STORE_ACCESS,
      at_uart, 0, true },
    { "load-nothing", "data", "place", PRIV_M, 0, 0x00043503, CAUSE_LOAD_ACCESS,
      at_nothing, 0, true },
    { "load-across", "data", "place", PRIV_M, 0, 0x00043503, CAUSE_LOAD_ACCESS,
      across_the_end, 0, false },
    { "load-odd-device", "data", "place", PRIV_M, 0, 0x00041503,
      CAUSE_LOAD_ACCESS, at_uart_odd, 0, false },
    { "zero-device", "data", "place", PRIV_M, 0, 0x0044200f, CAUSE_STORE_ACCESS,
      at_uart, 0, false },
    { "store-rom", "data", "device", PRIV_M, 0, 0x00a43023, CAUSE_STORE_ACCESS,
      at_rom, 0, true },
    { "fetch-device", "fetch", "place", PRIV_M, UART, 0, CAUSE_FETCH_ACCESS,
      NULL, 0, true },
    { "not-canonical", "data", "not-canonical", PRIV_S, 0, 0x00043503,
      CAUSE_LOAD_PAGE, not_canonical, 0, true },
    { "pte-pmp", "data", "pte-pmp", PRIV_S, 0, 0x00043503, CAUSE_LOAD_ACCESS,
      pmp_table, 0, true },
    { "pte-no-memory", "data", "pte-no-memory", PRIV_S, 0, 0x00043503,
      CAUSE_LOAD_ACCESS, no_table, 0, false },
    { "invalid", "data", "invalid", PRIV_S, 0, 0x00043503, CAUSE_LOAD_PAGE,
      invalid, 0, true },
    { "write-only", "data", "write-only", PRIV_S, 0, 0x00043503,
      CAUSE_LOAD_PAGE, write_only, 0, false },
    { "reserved-bits", "data", "reserved-bits", PRIV_S, 0, 0x00043503,
      CAUSE_LOAD_PAGE, reserved, 0, false },
    { "pbmt", "data", "pbmt", PRIV_S, 0, 0x00043503, CAUSE_LOAD_PAGE, pbmt, 0,
      false },
    { "napot", "data", "napot", PRIV_S, 0, 0x00043503, CAUSE_LOAD_PAGE, napot,
      0, false },
    { "pointer-bits", "data", "pointer-bits", PRIV_S, 0, 0x00043503,
      CAUSE_LOAD_PAGE, pointer_bits, 0, false },
    { "no-leaf", "data", "no-leaf", PRIV_S, 0, 0x00043503, CAUSE_LOAD_PAGE,
      no_leaf, 0, false },
    { "superpage", "data", "misaligned-superpage", PRIV_S, 0, 0x00043503,
      CAUSE_LOAD_PAGE, superpage, 0, false },
    { "supervisor-page", "fetch", "supervisor-page", PRIV_U, PAGE_OF_WINDOW(1),
      0, CAUSE_FETCH_PAGE, supervisor, 0, true },
    { "user-page", "data", "user-page", PRIV_S, 0, 0x00043503, CAUSE_LOAD_PAGE,
      user, 0, true },
    { "user-code", "fetch", "user-code", PRIV_S, PAGE_OF_WINDOW(1), NOP,
      CAUSE_FETCH_PAGE, code_of_u, 0, false },
    { "no-execute", "fetch", "no-execute", PRIV_S, PAGE_OF_WINDOW(1), NOP,
      CAUSE_FETCH_PAGE, code_no_x, 0, false },
    { "no-read", "data", "no-read", PRIV_S, 0, 0x00043503, CAUSE_LOAD_PAGE,
      execute_only, 0, false },
    { "no-write", "data", "no-write", PRIV_S, 0, 0x00a43023, CAUSE_STORE_PAGE,
      read_only, 0, true },
    { "not-accessed", "data", "not-accessed", PRIV_S, 0, 0x00043503,
      CAUSE_LOAD_PAGE, not_accessed, 0, true },
    { "not-dirty", "data", "not-dirty", PRIV_S, 0, 0x00a43023, CAUSE_STORE_PAGE,
      not_dirty, 0, true },
    { "update-pmp", "data", "update-pmp", PRIV_S, 0, 0x00043503,
      CAUSE_LOAD_ACCESS, pmp_update, 0, false },
    { "mprv", "data", "invalid", PRIV_M, 0, 0x00043503, CAUSE_LOAD_PAGE, mprv,
      0, true },
    { "pmp", "data", "pmp", PRIV_S, 0, 0x00043503, CAUSE_LOAD_ACCESS, pmp_deny,
      0, true },
    { "pmp-part", "data", "pmp", PRIV_M, 0, 0x00043503, CAUSE_LOAD_ACCESS,
      pmp_part, 0, true },
    { "pmp-none", "data", "pmp", PRIV_S, 0, 0x00043503, CAUSE_LOAD_ACCESS,
      pmp_none, 0, true },
};

/* ---- running one ---- */

static void make_world(struct world *w, unsigned depth, uint64_t without)
{
    struct isa isa = isa_default();

    isa.ext &= ~without;
    world_make_as(w, depth, 1, WORLD_RAM, isa);
}

/* One step of the hart, explained. */
static void step(struct world *w, enum why_part part)
{
    why_begin(&why, w->m, 0, &names);
    world_run(w, 1);
    why_end(&why);
    assert_true(why_agrees(&why));
    why_explain(&why, part);
    assert_false(why.no_memory);
}

static void run_example(struct world *w, const struct example *x)
{
    if (x->set)
        x->set(w);
    world_code(w, CODE, &x->insn, 1);
    world_set_reg(w, REG_PRIV, x->priv);
    world_set_reg(w, REG_PC, x->pc ? x->pc : CODE);
    step(w, WHY_THE_INSTRUCTION);
}

static void check_example(struct world *w, const struct example *x)
{
    const struct trap *t = why_trap_of(&why, WHY_THE_INSTRUCTION);
    unsigned to_s = why.look.entry.route == ROUTE_DELEGATED;

    assert_non_null(t);
    assert_true(t->cause == x->cause);
    assert_true(world_csr(w, to_s ? CSR_scause : CSR_mcause) == x->cause);
    assert_true(world_csr(w, to_s ? CSR_stval : CSR_mtval) == t->tval);
    assert_true(world_reg(w, REG_PC) == why.look.entry.handler);
    assert_string_equal(why_rule_name(&why.look), x->rule);
    assert_string_equal(why_reason_name(&why.look), x->reason);
}

/* ---- texts ---- */

/* Numbers of what lies in a host. */
static void mask_numbers(char *text)
{
    char *to = text;

    while (*text) {
        if (strncmp(text, "0x", 2) == 0) {
            text += 2 + strspn(text + 2, "0123456789abcdef");
            *to++ = '#';
        } else {
            *to++ = *text++;
        }
    }
    *to = '\0';
}

static bool is_of_host(const struct why_line *l, unsigned depth)
{
    return depth > 0 && (l->level < depth || l->kind == WHY_STAGES ||
                         l->kind == WHY_MONITOR || strchr(l->text, '['));
}

/* All lines, the caller's to free. */
static char *text_of(unsigned depth)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);

    for (size_t k = 0; k < why.lines; k++) {
        struct why_line *l = &why.line[k];

        if (is_of_host(l, depth))
            mask_numbers(l->text);
        fprintf(f, "%s %u: %s\n", why_kind_name((enum why_kind)l->kind),
                l->level, l->text);
    }
    fclose(f);
    return text;
}

static void compare_golden(const char *name, unsigned depth)
{
    const char *mode = getenv("POGO_GOLDEN");
    char path[256], *have = text_of(depth);
    struct image want;
    struct error e;

    snprintf(path, sizeof path, GOLDEN "%s-%u.txt", name, depth);
    if (mode && strcmp(mode, "write") == 0) {
        FILE *f = fopen(path, "w");

        assert_non_null(f);
        fputs(have, f);
        fclose(f);
    }
    assert_int_equal(image_read(&want, path, false, 1 << 20, &e), STATUS_OK);
    if (want.size != strlen(have) || memcmp(want.bytes, have, want.size) != 0)
        fail_msg("%s is\n%.*s\nand the text is\n%s", path, (int)want.size,
                 (const char *)want.bytes, have);
    image_free(&want);
    free(have);
}

/* ---- tests ---- */

static void every_rule_is_explained_as_it_was_made(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof examples / sizeof *examples; k++)
        for (unsigned depth = 0; depth <= 2; depth++) {
            struct world w;

            make_world(&w, depth, examples[k].without);
            run_example(&w, &examples[k]);
            print_message("%s, depth %u\n", examples[k].name, depth);
            check_example(&w, &examples[k]);
            if (depth == 0 && examples[k].golden)
                compare_golden(examples[k].name, 0);
            world_free(&w);
        }
}

static const struct example *find(const char *name)
{
    for (size_t k = 0; k < sizeof examples / sizeof *examples; k++)
        if (strcmp(examples[k].name, name) == 0)
            return &examples[k];
    fail();
    return NULL;
}

static void in_a_virtual_machine_both_sides_are_told(void **state)
{
    static const char *const told[] = { "csr-mode", "invalid", "ecall-u",
                                        "pmp" };

    (void)state;
    for (size_t k = 0; k < sizeof told / sizeof *told; k++)
        for (unsigned depth = 1; depth <= 2; depth++) {
            struct world w;

            make_world(&w, depth, 0);
            /* Its page is in the shadow, so that the fetch is no exit. */
            TRY(&w, find(told[k])->priv, NOP, HERE);
            run_example(&w, find(told[k]));
            compare_golden(told[k], depth);
            world_free(&w);
        }
}

/* Exits that the guest does not notice. */
static void exit_at(const char *name, unsigned depth, enum priv priv,
                    uint32_t insn, void (*set)(struct world *w))
{
    const struct example x = { .priv = priv, .insn = insn, .set = set };
    struct world w;

    make_world(&w, depth, 0);
    world_set_csr(&w, CSR_mtvec, HANDLER);
    /* Its page is in the shadow, so that the fetch is no exit. */
    TRY(&w, priv, NOP, HERE);
    run_example(&w, &x);
    assert_null(why_trap_of(&why, WHY_THE_INSTRUCTION));
    assert_true(why_has(&why, WHY_THE_INSTRUCTION, false));
    assert_false(why_has(&why, WHY_THE_INSTRUCTION, true));
    compare_golden(name, depth);
    world_free(&w);
}

SET(readable, page(w, LEAF(ALL_OF_S)))

static void hidden_exits_are_told(void **state)
{
    (void)state;
    for (unsigned depth = 1; depth <= 2; depth++) {
        exit_at("emulated", depth, PRIV_S, csr(CSRRW, 0, CSR_sscratch, S0),
                at_nothing);
        exit_at("returned", depth, PRIV_M, MRET, NULL);
        exit_at("device", depth, PRIV_M, ld(A0, S0, 0), at_rom);
        exit_at("filled", depth, PRIV_S, ld(A0, S0, 0), readable);
    }
}

static void set_timer(struct world *w)
{
    world_set_csr(w, CSR_menvcfg, MENVCFG_STCE);
    world_set_csr(w, CSR_mideleg, BIT(IRQ_STI) | BIT(IRQ_SSI));
    world_set_csr(w, CSR_mie, BIT(IRQ_STI) | BIT(IRQ_SSI));
    world_set_csr(w, CSR_mip, BIT(IRQ_SSI));
    world_set_csr(w, CSR_stvec, HANDLER | TVEC_VECTORED);
    world_set_csr(w, CSR_stimecmp, 0);
    MSTATUS(MSTATUS_SIE);
}

static void interrupts_are_told(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth <= 2; depth++) {
        const struct trap *t;
        struct world w;

        make_world(&w, depth, 0);
        TRY(&w, PRIV_M, NOP, HERE);
        set_timer(&w);
        world_set_reg(&w, REG_PRIV, PRIV_S);
        world_set_reg(&w, REG_PC, CODE);
        step(&w, WHY_THE_INTERRUPT);
        t = why_trap_of(&why, WHY_THE_INTERRUPT);
        assert_non_null(t);
        assert_true(t->cause == (CAUSE_INTERRUPT | IRQ_SSI));
        assert_true(world_csr(&w, CSR_scause) == t->cause);
        assert_true(why.look.interrupt.handler == HANDLER + 4 * IRQ_SSI);
        compare_golden("interrupt", depth);
        world_free(&w);
    }
}

/* What was found once holds until a fence: the walk would fault, and the load
   does not. */
static void a_translation_that_is_kept_is_told(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth <= 2; depth++) {
        struct world w;

        make_world(&w, depth, 0);
        page(&w, LEAF(ALL_OF_S));
        TRY(&w, PRIV_S, ld(A0, S0, 0), HERE);
        assert_no_trap(&w);
        world_store(&w, L0 + 8, 0);
        world_set_reg(&w, REG_PC, CODE);
        step(&w, WHY_THE_INSTRUCTION);
        assert_null(why_trap_of(&why, WHY_THE_INSTRUCTION));
        assert_true(why.look.data[0].kept);
        assert_true(why.look.data[0].pa == DATA + 0x18);
        world_free(&w);
    }
}

/* Whoever watched the machine goes on watching. */
static void count_traps(void *context, const struct hart *h, uint64_t count,
                        const struct trap *t)
{
    (void)h, (void)count, (void)t;
    ++*(unsigned *)context;
}

static void count_exits(void *context, struct vm *vm,
                        const struct exit_record *e)
{
    (void)vm, (void)e;
    ++*(unsigned *)context;
}

static void others_watch_on(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth <= 1; depth++) {
        unsigned seen = 0, before;
        struct world w;

        make_world(&w, depth, 0);
        if (depth == 0)
            bare_watch(w.bare, count_traps, &seen);
        else
            vm_watch(w.vm[0], count_exits, &seen);
        run_example(&w, find("ecall-m"));
        assert_true(seen >= 1);
        before = seen;
        TRY(&w, PRIV_M, ECALL, HERE);
        assert_true(seen > before);
        if (depth == 1)
            assert_ptr_equal(w.vm[0]->host, &w.bare->machine);
        world_free(&w);
    }
}

static int set_up(void **state)
{
    static const char list[] = "0000000080000100 T handler\n"
                               "0000000080001000 T code\n";
    static struct isa isa;
    char path[] = "/tmp/pogo-test-why-XXXXXX";
    int f = mkstemp(path);
    struct error e;

    (void)state;
    assert_true(f >= 0 && write(f, list, sizeof list - 1) > 0);
    close(f);
    for (unsigned level = 0; level <= 2; level++)
        assert_int_equal(
            symbol_sets_add_file(
                &symbols, (struct symbol_scope){ .level = level }, path, 0, &e),
            STATUS_OK);
    remove(path);
    isa = isa_default();
    disassembler_init(&disassembler, &isa);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    why_free(&why);
    symbol_sets_free(&symbols);
    disassembler_free(&disassembler);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_is_explained_as_it_was_made),
        cmocka_unit_test(in_a_virtual_machine_both_sides_are_told),
        cmocka_unit_test(hidden_exits_are_told),
        cmocka_unit_test(interrupts_are_told),
        cmocka_unit_test(a_translation_that_is_kept_is_told),
        cmocka_unit_test(others_watch_on),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
