/*
 * Any bytes as a program: decompressed, recognised and loaded into a small
 * board, as firmware and as kernel; and as an ELF file asked for its symbols.
 * Nothing is written outside RAM, and what is refused is refused in a sentence.
 */
#include <stdlib.h>
#include <string.h>

#include "debug/symbols.h"
#include "machine/boot.h"

#define MEMORY (4u << 20)

static struct board board;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct board_config c = { .harts = 1, .memory = MEMORY,
                              .isa = isa_default() };

    (void)argc, (void)argv;
    require(board_init(&board, &c, NULL, NULL) == STATUS_OK);
    return 0;
}

static void check_refusal(const struct error *e)
{
    require(e->text[0] != '\0' && memchr(e->text, '\0', sizeof e->text) &&
            !strchr(e->text, '\n'));
}

static void check_layout(const struct boot_layout *l)
{
    const struct ram *r = &board.bus.ram;

    require(ram_contains(r, l->entry, 2));
    require(l->dtb_start >= r->base && l->dtb_end <= r->base + r->size);
    require(l->kernel.end <= r->base + r->size);
    require(l->kernel.end <= l->dtb_start || l->kernel.start >= l->dtb_end);
}

static void boot(const struct boot_options *o)
{
    struct boot_layout l;
    struct error e = { "" };

    if (machine_boot(&board, o, &l, &e) == STATUS_OK)
        check_layout(&l);
    else
        check_refusal(&e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct image i = image_of("input", data, size);
    struct boot_options as_kernel = { .kernel = &i }, both = { .bios = &i,
                                                               .kernel = &i };
    struct symbols s = { 0 };
    struct error e = { "" };
    uint64_t offset;

    if (size == 0)
        return 0;
    if (image_gunzip(&i, MEMORY, &e) != STATUS_OK) {
        check_refusal(&e);
        return 0;
    }
    boot(&as_kernel);
    boot(&both);
    if (symbols_add(&s, &i, 0) == STATUS_OK)
        symbols_find(&s, BOARD_RAM_BASE, &offset);
    symbols_free(&s);
    image_free(&i);
    return 0;
}
