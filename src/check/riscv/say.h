/*
 * Inside src/check/riscv only: a finding as verdict.h wants it shown:
 * minimised, its state before and after, and a sentence.
 */
#ifndef POGO_CHECK_RISCV_SAY_H
#define POGO_CHECK_RISCV_SAY_H

#include "check/riscv/part.h"
#include "check/riscv/replay.h"

/* The machine on which a part's findings show: with the holes of `without`. */
struct isa say_isa(const struct isa *isa, enum riscv_condition without);

/* Runs *r in the labs, which are of its isa, minimises it, and fills *w, whose
   memory is of the arena. False: it does not show, or out of memory. */
bool say_witness(struct replay *r, struct twin *t, const char *insn,
                 struct verdict_arena *arena, struct witness *w);

/* "traps (illegal instruction)", "retires": into buf. */
void say_outcome(const struct outcome *o, char *buf, size_t size);

#endif
