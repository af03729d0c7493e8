/*
 * Inside src/cpu only: what the engine is made of. docs/engine.md tells the
 * story; in short: guest code is decoded once into blocks of operations
 * (struct op), a handler executes one operation and tail-calls the next, and a
 * translation context says where virtual pages are in host memory.
 */
#ifndef POGO_CPU_ENGINE_H
#define POGO_CPU_ENGINE_H

#include "cpu/stops.h"
#include "isa/insn.h"
#include "mmu/translations.h"

/* Little-endian hosts only: guest memory is accessed as host memory. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "little-endian host");

#define LIKELY(x)   __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define NOINLINE    __attribute__((noinline))

struct op;
struct block;

/*
 * What a handler gets, in host registers: the hart, its operation, the virtual
 * address of the block's start, how much of the budget will be left when the
 * block has run, the translation context, and the accumulator: what the last
 * operation that wrote an x register wrote there (it is in h->x too). Handlers
 * that take an operand from it need not wait for the store.
 */
#define OP_ARGS                                                                \
    struct hart *h, const struct op *o, uint64_t pc, int64_t budget,           \
        struct context *t, uint64_t acc __attribute__((unused))
typedef void op_handler(OP_ARGS);

/*
 * One decoded instruction, 16 bytes. After a block's last one comes a sentinel
 * (rd == OP_SENTINEL; its `at` is the block's length), then two link slots:
 * the blocks that follow where the last instruction does not jump and where it
 * does. A slot's `run` is not NULL if the target is in the block's own page, so
 * that the link holds whatever the page's address is.
 */
struct op {
    op_handler *run;
    union {
        struct {
            int32_t imm;
            uint8_t rd, rs1, rs2;
            uint8_t at; /* halfwords from the block's start */
        };
        struct block *link;
    };
};

#define OP_SENTINEL   0xff
#define BLOCK_OPS     64 /* at most, so that `at` fits 8 bits */
#define BLOCK_TRAILER 3  /* sentinel and links */
#define BLOCK_DEAD    INT64_MAX

struct block {
    uint64_t pa;          /* of its first byte */
    uint64_t second_page; /* physical page of the second half of the only
                             instruction, which crosses pages; or NO_PAGE */
    struct block *hash_next;
    struct block *page_next[2]; /* of its page; of second_page */
    uint64_t bytes;
    int64_t n; /* instructions; BLOCK_DEAD: its code was written. Such a block
                  needs more than any budget, so that nobody enters it */
    struct op ops[];
};

#define NO_PAGE (~UINT64_C(0))

/* The decoded code of one page of RAM. */
struct code_page {
    struct block *blocks[2]; /* begin here; cross into here */
    uint64_t granules;       /* bit n: code in the n-th 64 bytes */
};

#define ENGINE_MAX_HARTS 8

/* The blocks found last, by physical address: in front of the hash, for a new
   address space asks for all of the kernel's anew. */
struct found_block {
    uint64_t pa;
    struct block *block; /* NULL: none */
};
#define FOUND_BLOCKS 8192

struct engine {
    struct bus *bus;
    const struct isa *isa;
    struct hart *hart[ENGINE_MAX_HARTS];
    unsigned harts;
    struct block *none;  /* dead: what an unset link points to */
    struct block **hash; /* by physical address */
    struct found_block *found;
    struct code_page **page; /* by page of RAM; NULL: never had code */
    uint32_t *store_cached;  /* by page of RAM: the epoch in which it was put
                                into some store TLB */
    uint32_t store_epoch;    /* moves on when all store TLBs are emptied */
    uint8_t *arena;          /* blocks and code pages */
    size_t used;
    uint64_t drops; /* stores that hit decoded code */
    const struct stops *stops; /* borrowed; NULL: none */
};

/*
 * A TLB entry holds if (va without the offset, but with the bits that natural
 * alignment wants zero) == tag; then the byte is at host address va + addend.
 */
struct tlb_entry {
    uint64_t tag;
    uint64_t addend;
};
#define TLB_ENTRIES 1024
#define TLB_INVALID (~UINT64_C(0))

static inline unsigned tlb_index(uint64_t va)
{
    return (va >> PAGE_SHIFT) & (TLB_ENTRIES - 1);
}

/* Where the block for a virtual address is. A page's entries lie together, so
   that one page can be forgotten. */
struct jump_entry {
    uint64_t va;
    struct block *block;
};
#define JUMP_PAGES     64
#define JUMPS_PER_PAGE 64

static inline unsigned jump_index(uint64_t va)
{
    uint64_t page = va >> PAGE_SHIFT, at = va >> 1;

    return ((page ^ page >> 6) & (JUMP_PAGES - 1)) * JUMPS_PER_PAGE +
           ((at ^ at >> 6) & (JUMPS_PER_PAGE - 1));
}

/* A page from which code may be fetched: RAM, one PMP right all over it. */
struct fetch_entry {
    uint64_t tag; /* virtual page */
    uint64_t pa;  /* physical page */
};
#define FETCH_ENTRIES 128

/*
 * What the hart has at hand of one way of translating, that is for one satp and
 * one view. Whatever is in here is in the hart's translations too, where these
 * are about page tables at all; and goes when it goes there.
 */
struct context {
    struct tlb_entry load[TLB_ENTRIES];
    struct tlb_entry store[TLB_ENTRIES];
    struct jump_entry jump[JUMP_PAGES * JUMPS_PER_PAGE];
    struct fetch_entry fetch[FETCH_ENTRIES];
    uint64_t satp;  /* 0 when nothing is translated */
    uint8_t view;   /* translation_view() */
    unsigned space; /* of the hart's translations; NO_SPACE: none */
    uint64_t generation, store_generation; /* of its content */
    uint64_t used;                         /* when last switched to */
};

#define CONTEXTS 32

/* Why the operations returned to the loop. */
enum leave {
    LEAVE_LOOKUP, /* find the block for h->pc and run it */
    LEAVE_CHECK,  /* a device or CSR access: look at events first */
    LEAVE_EVENT,  /* a CSR write moved the timer: STOP_EVENT */
    LEAVE_TRAP,   /* exception in `trap`, pc at the instruction */
    LEAVE_WAIT,   /* wfi */
    LEAVE_BREAK,  /* at a stop point, before the instruction at h->pc */
};

struct hart_private {
    uint64_t end; /* csr.count when the budget is used up */
    int64_t left; /* of the budget, whenever no operation is running */
    uint64_t gap; /* csr.count - csr.instret */
    struct context *context; /* the current one … */
    uint64_t satp, mstatus;  /* … and what it was chosen by: the same of the */
    uint8_t priv;            /* hart's, and the bits VIEW_MSTATUS */
    enum leave leave;
    struct trap trap;
    uint64_t value;  /* what a slow load has loaded */
    uint8_t *host;   /* where a slow AMO finds its operand */
    unsigned flags;  /* raised by the FP operation under way */
    bool stopped; /* LEAVE_TRAP: not a trap, but an access that is watched: */
    struct stops_event stop;
    bool asked; /* it has been asked for: let it pass */
    struct op *link; /* to be set to the next block, or NULL */

    struct translations kept; /* what all contexts are filled from */

    /* Made when first needed; the first with the hart. */
    struct context *contexts[CONTEXTS];
    unsigned contexts_made;
    uint64_t generation;       /* contexts of another one are stale */
    uint64_t store_generation; /* the same for their store TLB */
    uint64_t tick;
    /* Where the dispatch goes on when operations do not tail-call. */
    const struct op *next;
    uint64_t next_pc;
    int64_t next_budget;
    struct context *next_context;
    uint64_t next_acc;

    /* A block that is not kept: part of another, or uncacheable code. */
    _Alignas(
        16) uint64_t scratch[(sizeof(struct block) +
                              sizeof(struct op) * (BLOCK_OPS + BLOCK_TRAILER)) /
                             8];
};

/* --- block.c: decoded code --- */

/* The live block for physical address pa, or NULL. For an instruction that
   crosses pages, second_page is where it goes on; else NO_PAGE. */
struct block *block_find(struct engine *e, uint64_t pa, uint64_t second_page);
/* Decodes the code at pa, in RAM, up to the end of its page. NULL: the first
   instruction crosses the page's end. */
struct block *block_decode(struct engine *e, uint64_t pa);
/* A block of the one instruction `raw` at pa that goes on in second_page. */
struct block *block_decode_crossing(struct engine *e, uint64_t pa,
                                    uint64_t second_page, uint32_t raw);
/* Fills `b`, not to be found by anybody, with the one instruction `raw`. */
void block_single(struct engine *e, struct block *b, uint32_t raw);
/* Fills `b`, not to be found by anybody, with none: it stops. */
void block_break(const struct engine *e, struct block *b);
/* Fills `to`, not to be found by anybody, with the first n instructions of
   `from`, which has more. */
void block_prefix(struct engine *e, struct block *to, const struct block *from,
                  unsigned n);
/* [pa, pa+len), in one page of RAM, is being written: its code is dropped. */
void code_written(struct engine *e, uint64_t pa, uint64_t len);
/* ram.code_written: all code of a page. */
void code_page_written(void *engine, uint64_t page_pa);
/* Forgets all decoded code. */
void engine_flush(struct engine *e);

/* --- op_table.c --- */
bool op_ends_block(unsigned insn);
/* What making an operation needs to know of those before it in the block. */
struct op_flow {
    unsigned acc;    /* the x register whose value the accumulator has */
    uint8_t slot[4]; /* of the last operations, the last one last (pairs.h);
                        0: none */
    struct op_form {
        uint16_t insn;
        uint8_t form;
    } last[3]; /* the same: INSN_illegal: none */
};
#define ACC_NONE 0xff
#define OP_FLOW_START                                                          \
    {                                                                          \
        ACC_NONE, { 0 },                                                       \
        {                                                                      \
            {                                                                  \
                0, 0                                                           \
            }                                                                  \
        }                                                                      \
    }
/* Makes the operation for `i`, `at` halfwords into its block; those
   before it become the first of a pair or of four if they have a handler. */
void op_make(const struct engine *e, const struct insn *i, unsigned at,
             struct op_flow *flow, struct op *o);
/* From o itself to the end of its block, in instructions. */
static inline unsigned ops_left(const struct op *o)
{
    unsigned n = 0;

    while (o[n].rd != OP_SENTINEL)
        n++;
    return n;
}

/* --- context.c --- */
/* One more context; NULL: there are CONTEXTS, or no memory for it. */
struct context *context_more(struct hart_private *p);
/* Makes the context for the current mode and satp current, if it is not. */
void context_select(struct hart *h);
/* The rules of translation have changed (PMP, menvcfg): nothing is kept. */
void context_drop_all(struct hart *h);
/* The spaces that contexts stood for are gone: none is current any more. */
void context_forget_all(struct hart *h);
/* The translations' user: contexts forget what is dropped there. `hart` is a
   struct hart. */
void context_forget(void *hart, unsigned space, const uint64_t *va);
/* No store TLB of any hart has any page any more. */
void engine_drop_store_tlbs(struct engine *e);

/* --- memory.c and access.c: what the TLB does not answer --- */

enum outcome {
    ACCESS_DONE,
    ACCESS_TRAP, /* hart_private.trap says which; nothing has happened */
    ACCESS_END,  /* done, and the block has to end here */
};

/* Loads `size` bytes into hart_private.value, zero-extended. */
enum outcome hart_load(struct hart *h, const struct op *o, int64_t budget,
                       uint64_t va, unsigned size);
enum outcome hart_store(struct hart *h, const struct op *o, int64_t budget,
                        uint64_t va, unsigned size, uint64_t value);
/* Sets hart_private.host to the aligned operand of an AMO, SC (`access` is
   ACCESS_STORE) or LR (ACCESS_LOAD). */
enum outcome hart_atomic(struct hart *h, uint64_t va, unsigned size,
                         enum access access);
/* cbo.zero, and the permission checks of the other cbo. */
enum outcome hart_cbo_zero(struct hart *h, uint64_t va);
enum outcome hart_cbo_check(struct hart *h, uint64_t va);

/* Where `size` bytes at va, within one page, are. */
struct place {
    uint64_t pa;
    uint8_t *host; /* NULL: not RAM */
    bool kept;     /* its translation is */
};
/* Finds it; false: trap set. may_keep as for memory_translate. */
bool memory_locate(struct hart *h, uint64_t va, unsigned size,
                   enum access access, bool may_keep, struct place *out);
/*
 * Translates for `access`, as it is kept or else by a walk, which is kept if it
 * may be and may_keep; false: trap set. *checked: PMP allows it, all over the page.
 */
bool memory_translate(struct hart *h, uint64_t va, enum access access,
                      bool may_keep, uint64_t *pa, bool *checked);
static inline bool memory_fault(struct hart_private *p, uint64_t cause,
                                uint64_t tval)
{
    p->trap = (struct trap){ cause, tval };
    return false;
}

/* --- fetch.c --- */
/* The block for h->pc, or NULL: fetch fault, trap set. */
struct block *fetch_block(struct hart *h);

/* The instruction at h->pc alone, whatever stop point is there; NULL as above.
 */
struct block *fetch_once(struct hart *h);

/* --- stops.c: while engine.stops is not NULL --- */
/* Is there a stop point in va's page; at this offset of some page; at va? */
bool stops_in_page(const struct engine *e, uint64_t va);
bool stops_at_offset(const struct engine *e, uint64_t offset);
bool stops_at(const struct engine *e, uint64_t va);
/* Is there a watched byte in va's page? */
bool stops_watch_page(const struct engine *e, uint64_t va);
/* Must this access be asked for? Then the operation has to leave as if it
   trapped. */
bool stops_access(struct hart *h, uint64_t va, unsigned size,
                  enum access access);
/* Asks, at the exact count. `left` is what will be left when nothing of what is
   asked for happens. */
bool stops_ask(struct hart *h, const struct stops_event *e);
bool stops_ask_code(struct hart *h);
/* … for hart_private.trap; false without stops too. */
bool stops_ask_trap(struct hart *h);

/* --- run.c --- */
/* Brings the counts and the board's clock to where `left` is left. */
void hart_sync(struct hart *h, int64_t left);

#endif
