#include "cli/net_setting.h"

#include <string.h>

#include "machine/error_say.h"

#define PORT_MAX 65535

/* A decimal number up to PORT_MAX, of at least one digit, at *at, which moves
   behind it. */
static bool read_port(const char **at, uint16_t *port)
{
    const char *start = *at;
    unsigned v = 0;

    for (; **at >= '0' && **at <= '9' && v <= PORT_MAX; ++*at)
        v = v * 10 + (unsigned)(**at - '0');
    *port = (uint16_t)v;
    return *at > start && v <= PORT_MAX;
}

/* "tcp:HOSTPORT:GUESTPORT", or udp, up to `end`. */
static bool read_forward(const char *at, const char *end,
                         struct user_net_forward *f)
{
    *f = (struct user_net_forward){ .udp = strncmp(at, "udp:", 4) == 0 };
    if (!f->udp && strncmp(at, "tcp:", 4) != 0)
        return false;
    at += 4;
    if (!read_port(&at, &f->host_port) || *at++ != ':')
        return false;
    return read_port(&at, &f->guest_port) && at == end && f->guest_port > 0;
}

static enum status add_forward(struct user_net_config *c, const char *word,
                               size_t n, struct error *e)
{
    static const char fwd[] = "fwd=";
    size_t skip = sizeof fwd - 1;

    if (c->forwards == USER_NET_FORWARDS)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "--net user can have %d forwards at most",
                         USER_NET_FORWARDS);
    if (read_forward(word + skip, word + n, &c->forward[c->forwards])) {
        c->forwards++;
        return STATUS_OK;
    }
    return error_say(e, STATUS_BAD_ARGUMENT,
                     "--net user: '%.*s' must be fwd=tcp:HOSTPORT:GUESTPORT or "
                     "fwd=udp:HOSTPORT:GUESTPORT, with ports up to 65535; "
                     "HOSTPORT 0 is any that is free",
                     n > 60 ? 60 : (int)n, word);
}

/* What stands behind "user": words, each behind a comma. */
static enum status read_words(struct user_net_config *c, const char *at,
                              struct error *e)
{
    enum status s = STATUS_OK;

    while (*at == ',' && s == STATUS_OK) {
        const char *word = at + 1;
        size_t n = strcspn(word, ",");

        if (n == 8 && memcmp(word, "restrict", n) == 0)
            c->restricted = true;
        else if (n >= 4 && memcmp(word, "fwd=", 4) == 0)
            s = add_forward(c, word, n, e);
        else
            s = error_say(e, STATUS_BAD_ARGUMENT,
                          "--net user does not know '%.*s': behind it can "
                          "stand restrict and fwd=tcp:HOSTPORT:GUESTPORT",
                          n > 60 ? 60 : (int)n, word);
        at = word + n;
    }
    return s;
}

enum status net_setting_parse(struct net_setting *n, const char *text,
                              struct error *e)
{
    *n = (struct net_setting){ .kind = NET_NONE };
    if (strcmp(text, "none") == 0)
        return STATUS_OK;
    if (strcmp(text, "switch") == 0) {
        n->kind = NET_SWITCH;
        return STATUS_OK;
    }
    n->kind = NET_USER;
    if (strncmp(text, "user", 4) == 0 && (text[4] == ',' || !text[4]))
        return read_words(&n->user, text + 4, e);
    return error_say(e, STATUS_BAD_ARGUMENT,
                     "--net must be none, switch or user, not '%.60s'", text);
}
