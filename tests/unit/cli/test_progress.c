/* The line of progress: share and estimate. */
#include "cli/progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SECOND UINT64_C(1000000000)

static void share_and_estimate(void **state)
{
    static const struct {
        uint64_t done, total, ns;
        const char *line;
    } rows[] = {
        { 0, 10, 0, "x: [....................]   0 %" },
        { 0, 10, 9 * SECOND, "x: [....................]   0 %" },
        { 5, 10, SECOND, "x: [##########..........]  50 %" },
        { 5, 10, 9 * SECOND, "x: [##########..........]  50 %, 9 s left" },
        { 1, 4, 60 * SECOND,
          "x: [#####...............]  25 %, 3 min 0 s left" },
        { 1, 100, 60 * SECOND,
          "x: [....................]   1 %, 1 h 39 min left" },
        { 10, 10, 9 * SECOND, "x: [####################] 100 %" },
        { 11, 10, 9 * SECOND, "x: [####################] 100 %" },
        { 0, 0, 9 * SECOND, "x: [####################] 100 %" },
        { UINT64_MAX - 1, UINT64_MAX, 9 * SECOND,
          "x: [####################] 100 %" },
    };
    char buf[160];

    (void)state;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        assert_string_equal(progress_line(buf, sizeof buf, "x", rows[k].done,
                                          rows[k].total, rows[k].ns),
                            rows[k].line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(share_and_estimate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
