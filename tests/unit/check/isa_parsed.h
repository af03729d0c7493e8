/* A description that stands in the test, parsed. */
#ifndef TEST_CHECK_ISA_PARSED_H
#define TEST_CHECK_ISA_PARSED_H

#include "check/isa/isa_model.h"

/* Fails the test, with the parser's sentence, if the text is wrong. */
struct isa_model *isa_parsed(const char *text);

/* The report's row of this instruction; fails the test if there is none. */
struct verdict_report;
const struct insn_result *isa_row(const struct verdict_report *r,
                                  const char *name);

#endif
