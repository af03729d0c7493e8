/*
 * What packed kernels hold. A bzImage keeps its kernel after the code that
 * unpacks it (Linux, Documentation/arch/x86/boot.rst, payload_offset), a zboot
 * image likewise (drivers/firmware/efi/libstub/zboot-header.S). Whether gzip,
 * xz or zstd packed it is seen from its first bytes.
 */
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "check/scan/parts.h"
#include "machine/error_say.h"

#define GZIP_ONLY (16 + MAX_WBITS) /* inflateInit2: a gzip header is required  \
                                    */
#define LEAST_ROOM (256u << 10)
#define MIB        (1u << 20)

/* Unpacks all of `in` to `out`, which has room for *size bytes, and says how
   many it was. STATUS_TOO_BIG: the room does not do. */
typedef enum status unpacker(const uint8_t *in, size_t in_size, uint8_t *out,
                             size_t *size);

static enum status gzip(const uint8_t *in, size_t in_size, uint8_t *out,
                        size_t *size)
{
    z_stream z = { .next_in = (Bytef *)in,
                   .avail_in = (uInt)in_size,
                   .next_out = out,
                   .avail_out = (uInt)*size };
    int result;

    if (inflateInit2(&z, GZIP_ONLY) != Z_OK)
        return STATUS_NO_MEMORY;
    result = inflate(&z, Z_FINISH);
    *size -= z.avail_out;
    inflateEnd(&z);
    if (result == Z_STREAM_END)
        return STATUS_OK;
    return z.avail_out == 0 ? STATUS_TOO_BIG : STATUS_BAD_FORMAT;
}

static enum status xz(const uint8_t *in, size_t in_size, uint8_t *out,
                      size_t *size)
{
    uint64_t memory = (uint64_t)256 * MIB;
    size_t in_at = 0, out_at = 0;

    switch (lzma_stream_buffer_decode(&memory, 0, NULL, in, &in_at, in_size,
                                      out, &out_at, *size)) {
    case LZMA_OK:
        *size = out_at;
        return STATUS_OK;
    case LZMA_BUF_ERROR:
        return STATUS_TOO_BIG;
    case LZMA_MEM_ERROR:
        return STATUS_NO_MEMORY;
    default:
        return STATUS_BAD_FORMAT;
    }
}

static enum status zstd(const uint8_t *in, size_t in_size, uint8_t *out,
                        size_t *size)
{
    size_t frame = ZSTD_findFrameCompressedSize(in, in_size), n;

    if (ZSTD_isError(frame))
        return STATUS_BAD_FORMAT;
    n = ZSTD_decompress(out, *size, in, frame);
    if (ZSTD_isError(n))
        return ZSTD_getErrorCode(n) == ZSTD_error_dstSize_tooSmall
                   ? STATUS_TOO_BIG
                   : STATUS_BAD_FORMAT;
    *size = n;
    return STATUS_OK;
}

/* First bytes of what is packed, longest first. */
static const struct packing {
    const char *name, *magic;
    size_t magic_size;
    unpacker *unpack; /* NULL: not known here */
} packings[] = {
    { "xz",
      "\xfd"
      "7zXZ\0",
      6, xz },
    { "zstd", "\x28\xb5\x2f\xfd", 4, zstd },
    { "lz4", "\x02\x21\x4c\x18", 4, scan_lz4 },
    { "lzop", "\x89LZO", 4, NULL },
    { "bzip2", "BZh", 3, NULL },
    { "lzma", "\x5d\0\0", 3, NULL },
    { "gzip", "\x1f\x8b", 2, gzip },
};

static const struct packing *packing_of(const uint8_t *p, size_t size)
{
    for (size_t k = 0; k < sizeof packings / sizeof packings[0]; k++)
        if (size >= packings[k].magic_size &&
            memcmp(p, packings[k].magic, packings[k].magic_size) == 0)
            return &packings[k];
    return NULL;
}

static uint32_t at32(const struct scan_input *in, size_t offset)
{
    return scan_word(in->bytes + offset, 4, false);
}

/* The payload that a kernel's header tells of; size 0: it is none. */
static void find_payload(const struct scan_input *in, uint64_t *offset,
                         uint64_t *size)
{
    *offset = *size = 0;
    if (in->size >= 0x260 && memcmp(in->bytes + 0x202, "HdrS", 4) == 0) {
        unsigned sectors = in->bytes[0x1f1];

        *offset = at32(in, 0x248) + UINT64_C(512) * (sectors ? sectors + 1 : 5);
        *size = at32(in, 0x24c);
    } else if (in->size >= 32 && memcmp(in->bytes, "MZ", 2) == 0 &&
               memcmp(in->bytes + 4, "zimg", 4) == 0) {
        *offset = at32(in, 8);
        *size = at32(in, 12);
    }
}

enum status scan_find_packed(const struct scan_input *in, size_t *offset,
                             size_t *size, struct error *e)
{
    uint64_t payload, length;
    const struct packing *p;

    find_payload(in, &payload, &length);
    *offset = (size_t)payload;
    *size = (size_t)length;
    if (length == 0) {
        p = packing_of(in->bytes, in->size);
        *size = p && p->unpack ? in->size : 0;
        return STATUS_OK;
    }
    if (payload > in->size || length > in->size - payload)
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%s' is a packed Linux kernel that is cut off: get "
                         "it anew",
                         in->name);
    p = packing_of(in->bytes + payload, length);
    if (!p || !p->unpack)
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%s' is a Linux kernel packed with %s, which Pogo "
                         "cannot unpack: give it what it holds (vmlinux)",
                         in->name, p ? p->name : "something unknown");
    return STATUS_OK;
}

/* How much room to begin with: gzip files, and the payloads of x86 kernels, end
   with the size they unpack to. Others end with something else. */
static size_t first_room(const uint8_t *from, size_t size)
{
    size_t said = size > 4 ? scan_word(from + size - 4, 4, false) : 0;

    if (said > size && said / 64 < size)
        return said;
    return size < LEAST_ROOM / 4 ? LEAST_ROOM : 4 * size;
}

/* With twice the room each time, until it does. */
static enum status unpack_all(const struct packing *p, const uint8_t *from,
                              size_t size, uint64_t limit, uint8_t **bytes,
                              size_t *got)
{
    size_t room = first_room(from, size);
    enum status s = STATUS_TOO_BIG;
    bool last;

    *bytes = NULL;
    do {
        last = room >= limit;
        room = last ? (size_t)limit : room;
        free(*bytes);
        *bytes = malloc(room);
        if (!*bytes)
            return STATUS_NO_MEMORY;
        *got = room;
        s = p->unpack(from, size, *bytes, got);
        room *= 2;
    } while (s == STATUS_TOO_BIG && !last);
    return s;
}

enum status scan_unpack(struct scan_input *in, size_t offset, size_t size,
                        uint64_t limit, struct error *e)
{
    const struct packing *p = packing_of(in->bytes + offset, size);
    uint8_t *bytes;
    size_t got;
    enum status s =
        unpack_all(p, in->bytes + offset, size, limit, &bytes, &got);

    if (s == STATUS_OK && got) {
        in->bytes = bytes;
        in->size = got;
        in->unpacked = true;
        return STATUS_OK;
    }
    free(bytes);
    if (s == STATUS_TOO_BIG)
        return error_say(e, s,
                         "'%s' unpacks to more than %llu MiB: unpack it, and "
                         "give the part that is code",
                         in->name, (unsigned long long)(limit / MIB));
    if (s == STATUS_NO_MEMORY)
        return s;
    return error_say(e, STATUS_BAD_FORMAT,
                     "'%s' is packed with %s, and damaged or cut off: get it "
                     "anew",
                     in->name, p->name);
}
