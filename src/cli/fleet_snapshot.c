/* --snapshot and --resume of several machines: one file has them all. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/fleet_inside.h"
#include "cli/resume.h"
#include "cli/saving.h"
#include "machine/error_say.h"

/* The schedule, what is in flight, and how those ended that have. */
static void rest_state(void *context, struct state *s)
{
    struct fleet *f = context;
    bool network = f->net != NULL;

    state_tag(s, "vms.");
    scheduler_state(&f->scheduler, s);
    for (unsigned i = 0; i < f->vms; i++) {
        uint32_t status = (uint32_t)f->vm[i].status;

        state_u32(s, &status);
        f->vm[i].status = f->scheduled[i].ended ? (int)(status & 255) : 0;
    }
    state_bool(s, &network);
    state_require(s, network == (f->net != NULL));
    if (f->net && !s->bad)
        net_switch_state(f->net, s);
}

enum status fleet_resume_open(struct fleet *f, struct error *e)
{
    const struct run_settings *all = &f->plan->all;
    const char *base = all->snapshot ? NULL : all->snapshot_base;
    enum status s;

    if (!all->resume)
        return STATUS_OK;
    s = snapshot_open(&f->resumed, all->resume, base, e);
    if (s != STATUS_OK || snapshot_machines(f->resumed) == f->vms)
        return s;
    return error_say(e, STATUS_BAD_ARGUMENT, "'%.100s' has %u machines in it, "
                     "not %u: give the --vms or --config that they were made "
                     "with", all->resume, snapshot_machines(f->resumed),
                     f->vms);
}

enum status fleet_resume_guest(struct fleet *f, unsigned i, struct error *e)
{
    const char *name;

    if (!f->resumed)
        return STATUS_OK;
    name = snapshot_config(f->resumed, i)->name;
    if (name[0] == '\0')
        return error_say(e, STATUS_BAD_ARGUMENT, "'%.100s' is of a machine "
                         "that ran alone: leave out --vms and --config",
                         f->plan->all.resume);
    if (strcmp(name, f->vm[i].name) != 0)
        return error_say(e, STATUS_BAD_ARGUMENT, "it is '%.40s' in '%.100s': "
                         "give the --config that they were made with", name,
                         f->plan->all.resume);
    resume_lend(&f->vm[i].guest, f->resumed, i);
    return STATUS_OK;
}

enum status fleet_resume_rest(struct fleet *f, struct error *e)
{
    return snapshot_load_more(f->resumed, rest_state, f, e);
}

static bool any_goes_on(const struct fleet *f)
{
    for (unsigned i = 0; i < f->vms; i++)
        if (!f->scheduled[i].ended || f->scheduled[i].end != RUN_FINISHED)
            return true;
    return false;
}

static enum status save(struct fleet *f, struct snapshot_written *w,
                        struct error *e)
{
    struct snapshot_machine *m = calloc(f->vms, sizeof *m);
    const struct snapshot_request r = { .path = f->plan->all.snapshot,
                                        .base = f->plan->all.snapshot_base,
                                        .machine = m,
                                        .machines = f->vms,
                                        .more = rest_state,
                                        .context = f };
    enum status s;

    if (!m)
        return error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
    for (unsigned i = 0; i < f->vms; i++) {
        struct fleet_vm *v = &f->vm[i];

        m[i] = saving_machine(&v->guest, &v->vm->machine, &v->vm->board,
                              v->console.keyboard == &v->console.virtio);
        m[i].name = v->name;
    }
    s = snapshot_save(&r, w, e);
    free(m);
    return s;
}

bool fleet_save(struct fleet *f, int *status)
{
    struct snapshot_written w;
    struct error e;
    enum status s;

    fleet_end_line(f);
    if (!any_goes_on(f)) {
        *status = complain(EXIT_BAD_INPUT, "nothing was saved: every guest has "
                           "ended, and nothing can go on from there");
        return false;
    }
    s = save(f, &w, &e);
    if (s != STATUS_OK) {
        *status = complain(guest_exit_status(s), "%s", e.text);
        return false;
    }
    if (!f->quiet)
        fprintf(stderr, "pogo: saved %u machines (%.1f MiB) at the "
                "scheduler's time %" PRIu64 "\n", f->vms,
                (double)w.size / 1048576, f->scheduler.now);
    return true;
}
