/*
 * Text as it is typed on a US keyboard: input events of presses and releases.
 *
 * A character is the key that has it, with Shift where it needs that; \n is
 * Enter, \t Tab, \b Backspace, \e Escape. Other keys are named: <up>, <f1>,
 * <ctrl-c>, <ctrl-alt-delete>, <shift-pageup>. A '<' itself is <lt>.
 */
#ifndef POGO_CLI_KEY_TEXT_H
#define POGO_CLI_KEY_TEXT_H

#include "base/bits.h"

#define KEY_TEXT_BYTES 64 /* of events for each byte of text, at most */

/*
 * Types n bytes of text: *events are that many bytes of packets for
 * virtio_input_push; `out` has room for n * KEY_TEXT_BYTES. Returns NULL, or
 * what is wrong with the text, and *at is where.
 */
const char *key_text(const char *text, size_t n, uint8_t *out, size_t *events,
                     size_t *at);

#endif
