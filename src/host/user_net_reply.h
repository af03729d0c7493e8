/*
 * What Pogo and pogo-net say to one another, apart from frames:
 *
 *     pogo-net [restrict] [tcp:HOSTPORT:GUESTPORT | udp:HOSTPORT:GUESTPORT]...
 *
 * has a socket of type SOCK_SEQPACKET as its standard input. Its first message
 * there is a struct user_net_reply; all others, both ways, are frames.
 */
#ifndef POGO_HOST_USER_NET_REPLY_H
#define POGO_HOST_USER_NET_REPLY_H

#include "host/user_net.h"

struct user_net_reply {
    int32_t error;   /* errno; 0: all is well */
    int32_t forward; /* if it is not: which of them cannot be had */
    uint16_t host_port[USER_NET_FORWARDS];
};

#endif
