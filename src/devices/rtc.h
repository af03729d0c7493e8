/*
 * The goldfish real-time clock (goldfish virtual hardware guide): nanoseconds
 * since 1970, and an alarm. It starts at a fixed date and advances with the
 * instruction count, so that runs repeat; the guest may set it.
 */
#ifndef POGO_DEVICES_RTC_H
#define POGO_DEVICES_RTC_H

#include "bus/bus.h"

#define RTC_COMPATIBLE    "google,goldfish-rtc" /* for the device tree */
#define RTC_DEFAULT_EPOCH UINT64_C(1767225600)  /* 2026-01-01 00:00:00 UTC */

struct rtc {
    struct clock *clock; /* borrowed */
    struct irq_line irq;
    uint64_t offset;    /* ns since 1970 at count 0, modulo 2^64 */
    uint32_t time_high; /* latched when the low half is read */
    uint64_t alarm;     /* ns since 1970 */
    bool alarm_set, irq_enabled, irq_pending;
    struct clock_event event;
};

/* epoch: seconds since 1970 at count 0. */
void rtc_init(struct rtc *r, struct clock *clock, uint64_t epoch,
              struct irq_line irq);

/* struct bus_device load and store. */
bool rtc_load(void *rtc, uint64_t offset, unsigned size, uint64_t *v);
bool rtc_store(void *rtc, uint64_t offset, unsigned size, uint64_t v);

/* The state (base/state.h). */
void rtc_state(struct rtc *r, struct state *s);

#endif
