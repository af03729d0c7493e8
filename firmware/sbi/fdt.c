/*
 * Reading a flattened device tree. The structure block is a list of tokens,
 * big-endian and aligned to 4 bytes: BEGIN_NODE name, PROP length name-offset
 * data, END_NODE, and END at last.
 */
#include "fdt.h"

#define FDT_MAGIC 0xd00dfeed

/* Byte offsets in the header. */
enum {
    HDR_MAGIC = 0,
    HDR_TOTAL_SIZE = 4,
    HDR_STRUCTURE = 8,
    HDR_STRINGS = 12,
    HDR_COMPATIBLE_VERSION = 24,
    HDR_STRINGS_SIZE = 32,
    HDR_STRUCTURE_SIZE = 36,
};

uint32_t fdt_get32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
           (uint32_t)at[2] << 8 | at[3];
}

static uint32_t align4(uint32_t offset)
{
    return (offset + 3) & ~3U;
}

/* Whether [start, start + size) lies in the blob of `total` bytes. */
static bool within(uint32_t start, uint32_t size, uint32_t total)
{
    return start <= total && size <= total - start;
}

bool fdt_open(struct fdt *fdt, const void *data)
{
    const uint8_t *blob = data;
    uint32_t total, strings_size, structure_size;

    if (!blob || (uintptr_t)blob % 8 ||
        fdt_get32(blob + HDR_MAGIC) != FDT_MAGIC ||
        fdt_get32(blob + HDR_COMPATIBLE_VERSION) > 17)
        return false;
    total = fdt_get32(blob + HDR_TOTAL_SIZE);
    strings_size = fdt_get32(blob + HDR_STRINGS_SIZE);
    structure_size = fdt_get32(blob + HDR_STRUCTURE_SIZE);
    fdt->blob = blob;
    fdt->structure = fdt_get32(blob + HDR_STRUCTURE);
    fdt->strings = fdt_get32(blob + HDR_STRINGS);
    if (total > INT32_MAX || fdt->structure % 4 ||
        !within(fdt->structure, structure_size, total) ||
        !within(fdt->strings, strings_size, total))
        return false;
    fdt->structure_end = fdt->structure + structure_size;
    fdt->strings_end = fdt->strings + strings_size;
    return true;
}

/* The length of a string that must end before `end`, or false. */
static bool string_length(const struct fdt *fdt, uint32_t start, uint32_t end,
                          uint32_t *length)
{
    for (uint32_t i = start; i < end; i++) {
        if (!fdt->blob[i]) {
            *length = i - start;
            return true;
        }
    }
    return false;
}

static bool read_property(const struct fdt *fdt, uint32_t offset,
                          struct fdt_token *token)
{
    const uint8_t *at = fdt->blob + offset;
    uint32_t left = fdt->structure_end - offset;
    uint32_t name, ignored;

    if (left < 8 || fdt_get32(at) > left - 8)
        return false;
    name = fdt_get32(at + 4);
    if (name >= fdt->strings_end - fdt->strings ||
        !string_length(fdt, fdt->strings + name, fdt->strings_end, &ignored))
        return false;
    token->name = (const char *)fdt->blob + fdt->strings + name;
    token->prop.length = fdt_get32(at);
    token->prop.data = at + 8;
    token->next = align4(offset + 8 + token->prop.length);
    return true;
}

bool fdt_token(const struct fdt *fdt, uint32_t offset, struct fdt_token *token)
{
    uint32_t length;

    if (offset > fdt->structure_end || fdt->structure_end - offset < 4)
        return false;
    token->tag = fdt_get32(fdt->blob + offset);
    token->next = offset += 4;
    switch (token->tag) {
    case FDT_BEGIN_NODE:
        if (!string_length(fdt, offset, fdt->structure_end, &length))
            return false;
        token->name = (const char *)fdt->blob + offset;
        token->next = align4(offset + length + 1);
        return true;
    case FDT_PROP:
        return read_property(fdt, offset, token);
    case FDT_END_NODE:
    case FDT_NOP:
        return true;
    default: /* FDT_END, or not a tree */
        return false;
    }
}

static bool same(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

bool fdt_prop(const struct fdt_node *node, const char *name,
              struct fdt_prop *prop)
{
    struct fdt_token token;
    uint32_t offset = node->properties;

    /* Properties come before child nodes, so the first node ends them. */
    for (; fdt_token(node->fdt, offset, &token); offset = token.next) {
        if (token.tag == FDT_BEGIN_NODE || token.tag == FDT_END_NODE)
            return false;
        if (token.tag == FDT_PROP && same(token.name, name)) {
            *prop = token.prop;
            return true;
        }
    }
    return false;
}

static uint32_t cells(const struct fdt_node *node, const char *name,
                      uint32_t otherwise)
{
    struct fdt_prop prop;

    if (!fdt_prop(node, name, &prop) || prop.length != 4)
        return otherwise;
    return fdt_get32(prop.data);
}

/* Enters the node whose BEGIN_NODE token this is. */
static bool enter(struct fdt_node *node, const struct fdt_token *token)
{
    if (node->depth >= FDT_MAX_DEPTH)
        return false;
    node->name = token->name;
    node->properties = token->next;
    node->cells[node->depth].address = cells(node, "#address-cells", 2);
    node->cells[node->depth].size = cells(node, "#size-cells", 1);
    return true;
}

bool fdt_root(const struct fdt *fdt, struct fdt_node *node)
{
    struct fdt_token token;
    uint32_t offset = fdt->structure;

    node->fdt = fdt;
    node->depth = 0;
    for (; fdt_token(fdt, offset, &token); offset = token.next)
        if (token.tag == FDT_BEGIN_NODE)
            return enter(node, &token);
    return false;
}

bool fdt_next(struct fdt_node *node)
{
    struct fdt_token token;
    uint32_t offset = node->properties;

    for (; fdt_token(node->fdt, offset, &token); offset = token.next) {
        if (token.tag == FDT_END_NODE && --node->depth < 0)
            return false;
        if (token.tag == FDT_BEGIN_NODE) {
            node->depth++;
            return enter(node, &token);
        }
    }
    return false;
}

bool fdt_prop_is(const struct fdt_prop *prop, const char *text)
{
    uint32_t i = 0;

    while (i < prop->length && text[i] && prop->data[i] == (uint8_t)text[i])
        i++;
    return i < prop->length && !prop->data[i] && !text[i];
}

bool fdt_prop_contains(const struct fdt_prop *prop, const char *text)
{
    struct fdt_prop rest = *prop;

    while (rest.length) {
        if (fdt_prop_is(&rest, text))
            return true;
        while (rest.length && *rest.data)
            rest.data++, rest.length--;
        if (rest.length)
            rest.data++, rest.length--;
    }
    return false;
}

/* A number of `count` cells; the low 64 bits of it. */
static uint64_t number(const uint8_t *at, uint32_t count)
{
    uint64_t value = 0;

    for (uint32_t i = 0; i < count; i++)
        value = value << 32 | fdt_get32(at + 4 * i);
    return value;
}

/* Finds entry `index` of `reg`; its address comes first, then its size. */
static const uint8_t *reg_entry(const struct fdt_node *node, unsigned index,
                                uint32_t *address_cells, uint32_t *size_cells)
{
    struct fdt_prop reg;
    uint32_t entry;

    if (node->depth == 0 || !fdt_prop(node, "reg", &reg))
        return NULL;
    *address_cells = node->cells[node->depth - 1].address;
    *size_cells = node->cells[node->depth - 1].size;
    if (*address_cells < 1 || *address_cells > 4 || *size_cells > 4)
        return NULL;
    entry = 4 * (*address_cells + *size_cells);
    if (index >= reg.length / entry)
        return NULL;
    return reg.data + index * entry;
}

bool fdt_reg_address(const struct fdt_node *node, unsigned index,
                     uint64_t *address)
{
    uint32_t address_cells, size_cells;
    const uint8_t *at = reg_entry(node, index, &address_cells, &size_cells);

    if (at)
        *address = number(at, address_cells);
    return at != NULL;
}

bool fdt_reg(const struct fdt_node *node, unsigned index,
             struct fdt_region *region)
{
    uint32_t address_cells, size_cells;
    const uint8_t *at = reg_entry(node, index, &address_cells, &size_cells);

    if (!at || !size_cells)
        return false;
    region->base = number(at, address_cells);
    region->size = number(at + 4 * address_cells, size_cells);
    return true;
}
