/*
 * Loads and stores that miss the fast path: misaligned and page-crossing ones,
 * devices, stores to decoded code; AMOs and cache-block operations. Pogo does
 * misaligned loads and stores to RAM in hardware, and wants natural alignment
 * of AMOs and of devices. A fault reports the address of the part that faults.
 */
#include <string.h>

#include "cpu/op.h"

/* The two parts of an access, the second of none if it stays in its page. */
struct parts {
    struct place place[2];
    unsigned size[2];
};

/* To be asked first, before even a translation is made. */
static bool stops(struct hart *h, uint64_t va, unsigned size,
                  enum access access)
{
    return UNLIKELY(h->engine->stops) && stops_access(h, va, size, access);
}

/* Finds both parts before anything is accessed; a crossing one wants RAM. If
   the first is not kept, a monitor carries all of it out, and keeps nothing. */
static bool locate_parts(struct hart *h, uint64_t va, unsigned size,
                         enum access access, struct parts *out)
{
    uint64_t room = PAGE_SIZE - (va & PAGE_MASK);
    uint64_t at = va;

    out->size[0] = size <= room ? size : (unsigned)room;
    out->size[1] = size - out->size[0];
    for (unsigned i = 0; i < 2 && out->size[i]; i++) {
        bool may_keep = i == 0 || out->place[0].kept;

        if (!memory_locate(h, at, out->size[i], access, may_keep,
                           &out->place[i]))
            return false;
        if (!out->place[i].host && out->size[1])
            return memory_fault(h->private_, access_fault_cause(access), at);
        at += out->size[i];
    }
    return true;
}

/* The end of an access before which `drops` stores had hit decoded code: if
   this one did, the block under way may be what it hit. */
static enum outcome finish(const struct hart *h, uint64_t drops)
{
    return LIKELY(h->engine->drops == drops) ? ACCESS_DONE : ACCESS_END;
}

/* A device may look at the clock, and may interrupt. */
static enum outcome device_load(struct hart *h, const struct op *o,
                                int64_t budget, uint64_t va, unsigned size,
                                uint64_t pa)
{
    struct hart_private *p = h->private_;

    hart_sync(h, budget + ops_left(o));
    if (bus_load(h->bus, pa, size, &p->value) == STATUS_OK)
        return ACCESS_END;
    memory_fault(p, CAUSE_LOAD_ACCESS, va);
    return ACCESS_TRAP;
}

static enum outcome device_store(struct hart *h, const struct op *o,
                                 int64_t budget, uint64_t va, unsigned size,
                                 uint64_t pa, uint64_t value)
{
    hart_sync(h, budget + ops_left(o));
    if (bus_store(h->bus, pa, size, value) == STATUS_OK)
        return ACCESS_END;
    memory_fault(h->private_, CAUSE_STORE_ACCESS, va);
    return ACCESS_TRAP;
}

enum outcome hart_load(struct hart *h, const struct op *o, int64_t budget,
                       uint64_t va, unsigned size)
{
    struct hart_private *p = h->private_;
    uint64_t drops = h->engine->drops;
    struct parts parts;
    uint8_t bytes[8] = {0};

    if (stops(h, va, size, ACCESS_LOAD) ||
        !locate_parts(h, va, size, ACCESS_LOAD, &parts))
        return ACCESS_TRAP;
    if (!parts.place[0].host)
        return device_load(h, o, budget, va, size, parts.place[0].pa);
    memcpy(bytes, parts.place[0].host, parts.size[0]);
    if (parts.size[1])
        memcpy(bytes + parts.size[0], parts.place[1].host, parts.size[1]);
    memcpy(&p->value, bytes, sizeof p->value);
    return finish(h, drops);
}

enum outcome hart_store(struct hart *h, const struct op *o, int64_t budget,
                        uint64_t va, unsigned size, uint64_t value)
{
    uint64_t drops = h->engine->drops;
    struct parts parts;
    uint8_t bytes[8];

    if (stops(h, va, size, ACCESS_STORE) ||
        !locate_parts(h, va, size, ACCESS_STORE, &parts))
        return ACCESS_TRAP;
    if (!parts.place[0].host)
        return device_store(h, o, budget, va, size, parts.place[0].pa, value);
    memcpy(bytes, &value, sizeof bytes);
    memcpy(parts.place[0].host, bytes, parts.size[0]);
    if (parts.size[1])
        memcpy(parts.place[1].host, bytes + parts.size[0], parts.size[1]);
    return finish(h, drops);
}

enum outcome hart_atomic(struct hart *h, uint64_t va, unsigned size,
                         enum access access)
{
    struct hart_private *p = h->private_;
    uint64_t drops = h->engine->drops;
    struct place place;

    if (va & (size - 1)) {
        memory_fault(p, access == ACCESS_LOAD ? CAUSE_LOAD_MISALIGNED
                                              : CAUSE_STORE_MISALIGNED, va);
        return ACCESS_TRAP;
    }
    if (stops(h, va, size, access) ||
        !memory_locate(h, va, size, access, true, &place))
        return ACCESS_TRAP;
    if (!place.host) {
        memory_fault(p, access_fault_cause(access), va);
        return ACCESS_TRAP;
    }
    p->host = place.host;
    return finish(h, drops);
}

#define CACHE_BLOCK 64u

enum outcome hart_cbo_zero(struct hart *h, uint64_t va)
{
    uint64_t drops = h->engine->drops, base = va & ~UINT64_C(63);
    struct place place;

    if (stops(h, base, CACHE_BLOCK, ACCESS_STORE) ||
        !memory_locate(h, base, CACHE_BLOCK, ACCESS_STORE, true, &place))
        return ACCESS_TRAP;
    if (!place.host) {
        memory_fault(h->private_, CAUSE_STORE_ACCESS, base);
        return ACCESS_TRAP;
    }
    memset(place.host, 0, CACHE_BLOCK);
    return finish(h, drops);
}

static bool cbo_reaches(struct hart *h, uint64_t base, enum access access)
{
    uint64_t pa;
    bool checked;

    if (!memory_translate(h, base, access, false, &pa, &checked))
        return false;
    return pmp_permits(&h->csr, csr_data_priv(&h->csr), pa, CACHE_BLOCK,
                       access) ||
           memory_fault(h->private_, CAUSE_STORE_ACCESS, base);
}

/* "Permitted whenever a load or a store instruction is permitted to access the
   block"; faults are reported as a store's. */
enum outcome hart_cbo_check(struct hart *h, uint64_t va)
{
    uint64_t drops = h->engine->drops, base = va & ~UINT64_C(63);

    if (!cbo_reaches(h, base, ACCESS_LOAD) &&
        !cbo_reaches(h, base, ACCESS_STORE))
        return ACCESS_TRAP;
    return finish(h, drops);
}
