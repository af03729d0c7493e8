/*
 * The container of a snapshot: sections, and a checksum over all of them.
 * Numbers are little-endian.
 *
 *   0    "POGOSNAP"
 *   8    version, 4 bytes
 *   12   how many machines are in it, 4 bytes
 *   16   sections: a tag of four letters; a number that says whose it is, 4
 *        bytes; its length, 8 bytes; and so many bytes
 *   end  the section "END.": XXH3's 128 bits over everything before them
 *
 * A file is written under another name beside its own, brought to the medium,
 * and then renamed: under its own name there is always a whole one.
 */
#ifndef POGO_MACHINE_SNAPSHOT_FILE_H
#define POGO_MACHINE_SNAPSHOT_FILE_H

#include "base/bits.h"
#include "base/error.h"
#include "base/status.h"

#define SNAPSHOT_VERSION  1
#define SNAPSHOT_CHECKSUM 16 /* bytes */
#define SNAPSHOT_MACHINES 64 /* at most in one file */

/* ---- writing ---- */

struct snapshot_out;

/*
 * Begins a file that is to be `path` (borrowed until the end) once it is whole.
 * STATUS_BAD_ARGUMENT, STATUS_IO, STATUS_NO_MEMORY with a sentence.
 */
enum status snapshot_out_open(struct snapshot_out **out, const char *path,
                              unsigned machines, struct error *e);

/* A section of `length` bytes: so many are to be put. An error of the host's is
   kept, and said at the end. */
void snapshot_out_section(struct snapshot_out *out, const char tag[5],
                          uint32_t number, uint64_t length);
void snapshot_out_put(struct snapshot_out *out, const void *bytes, size_t n);

/* Has writing failed? Then nothing that is put matters any more. */
bool snapshot_out_failed(const struct snapshot_out *out);

/*
 * Ends the file, and makes it `path`; with `whole` false, or after an error,
 * nothing is left of it, and `path` is as it was. Frees `out`. `size` gets its
 * bytes; it may be NULL.
 */
enum status snapshot_out_close(struct snapshot_out *out, bool whole,
                               uint64_t *size, struct error *e);

/* ---- reading ---- */

struct snapshot_section {
    char tag[5];
    uint32_t number;
    uint64_t at, length;
};

struct snapshot_file {
    const char *path; /* borrowed */
    int fd;
    unsigned machines; /* 1..SNAPSHOT_MACHINES */
    uint64_t size;
    uint8_t checksum[SNAPSHOT_CHECKSUM];
    struct snapshot_section *section;
    size_t sections; /* without the last */
};

/*
 * Reads it once from end to end. STATUS_IO, STATUS_NO_MEMORY, STATUS_BAD_FORMAT
 * (no snapshot, another version's, damaged), with a sentence; then there is
 * nothing to close.
 */
enum status snapshot_file_open(struct snapshot_file *f, const char *path,
                               struct error *e);
void snapshot_file_close(struct snapshot_file *f);

/* The first section with this tag and number, or NULL. */
const struct snapshot_section *snapshot_file_find(const struct snapshot_file *f,
                                                  const char *tag,
                                                  uint32_t number);

/* `n` bytes of the file at `at`; false: there are not so many. From any
   thread. */
bool snapshot_file_read(const struct snapshot_file *f, uint64_t at, void *buf,
                        size_t n);

#endif
