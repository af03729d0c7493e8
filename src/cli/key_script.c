#include "cli/key_script.h"

#include <inttypes.h>
#include <stdlib.h>

#include "bus/clock.h"
#include "cli/input_script.h"
#include "cli/key_text.h"
#include "machine/error_say.h"

/* When the guest has not read what came before, the rest waits so long. */
#define RETRY_COUNTS 10000

static size_t text_bytes(const struct input_script *s)
{
    size_t n = 0;

    for (size_t k = 0; k < s->lines; k++)
        n += s->line[k].size;
    return n;
}

/* Types the lines of `s`. */
static enum status translate(struct key_script *k, const struct input_script *s,
                             const char *file, struct error *e)
{
    size_t used = 0, at;

    for (; k->lines < s->lines; k->lines++) {
        const struct input_line *from = &s->line[k->lines];
        struct key_line *to = &k->line[k->lines];
        const char *wrong =
            key_text((const char *)s->text + from->start, from->size,
                     k->events + used, &to->size, &at);

        if (wrong)
            return error_say(e, STATUS_BAD_FORMAT,
                             "'%s', the line of count %" PRIu64 ", from "
                             "character %zu of its text on: %s",
                             file, from->count, at + 1, wrong);
        to->count = from->count;
        to->start = used;
        used += to->size;
    }
    return STATUS_OK;
}

enum status key_script_parse(struct key_script *k, const struct image *i,
                             struct error *e)
{
    struct input_script s;
    enum status status = input_script_parse(&s, i, e);

    *k = (struct key_script){ 0 };
    if (status != STATUS_OK)
        return status;
    k->line = calloc(s.lines + 1, sizeof *k->line);
    k->events = calloc(text_bytes(&s) + 1, KEY_TEXT_BYTES);
    if (k->line && k->events)
        status = translate(k, &s, i->name, e);
    else
        status = error_say(e, STATUS_NO_MEMORY, "the host is out of memory");
    input_script_free(&s);
    if (status != STATUS_OK)
        key_script_free(k);
    return status;
}

void key_script_free(struct key_script *k)
{
    free(k->line);
    free(k->events);
    *k = (struct key_script){ 0 };
}

void key_script_skip(struct key_script *k, uint64_t count)
{
    while (k->next < k->lines && k->line[k->next].count < count)
        k->next++;
}

static void type(void *context, uint64_t now)
{
    struct key_script *k = context;

    k->timer.due = CLOCK_NEVER;
    while (k->next < k->lines && k->line[k->next].count <= now) {
        const struct key_line *line = &k->line[k->next];

        k->done += inputs_put(k->inputs, k->keyboard,
                              k->events + line->start + k->done,
                              line->size - k->done);
        if (k->done < line->size) {
            k->timer.due = now + RETRY_COUNTS;
            return;
        }
        k->next++;
        k->done = 0;
    }
    if (k->next < k->lines)
        k->timer.due = k->line[k->next].count;
}

void key_script_start(struct key_script *k, struct inputs *inputs,
                      struct virtio_input *keyboard)
{
    if (k->next == k->lines)
        return;
    k->inputs = inputs;
    k->keyboard = keyboard;
    k->timer = (struct input_timer){ .due = k->line[k->next].count,
                                     .fire = type,
                                     .context = k };
    inputs_schedule(inputs, &k->timer);
}
