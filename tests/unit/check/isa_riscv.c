#include "check/isa_riscv.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "isa/csr_row.h"
#include "mmu/pte.h"

/*
 * Where things are in RAM: the instructions' words, the page tables, and the
 * two frames. Translated, RAM is seen at its own addresses with U=1 and 1 GiB
 * below with U=0; at 0 are the two pages of the description.
 */
#define CODE      (BOARD_RAM_BASE + 0x10000)
#define ROOT      (BOARD_RAM_BASE + 0x40000)
#define MIDDLE    (ROOT + PAGE_SIZE)
#define LEAVES    (MIDDLE + PAGE_SIZE)
#define FRAMES    (LEAVES + PAGE_SIZE)
#define S_ALIAS   BIT(30)
#define WORDS     4
#define REAL_SATP (UINT64_C(8) << 60 | ROOT >> PAGE_SHIFT)

/* A piece of state that is one value on both sides: element `name` of the
   description, and bits `mask` of the CSR at `offset` of struct csr_file. */
struct linked {
    const char *name;
    size_t offset;
    uint64_t mask;
};

/* clang-format off */
#define ALL (~UINT64_C(0))
#define STATUS(name, mask) {name, offsetof(struct csr_file, mstatus), mask}
#define WHOLE(name, member) {name, offsetof(struct csr_file, member), ALL}

static const struct linked linked[] = {
    STATUS("sie", MSTATUS_SIE), STATUS("mie", MSTATUS_MIE),
    STATUS("spie", MSTATUS_SPIE), STATUS("mpie", MSTATUS_MPIE),
    STATUS("spp", MSTATUS_SPP), STATUS("mpp", MSTATUS_MPP),
    STATUS("fs", MSTATUS_FS), STATUS("mprv", MSTATUS_MPRV),
    STATUS("sum", MSTATUS_SUM), STATUS("mxr", MSTATUS_MXR),
    STATUS("tvm", MSTATUS_TVM), STATUS("tw", MSTATUS_TW),
    STATUS("tsr", MSTATUS_TSR),
    WHOLE("mideleg", mideleg), WHOLE("enabled", mie), WHOLE("pending", mip),
    WHOLE("stvec", stvec), WHOLE("sscratch", sscratch), WHOLE("sepc", sepc),
    WHOLE("scause", scause), WHOLE("stval", stval), WHOLE("satp", satp),
    WHOLE("scounteren", scounteren), WHOLE("mcounteren", mcounteren),
    WHOLE("mscratch", mscratch), WHOLE("mepc", mepc),
    {"adue", offsetof(struct csr_file, menvcfg), MENVCFG_ADUE},
};
/* clang-format on */
static const unsigned linked_count = sizeof linked / sizeof *linked;
_Static_assert(sizeof linked / sizeof *linked <= LINKED_MAX, "they fit");

static uint64_t *csr_of(struct csr_file *c, const struct linked *l)
{
    return (uint64_t *)(void *)((char *)c + l->offset);
}

static uint64_t any(struct isa_riscv *r)
{
    return rng_next(&r->rng);
}

static uint64_t below(struct isa_riscv *r, uint64_t n)
{
    return rng_below(&r->rng, n);
}

static uint64_t *ram64(struct isa_riscv *r, uint64_t pa)
{
    struct machine *m = &r->bare->machine;
    uint64_t *p = m->ops->ram(m, pa, 8, true);

    assert_non_null(p);
    return p;
}

static unsigned place(const struct isa_model *m, const char *name)
{
    const struct isa_element *e = isa_find_element(m, name);

    if (!e)
        fail_msg("riscv.isa has no element '%s'", name);
    return e->offset;
}

static void find_places(struct isa_riscv *r)
{
    for (unsigned i = 0; i < linked_count; i++)
        r->place[i] = place(r->model, linked[i].name);
    r->priv = place(r->model, "priv");
    r->pc = place(r->model, "pc");
    r->x = place(r->model, "x");
    r->f = place(r->model, "f");
    r->counter = place(r->model, "counter");
    r->frame = place(r->model, "frame");
    r->pte = place(r->model, "pte");
    r->ram = place(r->model, "ram");
}

/* Every instruction with every operand, once, in RAM. */
static void write_code(struct isa_riscv *r)
{
    uint64_t pa = CODE;

    for (size_t i = 0; i < r->model->insns; i++) {
        const struct isa_insn *insn = &r->model->insn[i];
        uint64_t rows = BIT(isa_riscv_operand_bits(insn));
        uint64_t operand[ISA_MAX_OPERANDS];

        r->code[i] = pa;
        for (uint64_t row = 0; row < rows; row++, pa += 4) {
            uint32_t word;

            isa_riscv_operands(insn, row, operand);
            word = isa_riscv_word(insn, operand);
            assert_true(ram_write(&r->bare->board.bus.ram, pa, &word, 4));
        }
    }
    assert_true(pa < ROOT);
}

static void write_tables(struct isa_riscv *r)
{
    uint64_t code =
        BOARD_RAM_BASE >> PAGE_SHIFT << 10 | PTE_V | PTE_R | PTE_X | PTE_A;

    *ram64(r, ROOT) = MIDDLE >> PAGE_SHIFT << 10 | PTE_V;
    *ram64(r, ROOT + 8) = code;
    *ram64(r, ROOT + 16) = code | PTE_U;
    *ram64(r, MIDDLE) = LEAVES >> PAGE_SHIFT << 10 | PTE_V;
}

void isa_riscv_init(struct isa_riscv *r, const char *file)
{
    const struct board_config config = { .harts = 1,
                                         .memory = 1 << 20,
                                         .isa = isa_default() };
    struct isa_error e = { 0 };
    struct csr_file *c;

    *r = (struct isa_riscv){ .rng = rng_new() };
    if (isa_parse_file(file, NULL, &r->model, &e))
        fail_msg("%s:%u:%u: %s", file, e.line, e.column, e.text);
    r->executor = calloc(r->model->insns, sizeof *r->executor);
    r->code = calloc(r->model->insns, sizeof *r->code);
    r->retired = calloc(r->model->insns, sizeof *r->retired);
    r->before = calloc(r->model->state_words, sizeof *r->before);
    r->after = calloc(r->model->state_words, sizeof *r->after);
    r->bare = bare_new(&config);
    assert_non_null(r->bare);
    for (size_t i = 0; i < r->model->insns; i++) {
        r->executor[i] = isa_executor_new(r->model, &r->model->insn[i]);
        assert_non_null(r->executor[i]);
    }
    find_places(r);
    write_code(r);
    write_tables(r);
    c = &r->bare->hart[0].csr;
    c->pmpcfg[0] = PMPCFG_R | PMPCFG_W | PMPCFG_X |
                   (uint8_t)field_set(0, PMPCFG_A, PMP_NAPOT);
    c->pmpaddr[0] = PMPADDR_ADDRESS;
    r->bare->machine.ops->attach(&r->bare->machine, 0, true);
}

void isa_riscv_free(struct isa_riscv *r)
{
    for (size_t i = 0; i < r->model->insns; i++)
        isa_executor_free(r->executor[i]);
    free(r->executor);
    free(r->code);
    free(r->retired);
    free(r->before);
    free(r->after);
    isa_model_free(r->model);
    bare_free(r->bare);
}

/* Values that make a difference more often than any do. */
static uint64_t value(struct isa_riscv *r)
{
    static const uint64_t special[] = {
        UINT64_C(8) << 60, UINT64_C(10) << 60, UINT64_C(9) << 60,
        MSTATUS_FS,        S_INTERRUPTS,       MSTATUS_MPP,
    };

    if (below(r, 4) == 0)
        return special[below(r, sizeof special / sizeof *special)];
    return rng_value(&r->rng);
}

/* An address of one of the eight words, or one that is mapped nowhere. */
static uint64_t address(struct isa_riscv *r)
{
    if (below(r, 4) == 0)
        return value(r) | BIT(50);
    return below(r, 2) << PAGE_SHIFT | below(r, WORDS) << 3;
}

/* What the machine has is made to satisfy the description's `assume`. */
static void random_csrs(struct isa_riscv *r, struct csr_file *c)
{
    c->mstatus = field_set(field_set(0, MSTATUS_UXL, 2), MSTATUS_SXL, 2);
    for (unsigned i = 0; i < linked_count; i++) {
        uint64_t v = linked[i].mask == ALL ? value(r) : any(r);

        *csr_of(c, &linked[i]) =
            bits_merge(*csr_of(c, &linked[i]), v, linked[i].mask);
    }
    if (field_get(c->mstatus, MSTATUS_MPP) == 2)
        c->mstatus &= ~MSTATUS_MPP;
    if (field_get(c->mstatus, MSTATUS_FS) == FS_DIRTY)
        c->mstatus |= MSTATUS_SD;
    c->mideleg &= S_INTERRUPTS;
    c->mie &= S_INTERRUPTS | M_INTERRUPTS;
    c->mip &= S_INTERRUPTS;
    c->scounteren &= UINT32_MAX;
    c->mcounteren &= UINT32_MAX;
    c->stvec &= ~UINT64_C(2);
    c->sepc &= ~UINT64_C(1);
    c->mepc &= ~UINT64_C(1);
    c->medeleg = 0;
    c->lines = 0;
    c->cycle_offset = value(r);
    c->instret_offset = value(r);
}

/* A machine on which the instruction can be fetched, and no interrupt comes. */
static void random_machine(struct isa_riscv *r, bool accesses_memory)
{
    static const uint8_t modes[] = { PRIV_U, PRIV_S, PRIV_M };
    static const uint8_t satp_modes[] = { 0, 8, 9, 10 };
    struct hart *h = &r->bare->hart[0];
    struct csr_file *c = &h->csr;
    bool translated = accesses_memory || below(r, 2);

    random_csrs(r, c);
    c->priv = modes[below(r, 3)];
    if (c->priv == PRIV_M && accesses_memory) {
        c->mstatus |= MSTATUS_MPRV;
        c->mstatus = field_set(c->mstatus, MSTATUS_MPP, below(r, 2));
    }
    c->satp = field_set(any(r), SATP_MODE, satp_modes[below(r, 4)]);
    if (translated)
        c->satp = field_set(REAL_SATP, SATP_ASID, any(r));
    else if (c->priv != PRIV_M)
        c->satp = field_set(c->satp, SATP_MODE, SATP_BARE);
    if (interrupt_choose(c))
        c->mie &= ~c->mip;
    for (unsigned i = 1; i < 4; i++)
        h->x[i] = accesses_memory ? address(r) : value(r);
    for (unsigned i = 0; i < 4; i++)
        h->f[i] = any(r);
    h->waiting = false;
}

/* Valid entries more often than any; the frames may be the same one. */
static void random_memory(struct isa_riscv *r)
{
    for (unsigned page = 0; page < 2; page++) {
        uint64_t flags = any(r) & 0xff;

        if (below(r, 4))
            flags |= PTE_V | PTE_R | PTE_A;
        *ram64(r, LEAVES + 8 * page) =
            ((FRAMES >> PAGE_SHIFT) + below(r, 2)) << 10 | flags;
        for (unsigned word = 0; word < WORDS; word++)
            *ram64(r, FRAMES + page * PAGE_SIZE + 8 * word) = any(r);
    }
}

/* The description's state as the machine is. Its `counter` is what the CSRs
   read; they advance by themselves, and are not compared. */
static void read_machine(struct isa_riscv *r, uint64_t *state)
{
    struct hart *h = &r->bare->hart[0];

    for (unsigned i = 0; i < linked_count; i++)
        state[r->place[i]] =
            field_get(*csr_of(&h->csr, &linked[i]), linked[i].mask);
    state[r->priv] = h->csr.priv;
    state[r->pc] = h->pc;
    for (unsigned i = 0; i < 4; i++) {
        state[r->x + i] = h->x[i];
        state[r->f + i] = h->f[i];
    }
    state[r->counter] = csr_read(&h->csr, CSR_cycle);
    state[r->counter + 1] = h->csr.time;
    state[r->counter + 2] = csr_read(&h->csr, CSR_instret);
    for (unsigned page = 0; page < 2; page++) {
        uint64_t pte = *ram64(r, LEAVES + 8 * page);

        state[r->frame + page] = field_get(pte, PTE_PPN) & 1;
        state[r->frame + page] ^= FRAMES >> PAGE_SHIFT & 1;
        state[r->pte + page] = pte & 0xff;
        for (unsigned word = 0; word < WORDS; word++)
            state[r->ram + WORDS * page + word] =
                *ram64(r, FRAMES + page * PAGE_SIZE + 8 * word);
    }
}

/* Only what read_machine() does not know may differ. */
static bool is_compared(const struct isa_element *e)
{
    return strcmp(e->name, "counter") && strcmp(e->name, "tlb_stale") &&
           strcmp(e->name, "waiting");
}

static void compare_states(struct isa_riscv *r, const struct isa_insn *insn,
                           const uint64_t *expected, uint64_t state_number)
{
    uint64_t *real = calloc(r->model->state_words, sizeof *real);

    read_machine(r, real);
    for (size_t i = 0; i < r->model->elements; i++) {
        const struct isa_element *e = r->model->element[i];

        for (size_t k = 0; is_compared(e) && k < isa_element_length(e); k++) {
            if (expected[e->offset + k] == real[e->offset + k])
                continue;
            fail_msg("state %" PRIu64 ", '%s': %s[%zu] was %" PRIx64
                     ", the description says %" PRIx64 ", the machine has "
                     "%" PRIx64,
                     state_number, insn->name, e->name, k,
                     r->before[e->offset + k], expected[e->offset + k],
                     real[e->offset + k]);
        }
    }
    free(real);
}

static uint64_t cause_of(const char *trap, unsigned priv)
{
    static const struct {
        const char *name;
        uint64_t cause;
    } causes[] = {
        { "illegal", CAUSE_ILLEGAL },
        { "breakpoint", CAUSE_BREAKPOINT },
        { "load_page_fault", CAUSE_LOAD_PAGE },
        { "store_page_fault", CAUSE_STORE_PAGE },
    };

    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        if (!strcmp(causes[i].name, trap))
            return causes[i].cause;
    }
    assert_string_equal(trap, "ecall");
    return CAUSE_ECALL_U + priv;
}

/* The stop that the description asks for. */
static void compare_stop(struct isa_riscv *r, const struct isa_insn *insn,
                         int trap, struct stop stop, uint64_t state_number)
{
    const char *name = trap == ISA_NO_TRAP ? NULL : insn->body.trap[trap].name;
    struct hart *h = &r->bare->hart[0];

    if (name && (stop.reason != STOP_TRAP ||
                 stop.trap.cause != cause_of(name, h->csr.priv)))
        fail_msg("state %" PRIu64 ", '%s' in mode %u: the description says "
                 "trap %s, the machine had stop %u, cause %" PRIu64,
                 state_number, insn->name, h->csr.priv, name, stop.reason,
                 stop.trap.cause);
    if (!name && stop.reason == STOP_TRAP)
        fail_msg("state %" PRIu64 ", '%s' in mode %u: the machine took trap "
                 "%" PRIu64 ", the description none",
                 state_number, insn->name, h->csr.priv, stop.trap.cause);
    if (!name && !strcmp(insn->name, "wfi"))
        assert_true((stop.reason == STOP_WAIT) == !interrupt_wakes(&h->csr));
}

static void compare_one(struct isa_riscv *r, uint64_t state_number)
{
    size_t i = below(r, r->model->insns);
    const struct isa_insn *insn = &r->model->insn[i];
    uint64_t row = below(r, BIT(isa_riscv_operand_bits(insn)));
    bool memory = !strcmp(insn->name, "ld") || !strcmp(insn->name, "sd");
    struct hart *h = &r->bare->hart[0];
    uint64_t operand[ISA_MAX_OPERANDS];
    struct stop stop;
    int trap;

    random_machine(r, memory);
    random_memory(r);
    h->pc = r->code[i] + 4 * row;
    if (h->csr.priv == PRIV_S && field_get(h->csr.satp, SATP_MODE))
        h->pc -= S_ALIAS;
    hart_changed(h, ~0u);
    hart_fence(h, NULL, NULL);

    isa_riscv_operands(insn, row, operand);
    read_machine(r, r->before);
    trap = isa_execute(r->executor[i], r->before, operand, r->after);
    r->retired[i] += trap == ISA_NO_TRAP;
    stop = hart_run(h, 1);
    compare_stop(r, insn, trap, stop, state_number);
    compare_states(r, insn, trap == ISA_NO_TRAP ? r->after : r->before,
                   state_number);
}

void isa_riscv_compare(struct isa_riscv *r, uint64_t states)
{
    for (uint64_t n = 0; n < states; n++)
        compare_one(r, n);
    for (size_t i = 0; i < r->model->insns; i++) {
        const char *name = r->model->insn[i].name;

        if (!r->retired[i] && strcmp(name, "ecall") && strcmp(name, "ebreak"))
            fail_msg("'%s' has trapped in every state", name);
    }
}
