/* pogo check FILE.isa: an instruction set that somebody has described. */
#include "check/isa/check.h"
#include "cli/check.h"
#include "cli/progress.h"

static bool show_progress(void *context, size_t done, size_t of,
                          const struct isa_insn *last)
{
    (void)last;
    progress_show(context, done, of);
    return true;
}

/* What is wrong with the description, and where. */
static int complain_of(const char *file, enum status status,
                       const struct isa_error *e)
{
    if (status == STATUS_NO_MEMORY)
        return complain(EXIT_INTERNAL, "'%s': %s", file, e->text);
    if (status == STATUS_BAD_ARGUMENT)
        return complain(EXIT_USAGE, "'%s': %s", file, e->text);
    if (e->line)
        return complain(EXIT_BAD_INPUT, "%s:%u:%u: %s", file, e->line,
                        e->column, e->text);
    return complain(EXIT_BAD_INPUT, "'%s': %s", file, e->text);
}

int complain_of_check(enum status status)
{
    switch (status) {
    case STATUS_IO:
        return complain(EXIT_INTERNAL, "pogo-z3.so, which proves, cannot be "
                        "loaded: it belongs beside the program, and needs "
                        "Debian's libz3-4; --no-proofs does without");
    case STATUS_FAULT:
        return complain(EXIT_INTERNAL, "what was found does not show its "
                        "property when it is executed: please report this");
    default:
        return complain(EXIT_INTERNAL, "this host is out of memory");
    }
}

int check_isa(const struct check_settings *s, struct check_reports *out)
{
    struct progress progress = progress_begin("check");
    const struct isa_check_config config = {
        .seconds = s->time_limit,
        .seed = s->seed,
        .use_z3 = !s->no_proofs,
        .use_search = true,
        .progress = show_progress,
        .context = &progress,
    };
    struct verdict_report *r = check_reports_add(out);
    struct isa_model *model;
    struct isa_error e;
    enum status status;

    if (!r)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    status = isa_parse_file(s->file[0], s->variant, &model, &e);
    if (status != STATUS_OK)
        return complain_of(s->file[0], status, &e);
    status = isa_check(model, &config, r);
    progress_end(&progress);
    isa_model_free(model);
    return status == STATUS_OK ? 0 : complain_of_check(status);
}
