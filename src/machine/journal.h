/*
 * A journal of inputs: what came to a machine from outside, and at which count.
 * It is in memory, in the form that it has in a file; or goes to a file as it
 * grows. All numbers are little-endian:
 *
 *     8 bytes   "POGOJRN1"
 *     then records, each of
 *       8 bytes   count
 *       8 bytes   tag: what the record answers to, or 0
 *       4 bytes   port (enum input_port)
 *       4 bytes   size
 *       size      bytes
 *       8 bytes   check: XXH3 (64 bits) of the record so far, seeded with the
 *                 check before it (0 to begin with)
 *
 * So a record that was changed, left out or put elsewhere does not check, and
 * neither does any after it.
 */
#ifndef POGO_MACHINE_JOURNAL_H
#define POGO_MACHINE_JOURNAL_H

#include "base/bits.h"
#include "base/error.h"
#include "base/status.h"

#define JOURNAL_RECORD_MAX (UINT32_C(1) << 20) /* bytes of one record */

struct journal_record {
    uint64_t count, tag;
    uint32_t port;
    uint32_t size;
    const uint8_t *bytes; /* read: the journal's, until it grows */
};

struct journal {
    uint8_t *bytes; /* as in a file; only what checks. With a file to write:
                       what is not there yet */
    size_t size, room;
    uint64_t records;
    uint64_t check; /* of the last record */
    int fd;         /* the file; -1: none */
    bool failed;    /* out of memory, or the file cannot be written: errno */
    int error_number;
    bool damaged; /* loaded, and behind `bytes` the file had more, or less than
                     a whole record */
};

/* Empty, in memory only. NO_MEMORY: nothing needs to be freed. */
enum status journal_init(struct journal *j);

/* Empty, and goes to the file `path`, which is made or emptied. */
enum status journal_create(struct journal *j, const char *path,
                           struct error *e);

/*
 * What is in a file. STATUS_BAD_FORMAT: it is no journal. One that is cut off
 * or altered is loaded up to there, and is `damaged`. On error nothing needs to
 * be freed.
 */
enum status journal_load(struct journal *j, const char *path, struct error *e);

/* Writes out what is not in the file yet, and closes it. */
void journal_free(struct journal *j);

/* Adds a record at the end. On failure j->failed is set. */
void journal_add(struct journal *j, const struct journal_record *r);

/* What has been added is with the host: a killed Pogo loses nothing of it. */
void journal_flush(struct journal *j);

/* Of a journal in memory: what lies behind the place `at`, which is that behind
   so many records, is no more. */
void journal_cut(struct journal *j, size_t at, uint64_t records);

/* The place of the first record. */
#define JOURNAL_FIRST 8

/* Of a journal in memory: the record at *at (JOURNAL_FIRST, or where the last
   call left it), which moves on behind it. False: there is none. */
bool journal_next(const struct journal *j, size_t *at,
                  struct journal_record *r);

/* Bytes that a record takes in a journal. */
size_t journal_record_size(const struct journal_record *r);

#endif
