/*
 * The CSR table.  Every mask here is an exclusion; README.md gives the reason
 * and the section of the manual for each.
 */
#include "csrs.h"

#define ALL (~0ull)
#define MSTATUS_BASE 0xa00000000ull
/* SIE MIE SPIE MPIE SPP MPP1 MPP0 FS SUM MXR TVM TW TSR, without MPRV */
#define MSTATUS_RANDOM 0x7c79aaull
#define MSTATUS_COMPARE 0x0000000f007e19aaull
/* sstatus: its own bits, and those of mstatus that it must not show */
#define SSTATUS_RANDOM 0x7e79bbull

const struct csr csrs[] = {
    {0x001, CSR_ANY, 0, 0xffffffff, ALL},         /* fflags */
    {0x002, CSR_ANY, 0, 0xfffffffb, ALL},     /* frm */
    {0x003, CSR_ANY, 0, 0xffffff7f, ALL},         /* fcsr */
    {0xc00, CSR_READ, 0, 0, 0},                   /* cycle */
    {0xc01, CSR_READ, 0, 0, 0},                   /* time */
    {0xc02, CSR_READ, 0, 0, 0},                   /* instret */
    {0xc03, CSR_READ, 0, 0, 0},                   /* hpmcounter3 */
    {0xc1f, CSR_READ, 0, 0, 0},                   /* hpmcounter31 */
    {0x100, CSR_ANY, MSTATUS_BASE, SSTATUS_RANDOM, 0x3000c0122},
    {0x104, CSR_ANY, 0, 0x222, 0x222},            /* sie */
    {0x105, CSR_ANY, 0, ALL << 9 | 1, ALL},         /* stvec */
    {0x106, CSR_ANY, 0, 7, 7},                    /* scounteren */
    {0x10a, CSR_ANY, 0, 0xc1, 0xc1},              /* senvcfg */
    {0x140, CSR_ANY, 0, ALL, ALL},                /* sscratch */
    {0x141, CSR_ANY, 0, ~1ull, ALL},              /* sepc */
    {0x142, CSR_CAUSE, 0, 0, ALL},                /* scause */
    {0x143, CSR_ANY, 0, ALL, ALL},                /* stval */
    {0x144, CSR_PENDING, 0, 0, 0x202},            /* sip */
    {0x14d, CSR_TIMER, 1ull << 44, 0xffffffffff, ALL}, /* stimecmp */
    {0x180, CSR_SATP, 0, 0, ALL},                 /* satp */
    {0x300, CSR_ANY, MSTATUS_BASE, MSTATUS_RANDOM, MSTATUS_COMPARE},
    {0x301, CSR_READ, 0, 0, 0xc00000000014112d},  /* misa */
    {0x302, CSR_ANY, 0, 0xb3fe, 0xb3fe},          /* medeleg */
    {0x303, CSR_ANY, 0, 0x222, 0x222},            /* mideleg */
    {0x304, CSR_ANY, 0, 0xaaa, 0xaaa},            /* mie */
    {0x305, CSR_ANY, 0, ALL << 9 | 1, ALL},         /* mtvec */
    {0x306, CSR_ANY, 0, 7, 7},                    /* mcounteren */
    {0x30a, CSR_ANY, 0, 0xc0000000000000c1, 0xc0000000000000c1},
    {0x320, CSR_ANY, 0, 5, 5},                    /* mcountinhibit */
    {0x323, CSR_READ, 0, 0, 0},                   /* mhpmevent3 */
    {0x33f, CSR_READ, 0, 0, 0},                   /* mhpmevent31 */
    {0x340, CSR_ANY, 0, ALL, ALL},                /* mscratch */
    {0x341, CSR_ANY, 0, ~1ull, ALL},              /* mepc */
    {0x342, CSR_CAUSE, 0, 0, ALL},                /* mcause */
    {0x343, CSR_ANY, 0, ALL, ALL},                /* mtval */
    {0x344, CSR_PENDING, 0, 0, 0x222},            /* mip */
    {0x3a0, CSR_READ, 0, 0, ALL},                 /* pmpcfg0 */
    {0x3a2, CSR_M, 0x1f00000000000000, 0x00051d1d1d1d1d1d, ALL},
    {0x3b8, CSR_M, 0, 0x3fffffffffffff, ALL},     /* pmpaddr8 */
    {0x3bd, CSR_M, 0, 0x3fffffffffffff, ALL},     /* pmpaddr13 */
    {0x3bf, CSR_READ, 0, 0, ALL},                 /* pmpaddr15 */
    {0xb00, CSR_READ, 0, 0, 0},                   /* mcycle */
    {0xb02, CSR_READ, 0, 0, 0},                   /* minstret */
    {0xb03, CSR_READ, 0, 0, 0},                   /* mhpmcounter3 */
    {0xf11, CSR_READ, 0, 0, 0},                   /* mvendorid */
    {0xf12, CSR_READ, 0, 0, 0},                   /* marchid */
    {0xf13, CSR_READ, 0, 0, 0},                   /* mimpid */
    {0xf14, CSR_READ, 0, 0, ALL},                 /* mhartid */
    {0xf15, CSR_READ, 0, 0, ALL},                 /* mconfigptr */
};
const size_t csr_count = sizeof csrs / sizeof *csrs;

/* Ranges that hold CSRs which exist, or which the machines may differ in. */
static const uint16_t present[][2] = {
    {0x001, 0x003}, {0x100, 0x100}, {0x104, 0x106}, {0x10a, 0x10f},
    {0x140, 0x144}, {0x14d, 0x14d}, {0x150, 0x15d}, {0x180, 0x181},
    {0x200, 0x2ff}, {0x300, 0x306}, {0x308, 0x30f}, {0x310, 0x320},
    {0x321, 0x322}, {0x323, 0x34f}, {0x350, 0x35f}, {0x3a0, 0x3ef},
    {0x5a8, 0x5af}, {0x600, 0x6ff}, {0x723, 0x73f}, {0x747, 0x757},
    {0x7a0, 0x7bf}, {0x800, 0x8ff}, {0xb00, 0xb1f}, {0xc00, 0xc1f},
    {0xda0, 0xda0}, {0xdb0, 0xdbf}, {0xe00, 0xe1f}, {0xf11, 0xf15},
    {0xfb0, 0xfb0},
};

bool csr_must_be_absent(unsigned number)
{
    for (size_t i = 0; i < sizeof present / sizeof *present; i++)
        if (number >= present[i][0] && number <= present[i][1])
            return false;
    return true;
}
