/* Reports made by hand, for tests of those who show them. */
#ifndef POGO_TESTS_UNIT_CHECK_SAMPLE_REPORT_H
#define POGO_TESTS_UNIT_CHECK_SAMPLE_REPORT_H

#include "check/verdict.h"

/*
 * An ISA of `innocuous` harmless instructions and a few of each other class,
 * with witnesses of all kinds. `hostile`: names and texts are such as would
 * break a page or a terminal if they were not escaped. The caller frees it with
 * verdict_free().
 */
struct verdict_report sample_report(unsigned innocuous, bool hostile);

/* What a hostile text would do: each occurs in the report. */
#define SAMPLE_SCRIPT "<script>document.title=\"broken\"</script>"
#define SAMPLE_QUOTES "\"'><b onclick='x'>"
#define SAMPLE_ESCAPE "\033[31mred\007"

#endif
