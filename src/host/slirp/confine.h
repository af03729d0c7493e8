/* What pogo-net can do to this host, should a guest get hold of it. */
#ifndef POGO_HOST_SLIRP_CONFINE_H
#define POGO_HOST_SLIRP_CONFINE_H

#include "base/bits.h"

#define CONFINE_DESCRIPTORS 512 /* a connection takes one … */
#ifdef POGO_NET_MEMORY
#define CONFINE_MEMORY POGO_NET_MEMORY
#else
#define CONFINE_MEMORY                                                         \
    (UINT64_C(512) << 20) /* … and 300 KiB; bytes; 0: all                    \
                           */
#endif

/*
 * From here on this process can have so much memory and so many descriptors,
 * gets no rights that it has not, and leaves no core. Where the kernel has
 * Landlock (since 5.13): it can open the file `readable` for reading, no other
 * one in any way, and can start no program. Sockets are as before. False: there
 * is no Landlock, files are as before too.
 */
bool confine(const char *readable);

#endif
