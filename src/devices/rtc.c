/* The goldfish real-time clock; see rtc.h. */
#include "devices/rtc.h"

enum rtc_register {
    RTC_TIME_LOW = 0x00, /* reading it latches the high half */
    RTC_TIME_HIGH = 0x04,
    RTC_ALARM_LOW = 0x08, /* writing it arms the alarm */
    RTC_ALARM_HIGH = 0x0c,
    RTC_IRQ_ENABLED = 0x10,
    RTC_CLEAR_ALARM = 0x14,
    RTC_ALARM_STATUS = 0x18,
    RTC_CLEAR_INTERRUPT = 0x1c,
};

#define NS_PER_S     UINT64_C(1000000000)
#define COUNTS_PER_S ((uint64_t)CLOCK_HZ * CLOCK_COUNTS_PER_TICK)

#define HIGH_HALF MASK(63, 32)
#define LOW_HALF  MASK(31, 0)

_Static_assert(COUNTS_PER_S == NS_PER_S, "one count is one nanosecond");

static uint64_t time_at(const struct rtc *r, uint64_t count)
{
    return count + r->offset;
}

static void update_irq(const struct rtc *r)
{
    irq_set(&r->irq, r->irq_pending && r->irq_enabled);
}

static void alarm_fires(void *context, uint64_t now)
{
    struct rtc *r = context;

    (void)now;
    r->alarm_set = false;
    r->irq_pending = true;
    update_irq(r);
}

/* The alarm was set or the time was: when is it due? */
static void arm(struct rtc *r)
{
    uint64_t count = r->clock->now;
    uint64_t now = time_at(r, count);
    uint64_t due = CLOCK_NEVER;

    if (r->alarm_set && r->alarm > now && r->alarm - now < CLOCK_NEVER - count)
        due = count + (r->alarm - now);
    clock_schedule(r->clock, &r->event, due);
    /* A time that has passed already: at once. */
    if (r->alarm_set && r->alarm <= now)
        alarm_fires(r, count);
}

void rtc_init(struct rtc *r, struct clock *clock, uint64_t epoch,
              struct irq_line irq)
{
    *r = (struct rtc){ .clock = clock, .irq = irq, .offset = epoch * NS_PER_S };
    r->event = (struct clock_event){ .due = CLOCK_NEVER,
                                     .fire = alarm_fires,
                                     .context = r };
}

bool rtc_load(void *rtc, uint64_t offset, unsigned size, uint64_t *v)
{
    struct rtc *r = rtc;
    uint64_t now = time_at(r, r->clock->now);

    if (size != 4)
        return false;
    *v = 0;
    switch (offset) {
    case RTC_TIME_LOW:
        r->time_high = (uint32_t)field_get(now, HIGH_HALF);
        *v = field_get(now, LOW_HALF);
        break;
    case RTC_TIME_HIGH:
        *v = r->time_high;
        break;
    case RTC_ALARM_LOW:
        *v = field_get(r->alarm, LOW_HALF);
        break;
    case RTC_ALARM_HIGH:
        *v = field_get(r->alarm, HIGH_HALF);
        break;
    case RTC_IRQ_ENABLED:
        *v = r->irq_enabled;
        break;
    case RTC_ALARM_STATUS:
        *v = r->alarm_set;
        break;
    }
    return true;
}

/* Half of the time is written: the other half stays. */
static void set_time(struct rtc *r, uint64_t half, uint64_t v)
{
    uint64_t now = time_at(r, r->clock->now);

    r->offset += field_set(now, half, v) - now;
    arm(r);
}

static void set_alarm(struct rtc *r, bool set)
{
    r->alarm_set = set;
    arm(r);
}

bool rtc_store(void *rtc, uint64_t offset, unsigned size, uint64_t v)
{
    struct rtc *r = rtc;

    if (size != 4)
        return false;
    switch (offset) {
    case RTC_TIME_LOW:
        set_time(r, LOW_HALF, v);
        break;
    case RTC_TIME_HIGH:
        set_time(r, HIGH_HALF, v);
        break;
    case RTC_ALARM_LOW:
        r->alarm = field_set(r->alarm, LOW_HALF, v);
        set_alarm(r, true);
        break;
    case RTC_ALARM_HIGH:
        r->alarm = field_set(r->alarm, HIGH_HALF, v);
        break;
    case RTC_IRQ_ENABLED:
        r->irq_enabled = v & 1;
        update_irq(r);
        break;
    case RTC_CLEAR_ALARM:
        set_alarm(r, false);
        break;
    case RTC_CLEAR_INTERRUPT:
        r->irq_pending = false;
        update_irq(r);
        break;
    }
    return true;
}

void rtc_state(struct rtc *r, struct state *s)
{
    state_u64(s, &r->offset);
    state_u32(s, &r->time_high);
    state_u64(s, &r->alarm);
    state_bool(s, &r->alarm_set);
    state_bool(s, &r->irq_enabled);
    state_bool(s, &r->irq_pending);
    clock_event_state(r->clock, &r->event, s);
}
