/* Inside translations*.c only: the pool of tables. Freestanding. */
#ifndef POGO_MMU_TRANSLATIONS_INSIDE_H
#define POGO_MMU_TRANSLATIONS_INSIDE_H

#include "mmu/translations.h"

/* An empty table; there is one (free_tables > 0). */
uint32_t translations_new_table(struct translations *t);

/* The non-leaf PTE that points to a table. */
uint64_t translations_pointer(const struct translations *t, uint32_t table);

/* Gives a space up, with all its tables. */
void translations_give_up(struct translations *t, unsigned space);

#endif
