/*
 * What a command has found, either as lines for people or as one JSON object:
 * written once, in order, for both. Names are the JSON keys and the text.
 */
#ifndef POGO_CLI_REPORT_H
#define POGO_CLI_REPORT_H

#include <stdio.h>

#include "base/bits.h"

struct report {
    FILE *out;
    bool json;
    bool first;     /* the next JSON member is the first of its object */
    unsigned depth; /* groups that are open */
};

/* Opens the JSON object, and ends it with a newline. */
struct report report_open(FILE *out, bool json);
void report_close(struct report *r);

/* A group of members: a JSON object; for people a heading, its lines indented. */
void report_begin(struct report *r, const char *name);
void report_end(struct report *r);
/* A list of groups: `name` heads it; each group has a name of its own, which is
   its member "name" in JSON. */
void report_list(struct report *r, const char *name);
void report_item(struct report *r, const char *name);
void report_list_end(struct report *r);

void report_number(struct report *r, const char *name, uint64_t v);
void report_real(struct report *r, const char *name, double v);
void report_text(struct report *r, const char *name, const char *v);
void report_hash(struct report *r, const char *name, uint64_t v);
void report_flag(struct report *r, const char *name, bool v);

#endif
