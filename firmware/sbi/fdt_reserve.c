/*
 * Adding a reserved region to a flattened device tree, in place. New tokens
 * go just before the END_NODE of /reserved-memory, or, if there is no such
 * node, a whole new one before the END_NODE of the root:
 *
 *   before  header | reservations | structure . . . | strings
 *   after   header | reservations | structure . NEW . . | strings NEW
 */
#include "fdt.h"
#include "string.h"

enum {
    HDR_TOTAL_SIZE = 4,
    HDR_STRINGS = 12,
    HDR_STRINGS_SIZE = 32,
    HDR_STRUCTURE_SIZE = 36,
};

/* The property names we need; their offsets are relative to the first. */
static const char names[] = "reg\0no-map\0ranges\0#address-cells\0"
                            "#size-cells";
enum {
    NAME_REG = 0,
    NAME_NO_MAP = 4,
    NAME_RANGES = 11,
    NAME_ADDRESS_CELLS = 18,
    NAME_SIZE_CELLS = 33,
};

#define MAX_ADDED 256

/* The tokens being composed. */
struct addition {
    uint8_t data[MAX_ADDED];
    uint32_t length;
    uint32_t names; /* offset `names` will have in the strings block */
};

static void put32(uint8_t *at, uint32_t value)
{
    at[0] = value >> 24;
    at[1] = value >> 16;
    at[2] = value >> 8;
    at[3] = value;
}

static void add32(struct addition *add, uint32_t value)
{
    put32(add->data + add->length, value);
    add->length += 4;
}

static void add_node(struct addition *add, const char *name)
{
    uint32_t size = strlen(name) + 1;

    add32(add, FDT_BEGIN_NODE);
    memset(add->data + add->length, 0, (size + 3) & ~3U);
    memcpy(add->data + add->length, name, size);
    add->length += (size + 3) & ~3U;
}

/* The head of a property; `length` bytes of data are to follow. */
static void add_prop(struct addition *add, uint32_t name, uint32_t length)
{
    add32(add, FDT_PROP);
    add32(add, length);
    add32(add, add->names + name);
}

/* A value in `cells` cells; the high ones are 0. */
static void add_number(struct addition *add, uint64_t value, uint32_t cells)
{
    for (; cells > 2; cells--)
        add32(add, 0);
    if (cells == 2)
        add32(add, value >> 32);
    if (cells)
        add32(add, value);
}

/* "mmode_resv@80000000": a node is named after its address, in hex. */
static void region_name(char *name, uint64_t base)
{
    int digits = 1;

    memcpy(name, "mmode_resv@", 11);
    while (digits < 16 && base >> 4 * digits)
        digits++;
    for (int i = 0; i < digits; i++)
        name[11 + i] = "0123456789abcdef"[base >> 4 * (digits - 1 - i) & 15];
    name[11 + digits] = '\0';
}

static void add_region(struct addition *add, const struct fdt_region *region,
                       uint32_t address_cells, uint32_t size_cells)
{
    char name[28];

    region_name(name, region->base);
    add_node(add, name);
    add_prop(add, NAME_REG, 4 * (address_cells + size_cells));
    add_number(add, region->base, address_cells);
    add_number(add, region->size, size_cells);
    add_prop(add, NAME_NO_MAP, 0);
    add32(add, FDT_END_NODE);
}

/* The node takes the root's cell sizes, as the specification demands. */
static void add_parent(struct addition *add, uint32_t address_cells,
                       uint32_t size_cells)
{
    add_node(add, "reserved-memory");
    add_prop(add, NAME_ADDRESS_CELLS, 4);
    add32(add, address_cells);
    add_prop(add, NAME_SIZE_CELLS, 4);
    add32(add, size_cells);
    add_prop(add, NAME_RANGES, 0);
}

/* The offset of the END_NODE token that closes `node`. */
static bool node_end(const struct fdt_node *node, uint32_t *end)
{
    struct fdt_token token;
    uint32_t offset = node->properties;
    int depth = 0;

    for (; fdt_token(node->fdt, offset, &token); offset = token.next) {
        if (token.tag == FDT_BEGIN_NODE)
            depth++;
        if (token.tag == FDT_END_NODE && depth-- == 0) {
            *end = offset;
            return true;
        }
    }
    return false;
}

static bool find_reserved(struct fdt_node *node)
{
    static const char name[] = "reserved-memory";

    while (fdt_next(node))
        if (node->depth == 1 && !memcmp(node->name, name, sizeof name))
            return true;
    return false;
}

/* Makes room at `at` in the structure, and after the strings. */
static bool insert(struct fdt *fdt, size_t capacity, uint32_t at,
                   const struct addition *add)
{
    uint8_t *blob = (uint8_t *)fdt->blob;
    uint32_t end = fdt->strings_end + add->length + sizeof names;
    uint32_t total = fdt_get32(blob + HDR_TOTAL_SIZE);

    if (fdt->strings < fdt->structure_end || end > capacity)
        return false;
    memmove(blob + at + add->length, blob + at, fdt->strings_end - at);
    memcpy(blob + at, add->data, add->length);
    memcpy(blob + fdt->strings_end + add->length, names, sizeof names);
    put32(blob + HDR_TOTAL_SIZE, end > total ? end : total);
    put32(blob + HDR_STRINGS, fdt->strings + add->length);
    put32(blob + HDR_STRINGS_SIZE, add->names + sizeof names);
    put32(blob + HDR_STRUCTURE_SIZE,
          fdt->structure_end - fdt->structure + add->length);
    return true;
}

bool fdt_reserve(void *blob, size_t capacity, uint64_t base, uint64_t size)
{
    const struct fdt_region region = { base, size };
    struct addition add = { .length = 0 };
    struct fdt fdt;
    struct fdt_node root, node;
    uint32_t at, address_cells, size_cells;
    bool have_parent;

    if (!fdt_open(&fdt, blob) || !fdt_root(&fdt, &root))
        return false;
    add.names = fdt.strings_end - fdt.strings;
    node = root;
    have_parent = find_reserved(&node);
    if (!have_parent)
        node = root;
    address_cells = node.cells[node.depth].address;
    size_cells = node.cells[node.depth].size;
    if (address_cells > 4 || size_cells > 4 || !node_end(&node, &at))
        return false;
    if (!have_parent)
        add_parent(&add, address_cells, size_cells);
    add_region(&add, &region, address_cells, size_cells);
    if (!have_parent)
        add32(&add, FDT_END_NODE);
    return insert(&fdt, capacity, at, &add);
}
