/*
 * The host's ends of a virtio console's further ports: a file that takes what
 * the guest writes, a pseudo-terminal, or a Unix socket at which one program at
 * a time talks with the guest.
 *
 *  - A file and a pseudo-terminal are connected from the start. What nobody
 *    reads from the pseudo-terminal is lost once its buffers are full.
 *  - A socket is connected while a client is. What it sends waits as long as
 * the guest does not read; what it does not read stops the machine for a while,
 *    and then it is cut off. A client that has shut down its sending side stays
 *    connected. The next one is let in when the guest has read what the last
 *    one sent.
 */
#ifndef POGO_HOST_PORT_END_H
#define POGO_HOST_PORT_END_H

#include "base/status.h"
#include "devices/console.h"
#include "host/source.h"

#define PORT_END_PATH   108   /* of a socket: what the host has room for */
#define PORT_END_OUTPUT 65536 /* bytes that wait to be written, at most */
#define PORT_ENDS       3     /* of one machine, at most */

enum port_end_kind { PORT_END_FILE, PORT_END_PTY, PORT_END_SOCKET };

/* Zeroed to begin with, and then it must stay where it is. */
struct port_end {
    struct console console; /* the guest's port is at its other end */
    /* Hands an input on to the console, and returns how many bytes were taken:
       set after opening, where more is to be done than console_port_push. */
    size_t (*push)(void *context, const void *console, const uint8_t *bytes,
                   size_t n);
    void *push_context;
    enum port_end_kind kind;
    bool is_open;
    int fd;       /* the file, the pty's master, the client; -1: no client */
    int listener; /* the socket's; -1 */
    int slave;    /* kept open, so that the pty outlives its users; -1 */
    char path[PORT_END_PATH];        /* the socket's, or where the pty is */
    bool silent;                     /* the client sends no more */
    bool deaf;                       /* the client takes no more */
    uint8_t output[PORT_END_OUTPUT]; /* not yet written */
    size_t waiting;
};

/*
 * STATUS_IO: errno says why not; of a socket EADDRINUSE: some program is there,
 * ENOTSOCK: a file of another kind is, ENAMETOOLONG. What is left of a socket
 * where no program is goes. port_end_close in any case.
 */
enum status port_end_open_file(struct port_end *e, const char *path);
enum status port_end_open_pty(struct port_end *e);
enum status port_end_open_socket(struct port_end *e, const char *path);

/* Writes out what is left, as far as somebody takes it; the socket is gone. */
void port_end_close(struct port_end *e);

/* Those of one machine. */
struct port_ends {
    struct port_end end[PORT_ENDS];
    unsigned ends;
};

/* Are there some besides files? Those need no source: nothing comes from them,
   and they have been written when the guest goes on. */
bool port_ends_live(const struct port_ends *p);

/* As what the run loop asks. */
struct host_source port_ends_source(struct port_ends *p);

#endif
