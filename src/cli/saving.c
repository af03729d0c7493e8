#include "cli/saving.h"

#include <inttypes.h>

#include "cli/resume.h"
#include "machine/error_say.h"

void saving_open(struct saving *v, const struct run_settings *s)
{
    *v = (struct saving){ .path = s->snapshot,
                          .base = s->snapshot_base,
                          .at = s->snapshot_at,
                          .until = s->until };
}

uint64_t saving_until(const struct saving *v, bool *at_boundary)
{
    bool first = v->path && !v->done;

    *at_boundary = first && (v->at <= v->until || v->at == UINT64_MAX);
    return first && v->at < v->until ? v->at : v->until;
}

bool saving_due(const struct saving *v, const struct board *b)
{
    return v->path && !v->done && v->at <= machine_count(b);
}

bool saving_at_end(const struct saving *v)
{
    return v->path && !v->done && v->at == UINT64_MAX;
}

bool saving_missed(const struct saving *v, enum run_end end, struct error *e)
{
    if (!v->path || v->done)
        return false;
    if (v->at != UINT64_MAX)
        error_say(e, STATUS_BAD_ARGUMENT, "nothing was saved: the run has "
                  "ended before --snapshot-at %" PRIu64, v->at);
    else if (end != RUN_UNTIL && end != RUN_IDLE && end != RUN_CANCELLED)
        error_say(e, STATUS_BAD_ARGUMENT, "nothing was saved: the guest has "
                  "ended, and nothing can go on from there; --snapshot-at N "
                  "or --until N stop before it does");
    else
        return false;
    return true;
}

/* The folder's session: which of its files the guest has open. */
static void move_share(void *share, struct state *s)
{
    share_state(share, s);
}

struct snapshot_machine saving_machine(const struct guest *g,
                                       struct machine *m, struct board *b,
                                       bool virtio_keys)
{
    return (struct snapshot_machine){
        .machine = m,
        .board = b,
        .booted = g->cannot_boot ? resume_config(g)->booted
                                 : run_files_booted(&g->files, &g->settings),
        .virtio_keys = virtio_keys,
    };
}

enum status saving_save(struct saving *v, const struct guest *g,
                        const struct built *b, bool virtio_keys,
                        struct snapshot_written *out, struct error *e)
{
    const struct snapshot_machine m =
        saving_machine(g, b->top, b->board, virtio_keys);
    const struct snapshot_request r = { .path = v->path,
                                        .base = v->base,
                                        .machine = &m,
                                        .machines = 1,
                                        .more = g->files.share ? move_share : NULL,
                                        .context = g->files.share };
    enum status s = snapshot_save(&r, out, e);

    v->done = s == STATUS_OK;
    return s;
}
