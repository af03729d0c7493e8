/* Inside why*.c only: whether one access of a hart's would go. */
#ifndef POGO_DEBUG_WHY_ACCESS_H
#define POGO_DEBUG_WHY_ACCESS_H

#include "debug/why_look.h"

/* What kind of instruction accesses. */
enum why_kind_of_access { ACCESS_PLAIN, ACCESS_ATOMIC, ACCESS_BLOCK };

/*
 * Fills a->pa to a->refusal; access, va and size are given. `c` is the hart's
 * csr_file, as the instruction finds it. A plain access that lies in two pages
 * is two, for each of which `crosses` is set.
 */
void why_access(struct machine *m, unsigned hart, const struct csr_file *c,
                enum why_kind_of_access kind, bool crosses,
                struct why_access *a);

#endif
