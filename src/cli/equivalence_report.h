/* What `pogo verify equivalence` has found about one depth, as a report. */
#ifndef POGO_CLI_EQUIVALENCE_REPORT_H
#define POGO_CLI_EQUIVALENCE_REPORT_H

#include "check/equivalence.h"
#include "cli/report.h"
#include "debug/exit_log.h"
#include "machine/fetch.h"

/*
 * Members for one comparison, whose group is open; where the sides differ, both
 * are shown. `names` has the names of both.
 */
void equivalence_report(struct report *r, struct equivalence *found,
                        const struct exit_log *names);

#endif
