/* A split virtqueue, the device's side; see virtqueue.h. */
#include "devices/virtqueue.h"

#include "bus/little_endian.h"

/* The rings' layout (VIRTIO 1.2, sections 2.7.5, 2.7.6 and 2.7.8), bytes. */
#define DESCRIPTOR_BYTES       16u
#define DESCRIPTOR_ALIGN       16u
#define AVAILABLE_FLAGS        0u
#define AVAILABLE_INDEX        2u
#define AVAILABLE_RING         4u
#define AVAILABLE_ENTRY        2u
#define AVAILABLE_ALIGN        2u
#define AVAILABLE_NO_INTERRUPT 1u
#define USED_INDEX             2u
#define USED_RING              4u
#define USED_ENTRY             8u
#define USED_ALIGN             4u

enum descriptor_flag {
    DESCRIPTOR_NEXT = 1,     /* `next` is valid */
    DESCRIPTOR_WRITE = 2,    /* the device may write, not read */
    DESCRIPTOR_INDIRECT = 4, /* it holds a table of descriptors */
};

struct descriptor {
    uint64_t pa;
    uint32_t len;
    uint16_t flags, next;
};

/* Descriptors that follow one another by `next`. */
struct table {
    uint64_t pa;
    uint64_t entries;
};

void virtqueue_reset(struct virtqueue *q, struct ram *ram)
{
    *q = (struct virtqueue){ .ram = ram };
}

/* Everything goes wrong through here: the queue is given up. */
static bool give_up(struct virtqueue *q)
{
    q->broken = true;
    return false;
}

static bool ring_fits(const struct virtqueue *q, uint64_t pa, uint64_t align,
                      uint64_t len)
{
    return pa % align == 0 && ram_contains(q->ram, pa, len);
}

/* Is the queue where the driver says it is? */
static bool is_placed(const struct virtqueue *q)
{
    uint64_t n = q->size;

    return n > 0 && n <= VIRTQUEUE_MAX && !(n & (n - 1)) &&
           ring_fits(q, q->descriptors, DESCRIPTOR_ALIGN,
                     n * DESCRIPTOR_BYTES) &&
           ring_fits(q, q->available, AVAILABLE_ALIGN,
                     AVAILABLE_RING + n * AVAILABLE_ENTRY) &&
           ring_fits(q, q->used, USED_ALIGN, USED_RING + n * USED_ENTRY);
}

bool virtqueue_enable(struct virtqueue *q)
{
    q->ready = false;
    if (!is_placed(q))
        return give_up(q);
    q->next_available = 0;
    q->next_used = 0;
    q->ready = true;
    return true;
}

static bool read_half(struct virtqueue *q, uint64_t pa, uint16_t *v)
{
    uint8_t bytes[2];

    if (!ram_read(q->ram, pa, bytes, sizeof bytes))
        return give_up(q);
    *v = (uint16_t)little_endian_get(bytes, sizeof bytes);
    return true;
}

static bool read_descriptor(struct virtqueue *q, uint64_t pa,
                            struct descriptor *d)
{
    uint8_t bytes[DESCRIPTOR_BYTES];

    if (!ram_read(q->ram, pa, bytes, sizeof bytes))
        return give_up(q);
    d->pa = little_endian_get(bytes, 8);
    d->len = (uint32_t)little_endian_get(bytes + 8, 4);
    d->flags = (uint16_t)little_endian_get(bytes + 12, 2);
    d->next = (uint16_t)little_endian_get(bytes + 14, 2);
    return true;
}

unsigned virtqueue_waiting(struct virtqueue *q)
{
    uint16_t index, waiting;

    if (!q->ready || q->broken ||
        !read_half(q, q->available + AVAILABLE_INDEX, &index))
        return 0;
    waiting = (uint16_t)(index - q->next_available);
    if (waiting > q->size) { /* more than the ring can hold */
        give_up(q);
        return 0;
    }
    return waiting;
}

/* Adds a buffer to the chain; one that is empty adds nothing. */
static bool add_segment(struct virtqueue *q, struct virtqueue_chain *c,
                        const struct descriptor *d)
{
    bool writable = d->flags & DESCRIPTOR_WRITE;
    unsigned n = c->readable + c->writable;

    /* "The driver MUST place any device-writable descriptor elements after
       any device-readable" */
    if (!writable && c->writable)
        return give_up(q);
    if (d->len == 0)
        return true;
    if (n == VIRTQUEUE_MAX || !ram_contains(q->ram, d->pa, d->len))
        return give_up(q);
    c->segment[n] = (struct virtqueue_segment){ .pa = d->pa, .len = d->len };
    if (writable) {
        c->writable++;
        c->write_bytes += d->len;
    } else {
        c->readable++;
        c->read_bytes += d->len;
    }
    /* One that is longer names the same memory twice: work without bound. */
    if (c->read_bytes + c->write_bytes > q->ram->size)
        return give_up(q);
    return true;
}

/*
 * Follows `t` from entry `i` on. At an indirect descriptor it stops and sets
 * *inner to the table that it holds.
 */
static bool walk(struct virtqueue *q, struct virtqueue_chain *c,
                 const struct table *t, uint64_t i, struct table *inner)
{
    struct descriptor d = { 0 };

    inner->entries = 0;
    for (uint64_t steps = 0; steps < t->entries; steps++) {
        if (i >= t->entries ||
            !read_descriptor(q, t->pa + i * DESCRIPTOR_BYTES, &d))
            return give_up(q);
        if (d.flags & DESCRIPTOR_INDIRECT) {
            *inner = (struct table){ .pa = d.pa,
                                     .entries = d.len / DESCRIPTOR_BYTES };
            /* "MUST NOT set both VIRTQ_DESC_F_INDIRECT and _NEXT" */
            if (d.flags & DESCRIPTOR_NEXT || inner->entries == 0 ||
                d.len % DESCRIPTOR_BYTES)
                return give_up(q);
            return true;
        }
        if (!add_segment(q, c, &d))
            return false;
        if (!(d.flags & DESCRIPTOR_NEXT))
            return true;
        i = d.next;
    }
    return give_up(q); /* a loop */
}

static bool walk_chain(struct virtqueue *q, struct virtqueue_chain *c)
{
    struct table outer = { .pa = q->descriptors, .entries = q->size };
    struct table inner, innermost;

    if (!walk(q, c, &outer, c->head, &inner))
        return false;
    if (inner.entries == 0)
        return true;
    if (!q->indirect ||
        !ram_contains(q->ram, inner.pa, inner.entries * DESCRIPTOR_BYTES))
        return give_up(q);
    if (!walk(q, c, &inner, 0, &innermost))
        return false;
    return innermost.entries == 0 || give_up(q);
}

bool virtqueue_pop(struct virtqueue *q, struct virtqueue_chain *c)
{
    uint64_t entry;

    if (virtqueue_waiting(q) == 0)
        return false;
    c->readable = c->writable = 0;
    c->read_bytes = c->write_bytes = 0;
    entry = q->next_available % q->size;
    if (!read_half(q, q->available + AVAILABLE_RING + entry * AVAILABLE_ENTRY,
                   &c->head))
        return false;
    q->next_available++;
    return walk_chain(q, c);
}

void virtqueue_push(struct virtqueue *q, const struct virtqueue_chain *c,
                    uint64_t written)
{
    uint64_t at = q->used + USED_RING + q->next_used % q->size * USED_ENTRY;
    uint64_t cut = written < UINT32_MAX ? written : UINT32_MAX;
    uint8_t entry[USED_ENTRY], index[2];

    if (!q->ready || q->broken)
        return;
    little_endian_put(entry, 4, c->head);
    little_endian_put(entry + 4, 4, cut);
    q->next_used++;
    little_endian_put(index, 2, q->next_used);
    if (!ram_write(q->ram, at, entry, sizeof entry) ||
        !ram_write(q->ram, q->used + USED_INDEX, index, sizeof index))
        give_up(q);
}

bool virtqueue_wants_interrupt(struct virtqueue *q)
{
    uint16_t flags;

    return read_half(q, q->available + AVAILABLE_FLAGS, &flags) &&
           !(flags & AVAILABLE_NO_INTERRUPT);
}

/*
 * Copies `len` bytes at `offset` of `n` segments: from RAM to `to`, or, if that
 * is NULL, from `from` to RAM.
 */
static bool copy(struct virtqueue *q, const struct virtqueue_segment *s,
                 unsigned n, uint64_t offset, uint64_t len, uint8_t *to,
                 const uint8_t *from)
{
    for (uint64_t done = 0, now; done < len; done += now, n--, s++) {
        for (; n > 0 && offset >= s->len; n--, s++)
            offset -= s->len;
        if (n == 0)
            return give_up(q);
        now = s->len - offset;
        now = now < len - done ? now : len - done;
        if (to ? !ram_read(q->ram, s->pa + offset, to + done, now)
               : !ram_write(q->ram, s->pa + offset, from + done, now))
            return give_up(q);
        offset = 0;
    }
    return true;
}

bool virtqueue_read(struct virtqueue *q, const struct virtqueue_chain *c,
                    uint64_t offset, void *buf, uint64_t len)
{
    return copy(q, c->segment, c->readable, offset, len, buf, NULL);
}

bool virtqueue_write(struct virtqueue *q, const struct virtqueue_chain *c,
                     uint64_t offset, const void *buf, uint64_t len)
{
    return copy(q, c->segment + c->readable, c->writable, offset, len, NULL,
                buf);
}

void virtqueue_state(struct virtqueue *q, struct state *s)
{
    state_bool(s, &q->ready);
    state_bool(s, &q->broken);
    state_bool(s, &q->indirect);
    state_u32(s, &q->size);
    state_u64(s, &q->descriptors);
    state_u64(s, &q->available);
    state_u64(s, &q->used);
    state_u16(s, &q->next_available);
    state_u16(s, &q->next_used);
    state_require(s, !q->ready || is_placed(q));
}
