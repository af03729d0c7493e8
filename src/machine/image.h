/*
 * The bytes of a file that is to be put into a machine's RAM: read once from
 * the host, decompressed if it is a gzip file, and kept, so that a machine can
 * be reset and loaded again.
 */
#ifndef POGO_MACHINE_IMAGE_H
#define POGO_MACHINE_IMAGE_H

#include "base/bits.h"
#include "base/error.h"
#include "base/status.h"

struct image {
    const char *name;     /* for messages: borrowed, outlives this */
    const uint8_t *bytes;
    size_t size;
    bool owned;           /* bytes were allocated and image_free frees them */
};

/* An image of bytes that exist anyway (embedded firmware). */
struct image image_of(const char *name, const void *bytes, size_t size);

/*
 * Reads the whole file `path`. With `gunzip` a gzip file is decompressed.
 * Neither the file nor what comes out of it may exceed `limit` bytes (the size
 * of the RAM it is meant for): STATUS_TOO_BIG. STATUS_IO: it cannot be read.
 * STATUS_BAD_FORMAT: a damaged gzip file, or an empty file. On error nothing
 * needs to be freed.
 */
enum status image_read(struct image *i, const char *path, bool gunzip,
                       uint64_t limit, struct error *e);

/*
 * Replaces a gzip image by what it holds; other images are left alone. The
 * same errors as image_read; on error `i` is unchanged.
 */
enum status image_gunzip(struct image *i, uint64_t limit, struct error *e);

void image_free(struct image *i);

#endif
