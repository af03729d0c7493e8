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
    struct board_config c = { .harts = harts, .isa = isa_default() };
    uint64_t memory[WORLD_MAX_DEPTH + 1];

    memset(w, 0, sizeof *w);
    w->depth = depth;
    memory[depth] = WORLD_RAM;
    for (unsigned d = depth; d > 0; d--)
        memory[d - 1] = vm_host_memory(memory[d]);
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
    world_set_csr(w, CSR_mtvec, HANDLER);
    world_set_csr(w, CSR_pmpaddr0, MASK(53, 0));
    world_set_csr(w, CSR_pmpcfg0, 0x1f);
    world_set_reg(w, REG_PC, CODE);
}

void world_free(struct world *w)
{
    for (unsigned d = w->depth; d > 0; d--)
        vm_free(w->vm[d - 1]);
    bare_free(w->bare);
}

uint64_t world_reg(struct world *w, unsigned reg)
{
    return w->m->ops->reg_get(w->m, 0, reg);
}

void world_set_reg(struct world *w, unsigned reg, uint64_t v)
{
    w->m->ops->reg_set(w->m, 0, reg, v);
}

uint64_t world_csr(struct world *w, unsigned number)
{
    uint64_t v = 0;

    assert_int_equal(w->m->ops->csr_get(w->m, 0, number, &v), STATUS_OK);
    return v;
}

void world_set_csr(struct world *w, unsigned number, uint64_t v)
{
    assert_int_equal(w->m->ops->csr_set(w->m, 0, number, v), STATUS_OK);
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

uint32_t sd(unsigned rs2, unsigned rs1, int imm)
{
    return 0x23 | (uint32_t)(imm & 31) << 7 | 3u << 12 | rs1 << 15 |
           rs2 << 20 | (uint32_t)(imm >> 5) << 25;
}

uint32_t sfence(unsigned rs1, unsigned rs2)
{
    return 0x12000073 | rs1 << 15 | rs2 << 20;
}

void at_every_depth(void (*test)(struct world *w))
{
    for (unsigned depth = 0; depth <= 2; depth++) {
        struct world w;

        world_make(&w, depth, 1);
        test(&w);
        world_free(&w);
    }
}
