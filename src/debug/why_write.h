/* An explanation (why.h), laid out for people. */
#ifndef POGO_DEBUG_WHY_WRITE_H
#define POGO_DEBUG_WHY_WRITE_H

#include "debug/debugger.h"
#include "debug/why.h"

#define WHY_COLUMNS 100

/* Paragraphs of at most WHY_COLUMNS, each with what it is about in front of it;
   `colour`: as for a terminal. */
void why_write(const struct why *w, bool colour, const struct text_sink *out);

#endif
