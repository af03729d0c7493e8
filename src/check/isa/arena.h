/* Memory that is freed as a whole: what a parsed description is made of. */
#ifndef POGO_CHECK_ISA_ARENA_H
#define POGO_CHECK_ISA_ARENA_H

#include "base/bits.h"

struct isa_arena;

struct isa_arena *isa_arena_new(void); /* NULL: out of memory */
void isa_arena_free(struct isa_arena *a);

/* Zeroed, aligned for any object; NULL: out of memory, now and from then on. */
void *isa_alloc(struct isa_arena *a, size_t size);
bool isa_arena_failed(const struct isa_arena *a);

/* A copy of `length` characters, terminated. NULL: out of memory. */
char *isa_text(struct isa_arena *a, const char *text, size_t length);

/*
 * Room for one more item in an array that grows by doubling: returns the array,
 * moved if need be, in which item number `count` is zeroed. NULL: out of
 * memory; the old array is still good.
 */
void *isa_append(struct isa_arena *a, void *array, size_t count, size_t size);

#endif
