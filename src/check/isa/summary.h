/*
 * The verdict on a described ISA, from the classes of its instructions: the
 * theorems, the conditions, and the first line. Between the check*.c files.
 */
#ifndef POGO_CHECK_ISA_SUMMARY_H
#define POGO_CHECK_ISA_SUMMARY_H

#include "check/isa/isa_model.h"
#include "check/verdict.h"

/* Adds to a report whose instructions and witnesses are filled in. `pinned`
   are the settings that each configurable instruction needs. */
enum status isa_summarise(const struct isa_model *m, const uint32_t *pinned,
                          struct verdict_report *r);

#endif
