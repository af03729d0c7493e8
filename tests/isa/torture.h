/*
 * The generator's inner interfaces.  A struct program is one test program
 * being made; a struct body is the code of one block being written.
 */
#ifndef TORTURE_H
#define TORTURE_H

#include "encodings.h"
#include "layout.h"

/* ---- random numbers: xorshift64*, one stream a program ---- */

struct rng {
    uint64_t state;
};
uint64_t rng_next(struct rng *r);
/* Uniform in 0..n-1; n > 0. */
uint64_t rng_below(struct rng *r, uint64_t n);
bool rng_chance(struct rng *r, unsigned percent);
/* Integers and floating-point bit patterns at which things go wrong. */
uint64_t rng_interesting(struct rng *r);

/* ---- the program ---- */

enum {
    MAX_BLOCKS = 400,
    SPACES = 8,
    PMP_SETUPS = 8,
    LIST_WORDS = 192, /* a set of address lists: A 64, B 64, X 32, C 32 */
    LIST_SETS = SPACES + 1 + PMP_SETUPS,
    TESTED_ENTRIES = 64,
    CROSS_PAGES = 8, /* of each window: from these accesses may cross */
};

/* What may be used beyond what QEMU 7.2 has and does right. */
struct profile {
    bool zicond, cbo, zawrs, pte_reserved, ade, pbmte, ctzw;
};

/* One address space: satp and where its windows are. */
struct space {
    uint64_t satp;
    uint64_t s_alias, u_alias; /* add to a physical address */
    uint64_t live, pristine;   /* TESTED_ENTRIES entries, physical */
    uint64_t leaf_table;       /* physical; the last 48 of them lie here */
    uint64_t window;           /* virtual address its first entry maps */
};

/* A setting of all PMP registers. */
struct pmp_setup {
    uint64_t cfg[2], addr[16];
};

struct program {
    uint8_t *bytes; /* memory image from L_RAM to L_END */
    struct rng rng;
    struct profile profile;
    struct space spaces[SPACES];
    struct pmp_setup pmp[PMP_SETUPS + 1]; /* the last: everything allowed */
    uint64_t tables_used;
    uint64_t code_used;
    unsigned blocks;
    bool pmp_used; /* by the block before */
    double estimate; /* instructions executed in one round */
};

void put64(struct program *p, uint64_t pa, uint64_t value);
uint64_t get64(const struct program *p, uint64_t pa);

/* Physical address of list set i, and of its lists. */
uint64_t list_set(unsigned i);
#define LIST_A 0        /* RAM only: for AMOs too */
#define LIST_B (64 * 8) /* and addresses that fault in other ways */
#define LIST_X (128 * 8)/* to jump to */
#define LIST_C (160 * 8)/* at whose page's end accesses may cross */
#define BARE_SET SPACES
#define PMP_SET (SPACES + 1)

/* Fills in the address spaces, their tables and lists (pages.c). */
void pages_make(struct program *p);
/* A random leaf entry for a data page (pages.c). */
uint64_t pages_random_entry(struct program *p, uint64_t ppn);
/* Fills in the PMP settings and their lists (pmp.c). */
void pmp_make(struct program *p);
/* Writes one block and its descriptor (block.c). */
void block_make(struct program *p, unsigned index);

/* ---- the code of a block ---- */

enum mode { MODE_U = 0, MODE_S = 1, MODE_M = 3 };

#define FIXUPS 24
struct fixup {
    uint32_t at;   /* offset of the branch in the image */
    uint8_t form;  /* 'B', 'J', 'b' (c.beqz), 'j' (c.j), 'R' (auipc,
                      jalr), 'r' (auipc, addi, c.jr) */
    uint8_t items; /* how many items are still to be skipped */
};

struct body {
    struct program *p;
    struct rng *r;
    uint32_t start, at; /* offsets in the image */
    /* Reserved registers: bases of the pool, safe data, address under test,
       lists; loop counter. */
    uint8_t pool, data, test, lists, loop;
    enum mode mode; /* that the code runs in, unless a return trapped */
    struct space *space; /* NULL: satp is bare */
    unsigned space_index;
    bool uses_pmp, mprv, identity, tsr, tvm, stce, moved;
    bool pending; /* an interrupt was left for a lower mode to take */
    struct fixup fixups[FIXUPS];
    unsigned fixup_count;
    double weight; /* how often what is emitted now will run */
    double estimate;
};

void emit32(struct body *b, uint32_t word);
void emit16(struct body *b, uint16_t half);
/* rd = value, in as few instructions as is easy. */
void emit_li(struct body *b, unsigned rd, uint64_t value);
/* In M-mode: no interrupt is pending after it. */
void emit_clear_pending(struct body *b);
/* A register that may be overwritten (never x0), or any for reading. */
unsigned body_rd(struct body *b);
unsigned body_rs(struct body *b);
bool body_reserved(const struct body *b, unsigned reg);
/* Offset of the low 32 bits of the address of what is emitted next. */
uint64_t body_pc(const struct body *b);

uint32_t enc_r(uint32_t base, unsigned rd, unsigned rs1, unsigned rs2);
uint32_t enc_i(uint32_t base, unsigned rd, unsigned rs1, int32_t imm);
uint32_t enc_s(uint32_t base, unsigned rs2, unsigned rs1, int32_t imm);
#define OP_ADDI 0x13u
#define OP_ANDI 0x7013u
#define OP_XORI 0x4013u
#define OP_SLLI 0x1013u
#define OP_LD 0x3003u
#define OP_SD 0x3023u
#define OP_LW 0x2003u
#define OP_SW 0x2023u
#define OP_ADD 0x33u
#define OP_XOR 0x4033u
#define OP_AND 0x7033u
#define OP_CSRRW 0x1073u
#define OP_CSRRS 0x2073u
#define OP_CSRRC 0x3073u
uint32_t enc_csr(uint32_t base, unsigned rd, unsigned csr, unsigned rs1);

/* A random encoding of this kind. */
const struct encoding *encoding_pick(struct rng *r, enum kind kind);

/* Items: each emits a unit that branches may jump over but not into. */
void item_compute(struct body *b, enum kind kind);
void item_rvc(struct body *b);
void item_memory(struct body *b);
void item_rvc_memory(struct body *b);
void item_reload(struct body *b);
void item_cross(struct body *b);
void item_amo(struct body *b);
void item_lrsc(struct body *b);
void item_cbo(struct body *b);
void item_fence(struct body *b);
void item_branch(struct body *b);
void item_loop(struct body *b);
void item_wild_jump(struct body *b);
void item_self_modify(struct body *b);
void item_csr(struct body *b);
void item_csr_absent(struct body *b);
void item_counter(struct body *b);
void item_status(struct body *b);
void item_trap(struct body *b);
void item_return(struct body *b);
void item_illegal(struct body *b);
void item_interrupt(struct body *b);
void item_mprv(struct body *b);
void item_sfence(struct body *b);
void item_page_edit(struct body *b);

/* Called between items: lets forward branches arrive. */
void fixups_step(struct body *b);
void fixups_finish(struct body *b);

#endif
