#include "machine/load.h"

#include <string.h>

#include "machine/error_say.h"

typedef unsigned long long ull;

/* The Image header: offsets of its fields, all little-endian. */
enum {
    HEADER_IMAGE_SIZE = 16, /* bytes of memory, 8 bytes wide */
    HEADER_FLAGS = 24,      /* 8 bytes; bit 0 set: big-endian kernel */
    HEADER_MAGIC = 48,      /* "RISCV\0\0\0", deprecated but there */
    HEADER_MAGIC2 = 56,     /* "RSC\5" */
    HEADER_SIZE = 64,
};

static uint64_t le64(const uint8_t *p)
{
    uint64_t v = 0;

    for (unsigned k = 0; k < 8; k++)
        v |= (uint64_t)p[k] << (8 * k);
    return v;
}

enum load_kind load_kind(const struct image *i)
{
    if (i->size >= 4 && memcmp(i->bytes, "\177ELF", 4) == 0)
        return LOAD_ELF;
    if (i->size >= HEADER_SIZE &&
        memcmp(i->bytes + HEADER_MAGIC2, "RSC\5", 4) == 0)
        return LOAD_LINUX;
    return LOAD_RAW;
}

enum status load_bytes(struct board *b, const char *what, const void *bytes,
                       uint64_t size, uint64_t pa, struct error *e)
{
    struct ram *r = &b->bus.ram;

    if (ram_write(r, pa, bytes, size))
        return STATUS_OK;
    return error_say(e, STATUS_TOO_BIG,
                     "'%s' needs 0x%llx bytes at 0x%llx, but RAM is 0x%llx to "
                     "0x%llx: give the machine more with --memory", what,
                     (ull)size, (ull)pa, (ull)r->base,
                     (ull)(r->base + r->size));
}

/* The kernel's own idea of its size includes its bss, and must fit as well. */
static enum status linux_header(struct board *b, const struct image *i,
                                struct loaded *l, struct error *e)
{
    uint64_t size = le64(i->bytes + HEADER_IMAGE_SIZE);

    if (le64(i->bytes + HEADER_FLAGS) & 1)
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%s' is a big-endian Linux kernel: give one built "
                         "for little-endian RISC-V", i->name);
    if (l->start % (2 << 20))
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "'%s' is a Linux kernel and cannot start at 0x%llx: "
                         "it must be a multiple of 2 MiB", i->name,
                         (ull)l->start);
    if (size < i->size)
        size = i->size;
    if (!ram_contains(&b->bus.ram, l->start, size))
        return error_say(e, STATUS_TOO_BIG,
                         "'%s' says it needs 0x%llx bytes of memory from "
                         "0x%llx, more than there is: give the machine more "
                         "with --memory", i->name, (ull)size, (ull)l->start);
    l->end = l->start + size;
    return STATUS_OK;
}

static enum status raw_check(const struct image *i, struct error *e)
{
    if (i->size >= 8 && memcmp(i->bytes, "MZ\0\0zimg", 8) == 0)
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%s' is a kernel compressed for EFI (zimg): give "
                         "the uncompressed Image", i->name);
    return STATUS_OK;
}

enum status load_program(struct board *b, const struct image *i, uint64_t base,
                         struct loaded *out, struct error *e)
{
    enum status s;

    *out = (struct loaded){ .kind = load_kind(i), .start = base,
                            .end = base + i->size, .entry = base };
    if (out->kind == LOAD_ELF)
        return load_elf(b, i, out, e);
    s = out->kind == LOAD_LINUX ? linux_header(b, i, out, e) : raw_check(i, e);
    if (s != STATUS_OK)
        return s;
    return load_bytes(b, i->name, i->bytes, i->size, base, e);
}
