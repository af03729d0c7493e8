/*
 * A report (check/verdict.h) as text of at most 100 columns: the verdict in the
 * first line; the table of instructions and properties; why, and what cures it;
 * conditions and theorems; witnesses in plain words.
 */
#ifndef POGO_CLI_VERDICT_TEXT_H
#define POGO_CLI_VERDICT_TEXT_H

#include "check/verdict.h"
#include "cli/text_layout.h"

/*
 * all: each instruction has a row, each witness its states. Else instructions
 * that are alike and harmless share a row, the innocuous are only counted, and
 * witnesses are shown of violations and of what fails.
 */
void verdict_text_write(struct text_out o, const struct verdict_report *r,
                        bool all);

/* Part of it (verdict_text_witness.c): witness `index` of the report, headed by
   its number; `states`: with its two sides. */
void verdict_text_witness(struct text_out o, const struct verdict_report *r,
                          int index, bool states);

/* Witnesses as people count them, from 1. */
static inline int witness_number(int index)
{
    return index + 1;
}

#endif
