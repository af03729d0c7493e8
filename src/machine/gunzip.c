/*
 * Decompression of gzip images (RFC 1952) with zlib. The size of what comes
 * out is bounded by the caller: a few kilobytes of gzip can hold gigabytes.
 */
#include <stdlib.h>
#include <zlib.h>

#include "machine/error_say.h"
#include "machine/image.h"

#define GZIP_ONLY (16 + MAX_WBITS) /* inflateInit2: a gzip header is required */
#define FIRST_OUTPUT 1048576

struct output {
    uint8_t *bytes;
    size_t size, room;
};

static bool is_gzip(const uint8_t *p, size_t size)
{
    return size >= 18 && p[0] == 0x1f && p[1] == 0x8b;
}

/* Room for one byte more than `limit` shows that the limit is exceeded. */
static enum status grow(struct output *o, uint64_t limit)
{
    size_t room = o->room ? o->room * 2 : FIRST_OUTPUT;
    uint8_t *more;

    if (o->size > limit)
        return STATUS_TOO_BIG;
    if (room > limit)
        room = limit + 1;
    more = realloc(o->bytes, room);
    if (!more)
        return STATUS_NO_MEMORY;
    o->bytes = more;
    o->room = room;
    return STATUS_OK;
}

/* zlib counts in 32-bit numbers; larger pieces are given to it in turns. */
static unsigned piece(size_t size)
{
    return size < 1u << 30 ? (unsigned)size : 1u << 30;
}

/* One call of inflate on what is left of the input and the output buffer. */
static int step(z_stream *z, const struct image *i, size_t *used,
                struct output *o)
{
    unsigned in = piece(i->size - *used), out = piece(o->room - o->size);
    int result;

    z->next_in = (Bytef *)i->bytes + *used;
    z->avail_in = in;
    z->next_out = o->bytes + o->size;
    z->avail_out = out;
    result = inflate(z, Z_NO_FLUSH);
    *used += in - z->avail_in;
    o->size += out - z->avail_out;
    return result;
}

/* A gzip file may consist of several members; what follows the last and is not
   a member (padding) is ignored, as gzip does. */
static enum status inflate_all(z_stream *z, const struct image *i,
                               struct output *o, uint64_t limit)
{
    size_t used = 0;

    for (;;) {
        enum status s = o->size < o->room ? STATUS_OK : grow(o, limit);
        int result;

        if (s != STATUS_OK)
            return s;
        result = step(z, i, &used, o);
        if (result == Z_STREAM_END) {
            if (!is_gzip(i->bytes + used, i->size - used))
                break;
            inflateReset(z);
        } else if (result != Z_OK) {
            return result == Z_MEM_ERROR ? STATUS_NO_MEMORY
                                         : STATUS_BAD_FORMAT;
        }
    }
    return o->size > limit ? STATUS_TOO_BIG : STATUS_OK;
}

static enum status say_gunzip(enum status s, const struct image *i,
                              uint64_t limit, struct error *e)
{
    switch (s) {
    case STATUS_TOO_BIG:
        return error_say(e, s,
                         "'%s' decompresses to more than the machine's memory "
                         "of %llu bytes: give it more with --memory",
                         i->name, (unsigned long long)limit);
    case STATUS_NO_MEMORY:
        return error_say(e, s, "'%s' does not fit into this host's memory",
                         i->name);
    default:
        return error_say(e, s,
                         "'%s' is a damaged or cut-off gzip file: get it anew "
                         "or decompress it first", i->name);
    }
}

enum status image_gunzip(struct image *i, uint64_t limit, struct error *e)
{
    z_stream z = { 0 };
    struct output o = { 0 };
    enum status s;

    if (!is_gzip(i->bytes, i->size))
        return STATUS_OK;
    if (inflateInit2(&z, GZIP_ONLY) != Z_OK)
        return say_gunzip(STATUS_NO_MEMORY, i, limit, e);
    s = inflate_all(&z, i, &o, limit);
    inflateEnd(&z);
    if (s == STATUS_OK && o.size == 0)
        s = STATUS_BAD_FORMAT;
    if (s != STATUS_OK) {
        free(o.bytes);
        return say_gunzip(s, i, limit, e);
    }
    if (i->owned)
        free((void *)i->bytes);
    i->bytes = o.bytes;
    i->size = o.size;
    i->owned = true;
    return STATUS_OK;
}
