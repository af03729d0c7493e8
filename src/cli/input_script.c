#include "cli/input_script.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "machine/error_say.h"

/* When the guest has not read what came before, the rest waits so long. */
#define RETRY_COUNTS 10000

static const struct escape {
    char letter;
    uint8_t byte;
} escapes[] = {
    { 'n', '\n' }, { 'r', '\r' }, { 't', '\t' }, { 'e', 27 }, { 'a', 7 },
    { 'b', 8 }, { 'f', 12 }, { 'v', 11 }, { '\\', '\\' }, { '"', '"' },
    { '\'', '\'' },
};

static int digit(uint8_t c, unsigned base)
{
    int v = isdigit(c) ? c - '0' : isxdigit(c) ? tolower(c) - 'a' + 10 : 99;

    return v < (int)base ? v : -1;
}

/* A number of at most `most` digits; false if there is none. */
static bool read_byte(const uint8_t *p, const uint8_t *end, unsigned base,
                      unsigned most, const uint8_t **rest, uint8_t *out)
{
    unsigned v = 0, n = 0;

    while (n < most && p < end && digit(*p, base) >= 0) {
        v = v * base + (unsigned)digit(*p++, base);
        n++;
    }
    *rest = p;
    *out = (uint8_t)v;
    return n > 0 && v < 256;
}

/* The escape whose backslash lies before p. */
static bool read_escape(const uint8_t *p, const uint8_t *end,
                        const uint8_t **rest, uint8_t *out)
{
    if (p == end)
        return false;
    if (*p == 'x')
        return read_byte(p + 1, end, 16, 2, rest, out);
    if (digit(*p, 8) >= 0)
        return read_byte(p, end, 8, 3, rest, out);
    for (size_t k = 0; k < sizeof escapes / sizeof *escapes; k++)
        if (*p == (uint8_t)escapes[k].letter) {
            *out = escapes[k].byte;
            *rest = p + 1;
            return true;
        }
    return false;
}

bool input_text(const uint8_t *p, const uint8_t *end, uint8_t *out,
                size_t *used)
{
    while (p < end) {
        if (*p != '\\')
            out[(*used)++] = *p++;
        else if (!read_escape(p + 1, end, &p, &out[(*used)++]))
            return false;
    }
    return true;
}

static bool read_count(const uint8_t **p, const uint8_t *end, uint64_t *count)
{
    const uint8_t *start = *p;

    *count = 0;
    for (; *p < end && isdigit(**p); (*p)++)
        if (__builtin_mul_overflow(*count, 10, count) ||
            __builtin_add_overflow(*count, (uint64_t)(**p - '0'), count))
            return false;
    return *p > start && *count != CLOCK_NEVER;
}

/* One line without its newline. NULL, or what is wrong with it. */
static const char *read_line(struct input_script *s, size_t *used,
                             const uint8_t *p, const uint8_t *end)
{
    struct input_line *line = &s->line[s->lines];

    if (p == end || *p == '#')
        return NULL;
    line->start = *used;
    if (!read_count(&p, end, &line->count))
        return "begin it with a count of instructions";
    if (p == end || *p++ != ' ')
        return "put a space and the text after the count";
    if (s->lines && line->count < line[-1].count)
        return "its count must not be less than that of the line before";
    if (!input_text(p, end, s->text, used))
        return "there is no such escape: use C's, such as \\n or \\x1b";
    line->size = *used - line->start;
    s->lines++;
    return NULL;
}

static size_t count_lines(const struct image *i)
{
    size_t n = 1;

    for (size_t k = 0; k < i->size; k++)
        n += i->bytes[k] == '\n';
    return n;
}

enum status input_script_parse(struct input_script *s, const struct image *i,
                               struct error *e)
{
    const uint8_t *p = i->bytes, *end = i->bytes + i->size;
    size_t used = 0;

    *s = (struct input_script){ 0 };
    s->line = calloc(count_lines(i), sizeof *s->line);
    s->text = malloc(i->size + 1);
    if (!s->line || !s->text) {
        input_script_free(s);
        return error_say(e, STATUS_NO_MEMORY, "the host is out of memory");
    }
    for (unsigned number = 1; p < end; number++) {
        const uint8_t *newline = memchr(p, '\n', (size_t)(end - p));
        const uint8_t *stop = newline ? newline : end;
        const char *wrong = read_line(s, &used, p, stop);

        if (wrong) {
            input_script_free(s);
            return error_say(e, STATUS_BAD_FORMAT, "line %u of '%s' is not "
                             "`COUNT TEXT`: %s", number, i->name, wrong);
        }
        p = newline ? newline + 1 : end;
    }
    return STATUS_OK;
}

void input_script_free(struct input_script *s)
{
    free(s->line);
    free(s->text);
    *s = (struct input_script){ 0 };
}

void input_script_skip(struct input_script *s, uint64_t count)
{
    while (s->next < s->lines && s->line[s->next].count < count)
        s->next++;
}

static void feed(void *context, uint64_t now)
{
    struct input_script *s = context;

    s->timer.due = CLOCK_NEVER;
    while (s->next < s->lines && s->line[s->next].count <= now) {
        const struct input_line *line = &s->line[s->next];

        s->done += inputs_put(s->inputs, *s->console,
                              s->text + line->start + s->done,
                              line->size - s->done);
        if (s->done < line->size) {
            s->timer.due = now + RETRY_COUNTS;
            return;
        }
        s->next++;
        s->done = 0;
    }
    if (s->next < s->lines)
        s->timer.due = s->line[s->next].count;
}

void input_script_start(struct input_script *s, struct inputs *inputs,
                        struct console *const *console)
{
    if (s->next == s->lines)
        return;
    s->inputs = inputs;
    s->console = console;
    s->timer = (struct input_timer){ .due = s->line[s->next].count,
                                     .fire = feed,
                                     .context = s };
    inputs_schedule(inputs, &s->timer);
}
