#include "cli/stats.h"

#include "isa/cause.h"

#define CAUSES 16

typedef unsigned long long ull;

/* Where the numbers go: people's lines or a JSON object's members. */
struct report {
    FILE *out;
    bool json;
    bool first; /* the next JSON member is the first of its object */
};

static void key(struct report *r, const char *name)
{
    if (!r->json) {
        fprintf(r->out, "%-40s ", name);
        return;
    }
    fprintf(r->out, "%s\"%s\":", r->first ? "" : ",", name);
    r->first = false;
}

static void number(struct report *r, const char *name, uint64_t v)
{
    key(r, name);
    fprintf(r->out, r->json ? "%llu" : "%20llu\n", (ull)v);
}

static void real(struct report *r, const char *name, double v)
{
    key(r, name);
    fprintf(r->out, r->json ? "%.6f" : "%20.3f\n", v);
}

static void begin(struct report *r, const char *name)
{
    if (!r->json) {
        fprintf(r->out, "%s:\n", name);
        return;
    }
    key(r, name);
    fputc('{', r->out);
    r->first = true;
}

static void end(struct report *r)
{
    if (r->json)
        fputc('}', r->out);
    r->first = false;
}

/* One row for each cause that occurred. */
static void by_cause(struct report *r, const uint64_t *n, uint64_t flag)
{
    for (unsigned k = 0; k < CAUSES; k++) {
        char name[64];

        if (!n[k])
            continue;
        snprintf(name, sizeof name, "%s%s", r->json ? "" : "  ",
                 cause_name(k | flag));
        number(r, name, n[k]);
    }
}

static void bare_report(struct report *r, const struct bare *b)
{
    struct hart_stats sum = { 0 };

    for (unsigned h = 0; h < b->machine.harts; h++) {
        const struct hart_stats *s = &b->hart[h].stats;

        for (unsigned k = 0; k < CAUSES; k++) {
            sum.exceptions[k] += s->exceptions[k];
            sum.interrupts[k] += s->interrupts[k];
        }
        sum.blocks_decoded += s->blocks_decoded;
        sum.tlb_fills += s->tlb_fills;
    }
    begin(r, "exceptions entered");
    by_cause(r, sum.exceptions, 0);
    end(r);
    begin(r, "interrupts entered");
    by_cause(r, sum.interrupts, CAUSE_INTERRUPT);
    end(r);
    number(r, "blocks decoded", sum.blocks_decoded);
    number(r, "TLB fills", sum.tlb_fills);
}

static uint64_t retired(const struct board *b)
{
    uint64_t sum = 0;

    for (unsigned h = 0; h < b->config.harts; h++)
        sum += b->csr[h]->instret;
    return sum;
}

static void exits_by_cause(struct report *r, const struct core_stats *s)
{
    for (unsigned k = 0; k < CAUSES; k++)
        for (unsigned a = 0; a < EXIT_ACTIONS; a++) {
            char name[96];

            if (!s->exits[k][a])
                continue;
            snprintf(name, sizeof name, "%s%s, %s", r->json ? "" : "  ",
                     cause_name(k), exit_action_name(a));
            number(r, name, s->exits[k][a]);
        }
}

static void vm_report(struct report *r, const struct vm *vm)
{
    const struct core_stats *s = &vm->monitor.stats;
    uint64_t all = s->direct + s->emulated;

    number(r, "run directly", s->direct);
    number(r, "emulated", s->emulated);
    number(r, "emulated without an exit of the host", s->ahead);
    real(r, "share run directly (percent)",
         all ? 100.0 * (double)s->direct / (double)all : 0.0);
    begin(r, "exits");
    exits_by_cause(r, s);
    end(r);
    begin(r, "interrupts injected");
    by_cause(r, s->interrupts, CAUSE_INTERRUPT);
    end(r);
    number(r, "shadow fills", s->fills);
    number(r, "shadow leaves dropped", s->leaves_dropped);
    number(r, "shadow spaces made", s->spaces_made);
    number(r, "shadow spaces reclaimed", s->spaces_reclaimed);
    number(r, "guest fences", s->fences);
}

void stats_print(FILE *out, const struct built *b, const struct stats_run *run,
                 bool json)
{
    struct report r = { .out = out, .json = json, .first = true };
    uint64_t n = retired(b->board);

    if (json)
        fputc('{', out);
    number(&r, "depth", b->depth);
    number(&r, "count", run->count);
    number(&r, "retired", n);
    real(&r, "seconds", run->seconds);
    real(&r, "MIPS", run->seconds > 0 ? (double)n / run->seconds / 1e6 : 0);
    for (unsigned k = b->depth; k > 0; k--) {
        char name[32];

        snprintf(name, sizeof name, "virtual machine %u", k);
        begin(&r, name);
        vm_report(&r, b->vm[k - 1]);
        end(&r);
    }
    begin(&r, "bare machine");
    number(&r, "retired", retired(&b->bare->board));
    bare_report(&r, b->bare);
    end(&r);
    if (json)
        fputs("}\n", out);
}
