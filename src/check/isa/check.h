/*
 * Decides Popek and Goldberg's properties of every instruction of a described
 * ISA, and from these the theorems' conditions: what `pogo check FILE.isa` and
 * the tests call. The definitions are those of properties.h.
 */
#ifndef POGO_CHECK_ISA_CHECK_H
#define POGO_CHECK_ISA_CHECK_H

#include "check/isa/isa_model.h"
#include "check/verdict.h"

struct isa_check_config {
    double seconds;  /* limit of the whole check; 0: 60 */
    uint64_t seed;   /* of the search for witnesses */
    uint64_t states; /* the search tries for each query; 0: 20000 */
    bool use_z3;     /* decide what the search leaves open, and minimise */
    bool use_search; /* at least one of these two */
    /* Called after each instruction with how many of how many are done; may be
       NULL. Returning false ends the check: the rest is unknown. */
    bool (*progress)(void *context, size_t done, size_t of,
                     const struct isa_insn *last);
    void *context;
};

/*
 * Fills *report, which verdict_free() frees. The model's pool grows. Returns
 *   STATUS_OK         also where much is unknown
 *   STATUS_NO_MEMORY  the report is freed
 *   STATUS_IO         the same; Z3 is wanted, and pogo-z3.so is not there
 *   STATUS_FAULT      the same; what was found does not show its property when
 *                     it is executed: an error of Pogo's
 */
enum status isa_check(struct isa_model *m, const struct isa_check_config *c,
                      struct verdict_report *report);

#endif
