/* The comparison of two stopped machines; see difference.h. */
#include "check/difference.h"

#include <string.h>

#include "devices/disk.h"
#include "machine/run.h"

static const char *const register_names[REG_PC] = {
    "zero", "ra",  "sp",   "gp",   "tp",  "t0",  "t1",  "t2",  "s0",   "s1",
    "a0",   "a1",  "a2",   "a3",   "a4",  "a5",  "a6",  "a7",  "s2",   "s3",
    "s4",   "s5",  "s6",   "s7",   "s8",  "s9",  "s10", "s11", "t3",   "t4",
    "t5",   "t6",  "ft0",  "ft1",  "ft2", "ft3", "ft4", "ft5", "ft6",  "ft7",
    "fs0",  "fs1", "fa0",  "fa1",  "fa2", "fa3", "fa4", "fa5", "fa6",  "fa7",
    "fs2",  "fs3", "fs4",  "fs5",  "fs6", "fs7", "fs8", "fs9", "fs10", "fs11",
    "ft8",  "ft9", "ft10", "ft11",
};

const char *difference_name(const struct difference_register *r)
{
    const char *name;

    if (r->is_csr) {
        name = csr_name(r->number);
        return name ? name : "?";
    }
    return r->number < REG_PC      ? register_names[r->number]
           : r->number == REG_PC   ? "pc"
           : r->number == REG_PRIV ? "mode"
                                   : "reservation";
}

static void add_register(struct difference *d, struct difference_register r)
{
    if (r.value[0] == r.value[1])
        return;
    if (d->registers < DIFFERENCE_REGISTERS)
        d->reg[d->registers] = r;
    d->registers++;
}

static void compare_hart(const struct side side[2], unsigned hart,
                         struct difference *d)
{
    const struct isa *isa = side[0].machine->isa;
    int csr;

    for (unsigned n = REG_X0; n <= REG_RESERVATION; n++) {
        struct difference_register r = { .hart = hart, .number = n };

        for (unsigned k = 0; k < 2; k++)
            r.value[k] =
                side[k].machine->ops->reg_get(side[k].machine, hart, n);
        add_register(d, r);
    }
    for (csr = csr_next(isa, 0); csr >= 0;
         csr = csr_next(isa, (unsigned)csr + 1)) {
        struct difference_register r = { .hart = hart,
                                         .is_csr = true,
                                         .number = (unsigned)csr };

        for (unsigned k = 0; k < 2; k++)
            side[k].machine->ops->csr_get(side[k].machine, hart, r.number,
                                          &r.value[k]);
        add_register(d, r);
    }
}

static void compare_page(const uint8_t *page[2], uint64_t pa,
                         struct difference *d)
{
    d->pages++;
    for (unsigned at = 0; at < RAM_PAGE; at += 8) {
        struct difference_word w = { .address = pa + at };

        memcpy(&w.value[0], page[0] + at, 8);
        memcpy(&w.value[1], page[1] + at, 8);
        if (w.value[0] == w.value[1])
            continue;
        if (d->words < DIFFERENCE_WORDS)
            d->word[d->words] = w;
        d->words++;
    }
}

static void compare_ram(const struct side side[2], struct difference *d)
{
    const struct ram *r = &side[0].board->bus.ram;
    static const uint8_t zeros[RAM_PAGE];

    for (uint64_t pa = r->base; pa - r->base < r->size; pa += RAM_PAGE) {
        const uint8_t *page[2];

        for (unsigned k = 0; k < 2; k++) {
            page[k] =
                side[k].machine->ops->ram(side[k].machine, pa, RAM_PAGE, false);
            if (!page[k]) /* as machine_hash has it */
                page[k] = zeros;
        }
        if (memcmp(page[0], page[1], RAM_PAGE) != 0)
            compare_page(page, pa, d);
    }
}

size_t difference_console(const struct side side[2])
{
    const struct side_output *a = side[0].output, *b = side[1].output;
    size_t n = a->size < b->size ? a->size : b->size, at = 0;

    while (at < n && a->bytes[at] == b->bytes[at])
        at++;
    return at;
}

int difference_disk(const struct side side[2], uint64_t *sector)
{
    for (unsigned k = 0; k < side[0].board->config.disks; k++) {
        struct disk *a = side[0].board->config.disk[k];
        struct disk *b = side[1].board->config.disk[k];

        for (uint64_t s = 0; a != b && s < disk_sectors(a); s++) {
            uint8_t left[DISK_SECTOR], right[DISK_SECTOR];

            *sector = s;
            if (!disk_read(a, s * DISK_SECTOR, left, sizeof left) ||
                !disk_read(b, s * DISK_SECTOR, right, sizeof right) ||
                memcmp(left, right, sizeof left) != 0)
                return (int)k;
        }
    }
    return -1;
}

void difference_find(const struct side side[2], struct difference *out)
{
    *out = (struct difference){ 0 };
    for (unsigned k = 0; k < 2; k++)
        out->count[k] = machine_count(side[k].board);
    for (unsigned hart = 0; hart < side[0].machine->harts; hart++)
        compare_hart(side, hart, out);
    compare_ram(side, out);
    out->console_at = difference_console(side);
    out->console = out->console_at < side[0].output->size ||
                   out->console_at < side[1].output->size;
    out->disk = difference_disk(side, &out->disk_at);
}

bool difference_none(const struct difference *d)
{
    return d->count[0] == d->count[1] && d->registers == 0 && d->words == 0 &&
           !d->console && d->disk < 0;
}
