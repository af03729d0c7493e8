#include "cli/options.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "machine/error_say.h"

typedef unsigned long long ull;

/* The value's place in the caller's struct. */
static void *place(const struct option *o, void *out)
{
    return (char *)out + o->offset;
}

/* Reads digits only (strtoull alone would take "-1" and " 7"). */
static bool read_number(const char *text, uint64_t *v, const char **rest)
{
    int base = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10;
    char *end;

    if (!isdigit((unsigned char)text[0]))
        return false;
    errno = 0;
    *v = strtoull(text, &end, base);
    *rest = end;
    return errno == 0 && end != text;
}

/* K, M, G: powers of 1024. False if there is something else, or too much. */
static bool apply_suffix(const char *suffix, uint64_t *v)
{
    static const char units[] = "KMG";
    const char *unit = *suffix ? strchr(units, toupper((unsigned char)*suffix))
                               : NULL;
    unsigned shift;

    if (*suffix == '\0')
        return true;
    if (!unit || suffix[1] != '\0')
        return false;
    shift = 10 * (unsigned)(unit - units + 1);
    if (*v > UINT64_MAX >> shift)
        return false;
    *v <<= shift;
    return true;
}

/* A size as people write it. */
static const char *size_text(uint64_t v, char *buf, size_t size)
{
    unsigned shift = 0;

    while (shift < 30 && v && v % 1024 == 0) {
        v /= 1024;
        shift += 10;
    }
    snprintf(buf, size, "%llu%.1s", (ull)v, &"\0KMG"[shift / 10]);
    return buf;
}

bool options_number(const char *text, uint64_t *out)
{
    const char *rest;

    return read_number(text, out, &rest) && *rest == '\0';
}

bool options_size(const char *text, uint64_t *out)
{
    const char *rest;

    return read_number(text, out, &rest) && apply_suffix(rest, out);
}

static enum status parse_number(const struct option *o, const char *text,
                                uint64_t *out, struct error *e)
{
    bool is_size = o->kind == OPTION_SIZE;
    char low[32], high[32];
    uint64_t v;

    if ((is_size ? options_size(text, &v) : options_number(text, &v)) &&
        v >= o->min && v <= o->max) {
        *out = v;
        return STATUS_OK;
    }
    if (!is_size)
        return error_say(e, STATUS_BAD_ARGUMENT, "--%s must be a number from "
                         "%llu to %llu, not '%s'", o->name, (ull)o->min,
                         (ull)o->max, text);
    return error_say(e, STATUS_BAD_ARGUMENT, "--%s must be a size from %s to "
                     "%s, such as 256M, not '%s'", o->name,
                     size_text(o->min, low, sizeof low),
                     size_text(o->max, high, sizeof high), text);
}

static enum status parse_seconds(const struct option *o, const char *text,
                                 double *out, struct error *e)
{
    char *end;
    double v = strtod(text, &end);

    if (end == text || *end != '\0' || !isfinite(v) || v <= 0 || v > 1e9)
        return error_say(e, STATUS_BAD_ARGUMENT, "--%s must be a number of "
                         "seconds greater than 0, such as 2.5, not '%s'",
                         o->name, text);
    *out = v;
    return STATUS_OK;
}

static enum status parse_choice(const struct option *o, const char *text,
                                const char **out, struct error *e)
{
    char all[80] = "";

    for (unsigned k = 0; o->choices[k]; k++) {
        size_t n = strlen(all);

        if (strcmp(o->choices[k], text) == 0) {
            *out = o->choices[k];
            return STATUS_OK;
        }
        snprintf(all + n, sizeof all - n, "%s%s", k ? " or " : "",
                 o->choices[k]);
    }
    return error_say(e, STATUS_BAD_ARGUMENT, "--%s must be %s, not '%s'",
                     o->name, all, text);
}

static enum status add_to_list(const struct option *o, const char *text,
                               struct option_list *out, struct error *e)
{
    if (out->count == OPTION_LIST_MAX)
        return error_say(e, STATUS_BAD_ARGUMENT, "--%s can be given %d times "
                         "at most", o->name, OPTION_LIST_MAX);
    out->text[out->count++] = text;
    return STATUS_OK;
}

static enum status set_value(const struct option *o, const char *text,
                             void *out, struct error *e)
{
    void *to = place(o, out);

    switch (o->kind) {
    case OPTION_TEXT:
        *(const char **)to = text;
        return STATUS_OK;
    case OPTION_LIST:
        return add_to_list(o, text, to, e);
    case OPTION_NUMBER:
    case OPTION_SIZE:
        return parse_number(o, text, to, e);
    case OPTION_SECONDS:
        return parse_seconds(o, text, to, e);
    default:
        return parse_choice(o, text, to, e);
    }
}

/* The row for `--name` or `--name=…`; *value is what follows the '='. */
static const struct option *find(const struct option *rows, const char *text,
                                 const char **value)
{
    const char *equals = strchr(text, '=');
    size_t n = equals ? (size_t)(equals - text) : strlen(text);

    *value = equals ? equals + 1 : NULL;
    for (; rows->name; rows++)
        if (strlen(rows->name) == n && memcmp(rows->name, text, n) == 0)
            return rows;
    return NULL;
}

/* Options that stand alone; `value` is what came after a '='. */
static enum status set_lone(const struct option *o, const char *value,
                            void *out, struct error *e)
{
    if (o->kind == OPTION_MAYBE)
        return set_value(o, value ? value : o->choices[0], out, e);
    if (value)
        return error_say(e, STATUS_BAD_ARGUMENT, "--%s takes no value, but "
                         "was given '%s'", o->name, value);
    *(bool *)place(o, out) = true;
    return STATUS_OK;
}

enum status options_parse(const struct option *rows, const char *command,
                          int argc, char *const *argv, void *out,
                          struct error *e)
{
    for (int k = 1; k < argc; k++) {
        const char *value;
        const struct option *o;
        enum status s;

        if (strncmp(argv[k], "--", 2) != 0)
            return error_say(e, STATUS_BAD_ARGUMENT, "%s takes options only, "
                             "not '%s': files are named with options such as "
                             "--kernel", command, argv[k]);
        o = find(rows, argv[k] + 2, &value);
        if (!o)
            return error_say(e, STATUS_BAD_ARGUMENT, "%s has no option '%s': "
                             "'pogo help %s' lists them", command, argv[k],
                             command);
        if (o->kind == OPTION_FLAG || o->kind == OPTION_MAYBE) {
            s = set_lone(o, value, out, e);
        } else {
            if (!value && k + 1 == argc)
                return error_say(e, STATUS_BAD_ARGUMENT, "--%s needs a value: "
                                 "--%s %s", o->name, o->name, o->argument);
            s = set_value(o, value ? value : argv[++k], out, e);
        }
        if (s != STATUS_OK)
            return s;
    }
    return STATUS_OK;
}

void options_help(const struct option *rows, FILE *out)
{
    for (; rows->name; rows++) {
        char left[48];
        const char *between = !rows->argument             ? ""
                              : rows->kind == OPTION_MAYBE ? ""
                                                           : " ";

        snprintf(left, sizeof left, "--%s%s%s", rows->name, between,
                 rows->argument ? rows->argument : "");
        fprintf(out, "  %-24s %s\n", left, rows->help);
    }
}
