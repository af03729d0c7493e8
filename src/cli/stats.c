#include "cli/stats.h"

#include "cli/report.h"
#include "isa/cause.h"

#define CAUSES 16

/* One row for each cause that occurred. */
static void by_cause(struct report *r, const uint64_t *n, uint64_t flag)
{
    for (unsigned k = 0; k < CAUSES; k++)
        if (n[k])
            report_number(r, cause_name(k | flag), n[k]);
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
    report_begin(r, "exceptions entered");
    by_cause(r, sum.exceptions, 0);
    report_end(r);
    report_begin(r, "interrupts entered");
    by_cause(r, sum.interrupts, CAUSE_INTERRUPT);
    report_end(r);
    report_number(r, "blocks decoded", sum.blocks_decoded);
    report_number(r, "TLB fills", sum.tlb_fills);
}

uint64_t stats_retired(const struct board *b)
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
            snprintf(name, sizeof name, "%s, %s", cause_name(k),
                     exit_action_name(a));
            report_number(r, name, s->exits[k][a]);
        }
}

void stats_vm(struct report *r, const struct vm *vm)
{
    const struct core_stats *s = &vm->monitor.stats;
    uint64_t all = s->direct + s->emulated;

    report_number(r, "run directly", s->direct);
    report_number(r, "emulated", s->emulated);
    report_number(r, "emulated without an exit of the host", s->ahead);
    report_real(r, "share run directly (percent)",
         all ? 100.0 * (double)s->direct / (double)all : 0.0);
    report_begin(r, "exits");
    exits_by_cause(r, s);
    report_end(r);
    report_begin(r, "interrupts injected");
    by_cause(r, s->interrupts, CAUSE_INTERRUPT);
    report_end(r);
    report_number(r, "shadow fills", s->fills);
    report_number(r, "shadow leaves dropped", s->leaves_dropped);
    report_number(r, "shadow spaces made", s->spaces_made);
    report_number(r, "shadow spaces reclaimed", s->spaces_reclaimed);
    report_number(r, "guest fences", s->fences);
}

void stats_balloon(struct report *r, const struct board *b)
{
    static const char *const names[BALLOON_STATS] = {
        [BALLOON_SWAP_IN] = "swapped in (bytes)",
        [BALLOON_SWAP_OUT] = "swapped out (bytes)",
        [BALLOON_MAJOR_FAULTS] = "major faults",
        [BALLOON_MINOR_FAULTS] = "minor faults",
        [BALLOON_FREE] = "free (bytes)",
        [BALLOON_TOTAL] = "total (bytes)",
        [BALLOON_AVAILABLE] = "available (bytes)",
        [BALLOON_CACHES] = "caches (bytes)",
        [BALLOON_HUGE_ALLOCATED] = "huge pages allocated",
        [BALLOON_HUGE_FAILED] = "huge pages not to be had",
    };
    const struct virtio_balloon *v = &b->devices.balloon;

    if (!b->config.balloon)
        return;
    report_begin(r, "balloon");
    report_number(r, "target (bytes)",
                  (uint64_t)virtio_balloon_target(v) * BALLOON_PAGE);
    report_number(r, "given by the guest (bytes)",
                  (uint64_t)virtio_balloon_actual(v) * BALLOON_PAGE);
    report_number(r, "at most (bytes)", (uint64_t)v->most * BALLOON_PAGE);
    report_begin(r, "the guest's memory, as it last said");
    for (unsigned k = 0; k < BALLOON_STATS; k++)
        if (v->known >> k & 1)
            report_number(r, names[k], v->stat[k]);
    report_end(r);
    report_end(r);
}

void stats_levels(struct report *r, const struct built *b)
{
    for (unsigned k = b->depth; k > 0; k--) {
        char name[32];

        snprintf(name, sizeof name, "virtual machine %u", k);
        report_begin(r, name);
        stats_vm(r, b->vm[k - 1]);
        report_end(r);
    }
    report_begin(r, "bare machine");
    report_number(r, "retired", stats_retired(&b->bare->board));
    bare_report(r, b->bare);
    report_end(r);
}

void stats_print(FILE *out, const struct built *b, const struct stats_run *run,
                 bool json)
{
    struct report r = report_open(out, json);
    uint64_t n = stats_retired(b->board);

    report_number(&r, "depth", b->depth);
    report_number(&r, "count", run->count);
    report_number(&r, "retired", n);
    report_real(&r, "seconds", run->seconds);
    report_real(&r, "MIPS", run->seconds > 0 ? (double)n / run->seconds / 1e6 : 0);
    stats_balloon(&r, b->board);
    if (run->net)
        guest_net_report(run->net, &r);
    stats_levels(&r, b);
    report_close(&r);
}
