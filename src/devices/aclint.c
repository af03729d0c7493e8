/* Timers and software interrupts of the harts; see aclint.h. */
#include "devices/aclint.h"

enum aclint_range {
    MSIP = 0x0000,     /* one word a hart */
    MTIMECMP = 0x4000, /* one doubleword a hart */
    MTIME = 0xbff8,
};

/*
 * mtip is set while mtime >= mtimecmp (privileged manual, mtimecmp). Sets the
 * line, and schedules the count at which it changes without a write: when
 * mtime gets there, or wraps around.
 */
static void update_timer(struct aclint_timer *t)
{
    struct aclint *a = t->aclint;
    bool level = clock_time(a->clock, a->clock->now) >= t->compare;

    if (!level)
        clock_schedule(a->clock, &t->event,
                       clock_count_of(a->clock, t->compare));
    else
        clock_schedule(a->clock, &t->event, clock_count_of_wrap(a->clock));
    if (level != t->level) {
        t->level = level;
        a->wires.timer(a->wires.context, t->hart, level);
    }
}

static void timer_fires(void *context, uint64_t now)
{
    (void)now;
    update_timer(context);
}

void aclint_init(struct aclint *a, struct clock *clock, unsigned harts,
                 struct aclint_wires wires)
{
    *a = (struct aclint){ .clock = clock, .harts = harts, .wires = wires };
    for (unsigned i = 0; i < harts; i++)
        a->timer[i] = (struct aclint_timer){
            .aclint = a,
            .hart = i,
            .compare = UINT64_MAX,
            .event = { .due = CLOCK_NEVER,
                       .fire = timer_fires,
                       .context = &a->timer[i] },
        };
}

/* The half of a doubleword register that [offset, offset+size) covers. */
static uint64_t part(uint64_t offset, unsigned size)
{
    if (size == 8)
        return MASK(63, 0);
    return offset & 4 ? MASK(63, 32) : MASK(31, 0);
}

/* The index of offset among `n` registers of `width` at `base`, or n. */
static unsigned index_of(uint64_t offset, uint64_t base, unsigned width,
                         unsigned n)
{
    uint64_t i = (offset - base) / width;

    return offset >= base && i < n ? (unsigned)i : n;
}

/* MSWI has words; MTIMER's doublewords may be accessed by halves. */
static bool width_allowed(uint64_t offset, unsigned size)
{
    return size == 4 || (size == 8 && offset >= MTIMECMP);
}

bool aclint_load(void *aclint, uint64_t offset, unsigned size, uint64_t *v)
{
    const struct aclint *a = aclint;
    unsigned msip = index_of(offset, MSIP, 4, a->harts);
    unsigned timer = index_of(offset, MTIMECMP, 8, a->harts);

    if (!width_allowed(offset, size))
        return false;
    *v = 0;
    if (msip < a->harts)
        *v = a->msip[msip];
    else if (timer < a->harts)
        *v = field_get(a->timer[timer].compare, part(offset, size));
    else if (offset >= MTIME && offset < MTIME + 8)
        *v = field_get(clock_time(a->clock, a->clock->now), part(offset, size));
    return true;
}

static void write_time(struct aclint *a, uint64_t mask, uint64_t v)
{
    uint64_t now = clock_time(a->clock, a->clock->now);

    a->clock->time_offset += field_set(now, mask, v) - now;
    for (unsigned i = 0; i < a->harts; i++)
        update_timer(&a->timer[i]);
    a->wires.time_written(a->wires.context);
}

void aclint_set_time(struct aclint *a, uint64_t time)
{
    write_time(a, ~UINT64_C(0), time);
}

bool aclint_store(void *aclint, uint64_t offset, unsigned size, uint64_t v)
{
    struct aclint *a = aclint;
    unsigned msip = index_of(offset, MSIP, 4, a->harts);
    unsigned timer = index_of(offset, MTIMECMP, 8, a->harts);

    if (!width_allowed(offset, size))
        return false;
    if (msip < a->harts) {
        /* Only bit 0 is writable; it is the hart's MSIP. */
        bool changed = a->msip[msip] != (v & 1);

        a->msip[msip] = v & 1;
        if (changed)
            a->wires.software(a->wires.context, msip, v & 1);
    } else if (timer < a->harts) {
        struct aclint_timer *t = &a->timer[timer];

        t->compare = field_set(t->compare, part(offset, size), v);
        update_timer(t);
    } else if (offset >= MTIME && offset < MTIME + 8) {
        write_time(a, part(offset, size), v);
    }
    return true;
}

/* SETSSIP registers read as zero. */
bool aclint_sswi_load(void *aclint, uint64_t offset, unsigned size, uint64_t *v)
{
    (void)aclint, (void)offset;
    *v = 0;
    return size == 4;
}

/* Writing 1 sends an edge; writing 0 does nothing. */
bool aclint_sswi_store(void *aclint, uint64_t offset, unsigned size, uint64_t v)
{
    struct aclint *a = aclint;
    unsigned hart = index_of(offset, 0, 4, a->harts);

    if (size != 4)
        return false;
    if (hart < a->harts && v & 1)
        a->wires.supervisor(a->wires.context, hart);
    return true;
}

void aclint_state(struct aclint *a, struct state *s)
{
    for (unsigned i = 0; i < a->harts; i++) {
        struct aclint_timer *t = &a->timer[i];

        state_u32(s, &a->msip[i]);
        state_require(s, a->msip[i] <= 1);
        state_u64(s, &t->compare);
        state_bool(s, &t->level);
        clock_event_state(a->clock, &t->event, s);
    }
}
