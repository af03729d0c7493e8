/* How a board's devices and board.config.inputs are connected (inputs.h). */
#ifndef POGO_MACHINE_BOARD_INPUTS_H
#define POGO_MACHINE_BOARD_INPUTS_H

#include "machine/board.h"

/* Before the devices are made: what is at the far ends of those that ask, or
   that are sent to from outside, is replaced by the inputs. */
void board_inputs_between(struct board *b, struct devices_config *d);

/* After it: each device that takes inputs has its port. */
void board_inputs_connect(struct board *b);

#endif
