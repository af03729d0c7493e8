/* LZ4's block format and legacy frames (lz4_Block_format.md and
   lz4_Frame_format.md of LZ4). */
#include <string.h>

#include "check/scan/parts.h"

#define MAGIC_SIZE  4
#define LEAST_MATCH 4
#define LONG        15 /* a length of which more bytes follow */

struct lz4 {
    const uint8_t *in, *in_end;
    uint8_t *out, *out_end;
    const uint8_t *first; /* of this block: a match does not reach before it */
};

/* A length whose first four bits are `length`. False: it ends too early. */
static bool read_length(struct lz4 *z, size_t *length)
{
    uint8_t byte = 255;

    if (*length < LONG)
        return true;
    while (byte == 255) {
        if (z->in == z->in_end)
            return false;
        byte = *z->in++;
        *length += byte;
    }
    return true;
}

static enum status copy_literals(struct lz4 *z, size_t length)
{
    if (!read_length(z, &length) || length > (size_t)(z->in_end - z->in))
        return STATUS_BAD_FORMAT;
    if (length > (size_t)(z->out_end - z->out))
        return STATUS_TOO_BIG;
    memcpy(z->out, z->in, length);
    z->in += length;
    z->out += length;
    return STATUS_OK;
}

/* A match may overlap what it makes: byte by byte. */
static enum status copy_match(struct lz4 *z, size_t length)
{
    size_t distance;

    if (z->in_end - z->in < 2)
        return STATUS_BAD_FORMAT;
    distance = scan_word(z->in, 2, false);
    z->in += 2;
    if (!read_length(z, &length) || distance == 0 ||
        distance > (size_t)(z->out - z->first))
        return STATUS_BAD_FORMAT;
    length += LEAST_MATCH;
    if (length > (size_t)(z->out_end - z->out))
        return STATUS_TOO_BIG;
    for (; length; length--, z->out++)
        *z->out = *(z->out - distance);
    return STATUS_OK;
}

/* The block [in, in_end); its last sequence is literals only. */
static enum status unpack_block(struct lz4 *z)
{
    enum status s = STATUS_OK;

    z->first = z->out;
    while (s == STATUS_OK && z->in < z->in_end) {
        uint8_t token = *z->in++;

        s = copy_literals(z, token >> 4);
        if (s == STATUS_OK && z->in < z->in_end)
            s = copy_match(z, token & 15);
    }
    return s;
}

enum status scan_lz4(const uint8_t *in, size_t in_size, uint8_t *out,
                     size_t *size)
{
    struct lz4 z = { .out = out, .out_end = out + *size };
    size_t at = MAGIC_SIZE;
    enum status s = STATUS_OK;

    while (s == STATUS_OK && in_size - at > 4) {
        uint32_t block = scan_word(in + at, 4, false);

        at += 4;
        if (block > in_size - at)
            s = STATUS_BAD_FORMAT;
        if (block == 0 || s != STATUS_OK)
            break;
        z.in = in + at;
        z.in_end = z.in + block;
        s = unpack_block(&z);
        at += block;
    }
    *size = (size_t)(z.out - out);
    return s;
}
