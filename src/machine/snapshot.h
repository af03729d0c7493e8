/*
 * Snapshots: a machine between two instructions, in a file. What is in one and
 * what it promises is told in docs/snapshots.md; in short: state that is the
 * same at every depth, so that any depth can go on from it; pages of RAM that
 * are not zero; what overlays of disks hold; a checksum over all.
 *
 * A snapshot may stand on another, its base: pages that are as they were there
 * are not in it. The base is named by its path and its checksum.
 *
 * Everything here returns a status, and a sentence in `e` if it is not
 * STATUS_OK: STATUS_IO (the host refused), STATUS_NO_MEMORY, STATUS_BAD_FORMAT
 * (the file is not what it has to be), STATUS_BAD_ARGUMENT (it is, but does not
 * fit what it is wanted for).
 */
#ifndef POGO_MACHINE_SNAPSHOT_H
#define POGO_MACHINE_SNAPSHOT_H

#include "base/state.h"
#include "machine/board.h"
#include "machine/machine.h"
#include "machine/snapshot_file.h"

#define SNAPSHOT_NAME   32 /* bytes of a machine's name, with its end */
#define SNAPSHOT_CHAIN  16 /* files at most that stand on one another */
#define SNAPSHOT_MEMORY (UINT64_C(64) << 30) /* bytes of RAM at most */

/* What is known of a disk. */
struct snapshot_disk {
    uint64_t size, changed; /* of its file, disk_changed; an overlay's base's */
    bool read_only;
    bool overlay; /* its overlay's blocks are in the snapshot */
};

/* What a machine has to be made like to go on from the snapshot. */
struct snapshot_config {
    char name[SNAPSHOT_NAME]; /* "" if it is alone */
    unsigned harts;
    uint64_t memory, seed, epoch;
    struct isa isa;
    uint64_t count;
    uint64_t entered; /* inputs due below this count have entered */
    uint64_t booted;   /* the caller's: stands for what it was booted with */
    bool virtio_keys;  /* the caller's: keys go to its virtio console */
    uint32_t virtio[DEVICES_VIRTIO_SLOTS]; /* the kinds of device, virtio_id */
    unsigned disks;
    struct snapshot_disk disk[BOARD_MAX_DISKS];
};

/* ---- saving ---- */

struct snapshot_machine {
    const char *name; /* NULL: it is alone */
    struct machine *machine;
    struct board *board;
    uint64_t booted;
    bool virtio_keys;
};

struct snapshot_request {
    const char *path, *base;                /* base NULL: it stands alone */
    const struct snapshot_machine *machine; /* [machines] */
    unsigned machines;
    /* What else there is to save; NULL: nothing. */
    void (*more)(void *context, struct state *s);
    void *context;
};

struct snapshot_written {
    uint64_t size;         /* bytes of the file */
    uint64_t pages, based; /* of RAM: stored in it; left to the base */
};

/* Each machine is between two instructions, where a run may be cut. On error
   `path` is as it was. `out` may be NULL. */
enum status snapshot_save(const struct snapshot_request *r,
                          struct snapshot_written *out, struct error *e);

/* ---- loading ---- */

struct snapshot;

/*
 * Opens a snapshot, and all it stands on. `path` is borrowed. `base` is where
 * its base is looked for; NULL: where it says, seen from the snapshot's folder.
 */
enum status snapshot_open(struct snapshot **out, const char *path,
                          const char *base, struct error *e);
/* The same without what it stands on: to look at only. */
enum status snapshot_look(struct snapshot **out, const char *path,
                          struct error *e);
void snapshot_close(struct snapshot *s);

unsigned snapshot_machines(const struct snapshot *s);
const struct snapshot_config *snapshot_config(const struct snapshot *s,
                                              unsigned i);

/*
 * Machine i goes on in `m`, whose board is `b`: made as its config says, at any
 * depth, with all of its RAM zero. After an error `m` is only good for being
 * freed.
 */
enum status snapshot_load(const struct snapshot *s, unsigned i,
                          struct machine *m, struct board *b, struct error *e);

/*
 * Disk k of machine i goes on in `d`: what the snapshot holds of its overlay is
 * put into d's; else d must hold what it held. The sentence of an error begins
 * behind the disk's name.
 */
enum status snapshot_load_disk(const struct snapshot *s, unsigned i, unsigned k,
                               struct disk *d, struct error *e);

/* What request.more has saved. STATUS_BAD_ARGUMENT: there is nothing. */
enum status snapshot_load_more(const struct snapshot *s,
                               void (*more)(void *context, struct state *s),
                               void *context, struct error *e);

/* What there is to say about the file. */
struct snapshot_pages {
    uint64_t stored, based; /* pages of RAM here, and in the base */
    uint64_t bytes;         /* that those here take, compressed */
};
enum status snapshot_pages(const struct snapshot *s, unsigned i,
                           struct snapshot_pages *out, struct error *e);
const struct snapshot_file *snapshot_file(const struct snapshot *s);
/* The name that it has for what it stands on, "": nothing; and the checksum. */
const char *snapshot_base_name(const struct snapshot *s);
const uint8_t *snapshot_base_sum(const struct snapshot *s);

#endif
