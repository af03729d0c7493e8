#include "cli/ports.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "machine/error_say.h"

static const char socket_prefix[] = "unix:";
#define SOCKET_PREFIX (sizeof socket_prefix - 1)

static bool is_name(const char *text, size_t n)
{
    if (n == 0 || n > VIRTIO_CONSOLE_NAME || text[0] == '.')
        return false;
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)text[i]) && !strchr("._-", text[i]))
            return false;
    return true;
}

/* What is behind the name; NULL: it is not written like a port. */
static const char *place_of(const char *text)
{
    const char *equals = strchr(text, '=');

    if (!equals || !is_name(text, (size_t)(equals - text)) || !equals[1] ||
        strcmp(equals + 1, socket_prefix) == 0)
        return NULL;
    return equals + 1;
}

static bool is_pty(const char *place)
{
    return strcmp(place, "pty") == 0;
}

static bool is_socket(const char *place)
{
    return strncmp(place, socket_prefix, SOCKET_PREFIX) == 0;
}

/* With the same name, up to the '=', or at the same place. */
static enum status check_clash(const char *a, const char *b, struct error *e)
{
    const char *here = place_of(a), *there = place_of(b);

    if (here - a == there - b && memcmp(a, b, (size_t)(here - a)) == 0)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "two --port have the name '%.*s': give each its own",
                         (int)(here - a - 1), a);
    if (!is_pty(here) && strcmp(here, there) == 0)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "two --port are at '%.120s': give each a place of its "
                         "own",
                         here);
    return STATUS_OK;
}

enum status ports_check(const struct option_list *options, struct error *e)
{
    enum status s = STATUS_OK;

    if (options->count > PORT_ENDS)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "--port can be given %d times at most", PORT_ENDS);
    for (unsigned i = 0; i < options->count; i++) {
        if (!place_of(options->text[i]))
            return error_say(e, STATUS_BAD_ARGUMENT,
                             "--port must be NAME=FILE, NAME=pty or "
                             "NAME=unix:PATH, the name of up to %d letters, "
                             "digits, '.', '-' and '_', not '%.80s'",
                             VIRTIO_CONSOLE_NAME, options->text[i]);
        for (unsigned k = 0; k < i && s == STATUS_OK; k++)
            s = check_clash(options->text[k], options->text[i], e);
    }
    return s;
}

static enum status open_end(struct port_end *end, const char *place)
{
    if (is_pty(place))
        return port_end_open_pty(end);
    if (is_socket(place))
        return port_end_open_socket(end, place + SOCKET_PREFIX);
    return port_end_open_file(end, place);
}

static enum status say_why(const char *text, struct error *e)
{
    int why = errno;

    switch (why) {
    case EADDRINUSE:
        return error_say(e, STATUS_IO,
                         "--port '%.120s': another program listens there: end "
                         "it, or name another socket",
                         text);
    case ENOTSOCK:
        return error_say(e, STATUS_IO,
                         "--port '%.120s': there is a file that is no socket: "
                         "name one that is not there, and it is made",
                         text);
    case ENAMETOOLONG:
        return error_say(e, STATUS_IO,
                         "--port '%.120s': a socket's path has %d characters "
                         "at most",
                         text, PORT_END_PATH - 1);
    default:
        return error_say(e, STATUS_IO,
                         "--port '%.120s' cannot be had (%s): name a file that "
                         "can be written",
                         text, strerror(why));
    }
}

static size_t put(void *inputs, const void *console, const uint8_t *bytes,
                  size_t n)
{
    return inputs_put(inputs, console, bytes, n);
}

enum status ports_open(struct ports *p, const struct option_list *options,
                       struct inputs *inputs, bool quiet, struct error *e)
{
    for (unsigned i = 0; i < options->count; i++) {
        const char *text = options->text[i], *place = place_of(text);
        struct port_end *end = &p->ends.end[i];

        memcpy(p->name[i], text, (size_t)(place - text - 1));
        p->port[i] = (struct virtio_console_port){ p->name[i], &end->console };
        p->ends.ends = i + 1;
        end->push = put;
        end->push_context = inputs;
        if (open_end(end, place) != STATUS_OK)
            return say_why(text, e);
        if (end->kind == PORT_END_PTY && !quiet)
            fprintf(stderr, "pogo: port %s is %s\n", p->name[i], end->path);
    }
    p->source = port_ends_source(&p->ends);
    return STATUS_OK;
}

void ports_close(struct ports *p)
{
    for (unsigned i = 0; i < p->ends.ends; i++)
        port_end_close(&p->ends.end[i]);
    p->ends.ends = 0;
}
