/*
 * The harts' own timers and software interrupts: RISC-V ACLINT 1.0, laid out
 * as the SiFive CLINT (MSWI at 0, MTIMER from 0x4000 on), and a second range
 * for supervisor software interrupts (SSWI).
 */
#ifndef POGO_DEVICES_ACLINT_H
#define POGO_DEVICES_ACLINT_H

#include "bus/bus.h"

/* For the device tree. */
#define ACLINT_COMPATIBLE      "riscv,clint0"
#define ACLINT_SSWI_COMPATIBLE "riscv,aclint-sswi"

#define ACLINT_MAX_HARTS 8

struct aclint_timer {
    struct aclint *aclint;
    unsigned hart;
    uint64_t compare;         /* mtimecmp */
    bool level;               /* of the hart's MTIP line */
    struct clock_event event; /* when the line changes by itself */
};

/* The wires that leave it; context goes to each. None may be NULL. */
struct aclint_wires {
    void *context;
    void (*software)(void *context, unsigned hart, bool level); /* MSIP */
    void (*timer)(void *context, unsigned hart, bool level);    /* MTIP */
    void (*supervisor)(void *context, unsigned hart); /* SSIP is to be set */
    void (*time_written)(void *context); /* mtime jumped: look at it anew */
};

struct aclint {
    struct clock *clock; /* borrowed */
    unsigned harts;
    struct aclint_wires wires;
    uint32_t msip[ACLINT_MAX_HARTS];
    struct aclint_timer timer[ACLINT_MAX_HARTS];
};

/* Reset state: mtimecmp all ones. 1 <= harts <= ACLINT_MAX_HARTS. */
void aclint_init(struct aclint *a, struct clock *clock, unsigned harts,
                 struct aclint_wires wires);

/* struct bus_device load and store of the two ranges. */
bool aclint_load(void *aclint, uint64_t offset, unsigned size, uint64_t *v);
bool aclint_store(void *aclint, uint64_t offset, unsigned size, uint64_t v);
bool aclint_sswi_load(void *aclint, uint64_t offset, unsigned size,
                      uint64_t *v);
bool aclint_sswi_store(void *aclint, uint64_t offset, unsigned size,
                       uint64_t v);

/* The state (base/state.h), of as many harts as it was made with. mtime is the
   clock's. */
void aclint_state(struct aclint *a, struct state *s);

/* mtime is `time` from now on: as a guest's store to it. */
void aclint_set_time(struct aclint *a, uint64_t time);

#endif
