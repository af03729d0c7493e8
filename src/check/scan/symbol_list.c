/* Symbols from a list, as `nm` writes it and Linux's System.map is. */
#include <stdio.h>
#include <string.h>

#include "check/scan/parts.h"
#include "machine/error_say.h"

/* One line without its end: "ffffffff80000000 T _start". */
static enum status add_line(struct scan_input *in, const char *line, size_t n,
                            uint64_t *linked)
{
    char text[512], kind, name[256];
    unsigned long long address;

    if (n >= sizeof text || memchr(line, '\0', n))
        return STATUS_BAD_FORMAT;
    memcpy(text, line, n);
    text[n] = '\0';
    if (strspn(text, " \t\r") == n || sscanf(text, " U %255s", name) == 1)
        return STATUS_OK;
    if (sscanf(text, "%llx %c %255s", &address, &kind, name) != 3)
        return STATUS_BAD_FORMAT;
    if ((strcmp(name, "_text") == 0 || strcmp(name, "_start") == 0) &&
        (*linked == 0 || address < *linked))
        *linked = address;
    if (strchr("aANUn", kind) || name[0] == '$')
        return STATUS_OK;
    return scan_add_symbol(in, name, address, 0, !strchr("tTwW", kind));
}

enum status scan_read_list(struct scan_input *in, const struct scan_options *o,
                           uint64_t *linked, struct error *e)
{
    const char *at = (const char *)o->symbols, *end = at + o->symbols_size;
    enum status s = STATUS_OK;
    unsigned line = 0;

    while (at < end && s == STATUS_OK) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));

        if (!stop)
            stop = end;
        s = add_line(in, at, (size_t)(stop - at), linked);
        line++;
        at = stop < end ? stop + 1 : end;
    }
    if (s == STATUS_BAD_FORMAT)
        return error_say(e, s,
                         "line %u of '%s' is not a symbol: an address in hex, "
                         "a letter and a name must be in it, as in System.map",
                         line, o->symbols_name);
    return s;
}
