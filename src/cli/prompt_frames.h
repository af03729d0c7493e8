/* Inside the prompt of `pogo monitor` only: who has called whom. */
#ifndef POGO_CLI_PROMPT_FRAMES_H
#define POGO_CLI_PROMPT_FRAMES_H

#include "cli/prompt.h"

struct frame {
    bool innermost;  /* its function is executing; else it has called one */
    uint64_t pc, sp; /* where it is, or is to go on */
    uint64_t s0;
    uint64_t ra; /* the register: of the innermost one only */
};

/* That of the hart which is looked at. */
void frame_innermost(const struct prompt *p, struct frame *f);

/* Is it that of the code which the trap vector of the hart's mode points to? */
bool frame_is_handler(const struct prompt *p, const struct frame *f);

/* Makes of it that of its caller, as it is when the call has returned. NULL; or
   why it is not known. */
const char *frame_caller(const struct prompt *p, struct frame *f);

#endif
