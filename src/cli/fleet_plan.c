#include "cli/fleet_plan.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "machine/error_say.h"

#define FILE_LIMIT (1 << 20)

static void set_defaults(struct run_settings *s)
{
    bool debugged = s->debugged;

    run_settings_default(s);
    s->debugged = debugged;
    s->depth = 1;
}

/* What the command line says comes last: it is read twice, first to learn
   whether there is a file. */
static enum status read_all(struct fleet_plan *p, const struct option *rows,
                            const char *command, int argc, char *const *argv,
                            struct run_settings *out, struct error *e)
{
    const char *path;
    enum status s;

    set_defaults(out);
    s = options_parse(rows, command, argc, argv, out, e);
    path = out->config;
    if (s != STATUS_OK || !path)
        return s;
    if (out->vms)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "--vms and --config exclude "
                         "each other: the file says how many machines there "
                         "are");
    s = image_read(&p->text, path, false, FILE_LIMIT, e);
    if (s == STATUS_OK)
        s = machine_file_parse(&p->file, path, &p->text, e);
    set_defaults(out);
    if (s == STATUS_OK)
        s = machine_file_apply_head(&p->file, out, e);
    if (s == STATUS_OK)
        s = options_parse(rows, command, argc, argv, out, e);
    return s;
}

static enum status check_all(const struct run_settings *all, struct error *e)
{
    if (all->depth == 0)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "--depth 0 has no monitor, "
                         "which several machines need: use 1 to %d",
                         MAX_DEPTH);
    if (all->dump_dtb)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "--dump-dtb is for one "
                         "machine: leave out --vms and --config");
    return STATUS_OK;
}

static enum status plan_one(struct fleet_plan *p, unsigned i, struct error *e)
{
    struct planned *m = &p->machine[i];
    struct error inner;
    enum status s = STATUS_OK;

    m->settings = p->all;
    m->settings.several = p->machines;
    m->settings.outside = true;
    if (p->file.machines) {
        memcpy(m->name, p->file.name[i], sizeof m->name);
        s = machine_file_apply(&p->file, i, &m->settings, e);
    } else {
        snprintf(m->name, sizeof m->name, "vm%u", i + 1);
    }
    if (s != STATUS_OK)
        return s;
    s = run_settings_check(&m->settings, &inner);
    return s == STATUS_OK ? s
                          : error_say(e, s, "%s: %.200s", m->name, inner.text);
}

/* Two machines that write one disk would ruin it. */
static enum status check_disks(const struct fleet_plan *p, unsigned a,
                               unsigned b, struct error *e)
{
    const struct option_list *x = &p->machine[a].settings.disk;
    const struct option_list *y = &p->machine[b].settings.disk;

    for (unsigned i = 0; i < x->count; i++)
        for (unsigned k = 0; k < y->count; k++) {
            struct disk_setting one, other;

            if (!disk_setting(x->text[i], &one) ||
                !disk_setting(y->text[k], &other) || !disk_settings_clash(&one, &other))
                continue;
            return error_say(e, STATUS_BAD_ARGUMENT,
                             "--disk '%.120s' is that of %s and of %s: "
                             "machines can share a disk only read-only, so "
                             "add ',ro' to both, or give each an overlay",
                             x->text[i], p->machine[a].name,
                             p->machine[b].name);
        }
    return STATUS_OK;
}

struct symbol_machine fleet_plan_symbols(const struct fleet_plan *p, unsigned i)
{
    return (struct symbol_machine){ .depth = p->machine[i].settings.depth,
                                    .name = p->machine[i].name,
                                    .number = i + 1 };
}

/* What is said of symbols is said of machines that there are. */
static enum status check_symbols(const struct fleet_plan *p, struct error *e)
{
    struct symbol_machine m[VM_MAX_SIBLINGS];
    enum status s = STATUS_OK;

    for (unsigned i = 0; i < p->machines; i++)
        m[i] = fleet_plan_symbols(p, i);
    for (unsigned i = 0; i < p->machines && s == STATUS_OK; i++)
        s = symbol_settings_check(&p->machine[i].settings.symbols, m,
                                  p->machines, e);
    return s;
}

enum status fleet_plan_make(struct fleet_plan *p, const struct option *rows,
                            const char *command, int argc, char *const *argv,
                            void *out, struct error *e)
{
    enum status s;

    *p = (struct fleet_plan){ 0 };
    s = read_all(p, rows, command, argc, argv, out, e);
    p->all = *(struct run_settings *)out;
    p->all.saves = strcmp(command, "run") == 0;
    if (s == STATUS_OK)
        s = check_all(&p->all, e);
    if (s != STATUS_OK)
        return s;
    p->machines = p->file.machines ? p->file.machines
                  : p->all.vms     ? (unsigned)p->all.vms
                                   : 1;
    p->machine = calloc(p->machines, sizeof *p->machine);
    if (!p->machine)
        return error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
    for (unsigned i = 0; i < p->machines && s == STATUS_OK; i++)
        s = plan_one(p, i, e);
    for (unsigned i = 0; i < p->machines && s == STATUS_OK; i++)
        for (unsigned k = i + 1; k < p->machines && s == STATUS_OK; k++)
            s = check_disks(p, i, k, e);
    if (s == STATUS_OK)
        s = check_symbols(p, e);
    if (s == STATUS_OK)
        p->all = p->machine[0].settings;
    return s;
}

void fleet_plan_free(struct fleet_plan *p)
{
    machine_file_free(&p->file);
    image_free(&p->text);
    free(p->machine);
}
