/* The virtio balloon; see virtio_balloon.h. */
#include "devices/virtio_balloon.h"

#include "bus/little_endian.h"

/* Features (section 5.5.3). */
#define BALLOON_F_STATS_VQ       BIT(1)
#define BALLOON_F_DEFLATE_ON_OOM BIT(2)

enum balloon_queue { INFLATE = 0, DEFLATE = 1, STATS = 2, QUEUES = 3 };

/* struct virtio_balloon_config: le32 num_pages, le32 actual, which the driver
   writes. */
#define CONFIG_TARGET 0
#define CONFIG_ACTUAL 4
#define CONFIG_BYTES  8

/* struct virtio_balloon_stat: le16 tag, le64 val, with nothing between. */
#define STAT_VALUE 2
#define STAT_BYTES 10
#define STATS_MOST 64 /* that are read of a buffer */

#define NUMBER_BYTES 4  /* of a page: a le32 */
#define CHUNK        64 /* of them, read at a time */

uint32_t virtio_balloon_target(const struct virtio_balloon *b)
{
    return (uint32_t)little_endian_get(b->config + CONFIG_TARGET, 4);
}

uint32_t virtio_balloon_actual(const struct virtio_balloon *b)
{
    return (uint32_t)little_endian_get(b->config + CONFIG_ACTUAL, 4);
}

/* ---- pages ---- */

/* Pages that follow one another, and are still to be dealt with. */
struct span {
    uint64_t first, pages;
};

/* All of a span is RAM. */
static void deal_with(struct virtio_balloon *b, const struct span *s,
                      bool taken)
{
    if (taken && s->pages)
        ram_discard(b->mmio->ram, s->first * BALLOON_PAGE,
                    s->pages * BALLOON_PAGE);
    for (uint64_t i = 0; b->manager.given && i < s->pages; i++)
        b->manager.given(b->manager.context, s->first + i, taken);
}

/* One more page: next to the others on either side, or the start of a new span.
   What is not RAM is nobody's to give. */
static void add_page(struct virtio_balloon *b, struct span *s, uint64_t page,
                     bool taken)
{
    if (!ram_contains(b->mmio->ram, page * BALLOON_PAGE, BALLOON_PAGE))
        return;
    if (s->pages && page == s->first + s->pages) {
        s->pages++;
    } else if (s->pages && page + 1 == s->first) {
        s->first = page;
        s->pages++;
    } else {
        deal_with(b, s, taken);
        *s = (struct span){ .first = page, .pages = 1 };
    }
}

/* A list of page numbers. One with more of them than there are pages in the RAM
   names some twice: the rest is not looked at. */
static void pages(struct virtio_balloon *b, struct virtqueue *q,
                  const struct virtqueue_chain *c, bool taken)
{
    uint64_t n = c->read_bytes / NUMBER_BYTES;
    uint64_t most = b->mmio->ram->size / BALLOON_PAGE;
    uint8_t bytes[CHUNK * NUMBER_BYTES];
    struct span s = { 0 };

    n = n < most ? n : most;
    for (uint64_t done = 0, now; done < n; done += now) {
        now = n - done < CHUNK ? n - done : CHUNK;
        if (!virtqueue_read(q, c, done * NUMBER_BYTES, bytes,
                            now * NUMBER_BYTES))
            return;
        for (uint64_t i = 0; i < now; i++)
            add_page(b, &s,
                     little_endian_get(bytes + i * NUMBER_BYTES, NUMBER_BYTES),
                     taken);
    }
    deal_with(b, &s, taken);
    virtqueue_push(q, c, 0);
}

/* ---- statistics ---- */

/* The driver gets its buffer back, to fill it anew. */
static void ask(struct virtio_balloon *b)
{
    struct virtqueue_chain c = { .head = b->stats_head };

    if (!b->has_stats)
        return;
    b->has_stats = false;
    virtio_mmio_return(b->mmio, STATS, &c, 0);
}

static void note(struct virtio_balloon *b, const uint8_t *entry)
{
    uint64_t tag = little_endian_get(entry, 2);

    if (tag >= BALLOON_STATS)
        return;
    b->stat[tag] = little_endian_get(entry + STAT_VALUE, 8);
    b->known |= 1u << tag;
}

/* The driver's buffer: what is in it is noted, and it stays here. A driver has
   only one; of several, the last is kept. */
static void stats(struct virtio_balloon *b, struct virtqueue *q,
                  const struct virtqueue_chain *c)
{
    uint64_t n = c->read_bytes / STAT_BYTES;
    uint8_t entry[STAT_BYTES];

    n = n < STATS_MOST ? n : STATS_MOST;
    for (uint64_t i = 0; i < n; i++) {
        if (!virtqueue_read(q, c, i * STAT_BYTES, entry, sizeof entry))
            return;
        note(b, entry);
    }
    ask(b);
    b->has_stats = true;
    b->stats_head = c->head;
}

/* ---- the device ---- */

static void carry_out(void *device, unsigned queue, struct virtqueue *q,
                      const struct virtqueue_chain *c)
{
    struct virtio_balloon *b = device;

    if (queue == STATS)
        stats(b, q, c);
    else
        pages(b, q, c, queue == INFLATE);
}

static bool has_work(void *device, unsigned queue)
{
    const struct virtio_balloon *b = device;

    return queue != STATS || b->mmio->accepted & BALLOON_F_STATS_VQ;
}

static const uint8_t *config(void *device, size_t *length)
{
    const struct virtio_balloon *b = device;

    *length = sizeof b->config;
    return b->config;
}

static void write_config(void *device, uint64_t offset, unsigned size,
                         uint64_t v)
{
    struct virtio_balloon *b = device;

    for (unsigned i = 0; i < size; i++)
        if (offset + i >= CONFIG_ACTUAL && offset + i < CONFIG_BYTES)
            b->config[offset + i] = (uint8_t)(v >> (8 * i));
    if (virtio_balloon_actual(b) > b->most)
        b->most = virtio_balloon_actual(b);
    if (virtio_balloon_actual(b) == virtio_balloon_target(b))
        ask(b);
}

/* Linux notifies of its buffer for statistics before it says that it is
   ready. */
static void started(void *device)
{
    const struct virtio_balloon *b = device;

    virtio_mmio_serve(b->mmio, STATS);
}

/* The target is the host's, and stays. */
static void reset(void *device)
{
    struct virtio_balloon *b = device;

    little_endian_put(b->config + CONFIG_ACTUAL, 4, 0);
    b->has_stats = false;
}

static void state(void *device, struct state *s)
{
    virtio_balloon_state(device, s);
}

const struct virtio_ops virtio_balloon_ops = {
    .id = VIRTIO_ID_BALLOON,
    .queues = QUEUES,
    .request = carry_out,
    .has_work = has_work,
    .config = config,
    .write_config = write_config,
    .started = started,
    .reset = reset,
    .state = state,
};

uint64_t virtio_balloon_init(struct virtio_balloon *b, bool oom,
                             struct virtio_mmio *mmio)
{
    *b = (struct virtio_balloon){ .mmio = mmio };
    return BALLOON_F_STATS_VQ | (oom ? BALLOON_F_DEFLATE_ON_OOM : 0);
}

size_t virtio_balloon_push(void *device, const uint8_t *bytes, size_t n)
{
    struct virtio_balloon *b = device;
    uint64_t pages = n == 8 ? little_endian_get(bytes, 8) : UINT64_MAX;

    if (pages > b->mmio->ram->size / BALLOON_PAGE || pages > UINT32_MAX)
        return 0;
    ask(b);
    if (pages != virtio_balloon_target(b)) {
        little_endian_put(b->config + CONFIG_TARGET, 4, pages);
        virtio_mmio_config_changed(b->mmio);
    }
    return n;
}

void virtio_balloon_state(struct virtio_balloon *b, struct state *s)
{
    state_tag(s, "ball");
    state_bytes(s, b->config, sizeof b->config);
    state_bool(s, &b->has_stats);
    state_u16(s, &b->stats_head);
    state_require(s, virtio_balloon_target(b) <=
                         b->mmio->ram->size / BALLOON_PAGE);
}
