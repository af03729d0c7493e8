/*
 * A replay (replay.h) as a witness of a report (verdict.h): what a person needs
 * to see of the two states, and a sentence that says it.
 */
#ifndef POGO_CHECK_ISA_WITNESS_H
#define POGO_CHECK_ISA_WITNESS_H

#include "check/isa/replay.h"

/* Fills *w; everything is in the arena. The replay shows its property. */
enum status isa_witness_make(const struct isa_replay *r,
                             struct verdict_arena *arena, struct witness *w);

/* Between the witness*.c files: the sentence, from the finished items. NULL:
   out of memory. */
const char *isa_witness_sentence(const struct isa_replay *r,
                                 struct verdict_arena *arena,
                                 const struct witness *w);

/* A value as people write it: a mode by its name, else a number; NULL as
   above. */
const char *isa_value_text(const struct isa_model *m,
                           const struct isa_element *e, uint64_t value,
                           struct verdict_arena *arena);

#endif
