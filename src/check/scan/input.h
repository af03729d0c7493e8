/*
 * What is scanned: the pieces of a file that are code, and what its symbols say
 * of them. Read from ELF files (System V ABI, and the processors' supplements),
 * from Linux kernels (x86's bzImage, the flat Image of ARM64 and RISC-V), from
 * what gzip, xz or zstd has made of these, or from any bytes.
 */
#ifndef POGO_CHECK_SCAN_INPUT_H
#define POGO_CHECK_SCAN_INPUT_H

#include "base/error.h"
#include "base/status.h"
#include "check/scan/rule.h"

/* A piece of the file that is code. */
struct scan_code {
    char name[32];       /* of the section; "segment 2"; "image" */
    uint64_t address;    /* virtual; of an object file (.o, .ko), which has none
                            yet, its offset in the file */
    size_t offset, size; /* within scan_input.bytes */
};

/* A function: [address, address + size). */
struct scan_symbol {
    uint64_t address, size; /* size 0, or too large: to the next symbol */
    const char *name;       /* printable ASCII */
    bool data; /* no function, and gone when the input is open: it only says
                  where a function without a size ends */
};

/* A mapping symbol (ELF for the ARM architecture, 4.5.5): from here on A32
   ('a'), T32 ('t'), A64 or RISC-V ('x'), or data ('d'). */
struct scan_mark {
    uint64_t address;
    char kind;
    bool thumb; /* T32 is in force here, by this mark or the last that said */
};

struct scan_input {
    const char *name;     /* for messages: borrowed */
    const uint8_t *bytes; /* borrowed, but if they were unpacked */
    size_t size;
    bool unpacked;          /* offsets are those within what was unpacked */
    const char *format;     /* "ELF", "Linux Image", "raw" */
    enum scan_isa isa;      /* SCAN_ARM also for files that mix it with Thumb */
    bool big_endian;        /* the words of code are */
    struct scan_code *code; /* in the file's order, not overlapping */
    size_t codes;
    struct scan_symbol *symbol; /* functions, by address, in ascending order */
    size_t symbols;
    struct scan_mark *mark; /* by address */
    size_t marks;
    struct scan_pool *names; /* what symbols' names lie in */
};

struct scan_options {
    enum scan_isa isa; /* SCAN_ISAS: as the file says */
    uint64_t base;     /* of a raw or flat file: the address of its start */
    bool based;        /* `base` was given */
    uint64_t limit;    /* bytes that a file may unpack to */
    const char *symbols_name; /* of a list as nm and System.map have it */
    const uint8_t *symbols;   /* its bytes; NULL: none */
    size_t symbols_size;
};

/*
 * Reads `bytes`, which outlive the input. On error nothing needs to be freed:
 * STATUS_BAD_FORMAT (with a sentence), STATUS_TOO_BIG, STATUS_NO_MEMORY.
 */
enum status scan_input_open(struct scan_input *in, const char *name,
                            const uint8_t *bytes, size_t size,
                            const struct scan_options *o, struct error *e);
void scan_input_free(struct scan_input *in);

/* The name and offset of the function that `address` lies in; NULL: none. */
const char *scan_symbol_find(const struct scan_input *in, uint64_t address,
                             uint64_t *offset);

/* The word of `size` (2 or 4) bytes at `p`, as code has it. */
static inline uint32_t scan_word(const uint8_t *p, unsigned size, bool big)
{
    uint32_t w = 0;

    for (unsigned k = 0; k < size; k++)
        w |= (uint32_t)p[k] << 8 * (big ? size - 1 - k : k);
    return w;
}

#endif
