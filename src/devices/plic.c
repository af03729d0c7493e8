/* The platform-level interrupt controller; see plic.h. */
#include "devices/plic.h"

/* The memory map (chapter 3 of the specification), in bytes. */
#define PRIORITY       0x0u      /* one word a source; nothing before it */
#define PENDING        0x1000u   /* one bit a source */
#define ENABLE         0x2000u   /* one bit a source, … */
#define ENABLE_STRIDE  0x80u     /* … for each context */
#define CONTEXT        0x200000u /* threshold, then claim/complete, … */
#define CONTEXT_STRIDE 0x1000u
#define THRESHOLD      0u
#define CLAIM          4u

static bool bit_get(const uint32_t *words, unsigned n)
{
    return words[n / 32] >> (n % 32) & 1;
}

static void bit_set(uint32_t *words, unsigned n, bool v)
{
    uint32_t bit = UINT32_C(1) << (n % 32);

    words[n / 32] = v ? words[n / 32] | bit : words[n / 32] & ~bit;
}

/*
 * The pending source of highest priority that context c has enabled; the
 * lowest number among equals; 0 if none. Priority 0 never interrupts.
 */
static unsigned best(const struct plic *p, unsigned c)
{
    unsigned source = 0;

    for (unsigned w = 0; w < PLIC_WORDS; w++) {
        uint32_t ready = p->pending[w] & p->enable[c][w];

        for (; ready; ready &= ready - 1) {
            unsigned n = 32 * w + (unsigned)__builtin_ctz(ready);

            if (p->priority[n] > p->priority[source])
                source = n;
        }
    }
    return source;
}

/* Drives every context's wire as it must be now. */
static void update(struct plic *p)
{
    for (unsigned c = 0; c < p->contexts; c++) {
        bool level = p->priority[best(p, c)] > p->threshold[c];

        if (level == p->driven[c])
            continue;
        p->driven[c] = level;
        p->drive(p->wires, c, level);
    }
}

void plic_init(struct plic *p, unsigned harts,
               void (*drive)(void *wires, unsigned context, bool level),
               void *wires)
{
    *p = (struct plic){ .contexts = 2 * harts, .drive = drive, .wires = wires };
}

/*
 * The gateway of a level-triggered source turns the level into one request,
 * and forwards no other until that one is completed; a request that was
 * forwarded stays when the level falls (section "Interrupt Gateways").
 */
static void gateway(struct plic *p, unsigned source)
{
    if (bit_get(p->level, source) && !bit_get(p->claimed, source))
        bit_set(p->pending, source, true);
}

void plic_set(void *plic, unsigned source, bool level)
{
    struct plic *p = plic;

    if (source == 0 || source > PLIC_SOURCES ||
        bit_get(p->level, source) == level)
        return;
    bit_set(p->level, source, level);
    gateway(p, source);
    update(p);
}

/* The threshold does not matter to a claim, only to the wire. */
static unsigned claim(struct plic *p, unsigned c)
{
    unsigned source = best(p, c);

    if (source) {
        bit_set(p->pending, source, false);
        bit_set(p->claimed, source, true);
        update(p);
    }
    return source;
}

/* A completion of a source that the context has not enabled is ignored. */
static void complete(struct plic *p, unsigned c, uint64_t source)
{
    if (source > PLIC_SOURCES || !bit_get(p->enable[c], (unsigned)source))
        return;
    bit_set(p->claimed, (unsigned)source, false);
    gateway(p, (unsigned)source);
    update(p);
}

/* Bits that exist in word w: source 0 does not. */
static uint32_t sources_of(uint64_t w)
{
    return w == 0 ? ~UINT32_C(1) : UINT32_MAX;
}

_Static_assert((PLIC_SOURCES + 1) % 32 == 0, "the last word is full");

static uint32_t context_load(struct plic *p, uint64_t offset)
{
    uint64_t c = offset / CONTEXT_STRIDE;
    uint64_t within = offset % CONTEXT_STRIDE;

    if (c >= p->contexts)
        return 0;
    if (within == THRESHOLD)
        return p->threshold[c];
    return within == CLAIM ? claim(p, (unsigned)c) : 0;
}

/* What is not there reads as zero and ignores writes. */
bool plic_load(void *plic, uint64_t offset, unsigned size, uint64_t *v)
{
    struct plic *p = plic;

    if (size != 4)
        return false;
    *v = 0;
    if (offset >= CONTEXT) {
        *v = context_load(p, offset - CONTEXT);
    } else if (offset >= ENABLE) {
        uint64_t c = (offset - ENABLE) / ENABLE_STRIDE;
        uint64_t w = (offset - ENABLE) % ENABLE_STRIDE / 4;

        if (c < p->contexts && w < PLIC_WORDS)
            *v = p->enable[c][w];
    } else if (offset >= PENDING) {
        uint64_t w = (offset - PENDING) / 4;

        if (w < PLIC_WORDS)
            *v = p->pending[w];
    } else if (offset / 4 <= PLIC_SOURCES) {
        *v = p->priority[offset / 4];
    }
    return true;
}

static void context_store(struct plic *p, uint64_t offset, uint64_t v)
{
    uint64_t c = offset / CONTEXT_STRIDE;
    uint64_t within = offset % CONTEXT_STRIDE;

    if (c >= p->contexts)
        return;
    if (within == THRESHOLD) {
        p->threshold[c] = v & PLIC_MAX_PRIORITY;
        update(p);
    } else if (within == CLAIM) {
        complete(p, (unsigned)c, v);
    }
}

bool plic_store(void *plic, uint64_t offset, unsigned size, uint64_t v)
{
    struct plic *p = plic;

    if (size != 4)
        return false;
    if (offset >= CONTEXT) {
        context_store(p, offset - CONTEXT, v);
    } else if (offset >= ENABLE) {
        uint64_t c = (offset - ENABLE) / ENABLE_STRIDE;
        uint64_t w = (offset - ENABLE) % ENABLE_STRIDE / 4;

        if (c < p->contexts && w < PLIC_WORDS)
            p->enable[c][w] = (uint32_t)v & sources_of(w);
        update(p);
    } else if (offset < PENDING && offset >= 4 && offset / 4 <= PLIC_SOURCES) {
        p->priority[offset / 4] = v & PLIC_MAX_PRIORITY;
        update(p);
    }
    return true;
}

/* Bits of sources that exist. */
static void sources_state(uint32_t *words, struct state *s)
{
    for (unsigned w = 0; w < PLIC_WORDS; w++) {
        state_u32(s, &words[w]);
        state_require(s, !(words[w] & ~sources_of(w)));
    }
}

void plic_state(struct plic *p, struct state *s)
{
    for (unsigned n = 1; n <= PLIC_SOURCES; n++) {
        state_u32(s, &p->priority[n]);
        state_require(s, p->priority[n] <= PLIC_MAX_PRIORITY);
    }
    sources_state(p->level, s);
    sources_state(p->pending, s);
    sources_state(p->claimed, s);
    for (unsigned c = 0; c < p->contexts; c++) {
        sources_state(p->enable[c], s);
        state_u32(s, &p->threshold[c]);
        state_require(s, p->threshold[c] <= PLIC_MAX_PRIORITY);
        state_bool(s, &p->driven[c]);
    }
}
