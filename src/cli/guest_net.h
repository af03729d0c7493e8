/*
 * The network device of a guest of `pogo run`: its address, its cable, and with
 * `--net user` what is at the cable's other end.
 */
#ifndef POGO_CLI_GUEST_NET_H
#define POGO_CLI_GUEST_NET_H

#include "cli/net_setting.h"
#include "cli/report.h"

struct guest_net {
    struct net_cable cable;
    bool is_user;              /* there is or was … */
    struct user_net *user;     /* … this one; NULL: there is none now */
    struct host_source source; /* of `user`; while it is NULL, nothing comes */
    const char *name;          /* of the machine; NULL: there is one only */
    bool told;                 /* that it has ended */
    struct user_net_stats stats; /* of one that is closed */
};

/*
 * Gives machine `number` (from 1) its address, and with NET_USER its network;
 * ports that were to be found are said on standard error. STATUS_IO: e says why
 * it cannot be had. guest_net_close in any case; `g` must stay where it is.
 */
enum status guest_net_open(struct guest_net *g, const struct net_setting *s,
                           unsigned number, const char *name, struct error *e);
void guest_net_close(struct guest_net *g);

/* Adds what has gone by NET_USER, if there is or was one. */
void guest_net_report(const struct guest_net *g, struct report *r);

#endif
