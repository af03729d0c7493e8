#include "rig.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void note(struct rig *r, uint64_t offset)
{
    struct rig_device *d = &r->device;

    d->offset = offset;
    d->now = r->bus.clock.now;
    d->time = r->h->csr.time;
    if (d->attention)
        r->bus.attention = true;
}

static bool device_load(void *context, uint64_t offset, unsigned size,
                        uint64_t *v)
{
    struct rig *r = context;

    (void)size;
    note(r, offset);
    r->device.loads++;
    *v = r->device.value;
    return offset < 0x800;
}

static bool device_store(void *context, uint64_t offset, unsigned size,
                         uint64_t v)
{
    struct rig *r = context;

    (void)size;
    note(r, offset);
    r->device.stores++;
    r->device.value = v;
    r->h->csr.lines |= r->device.raise;
    return offset < 0x800;
}

static const struct bus_device device = {
    .name = "test", .base = RIG_DEVICE, .size = 0x1000,
    .load = device_load, .store = device_store};

/* addi a0, a0, 7; jalr zero, 0(a1); c.nop, and the first half of a word. */
static const uint32_t rom_code[1024] = {0x00750513, 0x00058067, 0x80130001};

static bool rom_load(void *context, uint64_t offset, unsigned size,
                     uint64_t *v)
{
    (void)context;
    memcpy(v, (const uint8_t *)rom_code + offset, size);
    return true;
}

static bool rom_store(void *context, uint64_t offset, unsigned size,
                      uint64_t v)
{
    (void)context, (void)offset, (void)size, (void)v;
    return false;
}

static const struct bus_device rom = {
    .name = "rom", .base = RIG_ROM, .size = sizeof rom_code,
    .load = rom_load, .store = rom_store, .memory = (const uint8_t *)rom_code};

static struct rig *rig_make(struct isa isa)
{
    struct rig *r = calloc(1, sizeof *r);
    struct bus_device d = device;

    assert_non_null(r);
    r->isa = isa;
    assert_int_equal(ram_init(&r->bus.ram, RIG_RAM, RIG_RAM_SIZE), STATUS_OK);
    clock_init(&r->bus.clock);
    bus_init(&r->bus);
    d.context = r;
    assert_int_equal(bus_add(&r->bus, d), STATUS_OK);
    assert_int_equal(bus_add(&r->bus, rom), STATUS_OK);
    r->engine = engine_new(&r->bus, &r->isa);
    assert_non_null(r->engine);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(hart_init(&r->hart[i], i, &r->isa, &r->bus, r->engine,
                                   RIG_RAM),
                         STATUS_OK);
        if (isa_has(&isa, EXT_F))
            csr_write(&r->hart[i].csr, CSR_mstatus, MSTATUS_FS);
    }
    r->h = &r->hart[0];
    return r;
}

struct rig *rig_new(void)
{
    return rig_make(isa_default());
}

struct rig *rig_new_isa(const char *text)
{
    struct isa isa = isa_default();
    size_t at;

    assert_int_equal(isa_parse(text, &isa, &at), STATUS_OK);
    return rig_make(isa);
}

void rig_free(struct rig *r)
{
    hart_free(&r->hart[0]);
    hart_free(&r->hart[1]);
    engine_free(r->engine);
    ram_free(&r->bus.ram);
    free(r);
}

void rig_put(struct rig *r, uint64_t pa, const uint32_t *words, size_t n)
{
    assert_true(ram_write(&r->bus.ram, pa, words, 4 * n));
}

uint64_t rig_peek(struct rig *r, uint64_t pa, unsigned size)
{
    uint64_t v = 0;

    assert_true(ram_read(&r->bus.ram, pa, &v, size));
    return v;
}

void rig_poke(struct rig *r, uint64_t pa, unsigned size, uint64_t v)
{
    assert_true(ram_write(&r->bus.ram, pa, &v, size));
}

void rig_csr(struct rig *r, unsigned csr, uint64_t value)
{
    hart_changed(r->h, csr_write(&r->h->csr, csr, value));
}

void rig_run(struct rig *r, uint64_t n)
{
    uint64_t end = r->h->csr.count + n;

    while (r->h->csr.count < end) {
        struct stop s = hart_run(r->h, end - r->h->csr.count);

        assert_int_not_equal(s.reason, STOP_TRAP);
        assert_int_not_equal(s.reason, STOP_WAIT);
        r->bus.attention = false;
        r->bus.clock.changed = false;
    }
    assert_int_equal(r->h->csr.count, end);
}

void rig_map(struct rig *r, uint64_t va, uint64_t pa, unsigned level,
             uint64_t flags)
{
    uint64_t table = RIG_TABLES, next;

    for (unsigned l = 2; l > level; l--) {
        uint64_t slot = table + 8 * pte_index(va, l);

        if (!(rig_peek(r, slot, 8) & PTE_V)) {
            for (next = RIG_TABLES + PAGE_SIZE; rig_peek(r, next, 8);)
                next += PAGE_SIZE;
            /* The last entry of a table marks it as taken. */
            rig_poke(r, next, 8, PTE_RSW);
            rig_poke(r, slot, 8, next >> 12 << 10 | PTE_V);
        }
        table = (rig_peek(r, slot, 8) & PTE_PPN) >> 10 << 12;
    }
    rig_poke(r, table + 8 * pte_index(va, level), 8, pa >> 12 << 10 | flags);
}
