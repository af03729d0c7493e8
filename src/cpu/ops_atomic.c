/*
 * The A extension and the cache-block operations. Harts take turns on one host
 * thread, so a plain read and write is atomic; aq and rl order nothing.
 * AMOs, SC and cbo.zero fault as stores, LR as a load; all want RAM.
 */
#include <string.h>

#include "cpu/op.h"
#include "isa/trap.h"

/* hart_private.host := the operand, or the trap. */
#define OPERAND(type, access) hart_atomic(h, RS1, sizeof(type), access)

#define AMO(name, type, result)                           \
    OP(name)                                              \
    {                                                     \
        enum outcome r = OPERAND(type, ACCESS_STORE);     \
        if (LIKELY(r != ACCESS_TRAP)) {                   \
            type a, b = (type)RS2, v;                     \
            memcpy(&a, h->private_->host, sizeof a);      \
            v = (result);                                 \
            memcpy(h->private_->host, &v, sizeof v);      \
            RD = (uint64_t)(int64_t)a;                    \
        }                                                 \
        AFTER(r);                                         \
    }

#define AMO_PAIR(name, result)       \
    AMO(name##_w, int32_t, result)   \
    AMO(name##_d, int64_t, result)

/* C's conversion to the signed type is modulo 2^n with our compilers. */
#define UW(v) ((uint32_t)(v))
#define UD(v) ((uint64_t)(v))

AMO_PAIR(amoswap, b)
AMO(amoadd_w, int32_t, (int32_t)(UW(a) + UW(b)))
AMO(amoadd_d, int64_t, (int64_t)(UD(a) + UD(b)))
AMO_PAIR(amoxor, a ^ b)
AMO_PAIR(amoand, a & b)
AMO_PAIR(amoor, a | b)
AMO_PAIR(amomin, a < b ? a : b)
AMO_PAIR(amomax, a > b ? a : b)
AMO(amominu_w, int32_t, UW(a) < UW(b) ? a : b)
AMO(amominu_d, int64_t, UD(a) < UD(b) ? a : b)
AMO(amomaxu_w, int32_t, UW(a) > UW(b) ? a : b)
AMO(amomaxu_d, int64_t, UD(a) > UD(b) ? a : b)

static uint64_t operand_pa(const struct hart *h)
{
    const struct ram *ram = &h->bus->ram;

    return ram->base + (uint64_t)(h->private_->host - ram->bytes);
}

#define LR(name, type)                                    \
    OP(name)                                              \
    {                                                     \
        enum outcome r = OPERAND(type, ACCESS_LOAD);      \
        if (LIKELY(r != ACCESS_TRAP)) {                   \
            type v;                                       \
            memcpy(&v, h->private_->host, sizeof v);      \
            RD = (uint64_t)(int64_t)v;                    \
            h->reserved = true;                           \
            h->reservation = operand_pa(h);               \
        }                                                 \
        AFTER(r);                                         \
    }

/* Succeeds if and only if the reservation stands and is of this very address;
   either way it stands no longer. The address is translated first, for a store:
   it faults whether or not it would have succeeded. */
#define SC(name, type)                                                \
    OP(name)                                                          \
    {                                                                 \
        enum outcome r = OPERAND(type, ACCESS_STORE);                 \
        if (LIKELY(r != ACCESS_TRAP)) {                               \
            type v = (type)RS2;                                       \
            bool ok = h->reserved && h->reservation == operand_pa(h); \
            if (ok)                                                   \
                memcpy(h->private_->host, &v, sizeof v);              \
            h->reserved = false;                                      \
            RD = !ok;                                                 \
        }                                                             \
        AFTER(r);                                                     \
    }

LR(lr_w, int32_t)
LR(lr_d, int64_t)
SC(sc_w, int32_t)
SC(sc_d, int64_t)

/* Zicbom, Zicboz ("CMO" chapter): menvcfg and senvcfg permit them; the block
   has 64 bytes; memory is coherent, so clean, flush and inval only fault. */
#define CBO(name, access)                                    \
    OP(name)                                                 \
    {                                                        \
        if (!cbo_permitted(&h->csr, INSN_##name))            \
            GOTO(op_illegal_raw);                            \
        AFTER(access(h, RS1));                               \
    }

CBO(cbo_zero, hart_cbo_zero)
CBO(cbo_clean, hart_cbo_check)
CBO(cbo_flush, hart_cbo_check)
CBO(cbo_inval, hart_cbo_check)

/* Hints, and fences between harts that take turns: nothing to do. */
#define NO_OPERATION(name) \
    OP(name)               \
    {                      \
        NEXT;              \
    }

NO_OPERATION(prefetch_i)
NO_OPERATION(prefetch_r)
NO_OPERATION(prefetch_w)
NO_OPERATION(fence)
NO_OPERATION(wrs_nto)
NO_OPERATION(wrs_sto)
