#include "check/scan/scan.h"

#include <stdlib.h>
#include <string.h>

/* How much is swept between two reports of progress. */
#define STEP (1u << 20)

/* One run: both sweeps over all pieces. */
struct run {
    const struct scan_input *in;
    const struct scan_progress *progress;
    struct scan_sweep sweep;
    uint64_t done, told, total;
};

static void tell(struct run *run, uint64_t bytes, bool now)
{
    run->done += bytes;
    if (!run->progress || (!now && run->done - run->told < STEP))
        return;
    run->told = run->done;
    run->progress->tell(run->progress->context, run->done, run->total);
}

/* The first mark after `address`; those before it: index - 1 and so on. */
static size_t marks_up_to(const struct scan_input *in, uint64_t address)
{
    size_t low = 0, high = in->marks;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (in->mark[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* From `offset` to the next mark, or to `end`. */
static size_t until_mark(const struct scan_input *in,
                         const struct scan_code *code, size_t mark, size_t end)
{
    uint64_t stop = code->address + (end - code->offset);

    if (mark >= in->marks || in->mark[mark].address >= stop)
        return end;
    return code->offset + (size_t)(in->mark[mark].address - code->address);
}

/* One stretch between marks, in steps, so that progress can be told. */
static void sweep_stretch(struct run *run, struct scan_range *r)
{
    while (r->offset < r->end && !run->sweep.no_memory) {
        size_t left = r->end - r->offset, from = r->offset;

        r->offset =
            scan_sweep(&run->sweep, r, from + (left < STEP ? left : STEP));
        tell(run, r->offset - from, false);
    }
}

/* Sweeps bytes [offset, end) of a piece, turning where marks say so. To the
   linear sweep data is no reason to turn, only A32 and T32 are. */
static void sweep_marked(struct run *run, size_t index, size_t offset,
                         size_t end)
{
    const struct scan_input *in = run->in;
    const struct scan_code *code = &in->code[index];
    bool guided = run->sweep.way == SCAN_GUIDED, arm = in->isa == SCAN_ARM;

    while (offset < end) {
        size_t next = marks_up_to(in, code->address + (offset - code->offset));
        const struct scan_mark *mark = next ? &in->mark[next - 1] : NULL;
        struct scan_range r = { index, offset, end, in->isa };

        if (guided || arm)
            r.end = until_mark(in, code, next, end);
        if (arm && mark && mark->thumb)
            r.isa = SCAN_THUMB;
        offset = r.end;
        if (!guided || !mark || mark->kind != 'd')
            sweep_stretch(run, &r);
    }
}

static void sweep_piece(struct run *run, size_t index)
{
    const struct scan_code *code = &run->in->code[index];

    sweep_marked(run, index, code->offset, code->offset + code->size);
}

/* Of the function from symbol `first` on, bytes of piece `index` up to the next
   function's start; `reach` is where the longest one so far ends. */
static void sweep_function(struct run *run, size_t index, size_t symbol,
                           uint64_t reach)
{
    const struct scan_input *in = run->in;
    const struct scan_code *code = &in->code[index];
    uint64_t start = in->symbol[symbol].address, end = reach;
    uint64_t stop = code->address + code->size;

    if (symbol + 1 < in->symbols && in->symbol[symbol + 1].address < end)
        end = in->symbol[symbol + 1].address;
    if (stop >= code->address && end > stop)
        end = stop;
    if (start < end)
        sweep_marked(run, index, code->offset + (size_t)(start - code->address),
                     code->offset + (size_t)(end - code->address));
}

/* The first symbol at or after `address`. */
static size_t symbol_from(const struct scan_input *in, uint64_t address)
{
    size_t low = 0, high = in->symbols;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (in->symbol[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void sweep_functions(struct run *run, size_t index)
{
    const struct scan_input *in = run->in;
    const struct scan_code *code = &in->code[index];
    uint64_t reach = 0;

    for (size_t k = symbol_from(in, code->address);
         k < in->symbols && in->symbol[k].address - code->address < code->size;
         k++) {
        uint64_t end = in->symbol[k].address + in->symbol[k].size;

        if (end > reach)
            reach = end;
        sweep_function(run, index, k, reach);
    }
}

static int site_order(const void *a, const void *b)
{
    const struct scan_site *x = a, *y = b;

    if (x->offset != y->offset)
        return x->offset < y->offset ? -1 : 1;
    return (x->rule > y->rule) - (x->rule < y->rule);
}

/* A site that both sweeps found becomes one. */
static void merge(struct scan_sites *s)
{
    size_t kept = 0;

    if (s->count)
        qsort(s->site, s->count, sizeof *s->site, site_order);
    for (size_t k = 0; k < s->count; k++) {
        struct scan_site *last = kept ? &s->site[kept - 1] : NULL;

        if (last && site_order(last, &s->site[k]) == 0)
            last->ways |= s->site[k].ways;
        else
            s->site[kept++] = s->site[k];
    }
    s->count = kept;
}

static uint64_t code_bytes(const struct scan_input *in)
{
    uint64_t sum = 0;

    for (size_t k = 0; k < in->codes; k++)
        sum += in->code[k].size;
    return sum;
}

static struct scan_figures sweep_all(struct run *run, enum scan_way way,
                                     void (*piece)(struct run *, size_t))
{
    run->sweep.way = way;
    run->sweep.bytes = run->sweep.undecoded = run->sweep.padding = 0;
    for (size_t k = 0; k < run->in->codes; k++)
        piece(run, k);
    return (struct scan_figures){ .bytes = run->sweep.bytes,
                                  .undecoded = run->sweep.undecoded,
                                  .padding = run->sweep.padding };
}

/* MIPS, vol. III, 4.5: kseg0 and kseg1, as they are or sign-extended. */
static uint64_t fixed_window(const struct scan_input *in)
{
    uint64_t sum = 0;

    if (in->isa < SCAN_MIPS || in->isa > SCAN_MIPS64EL)
        return 0;
    for (size_t k = 0; k < in->codes; k++) {
        uint64_t high = in->code[k].address >> 29;

        if (high == 4 || high == 5 || high == 0x7fffffffc ||
            high == 0x7fffffffd)
            sum += in->code[k].size;
    }
    return sum;
}

static enum status open_matchers(struct scan_matcher *m, enum scan_isa isa)
{
    enum status s = scan_matcher_init(&m[isa], isa);

    if (s == STATUS_OK && isa == SCAN_ARM)
        s = scan_matcher_init(&m[SCAN_THUMB], SCAN_THUMB);
    return s;
}

static void sweep_both(struct run *run, struct scan_result *out)
{
    out->linear = sweep_all(run, SCAN_LINEAR, sweep_piece);
    out->guided = run->in->symbols > 0;
    if (out->guided)
        out->by_symbols = sweep_all(run, SCAN_GUIDED, sweep_functions);
    run->total = run->done;
    tell(run, 0, true);
}

enum status scan_run(const struct scan_input *in, const struct scan_progress *p,
                     struct scan_result *out)
{
    struct scan_matcher matcher[SCAN_ISAS] = { 0 };
    struct run run = {
        .in = in,
        .progress = p,
        .sweep = { .in = in, .matcher = matcher, .sites = &out->sites },
        .total = code_bytes(in) * (in->symbols ? 2 : 1),
    };
    enum status s;

    *out = (struct scan_result){ .fixed_window = fixed_window(in) };
    s = open_matchers(matcher, in->isa);
    if (s == STATUS_OK)
        sweep_both(&run, out);
    if (run.sweep.no_memory)
        s = STATUS_NO_MEMORY;
    for (unsigned k = 0; k < SCAN_ISAS; k++)
        scan_matcher_free(&matcher[k]);
    if (s == STATUS_OK)
        merge(&out->sites);
    else
        scan_result_free(out);
    return s;
}

void scan_result_free(struct scan_result *r)
{
    free(r->sites.site);
    *r = (struct scan_result){ 0 };
}

enum insn_verdict scan_class(const struct scan_rule *r, bool umip)
{
    return r->umip && umip ? VERDICT_CONFIGURABLE : r->class;
}

void scan_count(struct scan_result *r, bool umip)
{
    memset(r->linear.sites, 0, sizeof r->linear.sites);
    memset(r->by_symbols.sites, 0, sizeof r->by_symbols.sites);
    for (size_t k = 0; k < r->sites.count; k++) {
        const struct scan_site *site = &r->sites.site[k];
        enum insn_verdict class = scan_class(site->rule, umip);

        r->linear.sites[class] += (site->ways & SCAN_LINEAR) != 0;
        r->by_symbols.sites[class] += (site->ways & SCAN_GUIDED) != 0;
    }
}
