/*
 * Flattened device trees, read in place, and one edit: reserving memory.
 * Devicetree Specification 0.4, chapters 2 (properties), 3.5 (reserved
 * memory) and 5 (the blob). Every offset in the blob is checked before use.
 */
#ifndef SBI_FDT_H
#define SBI_FDT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FDT_MAX_DEPTH 12

struct fdt {
    const uint8_t *blob;
    uint32_t structure; /* offset of the structure block, and its end */
    uint32_t structure_end;
    uint32_t strings;
    uint32_t strings_end;
};

/* A node, and enough of its ancestors to read its `reg`. */
struct fdt_node {
    const struct fdt *fdt;
    const char *name;    /* "" for the root */
    uint32_t properties; /* offset of its first token */
    int depth;           /* 0 for the root */
    /* cells[d]: how the node at depth d sizes its children's addresses */
    struct {
        uint32_t address;
        uint32_t size;
    } cells[FDT_MAX_DEPTH];
};

struct fdt_prop {
    const uint8_t *data;
    uint32_t length; /* bytes */
};

struct fdt_region {
    uint64_t base;
    uint64_t size;
};

/* Checks the header; false if `blob` is not a tree this code can read. */
bool fdt_open(struct fdt *fdt, const void *blob);

/* Visits all nodes, parents first: the root, then the rest one by one. */
bool fdt_root(const struct fdt *fdt, struct fdt_node *node);
bool fdt_next(struct fdt_node *node);

bool fdt_prop(const struct fdt_node *node, const char *name,
              struct fdt_prop *prop);

/* Whether a string property is `text`; whether a string list holds it. */
bool fdt_prop_is(const struct fdt_prop *prop, const char *text);
bool fdt_prop_contains(const struct fdt_prop *prop, const char *text);

/* The address, or address and size, of entry `index` of the node's `reg`. */
bool fdt_reg_address(const struct fdt_node *node, unsigned index,
                     uint64_t *address);
bool fdt_reg(const struct fdt_node *node, unsigned index,
             struct fdt_region *region);

/*
 * Adds a child of /reserved-memory for [base, base + size), with no-map: the
 * supervisor is neither to use nor to map it. The tree grows in place, up to
 * `capacity` bytes. Returns false, with the tree as it was, if that is not
 * enough or the tree is not laid out as usual (strings last).
 */
bool fdt_reserve(void *blob, size_t capacity, uint64_t base, uint64_t size);

/* Shared by the reader and the editor; not for others. */
enum fdt_tag {
    FDT_BEGIN_NODE = 1,
    FDT_END_NODE = 2,
    FDT_PROP = 3,
    FDT_NOP = 4,
    FDT_END = 9,
};

struct fdt_token {
    uint32_t tag;
    uint32_t next;    /* offset of the token after this one */
    const char *name; /* of a node or property */
    struct fdt_prop prop;
};

bool fdt_token(const struct fdt *fdt, uint32_t offset, struct fdt_token *token);
uint32_t fdt_get32(const uint8_t *at);

#endif
