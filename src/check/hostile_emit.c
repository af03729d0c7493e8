#include "check/hostile_emit.h"

#include <string.h>

/* splitmix64 (Steele, Lea and Flood, OOPSLA 2014). */
uint64_t any(struct hostile *h)
{
    uint64_t z = h->random += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

unsigned below(struct hostile *h, unsigned n)
{
    return (unsigned)(any(h) >> 32) % n;
}

bool chance(struct hostile *h, unsigned percent)
{
    return below(h, 100) < percent;
}

unsigned reg(struct hostile *h)
{
    return 1 + below(h, 31);
}

uint64_t device_address(struct hostile *h)
{
    size_t n;
    const struct device_slot *slot = device_slots(&n);

    slot += below(h, (unsigned)n);
    return slot->base +
           (chance(h, 70) ? below(h, 64) * 4 : below(h, (unsigned)slot->size));
}

/* Mostly near the end or the start of a page: there things go wrong. */
static uint64_t in_page(struct hostile *h)
{
    return chance(h, 30)   ? PAGE_SIZE - 1 - below(h, 16)
           : chance(h, 40) ? below(h, 64) * 8
                           : below(h, (unsigned)PAGE_SIZE);
}

uint64_t wild_address(struct hostile *h)
{
    uint64_t page = (uint64_t)below(h, HOSTILE_MEMORY >> PAGE_SHIFT)
                    << PAGE_SHIFT;

    switch (below(h, 10)) {
    case 0:
        return device_address(h);
    case 1:
        return any(h); /* hardly canonical */
    case 2:
        return BOARD_RAM_BASE + HOSTILE_MEMORY + any(h) % (1u << 25);
    case 3:
        return USER_VA + page + in_page(h);
    case 4:
        return SUPER_VA + page + in_page(h);
    case 5:
        return SUPER_VA + AT_ROOT39 + page % 0x10000 + below(h, 512) * 8;
    case 6:
        return any(h) & MASK(38, 0); /* anywhere in Sv39 */
    case 7:
        return (uint64_t)sign_extend(any(h), 39);
    default:
        return WINDOW_VA + (uint64_t)below(h, 2048) * PAGE_SIZE + in_page(h);
    }
}

uint64_t wild_value(struct hostile *h)
{
    switch (below(h, 6)) {
    case 0:
        return any(h);
    case 1:
        return BIT(below(h, 64));
    case 2:
        return ~BIT(below(h, 64));
    case 3:
        return below(h, 64);
    case 4:
        return UINT64_MAX << below(h, 64);
    default:
        return wild_address(h);
    }
}

/* What lies behind the guest's RAM in its host: the monitor, and others. */
uint64_t wild_frame(struct hostile *h)
{
    const uint64_t ram = BOARD_RAM_BASE >> PAGE_SHIFT;
    const unsigned own = HOSTILE_MEMORY >> PAGE_SHIFT;

    switch (below(h, 8)) {
    case 0:
        return ram + own + below(h, 0x4000);
    case 1:
        return ram + own - 2 + below(h, 4);
    case 2:
        return device_address(h) >> PAGE_SHIFT;
    case 3:
        return any(h) & MASK(43, 0);
    case 4:
        return ram - 1 - below(h, 4);
    case 5:
        return ram + (AT_ROOT39 >> PAGE_SHIFT) + below(h, 16);
    default:
        return ram + below(h, own);
    }
}

uint64_t wild_pte(struct hostile *h)
{
    uint64_t pte = PTE_V | below(h, 256);

    if (chance(h, 25))
        pte |= PTE_A | PTE_D | PTE_R;
    if (chance(h, 15)) /* a pointer to a table */
        pte = PTE_V;
    if (chance(h, 8))
        pte |= any(h) & (PTE_RESERVED | PTE_PBMT | PTE_N);
    if (chance(h, 8))
        pte |= PTE_N;
    if (chance(h, 5))
        pte &= ~PTE_V;
    pte = field_set(pte, PTE_PPN, wild_frame(h));
    if ((pte & PTE_N) && chance(h, 70)) /* the one code that is not reserved */
        pte = (pte & ~MASK(13, 10)) | BIT(13);
    return pte;
}

uint64_t good_satp(struct hostile *h)
{
    static const uint64_t root[] = { AT_ROOT39, AT_ROOT48, AT_ROOT57 };
    unsigned mode = below(h, 3);
    uint64_t satp = (BOARD_RAM_BASE + root[mode]) >> PAGE_SHIFT;

    satp = field_set(satp, SATP_ASID, below(h, 4));
    return field_set(satp, SATP_MODE, SATP_SV39 + mode);
}

uint64_t wild_satp(struct hostile *h)
{
    uint64_t satp = field_set(good_satp(h), SATP_ASID, any(h));

    if (chance(h, 50))
        satp = field_set(satp, SATP_PPN, wild_frame(h));
    if (chance(h, 30))
        satp = field_set(satp, SATP_MODE, any(h));
    return satp;
}

void poke(struct hostile *h, uint64_t offset, uint64_t v)
{
    memcpy(h->image + offset % (HOSTILE_MEMORY - 7), &v, sizeof v);
}

uint64_t pte_for(uint64_t offset, uint64_t flags)
{
    return field_set(flags | PTE_V, PTE_PPN,
                     (BOARD_RAM_BASE + offset) >> PAGE_SHIFT);
}

/* ---- instructions ---- */

void put(struct hostile *h, uint32_t insn)
{
    if (h->end - h->at < sizeof insn)
        return;
    memcpy(h->image + h->at, &insn, sizeof insn);
    h->at += sizeof insn;
}

static uint32_t operands(unsigned rd, unsigned rs1, unsigned rs2)
{
    return (rd & 31) << 7 | (rs1 & 31) << 15 | (rs2 & 31) << 20;
}

void put_r(struct hostile *h, unsigned op, unsigned rd, unsigned rs1,
           unsigned rs2)
{
    put(h, insn_row((enum insn_op)op)->match | operands(rd, rs1, rs2));
}

void put_i(struct hostile *h, unsigned op, unsigned rd, unsigned rs1, int imm)
{
    put(h, insn_row((enum insn_op)op)->match | operands(rd, rs1, 0) |
               ((uint32_t)imm & 0xfff) << 20);
}

void put_store(struct hostile *h, unsigned op, unsigned rs2, unsigned rs1,
               int imm)
{
    uint32_t i = (uint32_t)imm & 0xfff;

    put(h, insn_row((enum insn_op)op)->match | operands(i & 31, rs1, rs2) |
               i >> 5 << 25);
}

void put_csr(struct hostile *h, unsigned op, unsigned rd, unsigned csr,
             unsigned rs1)
{
    put_i(h, op, rd, rs1, (int)csr);
}

/* From the top down, 11 bits at a time. */
void put_li(struct hostile *h, unsigned rd, uint64_t v)
{
    int shift = 55;

    while (shift > 0 && v >> shift == 0)
        shift -= 11;
    put_i(h, INSN_addi, rd, 0, (int)(v >> shift & 0x7ff));
    for (shift -= 11; shift >= 0; shift -= 11) {
        put_i(h, INSN_slli, rd, rd, 11);
        if (v >> shift & 0x7ff)
            put_i(h, INSN_ori, rd, rd, (int)(v >> shift & 0x7ff));
    }
}

void put_set_csr(struct hostile *h, unsigned csr, uint64_t v)
{
    put_li(h, 30, v);
    put_csr(h, INSN_csrrw, 0, csr, 30);
}

void put_access(struct hostile *h, unsigned base, int imm)
{
    static const unsigned loads[] = { INSN_lb,  INSN_lh,  INSN_lw,  INSN_ld,
                                      INSN_lbu, INSN_lhu, INSN_lwu, INSN_fld };
    static const unsigned stores[] = { INSN_sb, INSN_sh, INSN_sw, INSN_sd,
                                       INSN_fsd };

    if (chance(h, 60))
        put_i(h, loads[below(h, 8)], reg(h), base, imm);
    else
        put_store(h, stores[below(h, 5)], below(h, 32), base, imm);
}

void put_loop(struct hostile *h, unsigned counter, uint64_t start)
{
    uint32_t by = (uint32_t)(start - h->at - 4);

    put_i(h, INSN_addi, counter, counter, -1);
    put(h, insn_row(INSN_bne)->match | counter << 15 | (by >> 1 & 15) << 8 |
               (by >> 5 & 63) << 25 | (by >> 11 & 1) << 7 | by >> 31 << 31);
}

void put_any(struct hostile *h)
{
    unsigned op = 1 + below(h, INSN_COUNT - 1);
    const struct insn_row *row = insn_row((enum insn_op)op);

    put(h, row->match | ((uint32_t)any(h) & ~row->mask));
}
