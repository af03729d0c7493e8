/* What the tests of the CSR file share: a reset hart and random numbers. */
#ifndef POGO_TESTS_UNIT_ISA_CSR_FIXTURE_H
#define POGO_TESTS_UNIT_ISA_CSR_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "isa/csr_file.h"
#include "seed.h"

/* A hart out of reset, with everything that `isa` has. */
struct fixture {
    struct isa isa;
    struct csr_file c;
};

static inline void fixture_init(struct fixture *f)
{
    f->isa = isa_default();
    csr_reset(&f->c, &f->isa, 0);
}

/* The same without some extensions; `without` is a set of BIT(EXT_…). */
static inline void fixture_init_without(struct fixture *f, uint64_t without)
{
    f->isa = isa_default();
    f->isa.ext &= ~without;
    csr_reset(&f->c, &f->isa, 0);
}

/* Writes and reads back. */
static inline uint64_t written(struct csr_file *c, unsigned csr, uint64_t v)
{
    csr_write(c, csr, v);
    return csr_read(c, csr);
}

/* xorshift64* */
struct rng {
    uint64_t state;
};

static inline struct rng rng_new(void)
{
    return (struct rng){ test_seed() * 2 + 1 };
}

static inline uint64_t rng_next(struct rng *r)
{
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return r->state * UINT64_C(0x2545f4914f6cdd1d);
}

static inline uint64_t rng_below(struct rng *r, uint64_t n)
{
    return (rng_next(r) >> 8) % n;
}

/* Dense, sparse and extreme values alike. */
static inline uint64_t rng_value(struct rng *r)
{
    switch (rng_below(r, 5)) {
    case 0:
        return rng_next(r);
    case 1:
        return rng_next(r) & rng_next(r) & rng_next(r);
    case 2:
        return BIT(rng_below(r, 64));
    case 3:
        return ~UINT64_C(0) << rng_below(r, 64);
    default:
        return rng_below(r, 3) - 1;
    }
}

#endif
