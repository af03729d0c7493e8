#define XXH_INLINE_ALL
#include "machine/inputs.h"

#include <inttypes.h>
#include <string.h>
#include <xxhash.h>

#include "bus/little_endian.h"
#include "machine/error_say.h"
#include "machine/run.h"

#define EPOCH_BYTES  8
#define STATUS_BYTES 4

/* The run is not the recorded one, for `what`; or there is no record left that
   it could follow. */
static void fail(struct inputs *in, const char *what, uint64_t count)
{
    if (in->failed)
        return;
    in->failed = true;
    error_say(&in->error, STATUS_BAD_FORMAT,
              "%s (record %" PRIu64 " of the journal, count %" PRIu64 ")",
              in->has_next ? what
                           : "the journal is cut off or damaged: the run "
                             "cannot go on behind its last good record",
              in->position, count);
}

/* ---- the journal, read ---- */

static bool is_input(const struct journal_record *r)
{
    return r->port > INPUT_STOP && r->port < INPUT_PORTS;
}

/* Is a port asked, and does not take? */
static bool is_reply(const struct journal_record *r)
{
    return r->port == INPUT_SHARE;
}

static void read_next(struct inputs *in)
{
    in->has_next = journal_next(in->journal, &in->at, &in->next);
}

static void pass(struct inputs *in)
{
    in->position++;
    read_next(in);
    if (!in->has_next && in->goes_on)
        in->replaying = false;
}

void inputs_init(struct inputs *in, struct journal *journal)
{
    *in = (struct inputs){ .journal = journal };
}

void inputs_init_replay(struct inputs *in, struct journal *journal)
{
    *in = (struct inputs){ .journal = journal,
                           .replaying = true,
                           .at = JOURNAL_FIRST };
    read_next(in);
}

/* ---- the machine's side ---- */

void inputs_attach(struct inputs *in, struct board *b)
{
    in->board = b;
    in->timers = 0;
    in->entered = 0;
    memset(in->end, 0, sizeof in->end);
}

uint64_t inputs_next_record(const struct inputs *in)
{
    if (!in || !in->replaying || in->failed)
        return CLOCK_NEVER;
    if (!in->has_next)
        return 0; /* there is nothing left to replay: that is to be said */
    return in->next.port == INPUT_START || is_reply(&in->next) ? CLOCK_NEVER
                                                               : in->next.count;
}

uint64_t inputs_next(const struct inputs *in)
{
    uint64_t next = inputs_next_record(in);

    if (in && !in->replaying)
        for (unsigned k = 0; k < in->timers; k++)
            if (in->timer[k]->due < next)
                next = in->timer[k]->due;
    return next;
}

static void replay(struct inputs *in, uint64_t now)
{
    while (!in->failed && in->has_next && is_input(&in->next) &&
           !is_reply(&in->next) && in->next.count <= now) {
        const struct journal_record *r = &in->next;
        const struct input_end *end = &in->end[r->port];

        if (!end->take || end->take(end->device, r->bytes, r->size) != r->size)
            fail(in,
                 "the run is not the recorded one: the machine does not "
                 "take its input",
                 now);
        else
            pass(in);
    }
    if (in->replaying && (!in->has_next || in->next.port >= INPUT_PORTS))
        fail(in, "the journal has a record of a later version of Pogo", now);
}

void inputs_deliver(struct inputs *in, uint64_t now)
{
    if (!in)
        return;
    if (in->replaying) {
        replay(in, now);
        return;
    }
    in->entered = now + 1;
    for (unsigned k = 0; k < in->timers; k++)
        if (in->timer[k]->due <= now)
            in->timer[k]->fire(in->timer[k]->context, now);
}

uint64_t inputs_entered(const struct inputs *in, uint64_t now)
{
    uint64_t entered = now;

    if (!in)
        return 0;
    if (in->entered == now + 1) /* those due at `now` too */
        return in->entered;
    for (unsigned k = 0; k < in->timers; k++)
        if (in->timer[k]->due < entered)
            entered = in->timer[k]->due;
    return entered;
}

bool inputs_stopped(const struct inputs *in, uint64_t now)
{
    return in && in->replaying && in->has_next && in->next.port == INPUT_STOP &&
           in->next.count <= now;
}

static void record(struct inputs *in, const struct journal_record *r)
{
    in->position++;
    if (!in->journal)
        return;
    journal_add(in->journal, r);
    journal_flush(in->journal);
    if (in->journal->failed && !in->failed) {
        in->failed = true;
        error_say(&in->error, STATUS_IO, "the journal cannot be written (%s)",
                  strerror(in->journal->error_number));
    }
}

/* The next record is the reply to the request with this tag. What comes after
   it may be due soon: the run is interrupted to look. */
static size_t replay_reply(struct inputs *in, enum input_port port,
                           uint64_t tag, uint8_t *reply, size_t max)
{
    const struct journal_record *r = &in->next;
    struct bus *bus = &in->board->bus;
    size_t n = r->size;

    if (in->failed)
        return 0;
    if (!in->has_next || r->port != (uint32_t)port || r->tag != tag ||
        n > max) {
        fail(in,
             "the run is not the recorded one: a device asks something else",
             bus->clock.now);
        bus->attention = true;
        return 0;
    }
    memcpy(reply, r->bytes, n);
    pass(in);
    bus->attention = bus->clock.changed = true;
    return n;
}

size_t inputs_ask(struct inputs *in, enum input_port port,
                  const uint8_t *request, size_t size, uint8_t *reply,
                  size_t max)
{
    struct input_oracle *oracle = &in->oracle[port];
    struct journal_record r = { .port = port, .bytes = reply };

    r.tag = XXH3_64bits(request, size);
    if (in->replaying)
        return replay_reply(in, port, r.tag, reply, max);
    if (!oracle->answer)
        return 0;
    r.size =
        (uint32_t)oracle->answer(oracle->context, request, size, reply, max);
    r.count = in->board->bus.clock.now;
    record(in, &r);
    return r.size;
}

/* The records that were read are those before `at`, but for the one at hand. */
struct input_mark inputs_mark(const struct inputs *in)
{
    struct input_mark mark = { 0, 0 };

    if (!in || !in->journal)
        return mark;
    mark.position = in->position;
    mark.at = !in->replaying ? in->journal->size
              : in->has_next ? in->at - journal_record_size(&in->next)
                             : in->at;
    return mark;
}

void inputs_return(struct inputs *in, struct input_mark mark)
{
    if (!in || !in->journal)
        return;
    in->goes_on |= !in->replaying;
    in->replaying = true;
    in->position = mark.position;
    in->at = mark.at;
    in->failed = false;
    read_next(in);
    if (!in->has_next && in->goes_on)
        in->replaying = false;
}

void inputs_forget(struct inputs *in, struct input_mark mark)
{
    if (!in || !in->journal)
        return;
    journal_cut(in->journal, mark.at, mark.position);
    if (!in->replaying) {
        in->position = mark.position;
        return;
    }
    in->goes_on = true;
    if (in->has_next && in->at > in->journal->size)
        in->has_next = false;
    in->replaying = in->has_next;
}

/* ---- the outside ---- */

size_t inputs_put(struct inputs *in, const void *device, const uint8_t *bytes,
                  size_t n)
{
    enum input_port port = 0;
    size_t taken;

    while (port < INPUT_PORTS &&
           (!in->end[port].take || in->end[port].device != device))
        port++;
    if (in->replaying || port == INPUT_PORTS)
        return 0;
    taken = in->end[port].take(in->end[port].device, bytes, n);
    if (taken)
        record(in, &(struct journal_record){ .count = machine_count(in->board),
                                             .port = port,
                                             .size = (uint32_t)taken,
                                             .bytes = bytes });
    return taken;
}

void inputs_answer(struct inputs *in, enum input_port port,
                   struct input_oracle oracle)
{
    in->oracle[port] = oracle;
}

void inputs_schedule(struct inputs *in, struct input_timer *t)
{
    if (in->timers < INPUT_TIMERS)
        in->timer[in->timers++] = t;
}

/* ---- recording and replaying a run ---- */

static bool at(const struct inputs *in, enum input_port port, size_t size)
{
    return in->has_next && in->next.port == (uint32_t)port &&
           in->next.size >= size;
}

uint64_t inputs_epoch(const struct inputs *in, uint64_t live)
{
    if (!in || !in->replaying || !at(in, INPUT_START, EPOCH_BYTES))
        return live;
    return little_endian_get(in->next.bytes, EPOCH_BYTES);
}

void inputs_start(struct inputs *in, uint64_t hash, uint64_t epoch)
{
    uint8_t bytes[EPOCH_BYTES];

    little_endian_put(bytes, EPOCH_BYTES, epoch);
    if (!in->replaying)
        record(in, &(struct journal_record){ .tag = hash,
                                             .port = INPUT_START,
                                             .size = EPOCH_BYTES,
                                             .bytes = bytes });
    else if (!at(in, INPUT_START, EPOCH_BYTES))
        fail(in,
             "the run is not the recorded one: it begins anew, and the "
             "recorded one does not",
             0);
    else if (in->next.tag != hash)
        fail(in,
             "the machine is not the recorded one: give the options and "
             "files that it was recorded with",
             0);
    else
        pass(in);
}

void inputs_stop(struct inputs *in, uint64_t count, uint64_t hash, int status)
{
    uint8_t bytes[STATUS_BYTES];

    if (in->failed)
        return;
    little_endian_put(bytes, STATUS_BYTES, (uint64_t)status);
    if (!in->replaying)
        record(in, &(struct journal_record){ .count = count,
                                             .tag = hash,
                                             .port = INPUT_STOP,
                                             .size = STATUS_BYTES,
                                             .bytes = bytes });
    else if (!at(in, INPUT_STOP, STATUS_BYTES) || in->next.count != count)
        fail(in,
             "the run is not the recorded one: it has ended, and the "
             "recorded one goes on",
             count);
    else if (in->next.tag != hash)
        fail(in,
             "the run is not the recorded one: it has ended in another "
             "state",
             count);
}

int inputs_status(const struct inputs *in)
{
    return at(in, INPUT_STOP, STATUS_BYTES)
               ? (int)little_endian_get(in->next.bytes, STATUS_BYTES)
               : 0;
}
