#include "cli/watch_settings.h"

#include <stdio.h>
#include <string.h>

#include "machine/error_say.h"

/* `text` up to a comma is the file, what follows it filters. */
static enum status read_file(struct watch_settings *w, const char *option,
                             const char *text, struct error *e)
{
    size_t n = strcspn(text, ",");

    if (n >= sizeof w->file)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "%s: the file's name has %zu "
                         "bytes, and at most %zu are allowed",
                         option, n, sizeof w->file - 1);
    memcpy(w->file, text, n);
    w->file[n] = '\0';
    return STATUS_OK;
}

/* `text` is empty, or a comma and filters. */
static enum status read_filters(struct watch_settings *w, const char *option,
                                const char *text, struct error *e)
{
    struct error why = { "" };

    if (text[0] == '\0')
        return STATUS_OK;
    if (text[1] == '\0')
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "%s: a filter must follow "
                         "the comma, such as mode=S",
                         option);
    if (exit_filter_parse(&w->filter, text + 1, &why) == STATUS_OK)
        return STATUS_OK;
    return error_say(e, STATUS_BAD_ARGUMENT, "%s: %s", option, why.text);
}

/* Is there any of the virtual machines that the filter asks for? */
static enum status check_depth(const struct watch_settings *w,
                               const char *option, uint64_t depth,
                               struct error *e)
{
    if (depth == 0)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "%s needs --depth 1 or more: "
                         "a bare machine has no exits",
                         option);
    for (unsigned vm = 1; vm <= depth; vm++)
        if (exit_filter_vm(&w->filter, vm))
            return STATUS_OK;
    return error_say(e, STATUS_BAD_ARGUMENT,
                     "%s: vm= names none of the "
                     "virtual machines that there are: 1 to %llu",
                     option, (unsigned long long)depth);
}

enum status watch_settings_log(struct watch_settings *w, const char *text,
                               uint64_t depth, struct error *e)
{
    const char *rest = text + 5; /* strchr below finds the end as well */
    enum status s = STATUS_OK;

    *w = (struct watch_settings){ .file = "" };
    if (strncmp(text, "exits", 5) != 0 || !strchr("=,", *rest) ||
        (rest[0] == '=' && strchr(",", rest[1])))
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "--log must be exits or "
                         "exits=FILE, and filters after a comma, not '%s'",
                         text);
    if (*rest == '=') {
        s = read_file(w, "--log", rest + 1, e);
        rest += strcspn(rest, ",");
    }
    if (s == STATUS_OK)
        s = read_filters(w, "--log", rest, e);
    return s == STATUS_OK ? check_depth(w, "--log exits", depth, e) : s;
}

enum status watch_settings_trace(struct watch_settings *w, const char *text,
                                 uint64_t depth, struct error *e)
{
    enum status s;

    *w = (struct watch_settings){ .file = "" };
    if (strchr(",", text[0])) /* or the end */
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "--trace must be FILE, and "
                         "filters after a comma, not '%s'",
                         text);
    s = read_file(w, "--trace", text, e);
    if (s == STATUS_OK)
        s = read_filters(w, "--trace", text + strcspn(text, ","), e);
    return s == STATUS_OK ? check_depth(w, "--trace", depth, e) : s;
}
