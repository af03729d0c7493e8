/* A stub and a machine of any depth, spoken to as gdb would. */
#ifndef POGO_TESTS_DIALOGUE_H
#define POGO_TESTS_DIALOGUE_H

#include "debug/gdb/stub.h"
#include "vmm/world.h"

#define DIALOGUE_SENT 70000

struct dialogue {
    struct world w;
    struct debugger d;
    struct symbol_sets symbols;
    struct disassembler disassembler;
    struct exit_log names;
    struct recent recent;
    struct gdb_stub *stub;
    volatile int interrupt;
    const char *at_attend; /* comes in the middle of the next run; or NULL */
    unsigned resets;       /* asked for, and refused */
    char sent[DIALOGUE_SENT]; /* by the stub, since the last question */
    size_t sent_size;
};

/* x5 counts, and is stored at DATA, for ever: `addi`, `sd`, `j` from CODE on,
   with history. Connected, and without acknowledgements. */
void dialogue_begin(struct dialogue *x, unsigned depth);
void dialogue_end(struct dialogue *x);

/* Bytes to the stub as they are. */
void dialogue_give(struct dialogue *x, const void *bytes, size_t n);
/* A packet, and whatever is to be run after it: the last packet from the stub.
 */
const char *dialogue_ask(struct dialogue *x, const char *body);

#endif
