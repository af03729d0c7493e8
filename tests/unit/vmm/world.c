/* The worlds that the monitor's tests run in. */
#include "world.h"

#include "mmu/pte.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

void world_make(struct world *w, unsigned depth, unsigned harts)
{
    world_make_as(w, depth, harts, WORLD_RAM, isa_default());
}

static void reset_hart(struct world *w)
{
    world_set_csr(w, CSR_mtvec, HANDLER);
    world_set_csr(w, CSR_pmpaddr0, MASK(53, 0));
    world_set_csr(w, CSR_pmpcfg0, 0x1f);
    world_set_reg(w, REG_PC, CODE);
}

void world_make_as(struct world *w, unsigned depth, unsigned harts,
                   uint64_t ram, struct isa isa)
{
    struct board_config c = { .harts = harts, .isa = isa };
    uint64_t memory[WORLD_MAX_DEPTH + 1];

    memset(w, 0, sizeof *w);
    w->depth = depth;
    memory[depth] = ram;
    for (unsigned d = depth; d > 0; d--)
        memory[d - 1] = vm_host_memory(memory[d], harts);
    c.memory = memory[0];
    w->bare = bare_new(&c);
    assert_non_null(w->bare);
    w->m = &w->bare->machine;
    w->b = &w->bare->board;
    for (unsigned d = 0; d < depth; d++) {
        c.memory = memory[d + 1];
        w->vm[d] = vm_new(w->m, &c);
        assert_non_null(w->vm[d]);
        w->m = &w->vm[d]->machine;
        w->b = &w->vm[d]->board;
    }
    world_code(w, HANDLER, (uint32_t[]){ addi(T0, T0, 1), HERE }, 2);
    for (unsigned h = 0; h < harts; h++) {
        w->hart = harts - 1 - h;
        reset_hart(w);
    }
}

void world_free(struct world *w)
{
    for (unsigned d = w->depth; d > 0; d--)
        vm_free(w->vm[d - 1]);
    bare_free(w->bare);
}

uint64_t world_reg(struct world *w, unsigned reg)
{
    return w->m->ops->reg_get(w->m, w->hart, reg);
}

void world_set_reg(struct world *w, unsigned reg, uint64_t v)
{
    w->m->ops->reg_set(w->m, w->hart, reg, v);
}

uint64_t world_csr(struct world *w, unsigned number)
{
    uint64_t v = 0;

    assert_int_equal(w->m->ops->csr_get(w->m, w->hart, number, &v), STATUS_OK);
    return v;
}

void world_set_csr(struct world *w, unsigned number, uint64_t v)
{
    assert_int_equal(w->m->ops->csr_set(w->m, w->hart, number, v), STATUS_OK);
}

uint64_t world_load(struct world *w, uint64_t pa)
{
    uint64_t v = 0;

    assert_int_equal(w->m->ops->load(w->m, pa, 8, &v), STATUS_OK);
    return v;
}

void world_store(struct world *w, uint64_t pa, uint64_t v)
{
    assert_int_equal(w->m->ops->store(w->m, pa, 8, v), STATUS_OK);
}

void world_code(struct world *w, uint64_t pa, const uint32_t *code, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_int_equal(w->m->ops->store(w->m, pa + 4 * i, 4, code[i]),
                         STATUS_OK);
}

void world_run(struct world *w, uint64_t n)
{
    struct run_options o = { .until = machine_count(w->b) + n };

    assert_int_equal(machine_run(w->m, w->b, &o), RUN_UNTIL);
    for (unsigned d = 0; d < w->depth; d++) {
        const char *wrong = shadow_audit(&w->vm[d]->monitor);

        if (wrong)
            fail_msg("depth %u: %s", d + 1, wrong);
    }
}

uint64_t world_pte(uint64_t pa, uint64_t flags)
{
    return field_set(flags | PTE_V | PTE_A | PTE_D, PTE_PPN, pa >> 12);
}

void world_paging(struct world *w)
{
    world_store(w, ROOT + 8 * 2,
                world_pte(0x80000000, PTE_R | PTE_W | PTE_X));
    world_store(w, ROOT + 8 * 1, field_set(PTE_V, PTE_PPN, L1 >> 12));
    world_set_csr(w, CSR_satp,
                  field_set(ROOT >> 12, SATP_MODE, SATP_SV39));
    world_set_reg(w, REG_PRIV, PRIV_S);
}

void world_try(struct world *w, enum priv priv, uint64_t pc,
               const uint32_t *code, size_t n)
{
    world_code(w, CODE, code, n);
    world_set_csr(w, CSR_mcause, NO_TRAP);
    world_set_reg(w, REG_PRIV, priv);
    world_set_reg(w, REG_PC, pc);
    world_run(w, n + 10);
}

struct core_stats world_stats(const struct world *w)
{
    struct core_stats sum = { 0 };

    for (unsigned d = 0; d < w->depth; d++) {
        const struct core_stats *s = &w->vm[d]->monitor.stats;

        sum.fills += s->fills;
        sum.leaves_dropped += s->leaves_dropped;
        sum.spaces_made += s->spaces_made;
        sum.spaces_reclaimed += s->spaces_reclaimed;
    }
    return sum;
}

void world_map(struct world *w, unsigned n, uint64_t pa, uint64_t flags)
{
    world_store(w, L1, field_set(PTE_V, PTE_PPN, L0 >> 12));
    world_store(w, L0 + 8 * n, field_set(flags | PTE_V, PTE_PPN, pa >> 12));
}

uint64_t world_map_get(struct world *w, unsigned n)
{
    return world_load(w, L0 + 8 * n);
}

uint32_t i_type(unsigned op, unsigned f3, unsigned rd, unsigned rs1, int imm)
{
    return op | rd << 7 | f3 << 12 | rs1 << 15 | (uint32_t)imm << 20;
}

uint32_t ld(unsigned rd, unsigned rs1, int imm)
{
    return i_type(0x03, 3, rd, rs1, imm);
}

uint32_t addi(unsigned rd, unsigned rs1, int imm)
{
    return i_type(0x13, 0, rd, rs1, imm);
}

uint32_t jalr(unsigned rd, unsigned rs1)
{
    return i_type(0x67, 0, rd, rs1, 0);
}

uint32_t csr(unsigned f3, unsigned rd, unsigned number, unsigned rs1)
{
    return i_type(0x73, f3, rd, rs1, (int)number);
}

uint32_t store(unsigned f3, unsigned rs2, unsigned rs1, int imm)
{
    return 0x23 | (uint32_t)(imm & 31) << 7 | f3 << 12 | rs1 << 15 |
           rs2 << 20 | (uint32_t)(imm >> 5) << 25;
}

uint32_t sd(unsigned rs2, unsigned rs1, int imm)
{
    return store(3, rs2, rs1, imm);
}

uint32_t fld(unsigned rd, unsigned rs1, int imm)
{
    return i_type(0x07, 3, rd, rs1, imm);
}

uint32_t fsd(unsigned rs2, unsigned rs1, int imm)
{
    return store(3, rs2, rs1, imm) | 0x04;
}

uint32_t add(unsigned rd, unsigned rs1, unsigned rs2)
{
    return 0x33 | rd << 7 | rs1 << 15 | rs2 << 20;
}

uint32_t amo(unsigned f5, unsigned f3, unsigned rd, unsigned rs1, unsigned rs2)
{
    return 0x2f | rd << 7 | f3 << 12 | rs1 << 15 | rs2 << 20 | f5 << 27;
}

uint32_t cbo(unsigned op, unsigned rs1)
{
    return i_type(0x0f, 2, 0, rs1, (int)op);
}

uint32_t sinval(unsigned rs1, unsigned rs2)
{
    return 0x16000073 | rs1 << 15 | rs2 << 20;
}

uint32_t sfence(unsigned rs1, unsigned rs2)
{
    return 0x12000073 | rs1 << 15 | rs2 << 20;
}

void at_every_depth_as(void (*test)(struct world *w), unsigned harts,
                       struct isa isa)
{
    uint64_t hash = 0;

    for (unsigned depth = 0; depth <= 2; depth++) {
        struct world w;
        uint64_t own;

        world_make_as(&w, depth, harts, WORLD_RAM, isa);
        test(&w);
        own = machine_hash(w.m, w.b);
        world_free(&w);
        if (depth == 0)
            hash = own;
        else if (own != hash)
            fail_msg("depth %u ends in another state than depth 0", depth);
    }
}

void at_every_depth(void (*test)(struct world *w))
{
    at_every_depth_as(test, 1, isa_default());
}
