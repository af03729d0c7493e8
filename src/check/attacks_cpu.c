/* Attacks by instructions and CSRs. */
#include "check/attacks.h"

#define ALL_CSRS 4096

static const unsigned csr_ops[] = { INSN_csrrw,  INSN_csrrs,  INSN_csrrc,
                                    INSN_csrrwi, INSN_csrrsi, INSN_csrrci };

static unsigned csr_op(struct hostile *h)
{
    return csr_ops[below(h, 6)];
}

void item_random_words(struct hostile *h)
{
    while (h->at < h->end)
        put(h, (uint32_t)any(h) | (chance(h, 80) ? 3u : 0u));
}

void item_random_insns(struct hostile *h)
{
    while (h->at < h->end)
        put_any(h);
}

void item_privileged(struct hostile *h)
{
    static const unsigned ops[] = {
        INSN_mret,       INSN_sret,           INSN_wfi,
        INSN_ecall,      INSN_ebreak,         INSN_sfence_vma,
        INSN_sinval_vma, INSN_sfence_w_inval, INSN_sfence_inval_ir,
        INSN_fence_i,    INSN_wrs_nto,        INSN_wrs_sto,
    };
    const unsigned n = sizeof ops / sizeof ops[0];

    for (unsigned i = 0; i < 6; i++) {
        unsigned tvec = (unsigned)(h->mode == HOSTILE_M ? CSR_mepc : CSR_sepc);

        /* Returns come back here, more often than not. */
        put(h, 0x00000f17u); /* auipc x30, 0 */
        put_i(h, INSN_addi, 30, 30, 20);
        put_csr(h, INSN_csrrw, 0, tvec, 30);
        put_csr(h, csr_op(h), reg(h),
                h->mode == HOSTILE_M ? CSR_mstatus : CSR_sstatus, reg(h));
        put_r(h, ops[below(h, n)], 0, below(h, 32), below(h, 32));
        put_any(h);
    }
}

/* Most of them do not exist: the trap ends the item. Several that may, then. */
void item_csr_storm(struct hostile *h)
{
    for (unsigned i = 0; i < 3; i++)
        put_csr(h, csr_op(h), below(h, 32), CSR_mscratch, below(h, 32));
    put_csr(h, csr_op(h), below(h, 32), below(h, ALL_CSRS), below(h, 32));
}

static unsigned known_csr(struct hostile *h)
{
    static const struct isa all = { .ext = UINT64_MAX };
    int csr = csr_next(&all, below(h, ALL_CSRS));

    return csr < 0 ? CSR_satp : (unsigned)csr;
}

/* mtvec is left alone, most times: the guest would only chase its traps. */
void item_csr_known(struct hostile *h)
{
    for (unsigned i = 0; i < 12; i++) {
        unsigned csr = known_csr(h);

        if (csr == CSR_mtvec && chance(h, 90))
            continue;
        put_li(h, 29, wild_value(h) & MASK(below(h, 64), 0));
        put_csr(h, csr_op(h), below(h, 32), csr, 29);
        if (chance(h, 30))
            put_access(h, reg(h), 0);
    }
}

void item_delegation(struct hostile *h)
{
    if (h->mode == HOSTILE_M) {
        put_set_csr(h, CSR_medeleg, any(h));
        put_set_csr(h, CSR_mideleg, any(h));
        put_set_csr(h, CSR_mie, any(h) & 0xfff);
        put_set_csr(h, CSR_stvec, wild_address(h));
        put_set_csr(h, CSR_mip, any(h) & 0xfff);
        put_set_csr(h, CSR_mstatus, any(h) & ~MSTATUS_MPRV);
        put_set_csr(h, CSR_mepc,
                    BOARD_RAM_BASE + AT_ITEMS +
                        below(h, HOSTILE_ITEMS) * HOSTILE_ITEM_SIZE);
        put_r(h, INSN_mret, 0, 0, 0);
        return;
    }
    if (chance(h, 70))
        put_set_csr(h, CSR_stvec,
                    (h->mode == HOSTILE_U ? USER_VA : SUPER_VA) + AT_ITEMS +
                        below(h, HOSTILE_ITEMS) * HOSTILE_ITEM_SIZE);
    for (unsigned i = 0; i < 8; i++) {
        put_csr(h, csr_op(h), reg(h), chance(h, 50) ? CSR_sie : CSR_sip,
                reg(h));
        put_csr(h, INSN_csrrs, 0, CSR_sstatus, reg(h));
        put_any(h);
    }
}

void item_float(struct hostile *h)
{
    static const unsigned fp[] = { INSN_fadd_d,   INSN_fmul_s,  INSN_fdiv_d,
                                   INSN_fsqrt_s,  INSN_fmv_d_x, INSN_fmv_x_d,
                                   INSN_fcvt_s_d, INSN_fmadd_d };

    for (unsigned i = 0; i < 10; i++) {
        put_set_csr(h, h->mode == HOSTILE_M ? CSR_mstatus : CSR_sstatus,
                    any(h) & MSTATUS_FS);
        put_csr(h, csr_op(h), reg(h), CSR_fflags + below(h, 3), reg(h));
        put_r(h, fp[below(h, 8)], below(h, 32), reg(h),
              below(h, 2) ? 0 : below(h, 32));
        put_access(h, reg(h), 0);
    }
}

void item_counters(struct hostile *h)
{
    for (unsigned i = 0; i < 12; i++) {
        unsigned csr = chance(h, 50)   ? CSR_cycle + below(h, 32)
                       : chance(h, 50) ? CSR_mcycle + below(h, 32)
                                       : CSR_mcountinhibit;

        put_csr(h, chance(h, 60) ? INSN_csrrs : csr_op(h), reg(h), csr,
                chance(h, 60) ? 0 : reg(h));
        if (h->mode == HOSTILE_M)
            put_csr(h, INSN_csrrw, 0,
                    chance(h, 50) ? CSR_mcounteren : CSR_scounteren, reg(h));
    }
}

/* As many exits as instructions. */
void item_exit_log(struct hostile *h)
{
    while (h->at < h->end)
        put_csr(h, csr_op(h), reg(h),
                h->mode == HOSTILE_M ? CSR_mscratch : CSR_sscratch, reg(h));
}

void item_jumps(struct hostile *h)
{
    unsigned where = below(h, 5);
    uint64_t to = where == 0   ? device_address(h)
                  : where == 1 ? BOARD_ROM_BASE + below(h, ROM_SIZE)
                  : where == 2 ? wild_value(h)
                               : wild_address(h);

    put_access(h, reg(h), 0);
    put_li(h, 30, to);
    put_i(h, INSN_jalr, below(h, 32), 30, chance(h, 50) ? 0 : (int)any(h));
}

/* Stores an instruction a little further on, by the address that it runs at or
   by another one, with or without fence.i, and runs into it. */
void item_self_modifying(struct hostile *h)
{
    uint64_t here = h->at;
    static const uint64_t bases[] = { SUPER_VA, USER_VA };

    for (unsigned i = 0; i < 4; i++) {
        put_li(h, 29, (uint32_t)any(h) | 3);
        put_li(h, 30,
               bases[h->mode == HOSTILE_U || chance(h, 20)] + here +
                   below(h, HOSTILE_ITEM_SIZE / 4) * 4);
        put_store(h, INSN_sw, 29, 30, 0);
        if (chance(h, 50))
            put_r(h, INSN_fence_i, 0, 0, 0);
        put_any(h);
    }
}

void item_lr_sc(struct hostile *h)
{
    static const unsigned ops[] = { INSN_lr_w,      INSN_lr_d,
                                    INSN_sc_w,      INSN_sc_d,
                                    INSN_amoadd_w,  INSN_amoswap_d,
                                    INSN_amomaxu_d, INSN_amoor_w };

    for (unsigned i = 0; i < 8; i++) {
        unsigned op = ops[below(h, 8)], base = reg(h);

        if (chance(h, 70))
            put_i(h, INSN_andi, base, base, -8);
        put_r(h, op, reg(h), base,
              op == INSN_lr_w || op == INSN_lr_d ? 0 : reg(h));
        if (chance(h, 50)) /* an exit in between */
            put_csr(h, INSN_csrrs, reg(h), CSR_cycle + below(h, 3), 0);
        if (chance(h, 30))
            put_access(h, reg(h), 0);
        put_r(h, ops[2 + below(h, 2)], reg(h), base, reg(h));
    }
}

/* Data by the rules of another mode, behind the code's own address too. */
void item_mprv(struct hostile *h)
{
    put_li(h, 27, SUPER_VA + h->at);
    put_li(h, 28, WINDOW_VA + below(h, 2048) * PAGE_SIZE);
    for (unsigned i = 0; i < 7; i++) {
        put_li(h, 30,
               MSTATUS_MPRV |
                   (any(h) & (MSTATUS_SUM | MSTATUS_MXR | MSTATUS_MPP)));
        put_csr(h, INSN_csrrw, 29, CSR_mstatus, 30);
        put_access(h, chance(h, 30) ? 27 : chance(h, 50) ? 28 : reg(h), 0);
        if (chance(h, 30))
            put_r(h, INSN_sfence_vma, 0, below(h, 32), 0);
        put_csr(h, INSN_csrrw, 0, CSR_mstatus, 0);
    }
}
