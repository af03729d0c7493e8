#include "cli/recording.h"

#include "machine/error_say.h"

enum status recording_open(struct recording *r, const struct run_settings *s,
                           struct inputs *inputs, struct error *e)
{
    enum status status;

    *r = (struct recording){ .inputs = inputs };
    if (!s->record && !s->replay)
        return STATUS_OK;
    status = s->record ? journal_create(&r->journal, s->record, e)
                       : journal_load(&r->journal, s->replay, e);
    if (status != STATUS_OK)
        return status;
    r->path = s->record ? s->record : s->replay;
    if (s->record)
        inputs_init(inputs, &r->journal);
    else
        inputs_init_replay(inputs, &r->journal);
    return STATUS_OK;
}

void recording_close(struct recording *r)
{
    if (r->path)
        journal_free(&r->journal);
    *r = (struct recording){ 0 };
}

static enum status outcome(const struct recording *r, struct error *e)
{
    if (!inputs_failed(r->inputs))
        return STATUS_OK;
    return error_say(e, STATUS_BAD_FORMAT, "'%.60s': %s", r->path,
                     r->inputs->error.text);
}

enum status recording_start(struct recording *r, const struct built *b,
                            struct error *e)
{
    if (!r->path)
        return STATUS_OK;
    inputs_start(r->inputs, machine_hash(b->top, b->board),
                 b->board->config.epoch);
    return outcome(r, e);
}

/* A replay that is cut short has shown what there was to see. */
static bool cut_short(const struct recording *r, enum run_end end)
{
    return r->inputs->replaying && (end == RUN_UNTIL || end == RUN_CANCELLED);
}

enum status recording_stop(struct recording *r, const struct built *b,
                           enum run_end end, int status, struct error *e)
{
    if (!r->path)
        return STATUS_OK;
    if (!cut_short(r, end))
        inputs_stop(r->inputs, machine_count(b->board),
                    machine_hash(b->top, b->board), status);
    return outcome(r, e);
}
