/*
 * Inside lab*.c only.
 */
#ifndef POGO_CHECK_RISCV_LAB_INSIDE_H
#define POGO_CHECK_RISCV_LAB_INSIDE_H

#include "check/riscv/lab.h"

#define AT_END 4092u /* of a page: where a whole word still fits */

/* The guest's own, of the lowest level; NULL: nothing is translated. */
uint8_t *lab_leaf_table(const struct lab *lab);

/* Is the page the one with the instruction? What was there before it differs
   from lab to lab. */
bool lab_is_code(const struct lab *lab, unsigned page);

/* What is reserved, as the guest knows it: page and offset; 0: nothing. */
uint64_t lab_reserved_page(const struct lab *lab);

/* lab_probe.c: when the lab is set up; before the instruction; after it, which
   tells whether translations were dropped. */
void lab_probe_set(struct lab *lab);
void lab_probe_begin(struct lab *lab);
bool lab_probe_end(struct lab *lab);

#endif
