/* `--net none|switch|user[,restrict][,fwd=PROTOCOL:PORT:PORT]...`. */
#ifndef POGO_CLI_NET_SETTING_H
#define POGO_CLI_NET_SETTING_H

#include "base/error.h"
#include "host/user_net.h"

enum net_kind {
    NET_NONE,
    NET_SWITCH, /* of several machines: a network between them */
    NET_USER,   /* this host's network, by sockets of a user's */
};

struct net_setting {
    enum net_kind kind;
    struct user_net_config user; /* of NET_USER */
};

/* Reads a --net value. STATUS_BAD_ARGUMENT: e says what would be right. */
enum status net_setting_parse(struct net_setting *n, const char *text,
                              struct error *e);

#endif
