/* Values for the variables of a query. */
#include <stdlib.h>

#include "check/isa/properties.h"

enum status isa_assignment_new(const struct isa_model *m,
                               struct isa_assignment *a)
{
    *a = (struct isa_assignment){ { NULL, NULL }, { 0 }, { 0 } };
    for (unsigned s = 0; s < 2; s++)
        a->side[s] = calloc(m->state_words, sizeof *a->side[s]);
    if (a->side[0] && a->side[1])
        return STATUS_OK;
    isa_assignment_free(a);
    return STATUS_NO_MEMORY;
}

void isa_assignment_free(struct isa_assignment *a)
{
    for (unsigned s = 0; s < 2; s++) {
        free(a->side[s]);
        a->side[s] = NULL;
    }
}
