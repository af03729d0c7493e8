/* What machines side by side have done, at the end. */
#include <inttypes.h>

#include "cli/fleet.h"
#include "cli/stats.h"
#include "machine/run.h"

static void network(struct report *r, struct fleet *f, const struct fleet_vm *v)
{
    struct net_switch_stats n;

    guest_net_report(&v->net, r);
    if (!v->on_switch)
        return;
    n = net_switch_stats(f->net, v->port);
    report_number(r, "frames sent", n.in);
    report_number(r, "frames received", n.out);
    report_number(r, "frames lost", n.lost);
}

static void machine(struct report *r, struct fleet *f, unsigned i)
{
    const struct scheduled *m = &f->scheduled[i];
    const struct fleet_vm *v = &f->vm[i];
    uint64_t busy = f->scheduler.now - f->scheduler.idle;

    report_item(r, v->name);
    report_text(r, "state", fleet_state(f, i));
    report_number(r, "exit status", (uint64_t)v->status);
    report_number(r, "resets", v->resets);
    report_number(r, "count", machine_count(&v->vm->board));
    report_number(r, "retired", stats_retired(&v->vm->board));
    report_number(r, "weight", m->weight);
    report_number(r, "turns", m->turns);
    report_number(r, "processor time", m->ran);
    report_real(r, "share of the processor (percent)",
                busy ? 100.0 * (double)m->ran / (double)busy : 0.0);
    stats_balloon(r, &v->vm->board);
    stats_vm(r, v->vm);
    network(r, f, v);
    report_end(r);
}

void fleet_print_stats(struct fleet *f, FILE *out, bool json)
{
    struct report r = report_open(out, json);
    uint64_t retired = 0;

    for (unsigned i = 0; i < f->vms; i++)
        retired += stats_retired(&f->vm[i].vm->board);
    report_number(&r, "depth", f->plan->all.depth);
    report_number(&r, "time", f->scheduler.now);
    report_number(&r, "idle", f->scheduler.idle);
    report_number(&r, "retired", retired);
    report_real(&r, "seconds", f->seconds);
    report_real(&r, "MIPS",
                f->seconds > 0 ? (double)retired / f->seconds / 1e6 : 0);
    report_list(&r, "machines");
    for (unsigned i = 0; i < f->vms; i++)
        machine(&r, f, i);
    report_list_end(&r);
    stats_levels(&r, &f->host);
    report_close(&r);
}

void fleet_print_hashes(struct fleet *f, FILE *out)
{
    for (unsigned i = 0; i < f->vms; i++) {
        struct vm *vm = f->vm[i].vm;

        fprintf(out, "%s hash %016" PRIx64 " at %" PRIu64 "\n", f->vm[i].name,
                machine_hash(&vm->machine, &vm->board),
                machine_count(&vm->board));
    }
}
