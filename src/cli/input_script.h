/*
 * Console input that a file brings at stated counts of instructions, so that a
 * run with input repeats. One line an input:
 *
 *     COUNT TEXT
 *
 * TEXT is the rest of the line, with C's escapes (\n \r \t \e \\ \" \0 \x41
 * \101); nothing is added to it. Empty lines and lines that begin with '#' say
 * nothing. Counts must not decrease.
 */
#ifndef POGO_CLI_INPUT_SCRIPT_H
#define POGO_CLI_INPUT_SCRIPT_H

#include "bus/clock.h"
#include "devices/console.h"
#include "machine/image.h"

struct input_line {
    uint64_t count;
    size_t start, size; /* its bytes in `text` */
};

struct input_script {
    struct input_line *line;
    size_t lines, next, done; /* of the next line, `done` bytes are in */
    uint8_t *text;
    struct clock *clock;
    struct console *const *console;
    struct clock_event event;
};

/* STATUS_BAD_FORMAT: e names the line. Then there is nothing to free. */
enum status input_script_parse(struct input_script *s, const struct image *i,
                               struct error *e);
void input_script_free(struct input_script *s);

/* From now on `clock` feeds what is left of the script to whatever console
   `*console` is then. */
void input_script_start(struct input_script *s, struct clock *clock,
                        struct console *const *console);

#endif
