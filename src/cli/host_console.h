/*
 * The host's side of the guest's console: where its output goes, keys from the
 * terminal or from standard input, and how long a wait of the guest takes.
 */
#ifndef POGO_CLI_HOST_CONSOLE_H
#define POGO_CLI_HOST_CONSOLE_H

#include "base/error.h"
#include "devices/console.h"
#include "host/wait.h"
#include "machine/inputs.h"
#include "machine/run.h"

#define HOST_CONSOLE_ALSOS 64

struct host_console {
    struct console console; /* the guest's UART is at its other end */
    struct console virtio;  /* its virtio console's, which writes here too */
    struct console *keyboard; /* that of the two which keys go to: the one that
                                 the guest has written to last */
    struct inputs own_inputs; /* live, to be the machine's */
    struct inputs *inputs;    /* of the machine that keys go to: its own_inputs
                                 if nobody else says */
    int out;           /* file descriptor; -1: output is dropped */
    /* Takes the output in its place; NULL: nobody does. Set after
       host_console_open. */
    void (*taker)(void *context, const uint8_t *bytes, size_t n);
    void *taker_context;
    bool owns_out;
    uint8_t buffer[4096]; /* output not yet written */
    size_t buffered;
    bool middle_of_line; /* the last byte written was no newline */

    bool live;         /* keys come from standard input … */
    bool is_terminal;  /* … which is a terminal in raw mode */
    bool escape;       /* Ctrl-A was the last key */
    uint8_t keys[256]; /* read, and not yet taken by the guest */
    size_t key_count;

    /* Takes the key after Ctrl-A if it means something to it (true); NULL:
       only the usual ones do. Set after host_console_open, as the next. */
    bool (*command)(void *context, uint8_t key);
    void *command_context;
    const int *also;   /* what becomes readable there ends a wait too */
    unsigned alsos;
    const struct host_source *source[HOST_WAIT_SOURCES]; /* other input */
    unsigned sources;

    bool paced;        /* waits take as long as they say */
    bool host_clock;   /* guest time follows the host's */
    int64_t debt;      /* ns that waits should have taken and have not yet */
    uint64_t start;    /* host ns when the guest's time was 0 */
};

/*
 * `where`: "-" standard output, "none", or a file to write. With `terminal` the
 * terminal on standard input becomes the console's keyboard; with `piped`
 * standard input's bytes do. STATUS_IO: the file cannot be written.
 */
enum status host_console_open(struct host_console *c, const char *where,
                              bool terminal, bool piped, struct error *e);
/* Writes out what is buffered; gives the terminal back. */
void host_console_close(struct host_console *c);
void host_console_flush(struct host_console *c);
/* Output, as from a guest. */
void host_console_put(struct host_console *c, const uint8_t *bytes, size_t n);

/* Input comes from `s` too (borrowed). After host_console_open. */
void host_console_add(struct host_console *c, const struct host_source *s);

/* struct run_options' poll; the context is the struct host_console. The board
   is used where guest time follows the host's, else it may be NULL. */
uint64_t host_console_poll(void *context, struct board *b, uint64_t idle);

/* Sets the machine's mtime. */
void host_put_time(struct board *b, uint64_t time);

/* The host's monotonic clock, in ns. */
uint64_t host_time(void);

#endif
