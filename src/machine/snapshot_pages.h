/*
 * A set of pages in a snapshot's file: a machine's RAM, the blocks of a disk's
 * overlay. One section says which pages there are, by runs: stored here, or as
 * in the base (another snapshot's file). What is in no run is not there: a page
 * of zeros, a block that the overlay has not got. The pages stored here follow
 * in sections of up to SNAPSHOT_CHUNK of them, each compressed by itself
 * (Zstandard, RFC 8878), so that all cores can work on them.
 */
#ifndef POGO_MACHINE_SNAPSHOT_PAGES_H
#define POGO_MACHINE_SNAPSHOT_PAGES_H

#include "machine/snapshot_file.h"

#define SNAPSHOT_PAGE  4096u
#define SNAPSHOT_CHUNK 256u /* pages; 1 MiB */

/* Which pages a set is: their sections' tags, and their number. */
struct snapshot_set {
    char index[5], chunk[5];
    uint32_t number;
    uint64_t pages; /* that there can be at most */
};

enum page_kind { PAGE_ABSENT, PAGE_STORED, PAGE_OF_BASE };

/*
 * Writes a set: kind[p] of each of its pages; a page that is stored is what
 * `at` returns for it (it may copy the page to `buffer`; NULL: it cannot be
 * had), asked from several threads. STATUS_NO_MEMORY, STATUS_IO with a
 * sentence; what the writing itself meets is kept in `out`.
 */
enum status snapshot_pages_save(
    struct snapshot_out *out, const struct snapshot_set *set,
    const uint8_t *kind,
    const uint8_t *(*at)(void *context, uint64_t page, uint8_t *buffer),
    void *context, struct error *e);

/*
 * Reads a set's index: kind[set->pages] is filled in, *stored is how many are
 * stored here. STATUS_BAD_FORMAT, STATUS_NO_MEMORY with a sentence.
 */
enum status snapshot_pages_index(const struct snapshot_file *f,
                                 const struct snapshot_set *set, uint8_t *kind,
                                 uint64_t *stored, struct error *e);

/*
 * Reads pages: `to` has an entry for each page that is stored here, in order,
 * and says where it is to go; NULL: nobody wants it.
 */
enum status snapshot_pages_load(const struct snapshot_file *f,
                                const struct snapshot_set *set,
                                uint8_t *const *to, uint64_t stored,
                                struct error *e);

#endif
