/* Random instructions: a table of kinds, each with a weight. */
#include "scenario.h"

#include <string.h>

struct stream {
    struct scenario *s;
    uint8_t bytes[4096];
    unsigned at, end;
};

static uint64_t below(struct stream *c, uint64_t n)
{
    return scenario_below(c->s, n);
}

static void emit(struct stream *c, uint32_t raw, unsigned length)
{
    if (c->at + length > c->end)
        return;
    memcpy(c->bytes + c->at, &raw, length);
    c->at += length;
}

static void emit4(struct stream *c, uint32_t raw)
{
    emit(c, raw, 4);
}

static unsigned scratch(struct stream *c)
{
    static const uint8_t regs[] = { 0, 1, 2, 3, 4, 7 };

    return regs[below(c, sizeof regs)];
}

static unsigned pointer(struct stream *c)
{
    return 8 + (unsigned)below(c, 8);
}

static unsigned value(struct stream *c)
{
    return 16 + (unsigned)below(c, 8);
}

static int offset(struct stream *c)
{
    static const int8_t common[] = { 0, 0, 0, 8, 16, -8, 4, 1, 2, -4, 60, 6 };

    return common[below(c, sizeof common)];
}

static void alu(struct stream *c)
{
    static const uint32_t ops[] = { 0x33, 0x40000033, 0x02000033, 0x4033,
                                    0x7033, 0x20002033, 0x3b, 0x02004033 };

    emit4(c, ops[below(c, 8)] | scratch(c) << 7 | scratch(c) << 15 |
                 value(c) << 20);
}

static void alu_short(struct stream *c)
{
    unsigned rd = 1 + (unsigned)below(c, 4);

    /* c.addi, c.mv */
    if (below(c, 2))
        emit(c, 0x0001 | rd << 7 | (uint32_t)below(c, 31) << 2, 2);
    else
        emit(c, 0x8002 | rd << 7 | value(c) << 2, 2);
}

static void load(struct stream *c)
{
    emit4(c, i_type(0x03, (unsigned)below(c, 7), scratch(c), pointer(c),
                    offset(c)));
}

static void save(struct stream *c)
{
    emit4(c, store((unsigned)below(c, 4), value(c), pointer(c), offset(c)));
}

static void atomic(struct stream *c)
{
    static const uint8_t f5[] = { AMOADD, AMOSWAP, LR, SC, LR, SC, 4, 8, 28 };
    unsigned op = f5[below(c, sizeof f5)];

    emit4(c, amo(op, 2 + (unsigned)below(c, 2), scratch(c), pointer(c),
                 op == LR ? 0 : value(c)));
}

static void reserve_and_store(struct stream *c)
{
    unsigned p = pointer(c), f3 = 2 + (unsigned)below(c, 2);

    emit4(c, amo(LR, f3, scratch(c), p, 0));
    if (below(c, 2))
        emit4(c, ld(scratch(c), pointer(c), 0));
    emit4(c, amo(SC, f3, scratch(c), p, value(c)));
}

static void cache_block(struct stream *c)
{
    static const uint8_t ops[] = { CBO_INVAL, CBO_CLEAN, CBO_FLUSH, CBO_ZERO };

    emit4(c, cbo(ops[below(c, 4)], pointer(c)));
}

static void floating(struct stream *c)
{
    static const uint32_t ops[] = { 0x02007053, 0x12007053, 0xe2000053,
                                    0xf2000053, 0xd2207053, 0xc2207053 };

    switch (below(c, 3)) {
    case 0:
        emit4(c, fld((unsigned)below(c, 4), pointer(c), offset(c)));
        break;
    case 1:
        emit4(c, fsd((unsigned)below(c, 4), pointer(c), offset(c)));
        break;
    default:
        emit4(c, ops[below(c, 6)] | (uint32_t)below(c, 4) << 7 |
                     (uint32_t)below(c, 4) << 15);
    }
}

static void any_csr(struct stream *c)
{
    static const uint16_t numbers[] = {
        CSR_mstatus, CSR_sstatus, CSR_mie, CSR_sie, CSR_mip, CSR_sip,
        CSR_mcounteren, CSR_scounteren, CSR_menvcfg, CSR_senvcfg, CSR_cycle,
        CSR_time, CSR_instret, CSR_mcycle, CSR_minstret, CSR_mcountinhibit,
        CSR_stimecmp, CSR_satp, CSR_fcsr, CSR_frm, CSR_fflags, CSR_mscratch,
        CSR_sscratch, CSR_mideleg, CSR_medeleg, CSR_misa, CSR_mhartid,
        CSR_mcause, CSR_scause, CSR_mtval, CSR_stval, CSR_hpmcounter3,
        CSR_pmpaddr0, CSR_pmpaddr0 + 1, CSR_pmpaddr0 + 3, CSR_pmpcfg0, 0x8ff,
    };
    static const uint8_t f3[] = { 1, 2, 2, 2, 3, 5, 6, 7 };
    unsigned n = numbers[below(c, sizeof numbers / sizeof *numbers)];
    unsigned rs1 = below(c, 3) ? value(c) : 0;

    emit4(c, csr(f3[below(c, sizeof f3)], scratch(c), n, rs1));
}

static void set_status(struct stream *c)
{
    static const uint16_t numbers[] = { CSR_mstatus, CSR_sstatus };

    emit4(c, csr(CSRRS + (unsigned)below(c, 2), scratch(c),
                 numbers[below(c, 2)], 16 + (unsigned)below(c, 3)));
}

static void interrupts(struct stream *c)
{
    static const uint32_t ops[] = {
        0x10016073, /* csrsi sstatus, SIE */
        0x30046073, /* csrsi mstatus, MIE */
    };
    static const uint16_t numbers[] = { CSR_mie, CSR_sie, CSR_mip, CSR_sip };

    if (below(c, 2))
        emit4(c, ops[below(c, 2)]);
    else
        emit4(c, csr(CSRRS, 0, numbers[below(c, 4)], 21));
}

/* Down to where mstatus (x16..x18) says, at the code of S or of U. */
static void go_down(struct stream *c)
{
    bool from_m = below(c, 2);

    emit4(c, csr(CSRRW, 0, from_m ? CSR_mepc : CSR_sepc,
                 5 + (unsigned)below(c, 2)));
    emit4(c, csr(below(c, 2) ? CSRRW : CSRRC, 0,
                 from_m ? CSR_mstatus : CSR_sstatus,
                 16 + (unsigned)below(c, 3)));
    emit4(c, from_m ? MRET : SRET);
}

static void privileged(struct stream *c)
{
    static const uint32_t ops[] = { ECALL, EBREAK, MRET, SRET, WFI,
                                    0x0000100f, 0x0ff0000f, 0x18000073,
                                    0x18100073, 0x00d00073, ECALL };

    emit4(c, ops[below(c, sizeof ops / sizeof *ops)]);
}

static void fence(struct stream *c)
{
    unsigned rs1 = below(c, 2) ? pointer(c) : 0;
    unsigned rs2 = below(c, 2) ? value(c) : 0;

    emit4(c, below(c, 2) ? sfence(rs1, rs2) : sinval(rs1, rs2));
}

/* One PTE of the window, and perhaps the fence that makes it known. */
static void change_pte(struct stream *c)
{
    emit4(c, sd(24 + (unsigned)below(c, 2), 26, 8 * (int)below(c, 32)));
    if (below(c, 4) == 0)
        emit4(c, sfence(0, 0));
}

static void branch(struct stream *c)
{
    unsigned skip = 4 + 2 * (unsigned)below(c, 8);

    emit4(c, 0x63 | (uint32_t)below(c, 2) << 12 | scratch(c) << 15 |
                 (skip >> 1 & 15) << 8 | (skip >> 5 & 1) << 25);
}

static void jump(struct stream *c)
{
    static const uint8_t to[] = { 5, 6, 6, 8, 9, 10 };

    emit4(c, jalr(scratch(c), to[below(c, sizeof to)]));
}

static void nonsense(struct stream *c)
{
    uint32_t raw = (uint32_t)scenario_random(c->s);

    /* No other store than those above: SYSTEM, or not a 32-bit one. */
    emit4(c, (raw & ~0x7fu) | 0x73);
    emit(c, below(c, 2) ? 0 : 0x9c41, 2);
}

static const struct {
    void (*emit)(struct stream *);
    unsigned weight;
} kinds[] = {
    { alu, 10 },        { alu_short, 10 },  { load, 20 },
    { save, 20 },       { atomic, 8 },      { reserve_and_store, 4 },
    { cache_block, 5 }, { floating, 8 },    { any_csr, 12 },
    { set_status, 4 },  { go_down, 5 },     { privileged, 4 },
    { fence, 3 },       { change_pte, 4 },  { branch, 5 },
    { jump, 4 },        { nonsense, 1 },    { interrupts, 3 },
};

static void emit_any(struct stream *c)
{
    unsigned total = 0;
    uint64_t at;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        total += kinds[i].weight;
    at = below(c, total);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (at < kinds[i].weight) {
            kinds[i].emit(c);
            return;
        }
        at -= kinds[i].weight;
    }
}

void scenario_code(struct scenario *s, uint64_t pa, unsigned bytes)
{
    struct stream c = { .s = s, .end = bytes - 8 };
    uint64_t word;

    while (c.at + 12 <= c.end)
        emit_any(&c);
    /* The end: on at the start of the code. */
    while (c.at < bytes) {
        c.end = bytes;
        emit(&c, c.at & 2 ? 0x0001 : jalr(0, 5), c.at & 2 ? 2 : 4);
    }
    for (unsigned i = 0; i < bytes; i += 8) {
        memcpy(&word, c.bytes + i, 8);
        scenario_store(s, pa + i, word);
    }
}
