/* What `pogo scan` has found in one file, as text or JSON. */
#ifndef POGO_CLI_SCAN_REPORT_H
#define POGO_CLI_SCAN_REPORT_H

#include "check/scan/scan.h"
#include "cli/report.h"

struct scan_report {
    const struct scan_input *in;
    const struct scan_result *found; /* counted: scan_count() */
    uint64_t sites;                  /* how many to list of each instruction */
    bool umip;
};

/* For people, on `out`. False: out of memory. */
bool scan_report_text(const struct scan_report *r, FILE *out);

/* One item of a list of files. False: out of memory. */
bool scan_report_json(const struct scan_report *r, struct report *json);

/* How many sites of violations there are, by either sweep, MIPS's windows being
   one: whether the exit status is 1. */
uint64_t scan_violations(const struct scan_report *r);

#endif
