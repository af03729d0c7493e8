#include "machine/checkpoints.h"

#include <stdlib.h>
#include <string.h>

#include "machine/machine_state.h"
#include "machine/run.h"
#include "machine/state_buffer.h"

#define BLOCK RAM_PAGE /* bytes of a disk that are kept together */

/* What a page or block held before it was written. */
struct kept {
    uint32_t place; /* RAM: the page; a disk: the block */
    uint8_t disk;   /* which disk; RAM: NO_DISK */
    uint8_t *copy;  /* NULL: zeros */
};
#define NO_DISK BOARD_MAX_DISKS

struct checkpoint {
    uint64_t time;  /* machine_total */
    uint8_t *state; /* of machine_state */
    size_t state_size;
    bool finished, reset_wanted;
    int status;
    struct input_mark mark;
    /* What has been written since it was taken and before the next was. */
    struct kept *kept;
    size_t kept_count, kept_room;
    bool broken; /* not all of that could be kept */
};

struct checkpoints {
    struct machine *m;
    struct board *b;
    struct bare *bottom;
    void (*also)(void *context, struct state *s); /* NULL: nothing else */
    void *context;
    uint64_t place; /* of the machine's RAM in that of `bottom`, pages */
    uint64_t pages;
    struct page_store store;
    struct checkpoint *checkpoint; /* [count], the oldest first */
    unsigned count, room;
    uint8_t *block_kept[BOARD_MAX_DISKS]; /* by block: since the newest */
};

static struct checkpoint *newest(struct checkpoints *c)
{
    return c->count ? &c->checkpoint[c->count - 1] : NULL;
}

/* ---- copy on write ---- */

static struct kept *add_kept(struct checkpoint *p)
{
    if (p->kept_count == p->kept_room) {
        size_t room = p->kept_room ? 2 * p->kept_room : 64;
        struct kept *more = realloc(p->kept, room * sizeof *more);

        if (!more)
            return NULL;
        p->kept = more;
        p->kept_room = room;
    }
    return &p->kept[p->kept_count++];
}

static void keep(struct checkpoints *c, unsigned disk, uint64_t place,
                 const uint8_t *bytes)
{
    struct checkpoint *p = newest(c);
    struct kept *k = add_kept(p);

    if (!k) {
        p->broken = true;
        return;
    }
    *k = (struct kept){ .place = (uint32_t)place, .disk = (uint8_t)disk };
    if (page_store_copy(&c->store, bytes, &k->copy))
        return;
    p->kept_count--;
    p->broken = true;
}

static void page_written(void *checkpoints, uint64_t page_pa)
{
    struct checkpoints *c = checkpoints;
    struct ram *ram = &c->bottom->board.bus.ram;
    uint64_t page = (page_pa - ram->base) / RAM_PAGE;

    keep(c, NO_DISK, page - c->place, ram->bytes + page * RAM_PAGE);
}

/* The block as it is on the disk; the last may go beyond its end. */
static bool read_block(struct disk *d, uint64_t block, uint8_t *bytes)
{
    uint64_t at = block * BLOCK, left = disk_bytes(d) - at;

    memset(bytes, 0, BLOCK);
    return disk_read(d, at, bytes, left < BLOCK ? left : BLOCK);
}

static void block_written(void *checkpoints, struct disk *d, uint64_t offset,
                          size_t len)
{
    struct checkpoints *c = checkpoints;
    unsigned n = 0;

    while (c->b->config.disk[n] != d)
        n++;
    for (uint64_t k = offset / BLOCK; len && k <= (offset + len - 1) / BLOCK;
         k++) {
        uint8_t bytes[BLOCK];

        if (c->block_kept[n][k] || !newest(c))
            continue;
        c->block_kept[n][k] = 1;
        if (read_block(d, k, bytes))
            keep(c, n, k, bytes);
        else
            newest(c)->broken = true;
    }
}

static uint64_t blocks(const struct disk *d)
{
    return (disk_bytes(d) + BLOCK - 1) / BLOCK;
}

/* From now on everything is copied before it is written. */
static void watch(struct checkpoints *c)
{
    uint8_t *flags = c->bottom->board.bus.ram.flags + c->place;

    for (uint64_t k = 0; k < c->pages; k++)
        flags[k] |= RAM_WATCHED;
    for (unsigned h = 0; h < c->bottom->machine.harts; h++)
        hart_drop_write_tlb(&c->bottom->hart[h]);
    for (unsigned k = 0; k < c->b->config.disks; k++)
        memset(c->block_kept[k], 0, blocks(c->b->config.disk[k]));
}

static void unwatch(struct checkpoints *c)
{
    uint8_t *flags = c->bottom->board.bus.ram.flags + c->place;

    for (uint64_t k = 0; k < c->pages; k++)
        flags[k] &= (uint8_t)~RAM_WATCHED;
    for (unsigned k = 0; k < c->b->config.disks; k++)
        c->b->config.disk[k]->written = NULL;
}

/* ---- making the list ---- */

/* Where the machine's RAM is in that of `bottom`; false: not in one piece. */
static bool find_ram(struct checkpoints *c)
{
    const struct ram *own = &c->b->bus.ram;
    struct ram *ram = &c->bottom->board.bus.ram;
    uint8_t *first = c->m->ops->ram(c->m, own->base, RAM_PAGE, false);

    c->pages = own->size / RAM_PAGE;
    if (!first)
        return false;
    c->place = (uint64_t)(first - ram->bytes) / RAM_PAGE;
    for (uint64_t k = 0; k < c->pages; k++)
        if (c->m->ops->ram(c->m, own->base + k * RAM_PAGE, RAM_PAGE, false) !=
            first + k * RAM_PAGE)
            return false;
    return true;
}

static bool watch_disks(struct checkpoints *c)
{
    for (unsigned k = 0; k < c->b->config.disks; k++) {
        struct disk *d = c->b->config.disk[k];

        c->block_kept[k] = calloc(blocks(d) + 1, 1);
        if (!c->block_kept[k])
            return false;
        d->written = block_written;
        d->context = c;
    }
    return true;
}

struct checkpoints *checkpoints_new(struct machine *m, struct board *b,
                                    struct bare *bottom)
{
    struct checkpoints *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    c->m = m;
    c->b = b;
    c->bottom = bottom;
    if (!find_ram(c) || !watch_disks(c)) {
        checkpoints_free(c);
        return NULL;
    }
    bottom->board.bus.ram.watched_written = page_written;
    bottom->board.bus.ram.watch_context = c;
    return c;
}

static void drop_kept(struct checkpoints *c, struct checkpoint *p)
{
    for (size_t k = 0; k < p->kept_count; k++)
        page_store_drop(&c->store, p->kept[k].copy);
    p->kept_count = 0;
}

static void free_checkpoint(struct checkpoints *c, struct checkpoint *p)
{
    drop_kept(c, p);
    free(p->kept);
    free(p->state);
}

void checkpoints_free(struct checkpoints *c)
{
    if (!c)
        return;
    unwatch(c);
    for (unsigned i = 0; i < c->count; i++)
        free_checkpoint(c, &c->checkpoint[i]);
    for (unsigned k = 0; k < BOARD_MAX_DISKS; k++)
        free(c->block_kept[k]);
    page_store_free(&c->store);
    free(c->checkpoint);
    free(c);
}

/* ---- taking one ---- */

static bool make_room(struct checkpoints *c)
{
    unsigned room = c->room ? 2 * c->room : 16;
    struct checkpoint *more;

    if (c->count < c->room)
        return true;
    more = realloc(c->checkpoint, room * sizeof *more);
    if (!more)
        return false;
    c->checkpoint = more;
    c->room = room;
    return true;
}

void checkpoints_keep(struct checkpoints *c,
                      void (*also)(void *context, struct state *s),
                      void *context)
{
    c->also = also;
    c->context = context;
}

static void move_state(struct checkpoints *c, struct state *s)
{
    machine_state(c->m, c->b, s);
    if (c->also)
        c->also(c->context, s);
}

bool checkpoints_take(struct checkpoints *c)
{
    struct state_buffer buffer;

    state_buffer_save(&buffer);
    move_state(c, &buffer.state);
    if (buffer.no_memory || !make_room(c)) {
        state_buffer_free(&buffer);
        return false;
    }
    c->checkpoint[c->count++] = (struct checkpoint){
        .time = machine_total(c->b),
        .state = buffer.bytes,
        .state_size = buffer.size,
        .finished = c->b->finished,
        .reset_wanted = c->b->reset_wanted,
        .status = c->b->status,
        .mark = inputs_mark(c->b->config.inputs),
    };
    watch(c);
    return true;
}

unsigned checkpoints_count(const struct checkpoints *c)
{
    return c->count;
}

uint64_t checkpoints_at(const struct checkpoints *c, unsigned i)
{
    return c->checkpoint[i].time;
}

int checkpoints_before(const struct checkpoints *c, uint64_t time)
{
    unsigned i = c->count;

    while (i > 0 && c->checkpoint[i - 1].time > time)
        i--;
    return (int)i - 1;
}

/* ---- going back ---- */

static const uint8_t zeros[BLOCK];

static void put_back(struct checkpoints *c, const struct kept *k)
{
    const uint8_t *bytes = k->copy ? k->copy : zeros;
    struct disk *d;
    uint64_t left;

    if (k->disk == NO_DISK) {
        struct ram *ram = &c->bottom->board.bus.ram;
        uint64_t pa = ram->base + (c->place + k->place) * RAM_PAGE;

        memcpy(ram_pointer(ram, pa, RAM_PAGE, true), bytes, RAM_PAGE);
        return;
    }
    d = c->b->config.disk[k->disk];
    left = disk_bytes(d) - (uint64_t)k->place * BLOCK;
    disk_write(d, (uint64_t)k->place * BLOCK, bytes,
               left < BLOCK ? left : BLOCK);
}

/* What is put back is not to be kept again. */
static void stop_keeping(struct checkpoints *c)
{
    uint8_t *flags = c->bottom->board.bus.ram.flags + c->place;

    for (uint64_t k = 0; k < c->pages; k++)
        flags[k] &= (uint8_t)~RAM_WATCHED;
    for (unsigned k = 0; k < c->b->config.disks; k++)
        memset(c->block_kept[k], 1, blocks(c->b->config.disk[k]));
}

/* The newest first: what an older one kept was there before. */
static void put_all_back(struct checkpoints *c, unsigned i)
{
    stop_keeping(c);
    for (unsigned n = c->count; n-- > i;)
        for (size_t k = 0; k < c->checkpoint[n].kept_count; k++)
            put_back(c, &c->checkpoint[n].kept[k]);
}

static void load_state(struct checkpoints *c, const struct checkpoint *p)
{
    struct state_buffer buffer;

    state_buffer_load(&buffer, p->state, p->state_size);
    move_state(c, &buffer.state);
    c->b->finished = p->finished;
    c->b->reset_wanted = p->reset_wanted;
    c->b->status = p->status;
    inputs_return(c->b->config.inputs, p->mark);
}

bool checkpoints_restore(struct checkpoints *c, unsigned i)
{
    for (unsigned n = i; n < c->count; n++)
        if (c->checkpoint[n].broken)
            return false;
    put_all_back(c, i);
    while (c->count > i + 1)
        free_checkpoint(c, &c->checkpoint[--c->count]);
    drop_kept(c, &c->checkpoint[i]);
    load_state(c, &c->checkpoint[i]);
    watch(c);
    return true;
}

/* ---- thinning them out ---- */

static int by_place(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;

    if (x->disk != y->disk)
        return x->disk < y->disk ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static void sort(struct checkpoint *p)
{
    if (p->kept_count)
        qsort(p->kept, p->kept_count, sizeof *p->kept, by_place);
}

/* What `p` kept and `before` did not, was the same at `before`. */
static void merge(struct checkpoint *before, struct checkpoint *p)
{
    size_t known = before->kept_count, at = 0;

    sort(before);
    sort(p);
    for (size_t k = 0; k < p->kept_count; k++) {
        struct kept *more;

        while (at < known && by_place(&before->kept[at], &p->kept[k]) < 0)
            at++;
        if (at < known && by_place(&before->kept[at], &p->kept[k]) == 0)
            continue;
        more = add_kept(before);
        if (!more) {
            before->broken = true;
            continue;
        }
        *more = p->kept[k];
        p->kept[k].copy = NULL;
    }
    before->broken |= p->broken;
}

/* The newest one goes on keeping, but not what it has. */
static void keep_on(struct checkpoints *c)
{
    uint8_t *flags = c->bottom->board.bus.ram.flags + c->place;
    const struct checkpoint *p = newest(c);

    for (size_t n = 0; n < p->kept_count; n++) {
        const struct kept *k = &p->kept[n];

        if (k->disk == NO_DISK)
            flags[k->place] &= (uint8_t)~RAM_WATCHED;
        else
            c->block_kept[k->disk][k->place] = 1;
    }
}

void checkpoints_drop(struct checkpoints *c, unsigned i)
{
    struct checkpoint *p = &c->checkpoint[i];

    if (i > 0)
        merge(p - 1, p);
    free_checkpoint(c, p);
    memmove(p, p + 1, (c->count - i - 1) * sizeof *p);
    c->count--;
    if (c->count == 0)
        stop_keeping(c);
    else if (i == c->count)
        keep_on(c);
}

uint64_t checkpoints_bytes(const struct checkpoints *c)
{
    uint64_t bytes = c->store.copies * RAM_PAGE;

    for (unsigned i = 0; i < c->count; i++)
        bytes += c->checkpoint[i].state_size +
                 c->checkpoint[i].kept_room * sizeof(struct kept);
    return bytes;
}
