/* The free variables of a query, as places in an assignment. */
#ifndef POGO_CHECK_ISA_VARIABLES_H
#define POGO_CHECK_ISA_VARIABLES_H

#include "check/isa/properties.h"

struct isa_variable {
    uint64_t *value;       /* in the assignment */
    const uint64_t *other; /* the same place on side 0, of a variable of side 1;
                              else NULL */
    const struct isa_element *element; /* NULL: an operand or an extra */
    unsigned width;
};

struct isa_variables {
    struct isa_variable *list;
    size_t count;
    unsigned bits;      /* of all together; UINT_MAX: very many */
    uint64_t *constant; /* that the formula compares with, of any width */
    size_t constants;
};

/* Those that the formula mentions; of an array, all its elements. */
enum status isa_variables_new(struct isa_variables *v,
                              const struct isa_model *m,
                              const struct isa_query *q,
                              struct isa_assignment *a);
void isa_variables_free(struct isa_variables *v);

#endif
