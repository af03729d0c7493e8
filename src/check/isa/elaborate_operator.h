/* Between the files that elaborate expressions. */
#ifndef POGO_CHECK_ISA_ELABORATE_OPERATOR_H
#define POGO_CHECK_ISA_ELABORATE_OPERATOR_H

#include "check/isa/elaborate.h"

/* Unary, binary, if and match. */
const struct ast *elaborate_operator(struct elaborator *e, const struct node *n,
                                     unsigned width);

#endif
