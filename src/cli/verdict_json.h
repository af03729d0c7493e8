/* Reports (check/verdict.h) as one JSON object, with all that is in them. */
#ifndef POGO_CLI_VERDICT_JSON_H
#define POGO_CLI_VERDICT_JSON_H

#include <stdio.h>

#include "check/verdict.h"

/*
 * { "verdict": …, "reports": [ … ] }: the worst of n answers, and each.
 * Witnesses are counted from 1, as in the text; a member that has nothing to
 * say is left out.
 */
void verdict_json_write(FILE *out, const struct verdict_report *r, size_t n);

#endif
