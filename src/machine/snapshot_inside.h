/* Inside snapshot*.c only: what the sections are, and what is common. */
#ifndef POGO_MACHINE_SNAPSHOT_INSIDE_H
#define POGO_MACHINE_SNAPSHOT_INSIDE_H

#include <limits.h>

#include "machine/snapshot.h"
#include "machine/snapshot_pages.h"
#include "machine/state_buffer.h"

/* The base: its checksum, and its path in the rest. */
#define SECTION_BASE "BASE"
/* Of machine n: its config; its state, packed (see below). */
#define SECTION_CONFIG "CONF"
#define SECTION_STATE  "MACH"
/* What request.more has saved, packed. */
#define SECTION_MORE "MORE"

/* The state in a packed section: its length, 8 bytes; a Zstandard frame. */
#define PACKED_HEADER 8

struct snapshot {
    struct snapshot_file file;
    char path[PATH_MAX];
    struct snapshot *base; /* NULL: none */
    uint8_t base_sum[SNAPSHOT_CHECKSUM];
    char base_name[PATH_MAX];       /* as the file has it; "": none */
    struct snapshot_config *config; /* [file.machines] */
};

/* RAM of machine i; the blocks of disk k's overlay. */
static inline struct snapshot_set snapshot_ram_set(unsigned i, uint64_t memory)
{
    return (struct snapshot_set){ "RAMI", "RAMC", i, memory / SNAPSHOT_PAGE };
}

static inline struct snapshot_set snapshot_disk_set(unsigned i, unsigned k,
                                                    uint64_t size)
{
    return (struct snapshot_set){ "DSKI", "DSKC", i * BOARD_MAX_DISKS + k,
                                  (size + SNAPSHOT_PAGE - 1) / SNAPSHOT_PAGE };
}

/* The config of a machine as it is. */
enum status snapshot_config_of(const struct snapshot_machine *m,
                               struct snapshot_config *c, struct error *e);
void snapshot_config_state(struct snapshot_config *c, struct state *s);
/* Does a board fit? */
enum status snapshot_config_check(const struct snapshot_config *c,
                                  const struct board *b, const char *path,
                                  struct error *e);

/* Is this file `s`, or one that it stands on? */
bool snapshot_is_in_chain(const struct snapshot *s, const char *path);

/*
 * Pages of machine i's RAM, from `s` and what it stands on, those of `wanted`
 * (one byte a page; NULL: all): page p goes to where `at` says, which is asked
 * for pages that are not zero only.
 */
struct snapshot_target {
    uint8_t *(*at)(void *context, uint64_t page);
    void *context;
};
enum status snapshot_load_ram(const struct snapshot *s, unsigned i,
                              const uint8_t *wanted,
                              const struct snapshot_target *to,
                              struct error *e);

#endif
