/* What a snapshot says of the machine in it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "isa/hole.h"
#include "machine/error_say.h"
#include "machine/run.h"
#include "machine/snapshot_inside.h"

/* The host's clock of files is no finer than this, ns. */
#define CLOCK_GRAIN 20000000

/* A write that comes now may leave the time of last change as it is: waits
   until none can. */
static void let_grain_pass(uint64_t changed)
{
    struct timespec now, grain = { .tv_nsec = CLOCK_GRAIN };

    clock_gettime(CLOCK_REALTIME, &now);
    if ((uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec <
        changed + CLOCK_GRAIN)
        nanosleep(&grain, NULL);
}

static enum status disk_of(struct disk *d, unsigned k,
                           struct snapshot_disk *out, struct error *e)
{
    *out = (struct snapshot_disk){ .size = d->size,
                                   .read_only = d->read_only,
                                   .overlay = d->overlay != NULL };
    if (!disk_flush(d) || !disk_changed(d, &out->changed))
        return error_say(e, STATUS_IO,
                         "disk %u cannot be brought to rest for "
                         "the snapshot: the host refused",
                         k + 1);
    if (!out->read_only && !out->overlay)
        let_grain_pass(out->changed);
    return STATUS_OK;
}

static void virtio_of(const struct board *b,
                      uint32_t virtio[DEVICES_VIRTIO_SLOTS])
{
    for (unsigned i = 0; i < DEVICES_VIRTIO_SLOTS; i++) {
        const struct virtio_ops *ops = b->devices.virtio[i].ops;

        virtio[i] = ops ? ops->id : VIRTIO_ID_NONE;
    }
}

enum status snapshot_config_of(const struct snapshot_machine *m,
                               struct snapshot_config *c, struct error *e)
{
    const struct board_config *b = &m->board->config;
    enum status s = STATUS_OK;

    *c = (struct snapshot_config){
        .harts = b->harts,
        .memory = b->memory,
        .seed = b->seed,
        .epoch = b->epoch,
        .isa = b->isa,
        .booted = m->booted,
        .virtio_keys = m->virtio_keys,
        .count = machine_count(m->board),
        .disks = b->disks,
    };
    c->entered = inputs_entered(b->inputs, c->count);
    if (m->name)
        snprintf(c->name, sizeof c->name, "%s", m->name);
    virtio_of(m->board, c->virtio);
    for (unsigned k = 0; k < c->disks && s == STATUS_OK; k++)
        s = disk_of(b->disk[k], k, &c->disk[k], e);
    return s;
}

/* The extensions are those that some ISA string names. */
static bool isa_legal(const struct isa *isa)
{
    const char *paging = isa_has(isa, EXT_SV57)   ? ""
                         : isa_has(isa, EXT_SV48) ? "_sv48"
                                                  : "_sv39";
    char text[560];
    struct isa parsed = { 0 };
    size_t n, at;

    if (isa->ext >> EXT_COUNT || isa->holes >> HOLE_COUNT)
        return false;
    n = isa_format(isa, text, 512);
    snprintf(text + n, sizeof text - n, "%s", paging);
    return isa_parse(text, &parsed, &at) == STATUS_OK && parsed.ext == isa->ext;
}

static bool name_legal(const char *name)
{
    for (unsigned i = 0; i < SNAPSHOT_NAME; i++) {
        if (name[i] == '\0')
            return true;
        if (name[i] < ' ' || name[i] > '~')
            return false;
    }
    return false;
}

static void disks_state(struct snapshot_config *c, struct state *s)
{
    uint8_t disks = (uint8_t)c->disks;

    state_u8(s, &disks);
    state_require(s, disks <= BOARD_MAX_DISKS);
    c->disks = s->bad ? 0 : disks;
    for (unsigned k = 0; k < c->disks; k++) {
        struct snapshot_disk *d = &c->disk[k];

        state_u64(s, &d->size);
        state_u64(s, &d->changed);
        state_bool(s, &d->read_only);
        state_bool(s, &d->overlay);
        state_require(s, d->size <= INT64_MAX);
    }
}

void snapshot_config_state(struct snapshot_config *c, struct state *s)
{
    uint8_t harts = (uint8_t)c->harts;

    state_bytes(s, c->name, sizeof c->name);
    state_u8(s, &harts);
    c->harts = harts;
    state_u64(s, &c->memory);
    state_u64(s, &c->seed);
    state_u64(s, &c->epoch);
    state_u64(s, &c->isa.ext);
    state_u64(s, &c->isa.holes);
    state_u64(s, &c->count);
    state_u64(s, &c->entered);
    state_u64(s, &c->booted);
    state_bool(s, &c->virtio_keys);
    for (unsigned i = 0; i < DEVICES_VIRTIO_SLOTS; i++)
        state_u32(s, &c->virtio[i]);
    disks_state(c, s);
    state_require(s, name_legal(c->name) && c->harts >= 1 &&
                         c->harts <= BOARD_MAX_HARTS && c->memory > 0 &&
                         c->memory % RAM_PAGE == 0 &&
                         c->memory <= SNAPSHOT_MEMORY && isa_legal(&c->isa));
}

static const char *device_name(uint32_t id)
{
    static const char *const names[] = {
        [VIRTIO_ID_NONE] = "no device",
        [VIRTIO_ID_NET] = "a network device",
        [VIRTIO_ID_BLOCK] = "a disk",
        [VIRTIO_ID_CONSOLE] = "a virtio console",
        [VIRTIO_ID_RNG] = "an entropy device",
        [VIRTIO_ID_BALLOON] = "a balloon",
        [VIRTIO_ID_9P] = "a shared folder",
        [VIRTIO_ID_GPU] = "a display",
        [VIRTIO_ID_INPUT] = "an input device",
    };
    const char *name = id < sizeof names / sizeof names[0] ? names[id] : NULL;

    return name ? name : "an unknown device";
}

enum status snapshot_config_check(const struct snapshot_config *c,
                                  const struct board *b, const char *path,
                                  struct error *e)
{
    uint32_t virtio[DEVICES_VIRTIO_SLOTS];

    if (c->harts != b->config.harts || c->memory != b->config.memory ||
        c->isa.ext != b->config.isa.ext)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "'%.150s' is of a machine "
                         "with other harts or another memory",
                         path);
    virtio_of(b, virtio);
    for (unsigned i = 0; i < DEVICES_VIRTIO_SLOTS; i++)
        if (virtio[i] != c->virtio[i])
            return error_say(e, STATUS_BAD_ARGUMENT,
                             "'%.100s' is of a machine with %s in virtio slot "
                             "%u, where this one has %s: give the options for "
                             "devices that it was saved with",
                             path, device_name(c->virtio[i]), i,
                             device_name(virtio[i]));
    return STATUS_OK;
}
