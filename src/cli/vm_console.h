/*
 * The console of one of several virtual machines: a part of the terminal that
 * they share, where each line begins with the machine's name; or a
 * pseudo-terminal, a file, or nothing.
 */
#ifndef POGO_CLI_VM_CONSOLE_H
#define POGO_CLI_VM_CONSOLE_H

#include "base/error.h"
#include "cli/host_console.h"

#define VM_CONSOLE_LINE 1024

struct vm_console;

/* What they share. */
struct shared_terminal {
    struct host_console host;
    struct vm_console
        *open; /* whose unfinished line is there; NULL: nobody's */
};

enum vm_console_kind {
    VM_CONSOLE_SHARED,
    VM_CONSOLE_PTY,
    VM_CONSOLE_FILE,
    VM_CONSOLE_NONE,
};

struct vm_console {
    struct console uart, virtio; /* the guest's devices are at the other ends */
    struct console *keyboard;    /* the one that it has written to last */
    struct inputs inputs;        /* the machine's */
    enum vm_console_kind kind;
    const char *name; /* borrowed */
    struct shared_terminal *terminal;
    int fd;                        /* of the file or the pty's master; -1 */
    int slave;                     /* kept open, so that the pty outlives its
                                      users; -1 */
    char path[64];                 /* of the pty */
    uint8_t line[VM_CONSOLE_LINE]; /* output that has not been written */
    size_t length;
    char last[128];   /* the last line, printable, for people */
    char coming[128]; /* the one being written */
    size_t coming_length;
    bool in_escape;
};

/*
 * `where`: "-" the shared terminal, "pty", "none", or a file to write.
 * STATUS_IO: e says what cannot be had. vm_console_close in any case.
 */
enum status vm_console_open(struct vm_console *c, const char *name,
                            const char *where, struct shared_terminal *t,
                            struct error *e);
/* Writes out what is left. */
void vm_console_close(struct vm_console *c);

/* Shows an unfinished line too: its machine waits, perhaps for an answer. */
void vm_console_flush(struct vm_console *c);
/* A pty's keys go to the guest, as far as it has room. */
void vm_console_read(struct vm_console *c);

/* Ends the line that is unfinished on the shared terminal, if there is one. */
void shared_terminal_end_line(struct shared_terminal *t);

/* The guest's last line with something in it: no control characters. */
const char *vm_console_last(const struct vm_console *c);

#endif
