/*
 * The far end of a serial device: where its bytes go, and the keys that have
 * arrived and not been read yet. Output is handed on as it is; nothing in it
 * is interpreted. The device is the only reader of the input.
 */
#ifndef POGO_DEVICES_CONSOLE_H
#define POGO_DEVICES_CONSOLE_H

#include "base/state.h"

#define CONSOLE_INPUT 4096 /* bytes that wait at most */

struct console {
    /* Takes n bytes of output; NULL: they are dropped. Cannot fail. */
    void (*put)(void *context, const uint8_t *bytes, size_t n);
    void *context;
    const bool *repeats; /* while it is true, output has been put before, and is
                            dropped; NULL: never */
    /* Set by the device on this console: called when input has arrived, and
       when `connected` has changed. */
    void (*arrived)(void *reader);
    void *reader;
    bool connected; /* somebody is at this end: so from the start */
    uint8_t input[CONSOLE_INPUT]; /* a ring: `waiting` bytes from `first` on */
    size_t first, waiting;
};

/* A console without input, whose output goes to `put`. */
void console_init(struct console *c,
                  void (*put)(void *, const uint8_t *, size_t), void *context);

/* From the device: output. */
void console_put(struct console *c, const uint8_t *bytes, size_t n);

/*
 * From outside, between two instructions: input arrives, and the device may
 * raise its interrupt. Returns how many of the n bytes found room: the caller
 * keeps the rest for later.
 */
size_t console_push(struct console *c, const uint8_t *bytes, size_t n);

/*
 * The same for a further port of a virtio console, at whose end somebody comes
 * and goes: an input is a byte that says what it is, and then, if that is
 * CONSOLE_BYTES, the bytes. Returns how many of all n were taken; 0, and nothing
 * has happened, if there is no room, or it is no such input. What somebody has
 * sent stays to be read when they have gone.
 */
enum console_input { CONSOLE_BYTES = 0, CONSOLE_GONE = 1, CONSOLE_COME = 2 };
size_t console_port_push(void *console, const uint8_t *bytes, size_t n);

/* For the device: takes the oldest byte; false if there is none. */
bool console_take(struct console *c, uint8_t *byte);

/* The state (base/state.h): the bytes that wait. The device on the console
   moves it with its own, and is not told of them as of arrivals. */
void console_state(struct console *c, struct state *s);

#endif
