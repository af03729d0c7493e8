/* Text that is put into a sink, for tests that read it. */
#ifndef POGO_TESTS_GDB_TEXT_H
#define POGO_TESTS_GDB_TEXT_H

#include "debug/debugger.h"

struct text {
    char *s; /* terminated; NULL: nothing was put */
    size_t n;
};

struct text_sink text_sink(struct text *t);
void text_free(struct text *t);

/* It is a document whose elements are closed as they were opened, attributes
   in quotes, no stray < or &. */
void text_is_xml(const struct text *t);

#endif
