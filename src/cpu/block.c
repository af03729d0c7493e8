/*
 * Decoded code. Blocks live in an arena that is emptied as a whole when it is
 * full; they are found by physical address through a hash, and each page of
 * RAM lists its own, so that a store drops exactly those it overwrites. A
 * dropped block is only marked (BLOCK_DEAD): links and jump tables may still
 * point to it, and find that they cannot enter it.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "cpu/op.h"

#define ARENA_SIZE ((size_t)32 << 20)
#define HASH_BITS 17
#define GRANULE 64 /* bytes that one bit of code_page.granules stands for */

static uint64_t ram_page(const struct engine *e, uint64_t pa)
{
    return (pa - e->bus->ram.base) / RAM_PAGE;
}

static struct block **hash_slot(const struct engine *e, uint64_t pa)
{
    uint64_t key = (pa >> 1) * UINT64_C(0x9e3779b97f4a7c15);

    return &e->hash[key >> (64 - HASH_BITS)];
}

static void arena_reset(struct engine *e)
{
    memset(e->hash, 0, sizeof *e->hash << HASH_BITS);
    memset(e->found, 0, sizeof *e->found * FOUND_BLOCKS);
    e->used = 0;
}

/* Of the host's memory it takes what is used of it, and no more. NULL: none. */
static uint8_t *arena_map(void)
{
    void *arena = mmap(NULL, ARENA_SIZE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return arena == MAP_FAILED ? NULL : arena;
}

struct engine *engine_new(struct bus *bus, const struct isa *isa)
{
    struct engine *e = calloc(1, sizeof *e);
    uint64_t pages = bus->ram.size / RAM_PAGE;

    if (!e)
        return NULL;
    e->bus = bus;
    e->isa = isa;
    e->none = calloc(1, sizeof *e->none);
    e->hash = calloc((size_t)1 << HASH_BITS, sizeof *e->hash);
    e->found = calloc(FOUND_BLOCKS, sizeof *e->found);
    e->page = calloc(pages, sizeof *e->page);
    e->store_cached = calloc(pages, sizeof *e->store_cached);
    e->store_epoch = 1;
    e->arena = arena_map();
    if (!e->none || !e->hash || !e->found || !e->page || !e->store_cached ||
        !e->arena) {
        engine_free(e);
        return NULL;
    }
    e->none->n = BLOCK_DEAD;
    bus->ram.code_written = code_page_written;
    bus->ram.code_context = e;
    return e;
}

void engine_free(struct engine *e)
{
    if (!e)
        return;
    if (e->bus->ram.code_context == e) {
        e->bus->ram.code_written = NULL;
        e->bus->ram.code_context = NULL;
    }
    free(e->none);
    free(e->hash);
    free(e->found);
    free(e->page);
    free(e->store_cached);
    if (e->arena)
        munmap(e->arena, ARENA_SIZE);
    free(e);
}

void engine_flush(struct engine *e)
{
    uint64_t pages = e->bus->ram.size / RAM_PAGE;

    for (uint64_t i = 0; i < pages; i++) {
        if (e->page[i]) {
            e->page[i] = NULL;
            e->bus->ram.flags[i] &= (uint8_t)~RAM_CODE;
        }
    }
    arena_reset(e);
    for (unsigned i = 0; i < e->harts; i++) {
        struct hart_private *p = e->hart[i]->private_;

        p->generation++;
        p->link = NULL;
        if (p->context)
            context_select(e->hart[i]);
    }
}

static void *allocate(struct engine *e, size_t size)
{
    void *p = e->arena + e->used;

    e->used += (size + 15) & ~(size_t)15;
    return p;
}

/* Room for the largest block and a code page, flushing if there is none. */
static void make_room(struct engine *e)
{
    size_t most = sizeof(struct block) + 2 * sizeof(struct code_page) + 64 +
                  (BLOCK_OPS + BLOCK_TRAILER) * sizeof(struct op);

    if (e->used + most > ARENA_SIZE)
        engine_flush(e);
}

/* The record of the page that has pa, from now on a page with code. */
static struct code_page *page_of(struct engine *e, uint64_t pa)
{
    uint64_t i = ram_page(e, pa);

    if (!e->page[i]) {
        e->page[i] = allocate(e, sizeof *e->page[i]);
        *e->page[i] = (struct code_page){0};
    }
    if (!(e->bus->ram.flags[i] & RAM_CODE)) {
        e->bus->ram.flags[i] |= RAM_CODE;
        if (e->store_cached[i] == e->store_epoch)
            engine_drop_store_tlbs(e);
    }
    return e->page[i];
}

/* The granules that [from, to), offsets in a page, touches. */
static uint64_t granules(uint64_t from, uint64_t to)
{
    return MASK((to - 1) / GRANULE, from / GRANULE);
}

static struct found_block *found_slot(const struct engine *e, uint64_t pa)
{
    return &e->found[(pa >> 1 ^ pa >> 14) % FOUND_BLOCKS];
}

struct block *block_find(struct engine *e, uint64_t pa, uint64_t second_page)
{
    struct found_block *f = found_slot(e, pa);
    struct block *b = f->block;

    if (LIKELY(b && f->pa == pa && second_page == NO_PAGE))
        return b;
    b = *hash_slot(e, pa);
    while (b && (b->pa != pa || b->second_page != second_page))
        b = b->hash_next;
    if (b && second_page == NO_PAGE)
        *f = (struct found_block){pa, b};
    return b;
}

static void set_link(const struct engine *e, struct op *slot, bool near)
{
    *slot = (struct op){.run = near ? op_leave : NULL};
    slot->link = e->none;
}

/* The sentinel, `at` halfwords into the block, and links that nobody has set
   and nobody is to set. */
static void close_block(const struct engine *e, struct op *o, unsigned at,
                        op_handler *sentinel)
{
    *o = (struct op){.run = sentinel, .rd = OP_SENTINEL, .at = (uint8_t)at};
    set_link(e, o + 1, false);
    set_link(e, o + 2, false);
}

static uint32_t bits_at(const uint8_t *code, uint64_t room)
{
    uint16_t low, high = 0;

    memcpy(&low, code, 2);
    if ((low & 3) == 3 && room >= 4)
        memcpy(&high, code + 2, 2);
    return low | (uint32_t)high << 16;
}

/* Does the instruction jump, by how much from the block's start? */
static bool jump_offset(const struct insn *i, unsigned at, int64_t *offset)
{
    enum insn_class class = insn_class((enum insn_op)i->op);

    *offset = i->imm + 2 * (int64_t)at;
    return i->op != INSN_illegal &&
           (class == CLASS_BRANCH || i->op == INSN_jal);
}

/* Decodes at most `most` of the instructions at b->pa into b->ops, to the one
   that ends the block or the page, or to a stop point; `last` is the last one.
 */
static unsigned decode_ops(const struct engine *e, struct block *b,
                           unsigned most, struct insn *last)
{
    const struct ram *ram = &e->bus->ram;
    const uint8_t *code = ram->bytes + (b->pa - ram->base);
    uint64_t room = RAM_PAGE - b->pa % RAM_PAGE;
    bool breaks = ram->flags[ram_page(e, b->pa)] & RAM_BREAK;
    struct op_flow flow = OP_FLOW_START;
    unsigned at = 0, n = 0;

    while (n < most && 2u * at + 2 <= room) {
        uint32_t raw = bits_at(code + 2 * at, room - 2u * at);

        if (UNLIKELY(breaks) &&
            stops_at_offset(e, (b->pa + 2u * at) % RAM_PAGE))
            break;
        if ((raw & 3) == 3 && 2u * at + 4 > room)
            break;
        insn_decode(raw, e->isa, last);
        op_make(e, last, at, &flow, &b->ops[n++]);
        at += last->length / 2;
        if (op_ends_block(last->op))
            break;
    }
    b->n = n;
    b->bytes = 2 * at;
    return n;
}

/* Which of the links may be set: those that stay in the page. */
static void set_links(const struct engine *e, struct block *b,
                      const struct insn *last)
{
    uint64_t offset = b->pa % RAM_PAGE;
    unsigned at = (unsigned)b->bytes / 2;
    struct op *end = &b->ops[b->n];
    int64_t jump;

    close_block(e, end, at, op_end);
    set_link(e, end + 1, offset + b->bytes < RAM_PAGE);
    if (jump_offset(last, at - last->length / 2, &jump))
        set_link(e, end + 2, offset + (uint64_t)jump < RAM_PAGE);
}

static void enter_block(struct engine *e, struct block *b)
{
    struct code_page *page = page_of(e, b->pa);
    struct block **slot = hash_slot(e, b->pa);
    uint64_t offset = b->pa % RAM_PAGE, end = offset + b->bytes;

    b->hash_next = *slot;
    *slot = b;
    b->page_next[0] = page->blocks[0];
    page->blocks[0] = b;
    page->granules |= granules(offset, end < RAM_PAGE ? end : RAM_PAGE);
}

static bool begins_at_stop(const struct engine *e, uint64_t pa)
{
    return (e->bus->ram.flags[ram_page(e, pa)] & RAM_BREAK) &&
           stops_at_offset(e, pa % RAM_PAGE);
}

/* Without operations; it stands for the halfword where it stops. */
void block_break(const struct engine *e, struct block *b)
{
    b->n = 0;
    b->bytes = 2;
    close_block(e, b->ops, 0, op_break);
}

static struct block *decode_break(struct engine *e, struct block *b)
{
    allocate(e, sizeof *b + BLOCK_TRAILER * sizeof(struct op));
    block_break(e, b);
    enter_block(e, b);
    return b;
}

struct block *block_decode(struct engine *e, uint64_t pa)
{
    struct insn last = {0};
    struct block *b;
    unsigned n;

    make_room(e);
    b = (struct block *)(void *)(e->arena + e->used);
    b->pa = pa;
    b->second_page = NO_PAGE;
    if (begins_at_stop(e, pa))
        return decode_break(e, b);
    n = decode_ops(e, b, BLOCK_OPS, &last);
    if (n == 0)
        return NULL;
    allocate(e, sizeof *b + (n + BLOCK_TRAILER) * sizeof(struct op));
    set_links(e, b, &last);
    enter_block(e, b);
    return b;
}

void block_single(struct engine *e, struct block *b, uint32_t raw)
{
    struct op_flow flow = OP_FLOW_START;
    struct insn i;

    insn_decode(raw, e->isa, &i);
    op_make(e, &i, 0, &flow, &b->ops[0]);
    b->n = 1;
    b->bytes = i.length;
    close_block(e, &b->ops[1], i.length / 2, op_end);
}

struct block *block_decode_crossing(struct engine *e, uint64_t pa,
                                    uint64_t second_page, uint32_t raw)
{
    struct code_page *second;
    struct block *b;

    make_room(e);
    b = allocate(e, sizeof *b + (1 + BLOCK_TRAILER) * sizeof(struct op));
    b->pa = pa;
    b->second_page = second_page;
    block_single(e, b, raw);
    enter_block(e, b);
    second = page_of(e, second_page);
    second->granules |= granules(0, 2);
    b->page_next[1] = second->blocks[1];
    second->blocks[1] = b;
    return b;
}

/* Decoded again, for the last one must not run on as the first of a pair. */
void block_prefix(struct engine *e, struct block *to, const struct block *from,
                  unsigned n)
{
    struct insn last;

    to->pa = from->pa;
    decode_ops(e, to, n, &last);
    close_block(e, &to->ops[n], (unsigned)to->bytes / 2, op_leave);
}

static void unhash(struct engine *e, struct block *b)
{
    struct block **slot = hash_slot(e, b->pa);

    while (*slot && *slot != b)
        slot = &(*slot)->hash_next;
    if (*slot)
        *slot = b->hash_next;
    if (found_slot(e, b->pa)->block == b)
        found_slot(e, b->pa)->block = NULL;
}

/*
 * Drops the blocks of one list that overlap [from, to), offsets in the page
 * (those that cross into it have their last 2 bytes at its start). Returns the
 * granules of those that remain. A block dropped from its other page's list is
 * met here dead, and leaves.
 */
static uint64_t drop_overlapping(struct engine *e, struct block **list,
                                 unsigned which, uint64_t from, uint64_t to)
{
    uint64_t kept = 0;

    while (*list) {
        struct block *b = *list;
        uint64_t start = which ? 0 : b->pa % RAM_PAGE;
        uint64_t end = which ? 2 : start + b->bytes;

        if (end > RAM_PAGE)
            end = RAM_PAGE;
        if (b->n != BLOCK_DEAD && (end <= from || to <= start)) {
            kept |= granules(start, end);
            list = &b->page_next[which];
            continue;
        }
        *list = b->page_next[which];
        if (b->n != BLOCK_DEAD) {
            b->n = BLOCK_DEAD;
            unhash(e, b);
            e->drops++;
        }
    }
    return kept;
}

void code_written(struct engine *e, uint64_t pa, uint64_t len)
{
    uint64_t i = ram_page(e, pa), from = pa % RAM_PAGE;
    struct code_page *page = e->page[i];

    if (!page || !(page->granules & granules(from, from + len)))
        return;
    page->granules =
        drop_overlapping(e, &page->blocks[0], 0, from, from + len) |
        drop_overlapping(e, &page->blocks[1], 1, from, from + len);
    if (!page->granules)
        e->bus->ram.flags[i] &= (uint8_t)~RAM_CODE;
}

void code_page_written(void *engine, uint64_t page_pa)
{
    struct engine *e = engine;

    code_written(e, page_pa, RAM_PAGE);
    e->bus->ram.flags[ram_page(e, page_pa)] &= (uint8_t)~RAM_CODE;
}
