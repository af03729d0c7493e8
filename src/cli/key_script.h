/*
 * Keys that a file types on the virtio keyboard at stated counts of
 * instructions, so that a run with them repeats. Its lines are those of an
 * input script (cli/input_script.h), their texts those of cli/key_text.h.
 */
#ifndef POGO_CLI_KEY_SCRIPT_H
#define POGO_CLI_KEY_SCRIPT_H

#include "devices/virtio_input.h"
#include "machine/image.h"
#include "machine/inputs.h"

struct key_line {
    uint64_t count;
    size_t start, size; /* its bytes in `events` */
};

struct key_script {
    struct key_line *line;
    size_t lines, next, done; /* of the next line, `done` bytes are in */
    uint8_t *events;
    struct inputs *inputs;
    struct virtio_input *keyboard;
    struct input_timer timer;
};

/* STATUS_BAD_FORMAT: e names the line. Then there is nothing to free. */
enum status key_script_parse(struct key_script *k, const struct image *i,
                             struct error *e);
void key_script_free(struct key_script *k);

/* Leaves out the lines of lower counts. */
void key_script_skip(struct key_script *k, uint64_t count);

/* What is left of the script comes in through `inputs`, to `keyboard`. */
void key_script_start(struct key_script *k, struct inputs *inputs,
                      struct virtio_input *keyboard);

#endif
