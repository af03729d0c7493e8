#include "cli/symbol_setting.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "machine/error_say.h"

/* Is it a number in hex, and nothing else? */
static bool is_hex(const char *text)
{
    size_t n = strlen(text);

    return n > 2 && n <= 18 && strncmp(text, "0x", 2) == 0 &&
           strspn(text + 2, "0123456789abcdefABCDEF") == n - 2;
}

/* Cuts "+0x…" or "-0x…" off the end of a path. */
static uint64_t take_offset(char *path)
{
    size_t at = strlen(path);
    uint64_t offset;

    while (at > 0 && !strchr("+-", path[at - 1]))
        at--;
    if (at < 2 || !is_hex(path + at))
        return 0;
    offset = strtoull(path + at, NULL, 16);
    if (path[at - 1] == '-')
        offset = -offset;
    path[at - 1] = '\0';
    return offset;
}

/* Cuts "@word" off the end of a path. */
static void take_world(char *path, char *world, size_t size)
{
    char *at = strrchr(path, '@');
    size_t n = at ? strlen(at + 1) : 0;

    if (at == path || n == 0 || n >= size)
        return;
    for (const char *c = at + 1; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("-_", *c))
            return;
    memcpy(world, at + 1, n + 1);
    *at = '\0';
}

bool symbol_setting(const char *text, struct symbol_setting *out)
{
    *out = (struct symbol_setting){ .offset = 0 };
    if (strlen(text) >= sizeof out->path)
        return false;
    strcpy(out->path, text);
    out->offset = take_offset(out->path);
    take_world(out->path, out->world, sizeof out->world);
    return out->path[0] != '\0';
}

/* "2", "vm2". */
static bool read_number(const char *world, uint64_t *number)
{
    const char *digits = strncmp(world, "vm", 2) == 0 ? world + 2 : world;

    if (!digits[0] || strspn(digits, "0123456789") != strlen(digits))
        return false;
    *number = strtoull(digits, NULL, 10);
    return true;
}

bool symbol_setting_is_for(const struct symbol_setting *s,
                           const struct symbol_machine *m, unsigned *level)
{
    uint64_t number = 0;

    *level = (unsigned)m->depth;
    if (!s->world[0] || strcmp(s->world, "guest") == 0)
        return true;
    if (m->name && strcmp(s->world, m->name) == 0)
        return true;
    if (!read_number(s->world, &number) &&
        (m->name || strcmp(s->world, "bare") != 0))
        return false;
    if (m->name)
        return number == m->number;
    *level = (unsigned)number;
    return number <= m->depth;
}

static bool is_for_any(const struct symbol_setting *s,
                       const struct symbol_machine *m, unsigned machines)
{
    unsigned level;

    for (unsigned k = 0; k < machines; k++)
        if (symbol_setting_is_for(s, &m[k], &level))
            return true;
    return false;
}

enum status symbol_settings_check(const struct option_list *l,
                                  const struct symbol_machine *m,
                                  unsigned machines, struct error *e)
{
    for (unsigned k = 0; k < l->count; k++) {
        struct symbol_setting s;

        if (!symbol_setting(l->text[k], &s))
            return error_say(e, STATUS_BAD_ARGUMENT,
                             "--symbols must be FILE[@WORLD][+OFFSET], not "
                             "'%.100s'",
                             l->text[k]);
        if (is_for_any(&s, m, machines))
            continue;
        return error_say(e, STATUS_BAD_ARGUMENT,
                         machines > 1 || m->name
                             ? "--symbols '%.100s': no machine is called '%s': "
                               "give one's name or its number"
                             : "--symbols '%.100s': '%s' is no machine here: "
                               "behind the @ say guest, or a level from 0 (the "
                               "bare one) to --depth",
                         l->text[k], s.world);
    }
    return STATUS_OK;
}
