/*
 * Any bytes as a device tree given by the user: either refused in a sentence,
 * or taken, and then what lies in RAM is a valid tree with the command line in
 * it.
 */
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "machine/fdt.h"

#define SPACE (192u << 10)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void check_tree(const void *tree)
{
    int node, length;
    const char *line;

    require(fdt_check_full(tree, fdt_length(tree)) == 0);
    node = fdt_path_offset(tree, "/chosen");
    require(node >= 0);
    line = fdt_getprop(tree, node, "bootargs", &length);
    require(line && length == 5 && memcmp(line, "test", 5) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fdt_chosen c = { "test", 0x84000000, 0x84001000 };
    struct image dtb = image_of("input", data, size);
    struct error e = { "" };
    void *out = malloc(SPACE);
    enum status s;

    if (!out || size > SPACE / 2)
        abort();
    s = fdt_adopt(&dtb, &c, out, SPACE, &e);
    if (s == STATUS_OK)
        check_tree(out);
    else
        require(e.text[0] != '\0' && !strchr(e.text, '\n'));
    free(out);
    return 0;
}
