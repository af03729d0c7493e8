/*
 * What all who show a report (verdict.h) ask of it: its outcome in words, how
 * many instructions are of each class, which witness tells most.
 */
#ifndef POGO_CHECK_VERDICT_VIEW_H
#define POGO_CHECK_VERDICT_VIEW_H

#include "check/verdict.h"

/* "virtualizable", "not virtualizable", "unknown". */
const char *verdict_outcome(enum truth virtualizable);

/* The report's sentence, without the outcome and a colon if it begins with
   them: for those who have said it. NULL: there is none. */
const char *verdict_sentence(const struct verdict_report *r);

/* The worse of two answers: no, then unknown, then yes. */
enum truth verdict_worse(enum truth a, enum truth b);

/* Number of instructions of each class. */
void verdict_count(const struct verdict_report *r,
                   size_t count[VERDICT_VERDICTS]);

/* All classes, once each, in the order in which a reader wants them: what
   breaks the conditions first, the innocuous last. */
extern const enum insn_verdict verdict_order[VERDICT_VERDICTS];

/* The plural that heads a list of such instructions, and what the class means
   in one sentence. */
const char *verdict_class_heading(enum insn_verdict v);
const char *verdict_class_meaning(enum insn_verdict v);

/* What a property means, in one sentence. */
const char *verdict_property_meaning(enum property p);

/* Does this class need a reader's attention: its reason and cure are shown? */
bool verdict_is_notable(enum insn_verdict v);

/*
 * The witness that shows best why the instruction is of its class: of a kind of
 * sensitivity if it has one, else of anything. NO_WITNESS: none. An index that
 * is not in the report counts as none.
 */
int verdict_main_witness(const struct verdict_report *r,
                         const struct insn_result *i);
const struct witness *verdict_witness(const struct verdict_report *r,
                                      int index); /* NULL: no such */

/* Is it the reason of an instruction that needs attention, so that it need not
   be said again of a condition? */
bool verdict_is_reason(const struct verdict_report *r, const char *sentence);

/* Are some of the results of instructions proved and others only sampled? Then
   each must say which it is; else one sentence says it of all. */
bool verdict_is_mixed(const struct verdict_report *r);

/* A sentence on how the results were found: what stands behind a "no", how much
   was tried and how long it took. Terminated, in buf; 256 bytes are enough. */
void verdict_basis(const struct verdict_report *r, char *buf, size_t size);

/* 1234567 as "1,234,567", in buf of VERDICT_NUMBER bytes, which it returns. */
#define VERDICT_NUMBER 32
const char *verdict_number(uint64_t v, char *buf);

#endif
