#include "cli/balloon_plan.h"

#include <string.h>

#include "bus/little_endian.h"
#include "machine/error_say.h"

/* Takes ",oom" off the end of what `text` is copied to. */
static bool take_oom(char *text)
{
    static const char word[] = ",oom";
    size_t n = strlen(text), m = sizeof word - 1;

    if (n < m || strcmp(text + n - m, word) != 0)
        return false;
    text[n - m] = '\0';
    return true;
}

/* One option; false: it is not written as it should be. */
static bool parse_step(struct balloon_step *s, const char *option, bool *oom)
{
    char text[64], *at;

    if (strlen(option) >= sizeof text)
        return false;
    strcpy(text, option);
    *oom |= take_oom(text);
    at = strchr(text, '@');
    if (at)
        *at++ = '\0';
    *s = (struct balloon_step){ 0 };
    return options_size(text, &s->pages) &&
           (!at || options_number(at, &s->count));
}

enum status balloon_plan_parse(struct balloon_plan *p,
                               const struct option_list *options,
                               uint64_t memory, struct error *e)
{
    *p = (struct balloon_plan){ .steps = options->count };
    for (unsigned i = 0; i < p->steps; i++) {
        struct balloon_step *s = &p->step[i];

        if (!parse_step(s, options->text[i], &p->oom))
            return error_say(e, STATUS_BAD_ARGUMENT,
                             "--balloon must be SIZE, SIZE@COUNT or either "
                             "with ',oom', such as 64M@2000000000, not '%.80s'",
                             options->text[i]);
        if (s->pages > memory || s->pages % BALLOON_PAGE)
            return error_say(e, STATUS_BAD_ARGUMENT,
                             "--balloon '%.80s' must be a multiple of 4K, and "
                             "not more than the guest's memory",
                             options->text[i]);
        s->pages /= BALLOON_PAGE;
    }
    return STATUS_OK;
}

static void put_size(struct balloon_plan *p, const struct balloon_step *s)
{
    uint8_t bytes[8];

    little_endian_put(bytes, sizeof bytes, s->pages);
    inputs_put(p->board->config.inputs, &p->board->devices.balloon, bytes,
               sizeof bytes);
}

/* Steps at counts before `due` have been made. */
static void fire(void *context, uint64_t now)
{
    struct balloon_plan *p = context;
    uint64_t due = p->timer.due;

    p->timer.due = CLOCK_NEVER;
    for (unsigned i = 0; i < p->steps; i++) {
        const struct balloon_step *s = &p->step[i];

        if (s->count > now && s->count < p->timer.due)
            p->timer.due = s->count;
        else if (s->count >= due && s->count <= now)
            put_size(p, s);
    }
}

void balloon_plan_start(struct balloon_plan *p, struct board *b, uint64_t now)
{
    if (p->steps == 0)
        return;
    p->board = b;
    p->timer = (struct input_timer){ .due = now, .fire = fire, .context = p };
    inputs_schedule(b->config.inputs, &p->timer);
}
