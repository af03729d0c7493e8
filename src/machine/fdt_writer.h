/*
 * Writing a device tree in order, with libfdt's sequential interface. The first
 * error is kept and everything after it does nothing, so that a node can be
 * written down without a check after each property.
 */
#ifndef POGO_MACHINE_FDT_WRITER_H
#define POGO_MACHINE_FDT_WRITER_H

#include "base/bits.h"

struct fdt_writer {
    void *buf;
    int error; /* libfdt's, 0 so far so good */
};

void fdtw_start(struct fdt_writer *w, void *buf, size_t size);
/* Returns the error, 0 if there was none. */
int fdtw_finish(struct fdt_writer *w);

/* Begins the node `name`, or `name@address` if `name` ends in '@'. */
void fdtw_begin(struct fdt_writer *w, const char *name, uint64_t address);
void fdtw_end(struct fdt_writer *w);

void fdtw_empty(struct fdt_writer *w, const char *name);
void fdtw_string(struct fdt_writer *w, const char *name, const char *value);
/* Several strings; `list` ends with NULL. */
void fdtw_strings(struct fdt_writer *w, const char *name,
                  const char *const *list);
void fdtw_u32(struct fdt_writer *w, const char *name, uint32_t v);
void fdtw_u64(struct fdt_writer *w, const char *name, uint64_t v);
/* n 32-bit cells, n <= 64. */
void fdtw_cells(struct fdt_writer *w, const char *name, const uint32_t *v,
                unsigned n);
void fdtw_bytes(struct fdt_writer *w, const char *name, const void *v,
                size_t n);
/* reg with two address and two size cells. */
void fdtw_reg(struct fdt_writer *w, uint64_t address, uint64_t size);

#endif
