/*
 * kallsyms IMAGE: prints the symbols of a Linux kernel in System.map's format.
 *
 * Debian ships System.map only with the 1 GB of debug information, but every
 * kernel carries its own symbols, for its backtraces. Their layout, in order,
 * is that of write_src() in Linux's scripts/kallsyms.c:
 *
 *   num_syms       u32
 *   names          one string a symbol: length, then indices of tokens
 *   markers        u32: where in names every 256th symbol starts
 *   token_table    256 strings, each ended by a zero byte
 *   token_index    u16[256]: where in token_table each one starts
 *   offsets        a word a symbol
 *   relative_base  u64, in Linux 6.12
 *
 * In Linux 6.12 each is aligned to 8 bytes, and offsets are unsigned, from
 * relative_base; in Linux 7.2 to 4 bytes, and each offset is signed, from where
 * it stands. There is no pointer to any of them: token_table is recognised by
 * the tokens of the ten digits, which stand for themselves.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOKENS = 256, SYMBOLS_A_MARKER = 256 };
/* Where a 64-bit kernel's Image is linked to: its last 2 GB (asm/page.h). */
#define LINKED_AT 0xffffffff80000000

struct image {
    const uint8_t *bytes;
    size_t length;
};

struct tables {
    size_t alignment;
    size_t names, markers, token_table, token_index, offsets, base;
    uint32_t count, marker_count;
};

static size_t align_up(const struct tables *t, size_t at)
{
    return (at + t->alignment - 1) / t->alignment * t->alignment;
}

static uint32_t u16_at(const struct image *i, size_t at)
{
    return at + 2 > i->length ? 0
                              : i->bytes[at] | (uint32_t)i->bytes[at + 1] << 8;
}

static uint32_t u32_at(const struct image *i, size_t at)
{
    return u16_at(i, at) | u16_at(i, at + 2) << 16;
}

static uint64_t u64_at(const struct image *i, size_t at)
{
    return u32_at(i, at) | (uint64_t)u32_at(i, at + 4) << 32;
}

/* The length in tokens of the symbol at *at, which moves to its first token. */
static size_t name_length(const struct image *i, size_t *at)
{
    size_t length = i->bytes[(*at)++];

    if (length & 0x80)
        length = (length & 0x7f) | (size_t)i->bytes[(*at)++] << 7;
    return length;
}

static int find_tokens(const struct image *i, struct tables *t)
{
    static const char digits[] =
        "0\0001\0002\0003\0004\0005\0006\0007\0008\0009";

    for (size_t at = 0; at + sizeof(digits) <= i->length; at++) {
        size_t end = at, index;

        if (memcmp(i->bytes + at, digits, sizeof(digits)) != 0)
            continue;
        for (int token = '0'; token < TOKENS && end < i->length; token++)
            end += strnlen((const char *)i->bytes + end, i->length - end) + 1;
        index = align_up(t, end);
        t->token_index = index;
        t->token_table = at - u16_at(i, index + 2 * '0');
        if (u16_at(i, index) == 0 &&
            u16_at(i, index + 2 * '1') == u16_at(i, index + 2 * '0') + 2)
            return 1;
    }
    return 0;
}

/* Markers rise, from zero, up to the token table. */
static int find_markers(const struct image *i, struct tables *t)
{
    size_t at = t->token_table - 4;

    if (u32_at(i, at) == 0)
        at -= 4;
    t->marker_count = 1;
    while (at >= 4 && u32_at(i, at) > u32_at(i, at - 4)) {
        at -= 4;
        t->marker_count++;
    }
    t->markers = at;
    return u32_at(i, at) == 0 && t->marker_count > 1;
}

/* The names start right after their own number, and agree with the markers. */
static int find_names(const struct image *i, struct tables *t)
{
    uint32_t last = u32_at(i, t->markers + 4 * (t->marker_count - 1));

    for (size_t at = (t->markers - last) / t->alignment * t->alignment;
         at > t->alignment; at -= t->alignment) {
        uint32_t count = u32_at(i, at - t->alignment);
        size_t end = at;

        if (t->markers - at > (size_t)last + (1 << 16))
            return 0;
        if ((count + SYMBOLS_A_MARKER - 1) / SYMBOLS_A_MARKER !=
            t->marker_count)
            continue;
        for (int n = 0; n < SYMBOLS_A_MARKER; n++) {
            size_t length = name_length(i, &end);

            end += length;
        }
        if (end - at == u32_at(i, t->markers + 4)) {
            t->names = at;
            t->count = count;
            t->offsets = align_up(t, t->token_index + 2 * TOKENS);
            t->base = align_up(t, t->offsets + 4 * (size_t)count);
            return t->base + 8 <= i->length;
        }
    }
    return 0;
}

static uint64_t symbol_address(const struct image *i, const struct tables *t,
                               uint32_t n)
{
    size_t at = t->offsets + 4 * (size_t)n;
    uint32_t offset = u32_at(i, at);

    if (t->alignment == 8)
        return u64_at(i, t->base) + offset;
    return LINKED_AT + at + (uint64_t)(int64_t)(int32_t)offset;
}

static int find_tables(const struct image *i, struct tables *t)
{
    for (t->alignment = 8; t->alignment >= 4; t->alignment -= 4)
        if (find_tokens(i, t) && find_markers(i, t) && find_names(i, t))
            return 1;
    return 0;
}

static void print_symbols(const struct image *i, const struct tables *t)
{
    size_t at = t->names;

    for (uint32_t n = 0; n < t->count; n++) {
        size_t length = name_length(i, &at);
        int first = 1; /* the first character is the symbol's type */

        printf("%016llx ", (unsigned long long)symbol_address(i, t, n));
        for (; length > 0; length--, at++) {
            uint32_t token = u16_at(i, t->token_index + 2 * i->bytes[at]);
            const char *text = (const char *)i->bytes + t->token_table + token;

            for (; *text; text++) {
                putchar(*text);
                if (first)
                    putchar(' ');
                first = 0;
            }
        }
        putchar('\n');
    }
}

int main(int argc, char **argv)
{
    struct image image = { 0 };
    struct tables tables = { 0 };
    uint8_t *bytes;
    FILE *file;

    if (argc != 2 || !(file = fopen(argv[1], "rb"))) {
        fprintf(stderr, "usage: kallsyms IMAGE\n");
        return 64;
    }
    fseek(file, 0, SEEK_END);
    image.length = (size_t)ftell(file);
    rewind(file);
    bytes = malloc(image.length + 1);
    if (!bytes || fread(bytes, 1, image.length, file) != image.length)
        return 65;
    fclose(file);
    image.bytes = bytes;
    if (!find_tables(&image, &tables)) {
        fprintf(stderr, "%s: no kernel symbols found\n", argv[1]);
        free(bytes);
        return 65;
    }
    print_symbols(&image, &tables);
    free(bytes);
    return 0;
}
