/*
 * How the two states of a query stand to one another (properties.h): a model's
 * expressions rewritten for one side or the other. Used by properties.c.
 */
#ifndef POGO_CHECK_ISA_TWIN_H
#define POGO_CHECK_ISA_TWIN_H

#include "check/isa/properties.h"

struct twin {
    struct isa_model *model;
    struct isa_query *query;
    unsigned side; /* for which an expression is being rewritten */
};

/* Begins a query, whose twin, property and pinned settings are set; for
   ISA_TWIN_LOCATION this opens the extra variable ISA_EXTRA_MOVE. */
struct twin twin_start(struct isa_model *m, struct isa_query *q);

/* For ISA_TWIN_MODE, once the modes are set: whether the mapping must vary. */
void twin_choose_mapping(struct twin *t);

/* An expression of the model, as it stands on this side. */
const struct ast *twin_side(struct twin *t, unsigned side,
                            const struct ast *expr);

/* An expression of a view (operand 0 is the address) for this address. */
const struct ast *twin_address(struct twin *t, const struct ast *expr,
                               const struct ast *address);

/* The extra variable of this name and width: the same one each time. */
const struct ast *twin_extra(struct twin *t, const char *name, unsigned width);

/* The index on the other side of a banked array's element; of any other array
   the same index. */
const struct ast *twin_exchange(struct twin *t, const struct isa_element *e,
                                const struct ast *index);

/* That both sides translate the guest's addresses as they must. */
const struct ast *twin_premise(struct twin *t);

#endif
