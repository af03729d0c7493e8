/*
 * The parts of scan_input_open(): one function a format. Each adds to an input
 * that begins as zeros but for its name and bytes; scan_input_free() frees what
 * was added, also after an error.
 */
#ifndef POGO_CHECK_SCAN_PARTS_H
#define POGO_CHECK_SCAN_PARTS_H

#include "check/scan/input.h"

/* Room for one element more of `array`, or NULL; `count` is how many it has. */
void *scan_grow(void *array, size_t count, size_t element);

enum status scan_add_code(struct scan_input *in, const char *name,
                          uint64_t address, size_t offset, size_t size);
enum status scan_add_symbol(struct scan_input *in, const char *name,
                            uint64_t address, uint64_t size, bool data);
enum status scan_add_mark(struct scan_input *in, uint64_t address, char kind);

/* Code, symbols and marks of an ELF file. */
enum status scan_read_elf(struct scan_input *in, struct error *e);

/*
 * Is it a Linux kernel, flat as it lies in memory? Then its code, its
 * instruction set, and STATUS_OK with *is. The address of its start is `base`.
 */
enum status scan_read_linux(struct scan_input *in, uint64_t base, bool *is,
                            struct error *e);

/* What a System.map says: `linked` is the address of _text or _start,
   whichever is first, or 0. */
enum status scan_read_list(struct scan_input *in, const struct scan_options *o,
                           uint64_t *linked, struct error *e);

/*
 * Where in `in` something packed lies: all of it, or the payload of a bzImage
 * or of an EFI zboot image. Size 0: nothing. STATUS_BAD_FORMAT: a kernel that
 * is packed in a way we cannot unpack, or cut off.
 */
enum status scan_find_packed(const struct scan_input *in, size_t *offset,
                             size_t *size, struct error *e);

/*
 * Unpacks lz4's legacy format (magic 0x184c2102), as Linux uses it, to its end
 * or a block of size 0. `out` has room for *size bytes, which becomes how
 * many it was. STATUS_BAD_FORMAT; STATUS_TOO_BIG: the room does not do.
 */
enum status scan_lz4(const uint8_t *in, size_t in_size, uint8_t *out,
                     size_t *size);

/* Replaces the input's bytes by what `size` bytes at `offset` unpack to. */
enum status scan_unpack(struct scan_input *in, size_t offset, size_t size,
                        uint64_t limit, struct error *e);

#endif
