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

#include "devices/console.h"
#include "machine/image.h"
#include "machine/inputs.h"

struct input_line {
    uint64_t count;
    size_t start, size; /* its bytes in `text` */
};

struct input_script {
    struct input_line *line;
    size_t lines, next, done; /* of the next line, `done` bytes are in */
    uint8_t *text;
    struct inputs *inputs;
    struct console *const *console;
    struct input_timer timer;
};

/* The bytes that a TEXT, [p, end), stands for: to out[*used] and on, at most as
   many as it has. False: there is no such escape. */
bool input_text(const uint8_t *p, const uint8_t *end, uint8_t *out,
                size_t *used);

/* STATUS_BAD_FORMAT: e names the line. Then there is nothing to free. */
enum status input_script_parse(struct input_script *s, const struct image *i,
                               struct error *e);
void input_script_free(struct input_script *s);

/* What is due below `count` has come in already, before this run. */
void input_script_skip(struct input_script *s, uint64_t count);

/*
 * What is left of the script comes in through `inputs`, to whatever console
 * `*console` is then. Of a replaying machine the keys are in the journal.
 */
void input_script_start(struct input_script *s, struct inputs *inputs,
                        struct console *const *console);

#endif
