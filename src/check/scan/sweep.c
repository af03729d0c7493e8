#include "check/scan/sweep.h"

#include "check/scan/parts.h"
#include "check/scan/x86.h"

static void add_site(struct scan_sweep *s, const struct scan_range *r,
                     size_t offset, unsigned length,
                     const struct scan_rule *rule)
{
    const struct scan_code *code = &s->in->code[r->code];
    struct scan_site *site =
        scan_grow(s->sites->site, s->sites->count, sizeof *site);

    if (!site) {
        s->no_memory = true;
        return;
    }
    s->sites->site = site;
    site[s->sites->count++] = (struct scan_site){
        .address = code->address + (offset - code->offset),
        .offset = offset,
        .rule = rule,
        .code = (uint16_t)(r->code < UINT16_MAX ? r->code : UINT16_MAX),
        .isa = (uint8_t)r->isa,
        .length = (uint8_t)length,
        .ways = (uint8_t)s->way,
    };
}

#define INT3 0xcc

/* Bytes of the run of int3 that begins at `at`. */
static size_t int3_run(const struct scan_sweep *s, size_t at, size_t end)
{
    size_t from = at;

    while (at < end && s->in->bytes[at] == INT3)
        at++;
    return at - from;
}

static size_t sweep_x86(struct scan_sweep *s, const struct scan_range *r,
                        size_t stop)
{
    const struct scan_matcher *m = &s->matcher[r->isa];
    bool is_64bit = r->isa == SCAN_X86_64;
    size_t at = r->offset;

    while (at < stop) {
        const struct scan_rule *rule;
        size_t run = int3_run(s, at, r->end);
        uint32_t key;
        unsigned length;

        if (run > 1) {
            s->padding += run;
            at += run;
            continue;
        }
        length = x86_decode(s->in->bytes + at, r->end - at, is_64bit, &key);
        if (length == 0) {
            s->undecoded++;
            at++;
            continue;
        }
        rule = scan_match(m, key);
        if (rule)
            add_site(s, r, at, length, rule);
        at += length;
    }
    return at;
}

/* Where a sweep has come to: less than a word that is left is no instruction.
 */
static size_t end_of_words(struct scan_sweep *s, const struct scan_range *r,
                           size_t at, size_t stop)
{
    if (at >= stop)
        return at;
    s->undecoded += r->end - at;
    return r->end;
}

/* Words of 4 bytes. */
static size_t sweep_words(struct scan_sweep *s, const struct scan_range *r,
                          size_t stop)
{
    const struct scan_matcher *m = &s->matcher[r->isa];
    bool big = s->in->big_endian;
    size_t at = r->offset;

    for (; at < stop && r->end - at >= 4; at += 4) {
        const struct scan_rule *rule =
            scan_match(m, scan_word(s->in->bytes + at, 4, big));

        if (rule)
            add_site(s, r, at, 4, rule);
    }
    return end_of_words(s, r, at, stop);
}

/* Bytes of the RISC-V instruction that begins with `half` (unprivileged
   manual, "Expanded Instruction-Length Encoding"); 0: longer than 4. */
static unsigned riscv_length(uint32_t half)
{
    if ((half & 3) != 3)
        return 2;
    return (half & 0x1c) != 0x1c ? 4 : 0;
}

/* Of the Thumb one (ARM DDI 0406C, A6.1). */
static unsigned thumb_length(uint32_t half)
{
    return half >> 11 >= 0x1d ? 4 : 2;
}

/* The key and the length of an instruction of 2 or 4 bytes. */
static unsigned mixed_key(const struct scan_sweep *s, enum scan_isa isa,
                          const uint8_t *p, size_t size, uint32_t *key)
{
    bool big = s->in->big_endian, thumb = isa == SCAN_THUMB;
    uint32_t half = scan_word(p, 2, big);
    unsigned length = thumb ? thumb_length(half) : riscv_length(half);

    *key = thumb ? half << 16 : half;
    if (length != 4 || size < 4)
        return length <= size ? length : 0;
    *key |= scan_word(p + 2, 2, big) << (thumb ? 0 : 16);
    return 4;
}

static size_t sweep_mixed(struct scan_sweep *s, const struct scan_range *r,
                          size_t stop)
{
    const struct scan_matcher *m = &s->matcher[r->isa];
    size_t at = r->offset;

    while (at < stop && r->end - at >= 2) {
        const struct scan_rule *rule;
        uint32_t key;
        unsigned length =
            mixed_key(s, r->isa, s->in->bytes + at, r->end - at, &key);

        if (length == 0) {
            s->undecoded += 2;
            at += 2;
            continue;
        }
        rule = scan_match(m, key);
        if (rule)
            add_site(s, r, at, length, rule);
        at += length;
    }
    return end_of_words(s, r, at, stop);
}

size_t scan_sweep(struct scan_sweep *s, const struct scan_range *r, size_t stop)
{
    size_t at;

    switch (r->isa) {
    case SCAN_X86:
    case SCAN_X86_64:
        at = sweep_x86(s, r, stop);
        break;
    case SCAN_THUMB:
    case SCAN_RISCV32:
    case SCAN_RISCV64:
        at = sweep_mixed(s, r, stop);
        break;
    default:
        at = sweep_words(s, r, stop);
    }
    s->bytes += at - r->offset;
    return at;
}
