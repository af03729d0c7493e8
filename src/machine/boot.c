#include "machine/boot.h"

#include <stdlib.h>

#include "machine/error_say.h"
#include "machine/fdt.h"
#include "machine/reset_vector.h"

#define MIB (UINT64_C(1) << 20)
#define HUGE_PAGE (2 * MIB)
#define DTB_SPACE 65536u    /* for the tree … */
#define DTB_GROWTH 65536u   /* … and for what firmware adds to it in place */
#define DTB_TOP UINT64_C(0xc0000000) /* 32-bit software can reach it there */
#define INITRD_FAR (128 * MIB)

typedef unsigned long long ull;

static uint64_t up(uint64_t v, uint64_t to)
{
    return (v + to - 1) / to * to;
}

static uint64_t down(uint64_t v, uint64_t to)
{
    return v / to * to;
}

static bool overlap(uint64_t a, uint64_t a_end, uint64_t b, uint64_t b_end)
{
    return a < b_end && b < a_end;
}

/* Firmware at the start of RAM, the kernel behind it. */
static enum status place_programs(struct board *b,
                                  const struct boot_options *o,
                                  struct boot_layout *l, struct error *e)
{
    uint64_t base = b->bus.ram.base, kernel = base;
    enum status s = STATUS_OK;

    if (o->bios) {
        s = load_program(b, o->bios, base, &l->bios, e);
        kernel = up(l->bios.end, HUGE_PAGE);
        if (kernel < base + BOARD_KERNEL_OFFSET ||
            !ram_contains(&b->bus.ram, kernel, 1))
            kernel = base + BOARD_KERNEL_OFFSET;
    }
    if (s != STATUS_OK || !o->kernel)
        return s;
    s = load_program(b, o->kernel, kernel, &l->kernel, e);
    if (s == STATUS_OK && overlap(l->bios.start, l->bios.end, l->kernel.start,
                                  l->kernel.end))
        s = error_say(e, STATUS_BAD_ARGUMENT,
                      "'%s' and '%s' both want the memory at 0x%llx: link one "
                      "of them elsewhere, or use --bios none", o->bios->name,
                      o->kernel->name, (ull)l->kernel.start);
    return s;
}

/* The end of what has been loaded so far and lies below `limit`. */
static uint64_t used_below(const struct boot_layout *l, uint64_t limit)
{
    uint64_t end = 0;

    if (l->bios.start < limit && l->bios.end > end)
        end = l->bios.end;
    if (l->kernel.start < limit && l->kernel.end > end)
        end = l->kernel.end;
    return end;
}

static enum status place_dtb(const struct board *b, struct boot_layout *l,
                             uint64_t size, struct error *e)
{
    const struct ram *r = &b->bus.ram;
    uint64_t top = r->base + r->size;

    if (top > DTB_TOP)
        top = DTB_TOP;
    if (size <= r->size) {
        l->dtb_start = down(top - size, HUGE_PAGE);
        if (l->dtb_start < used_below(l, top) || l->dtb_start < r->base)
            l->dtb_start = down(top - size, RAM_PAGE);
        l->dtb_end = l->dtb_start + size;
        if (l->dtb_start >= used_below(l, l->dtb_end))
            return STATUS_OK;
    }
    return error_say(e, STATUS_TOO_BIG, "the device tree does not fit above "
                     "what is loaded in %llu bytes of memory: give the "
                     "machine more with --memory", (ull)r->size);
}

static uint64_t initrd_size(const struct boot_options *o)
{
    uint64_t size = 0;

    for (unsigned k = 0; k < o->initrds; k++)
        size += up(o->initrd[k].size, 4);
    return size;
}

static enum status load_initrds(struct board *b, const struct boot_options *o,
                                struct boot_layout *l, struct error *e)
{
    uint64_t at = l->initrd_start;

    for (unsigned k = 0; k < o->initrds; k++) {
        const struct image *i = &o->initrd[k];
        enum status s = load_bytes(b, i->name, i->bytes, i->size, at, e);

        if (s != STATUS_OK)
            return s;
        at += up(i->size, 4);
    }
    return STATUS_OK;
}

static enum status place_initrd(struct board *b, const struct boot_options *o,
                                struct boot_layout *l, struct error *e)
{
    uint64_t size = initrd_size(o), half = b->bus.ram.size / 2;
    uint64_t used = used_below(l, l->dtb_start), start = l->kernel.start;

    if (size == 0)
        return STATUS_OK;
    if (start == l->kernel.end)
        start = b->bus.ram.base;
    start = up(start + (half < INITRD_FAR ? half : INITRD_FAR), RAM_PAGE);
    if (start < used || start > l->dtb_start || size > l->dtb_start - start) {
        if (size > l->dtb_start ||
            down(l->dtb_start - size, RAM_PAGE) < up(used, RAM_PAGE))
            return error_say(e, STATUS_TOO_BIG, "the initrd of %llu bytes "
                             "does not fit between '%s' and the device tree: "
                             "give the machine more with --memory", (ull)size,
                             o->kernel ? o->kernel->name : "the firmware");
        start = down(l->dtb_start - size, RAM_PAGE);
    }
    l->initrd_start = start;
    l->initrd_end = start + size;
    return load_initrds(b, o, l, e);
}

static enum status write_dtb(struct board *b, const struct boot_options *o,
                             struct boot_layout *l, void *buf, size_t size,
                             struct error *e)
{
    struct fdt_chosen c = { .append = o->append,
                            .initrd_start = l->initrd_start,
                            .initrd_end = l->initrd_end };
    enum status s;

    if (o->dtb) {
        s = fdt_adopt(o->dtb, &c, buf, size, e);
    } else {
        s = fdt_build(b, &c, buf, size);
        if (s != STATUS_OK)
            error_say(e, s, "the kernel command line is too long for the "
                      "device tree: shorten --append");
    }
    if (s != STATUS_OK)
        return s;
    l->dtb_end = l->dtb_start + fdt_length(buf);
    return load_bytes(b, "device tree", buf, fdt_length(buf), l->dtb_start, e);
}

static enum status place_data(struct board *b, const struct boot_options *o,
                              struct boot_layout *l, struct error *e)
{
    size_t space = DTB_SPACE + (o->dtb ? o->dtb->size : 0);
    enum status s = place_dtb(b, l, space + DTB_GROWTH, e);
    void *buf;

    if (s == STATUS_OK)
        s = place_initrd(b, o, l, e);
    if (s != STATUS_OK)
        return s;
    buf = calloc(1, space);
    if (!buf)
        return error_say(e, STATUS_NO_MEMORY, "the host is out of memory");
    s = write_dtb(b, o, l, buf, space, e);
    free(buf);
    return s;
}

enum status machine_boot(struct board *b, const struct boot_options *o,
                         struct boot_layout *out, struct error *e)
{
    struct boot_layout l = { 0 };
    enum status s;

    if (!o->bios && !o->kernel)
        return error_say(e, STATUS_BAD_ARGUMENT, "there is nothing to run: "
                         "name a program with --kernel or --bios");
    s = place_programs(b, o, &l, e);
    if (s == STATUS_OK)
        s = place_data(b, o, &l, e);
    if (s != STATUS_OK)
        return s;
    l.entry = o->bios ? l.bios.entry : l.kernel.entry;
    s = reset_vector_write(&b->devices.rom, l.entry, l.dtb_start,
                           l.kernel.entry);
    if (s == STATUS_OK && out)
        *out = l;
    return s;
}
