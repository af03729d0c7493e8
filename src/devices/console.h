/*
 * The far end of a serial device: where its bytes go, and the keys that have
 * arrived and not been read yet. Output is handed on as it is; nothing in it
 * is interpreted. The device is the only reader of the input.
 */
#ifndef POGO_DEVICES_CONSOLE_H
#define POGO_DEVICES_CONSOLE_H

#include "base/bits.h"

#define CONSOLE_INPUT 4096 /* bytes that wait at most */

struct console {
    /* Takes n bytes of output; NULL: they are dropped. Cannot fail. */
    void (*put)(void *context, const uint8_t *bytes, size_t n);
    void *context;
    /* Set by the device on this console: called when input has arrived. */
    void (*arrived)(void *reader);
    void *reader;
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

/* For the device: takes the oldest byte; false if there is none. */
bool console_take(struct console *c, uint8_t *byte);

#endif
