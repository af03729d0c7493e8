#include "cli/resume.h"

#include <inttypes.h>
#include <string.h>

#include "machine/error_say.h"

/* A number that the command line may have given (not 0), too. */
static enum status take(const char *option, uint64_t *given, uint64_t saved,
                        const char *path, struct error *e)
{
    if (*given && *given != saved)
        return error_say(e, STATUS_BAD_ARGUMENT, "--%s is %" PRIu64 " in "
                         "'%.100s', not %" PRIu64 ": leave it out", option,
                         saved, path, *given);
    *given = saved;
    return STATUS_OK;
}

static enum status take_isa(struct run_settings *s,
                            const struct snapshot_config *c, struct error *e)
{
    if (s->isa && s->isa_set.ext != c->isa.ext)
        return error_say(e, STATUS_BAD_ARGUMENT, "--isa is another in "
                         "'%.100s': leave it out", s->resume);
    if (s->hole.count && s->isa_set.holes != c->isa.holes)
        return error_say(e, STATUS_BAD_ARGUMENT, "--hole names others than "
                         "'%.100s' has: leave it out", s->resume);
    s->isa_set = c->isa;
    return STATUS_OK;
}

static enum status take_config(struct run_settings *s,
                               const struct snapshot_config *c,
                               struct error *e)
{
    enum status status = take("memory", &s->memory, c->memory, s->resume, e);

    if (status == STATUS_OK)
        status = take("harts", &s->harts, c->harts, s->resume, e);
    if (status == STATUS_OK)
        status = take("seed", &s->seed, c->seed, s->resume, e);
    if (status == STATUS_OK)
        status = take_isa(s, c, e);
    if (status == STATUS_OK && s->disk.count != c->disks)
        status = error_say(e, STATUS_BAD_ARGUMENT, "'%.100s' is of a machine "
                           "with %u disks, and --disk was given %u times: give "
                           "those it had", s->resume, c->disks, s->disk.count);
    return status;
}

const struct snapshot_config *resume_config(const struct guest *g)
{
    return snapshot_config(g->resumed, g->resumed_as);
}

void resume_lend(struct guest *g, struct snapshot *s, unsigned i)
{
    g->resumed = s;
    g->resumed_as = i;
    g->resumed_lent = true;
}

static enum status resume_take(struct guest *g, struct error *e)
{
    return take_config(&g->settings, resume_config(g), e);
}

enum status resume_open(struct guest *g, struct error *e)
{
    struct run_settings *s = &g->settings;
    /* Of two snapshots it is the new one that --snapshot-base is about. */
    const char *base = s->snapshot ? NULL : s->snapshot_base;
    enum status status;

    if (g->resumed)
        return resume_take(g, e);
    status = snapshot_open(&g->resumed, s->resume, base, e);
    if (status != STATUS_OK)
        return status;
    if (snapshot_machines(g->resumed) != 1)
        return error_say(e, STATUS_BAD_ARGUMENT, "'%.100s' has %u machines in "
                         "it: give the --vms or --config that they were made "
                         "with", s->resume, snapshot_machines(g->resumed));
    return resume_take(g, e);
}

static enum status check_boot(struct guest *g, struct error *e)
{
    uint64_t booted = resume_config(g)->booted;

    g->cannot_boot = run_files_booted(&g->files, &g->settings) != booted;
    if (!g->cannot_boot || !run_files_named(&g->settings))
        return STATUS_OK;
    return error_say(e, STATUS_BAD_ARGUMENT, "'%.100s' is of a machine that "
                     "booted from other files: leave out --bios, --kernel, "
                     "--initrd, --append and --dtb, or give those it had",
                     g->settings.resume);
}

static void move_share(void *share, struct state *s)
{
    share_state(share, s);
}

enum status resume_files(struct guest *g, struct error *e)
{
    enum status status = check_boot(g, e);

    for (unsigned k = 0; k < g->files.disks && status == STATUS_OK; k++) {
        struct error inner = { "" };

        status = snapshot_load_disk(g->resumed, g->resumed_as, k, &g->files.disk[k],
                                    &inner);
        if (status != STATUS_OK)
            error_say(e, status, "--disk '%.80s' %s",
                      g->settings.disk.text[k], inner.text);
    }
    input_script_skip(&g->files.script, resume_config(g)->entered);
    key_script_skip(&g->files.keys, resume_config(g)->entered);
    if (status == STATUS_OK && g->files.share && !g->settings.several)
        status = snapshot_load_more(g->resumed, move_share, g->files.share, e);
    return status;
}

enum status resume_again(struct guest *g, struct error *e)
{
    enum status s = resume_take(g, e);

    return s == STATUS_OK ? resume_files(g, e) : s;
}

bool resume_virtio_keys(const struct guest *g)
{
    return g->resumed && resume_config(g)->virtio_keys;
}
