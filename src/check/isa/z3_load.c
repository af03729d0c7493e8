/* Loads pogo-z3.so, and passes on to it. */
#include <stdlib.h>

#include "check/isa/z3_solver.h"
#include "host/module.h"

/* A solver, and the library that it is of. */
struct isa_z3 {
    const struct isa_z3_ops *ops;
    struct isa_z3 *solver; /* the library's own */
};

struct isa_z3 *isa_z3_new(struct isa_model *m)
{
    struct isa_z3 *z = calloc(1, sizeof *z);

    if (!z)
        return NULL;
    z->ops = host_module_symbol("pogo-z3.so", "isa_z3_ops", NULL);
    z->solver = z->ops ? z->ops->new(m) : NULL;
    if (z->solver)
        return z;
    isa_z3_free(z);
    return NULL;
}

void isa_z3_free(struct isa_z3 *z)
{
    if (!z)
        return;
    if (z->solver)
        z->ops->free(z->solver);
    free(z);
}

enum isa_answer isa_z3_decide(struct isa_z3 *z, const struct isa_query *q,
                              double seconds, struct isa_assignment *found,
                              enum status *status)
{
    return z->ops->decide(z->solver, q, seconds, found, status);
}

enum isa_answer isa_z3_solve(struct isa_z3 *z, const struct ast *formula,
                             double seconds, struct isa_assignment *found,
                             enum status *status)
{
    return z->ops->solve(z->solver, formula, seconds, found, status);
}
