#include "check/scan/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/scan/parts.h"
#include "machine/error_say.h"

/* Names, in pieces that do not move. */
struct scan_pool {
    struct scan_pool *next;
    size_t used;
    char text[65536];
};

void *scan_grow(void *array, size_t count, size_t element)
{
    /* Room doubles when count is a power of two. */
    if (count & (count - 1))
        return array;
    return realloc(array, (count ? 2 * count : 1) * element);
}

enum status scan_add_code(struct scan_input *in, const char *name,
                          uint64_t address, size_t offset, size_t size)
{
    struct scan_code *code = scan_grow(in->code, in->codes, sizeof *code);

    if (!code)
        return STATUS_NO_MEMORY;
    in->code = code;
    code = &in->code[in->codes++];
    *code = (struct scan_code){ "", address, offset, size };
    for (size_t k = 0; name[k] && k + 1 < sizeof code->name; k++)
        code->name[k] = name[k] < ' ' || name[k] > '~' ? '?' : name[k];
    return STATUS_OK;
}

/* A copy in which everything is printable: names come from hostile files. */
static const char *keep_name(struct scan_input *in, const char *name)
{
    size_t length = strnlen(name, 1000);
    struct scan_pool *pool = in->names;
    char *copy;

    if (!pool || pool->used + length + 1 > sizeof pool->text) {
        pool = malloc(sizeof *pool);
        if (!pool)
            return NULL;
        pool->next = in->names;
        pool->used = 0;
        in->names = pool;
    }
    copy = pool->text + pool->used;
    for (size_t k = 0; k < length; k++)
        copy[k] = name[k] < ' ' || name[k] > '~' ? '?' : name[k];
    copy[length] = '\0';
    pool->used += length + 1;
    return copy;
}

enum status scan_add_symbol(struct scan_input *in, const char *name,
                            uint64_t address, uint64_t size, bool data)
{
    struct scan_symbol *symbol =
        scan_grow(in->symbol, in->symbols, sizeof *symbol);
    const char *kept = symbol ? keep_name(in, name) : NULL;

    if (symbol)
        in->symbol = symbol;
    if (!kept)
        return STATUS_NO_MEMORY;
    in->symbol[in->symbols++] =
        (struct scan_symbol){ address, size, kept, data };
    return STATUS_OK;
}

enum status scan_add_mark(struct scan_input *in, uint64_t address, char kind)
{
    struct scan_mark *mark = scan_grow(in->mark, in->marks, sizeof *mark);

    if (!mark)
        return STATUS_NO_MEMORY;
    in->mark = mark;
    in->mark[in->marks++] = (struct scan_mark){ address, kind, false };
    return STATUS_OK;
}

static int by_address(const void *a, const void *b)
{
    const struct scan_symbol *x = a, *y = b;

    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    if (x->size != y->size)
        return x->size < y->size ? -1 : 1;
    return strcmp(x->name, y->name);
}

static int mark_order(const void *a, const void *b)
{
    const struct scan_mark *x = a, *y = b;

    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return x->kind - y->kind;
}

/* A function without a size, as assembly leaves it, ends where the next one
   begins; so does one that claims to reach past the end of the addresses. */
static void size_symbols(struct scan_input *in)
{
    for (size_t k = 0; k < in->symbols; k++) {
        struct scan_symbol *s = &in->symbol[k];
        size_t next = k + 1;

        if (s->size && s->size <= UINT64_MAX - s->address)
            continue;
        while (next < in->symbols && in->symbol[next].address == s->address)
            next++;
        s->size = next < in->symbols ? in->symbol[next].address - s->address
                                     : UINT64_MAX - s->address;
    }
}

static void carry_state(struct scan_input *in)
{
    bool thumb = false;

    for (size_t k = 0; k < in->marks; k++) {
        if (in->mark[k].kind == 't' || in->mark[k].kind == 'a')
            thumb = in->mark[k].kind == 't';
        in->mark[k].thumb = thumb;
    }
}

static void finish_symbols(struct scan_input *in)
{
    size_t kept = 0;

    if (in->symbols)
        qsort(in->symbol, in->symbols, sizeof *in->symbol, by_address);
    if (in->marks)
        qsort(in->mark, in->marks, sizeof *in->mark, mark_order);
    size_symbols(in);
    carry_state(in);
    for (size_t k = 0; k < in->symbols; k++)
        if (!in->symbol[k].data)
            in->symbol[kept++] = in->symbol[k];
    in->symbols = kept;
}

static enum status read_raw(struct scan_input *in, const struct scan_options *o,
                            struct error *e)
{
    if (o->isa == SCAN_ISAS)
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%s' is neither an ELF file nor a Linux kernel: say "
                         "with --isa whose code its bytes are",
                         in->name);
    in->format = "raw";
    return scan_add_code(in, "raw", o->base, 0, in->size);
}

static enum status unpack(struct scan_input *in, const struct scan_options *o,
                          struct error *e)
{
    size_t offset, size;
    enum status s = scan_find_packed(in, &offset, &size, e);

    if (s == STATUS_OK && size)
        s = scan_unpack(in, offset, size, o->limit, e);
    return s;
}

static enum status read_any(struct scan_input *in, const struct scan_options *o,
                            struct error *e)
{
    uint64_t linked = 0;
    bool is_linux;
    enum status s = STATUS_OK;

    if (o->symbols)
        s = scan_read_list(in, o, &linked, e);
    if (s != STATUS_OK)
        return s;
    if (in->size >= 4 && memcmp(in->bytes, "\177ELF", 4) == 0)
        return scan_read_elf(in, e);
    s = scan_read_linux(in, o->based ? o->base : linked, &is_linux, e);
    return s != STATUS_OK || is_linux ? s : read_raw(in, o, e);
}

/* --isa is for what does not say so itself. */
static enum status check_isa(struct scan_input *in,
                             const struct scan_options *o, struct error *e)
{
    if (o->isa == SCAN_ISAS || o->isa == in->isa)
        return STATUS_OK;
    if (strcmp(in->format, "raw") == 0) {
        in->isa = o->isa;
        in->big_endian = scan_isa_big_endian(o->isa);
        return STATUS_OK;
    }
    return error_say(e, STATUS_BAD_FORMAT,
                     "'%s' says itself that its code is for %s, not for %s: "
                     "leave --isa away",
                     in->name, scan_isa_name(in->isa), scan_isa_name(o->isa));
}

enum status scan_input_open(struct scan_input *in, const char *name,
                            const uint8_t *bytes, size_t size,
                            const struct scan_options *o, struct error *e)
{
    enum status s;

    *in = (struct scan_input){
        .name = name, .bytes = bytes, .size = size, .isa = SCAN_ISAS
    };
    s = unpack(in, o, e);
    if (s == STATUS_OK)
        s = read_any(in, o, e);
    if (s == STATUS_OK)
        s = check_isa(in, o, e);
    if (s == STATUS_OK && in->codes == 0)
        s = error_say(e, STATUS_BAD_FORMAT,
                      "'%s' has no code in it: name the program itself, not "
                      "its debug information or data",
                      name);
    if (s == STATUS_NO_MEMORY)
        error_say(e, s, "'%s' does not fit into this host's memory", name);
    if (s == STATUS_OK)
        finish_symbols(in);
    else
        scan_input_free(in);
    return s;
}

void scan_input_free(struct scan_input *in)
{
    while (in->names) {
        struct scan_pool *next = in->names->next;

        free(in->names);
        in->names = next;
    }
    if (in->unpacked)
        free((void *)in->bytes);
    free(in->code);
    free(in->symbol);
    free(in->mark);
    *in = (struct scan_input){ 0 };
}

const char *scan_symbol_find(const struct scan_input *in, uint64_t address,
                             uint64_t *offset)
{
    size_t low = 0, high = in->symbols; /* symbols below low are <= address */

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (in->symbol[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    *offset = address - in->symbol[low - 1].address;
    return *offset < in->symbol[low - 1].size ? in->symbol[low - 1].name : NULL;
}
