/* Where everything lies when a machine comes out of reset. */
#include "machine/boot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libfdt.h>

#include "machine/elf_maker.h"

#define RAM BOARD_RAM_BASE
#define MIB (UINT64_C(1) << 20)

struct fixture {
    struct board board;
    struct boot_layout layout;
    struct error error;
};

static int tear_down(void **state)
{
    struct fixture *f = *state;

    board_free(&f->board);
    free(f);
    return 0;
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    make_board(&f->board, 256 * MIB);
    *state = f;
    return 0;
}

static void resize(struct fixture *f, uint64_t memory)
{
    board_free(&f->board);
    make_board(&f->board, memory);
}

static enum status boot(struct fixture *f, const struct boot_options *o)
{
    f->error.text[0] = '\0';
    return machine_boot(&f->board, o, &f->layout, &f->error);
}

static uint64_t read64(struct fixture *f, uint64_t pa)
{
    uint64_t v = 0;

    if (pa < RAM)
        assert_int_equal(bus_load(&f->board.bus, pa, 8, &v), STATUS_OK);
    else
        assert_true(ram_read(&f->board.bus.ram, pa, &v, 8));
    return v;
}

static const struct image bios = { "bios", (const uint8_t *)"firmware", 8,
                                   false };
static const struct image kernel = { "kernel", (const uint8_t *)"a kernel", 8,
                                     false };

static void everything_lies_where_qemu_puts_it(void **state)
{
    struct fixture *f = *state;
    struct image initrd = image_of("initrd", "files", 5);
    struct boot_options o = { .bios = &bios, .kernel = &kernel,
                              .initrd = &initrd, .initrds = 1 };

    assert_int_equal(boot(f, &o), STATUS_OK);
    assert_int_equal(f->layout.entry, RAM);
    assert_int_equal(f->layout.kernel.entry, RAM + 2 * MIB);
    assert_int_equal(f->layout.initrd_start, RAM + 130 * MIB);
    assert_int_equal(f->layout.initrd_end, RAM + 130 * MIB + 8);
    assert_int_equal(f->layout.dtb_start, RAM + 254 * MIB);
    assert_memory_equal("firmware", &(uint64_t){ read64(f, RAM) }, 8);
    assert_memory_equal("a kernel", &(uint64_t){ read64(f, RAM + 2 * MIB) },
                        8);
}

static void a_large_memory_moves_neither_tree_nor_initrd_up(void **state)
{
    struct fixture *f = *state;
    struct image initrd = image_of("initrd", "files", 5);
    struct boot_options o = { .bios = &bios, .kernel = &kernel,
                              .initrd = &initrd, .initrds = 1 };

    resize(f, 4096 * MIB);
    assert_int_equal(boot(f, &o), STATUS_OK);
    assert_int_equal(f->layout.dtb_start, 3070 * MIB);
    assert_int_equal(f->layout.initrd_start, RAM + 130 * MIB);
}

/* riscv-privileged: reset; OpenSBI's fw_dynamic.h: struct fw_dynamic_info. */
static void the_rom_holds_program_addresses_and_information(void **state)
{
    struct fixture *f = *state;
    struct boot_options o = { .bios = &bios, .kernel = &kernel };
    uint64_t info = BOARD_ROM_BASE + 40;

    assert_int_equal(boot(f, &o), STATUS_OK);
    assert_int_equal(read64(f, BOARD_ROM_BASE), UINT64_C(0x0282861300000297));
    assert_int_equal(read64(f, BOARD_ROM_BASE + 24), RAM);
    assert_int_equal(read64(f, BOARD_ROM_BASE + 32), f->layout.dtb_start);
    assert_int_equal(read64(f, info), 0x4942534f);
    assert_int_equal(read64(f, info + 8), 2);
    assert_int_equal(read64(f, info + 16), RAM + 2 * MIB);
    assert_int_equal(read64(f, info + 24), 1);
    assert_int_equal(read64(f, info + 32), 0);
    assert_int_equal(read64(f, info + 40), 0);
}

static void without_firmware_the_kernel_starts_at_reset(void **state)
{
    struct fixture *f = *state;
    struct made_elf elf = make_elf();
    struct image program = image_of("program", &elf, sizeof elf);
    struct boot_options o = { .kernel = &program };

    assert_int_equal(boot(f, &o), STATUS_OK);
    assert_int_equal(read64(f, BOARD_ROM_BASE + 24), RAM + 0x10004);
    o.kernel = &kernel;
    assert_int_equal(boot(f, &o), STATUS_OK);
    assert_int_equal(read64(f, BOARD_ROM_BASE + 24), RAM);
}

static void large_firmware_moves_the_kernel_up(void **state)
{
    struct fixture *f = *state;
    uint8_t *bytes = calloc(1, 3 * MIB);
    struct image big = image_of("big", bytes, 3 * MIB);
    struct boot_options o = { .bios = &big, .kernel = &kernel };

    assert_int_equal(boot(f, &o), STATUS_OK);
    assert_int_equal(f->layout.kernel.start, RAM + 4 * MIB);
    free(bytes);
}

/* cpio archives follow one another on 4-byte boundaries. */
static void several_initrds_are_joined_and_padded(void **state)
{
    struct fixture *f = *state;
    struct image initrd[] = { image_of("one", "12345", 5),
                              image_of("two", "abc", 3) };
    struct boot_options o = { .kernel = &kernel, .initrd = initrd,
                              .initrds = 2 };
    uint8_t bytes[12];

    assert_int_equal(boot(f, &o), STATUS_OK);
    assert_int_equal(f->layout.initrd_end - f->layout.initrd_start, 12);
    assert_true(ram_read(&f->board.bus.ram, f->layout.initrd_start, bytes,
                         12));
    assert_memory_equal(bytes, "12345\0\0\0abc\0", 12);
}

/* Half of RAM behind the kernel's start is not enough for it: it goes lower. */
static void a_large_initrd_ends_below_the_tree(void **state)
{
    struct fixture *f = *state;
    uint8_t *bytes = calloc(1, 20 * MIB);
    struct image initrd = image_of("initrd", bytes, 20 * MIB);
    struct boot_options o = { .bios = &bios, .kernel = &kernel,
                              .initrd = &initrd, .initrds = 1 };

    resize(f, 32 * MIB);
    assert_int_equal(boot(f, &o), STATUS_OK);
    assert_true(f->layout.initrd_end <= f->layout.dtb_start);
    assert_true(f->layout.initrd_start >= f->layout.kernel.end);
    resize(f, 22 * MIB);
    assert_int_equal(boot(f, &o), STATUS_TOO_BIG);
    assert_non_null(strstr(f->error.text, "initrd"));
    free(bytes);
}

static void the_tree_in_ram_names_the_initrd(void **state)
{
    struct fixture *f = *state;
    struct image initrd = image_of("initrd", "files", 5);
    struct boot_options o = { .kernel = &kernel, .initrd = &initrd,
                              .initrds = 1, .append = "quiet" };
    uint8_t tree[65536];
    const fdt32_t *start;
    size_t n;
    int chosen;

    assert_int_equal(boot(f, &o), STATUS_OK);
    n = f->layout.dtb_end - f->layout.dtb_start;
    assert_true(n <= sizeof tree);
    assert_true(ram_read(&f->board.bus.ram, f->layout.dtb_start, tree, n));
    assert_int_equal(fdt_check_full(tree, n), 0);
    chosen = fdt_path_offset(tree, "/chosen");
    start = fdt_getprop(tree, chosen, "linux,initrd-start", NULL);
    assert_non_null(start);
    assert_int_equal(fdt32_to_cpu(start[1]), f->layout.initrd_start);
    assert_string_equal(fdt_getprop(tree, chosen, "bootargs", NULL), "quiet");
}

static void programs_that_overlap_are_refused(void **state)
{
    struct fixture *f = *state;
    struct made_elf elf = make_elf();
    struct image program = image_of("program", &elf, sizeof elf);
    struct boot_options o = { .bios = &bios, .kernel = &program };

    assert_int_equal(boot(f, &o), STATUS_BAD_ARGUMENT);
    assert_non_null(strstr(f->error.text, "'bios' and 'program'"));
}

/* The tree goes lower where its place is taken, and never over a program. */
static void the_tree_overlaps_nothing_in_a_small_memory(void **state)
{
    struct fixture *f = *state;
    struct boot_options o = { .bios = &bios };

    for (uint64_t size = 64 << 10; size <= 4 * MIB; size += 64 << 10) {
        enum status s;

        resize(f, size);
        s = boot(f, &o);
        if (size < 256 << 10) {
            assert_int_equal(s, size <= 128 << 10 ? STATUS_TOO_BIG
                                                  : STATUS_OK);
            continue;
        }
        assert_int_equal(s, STATUS_OK);
        assert_true(f->layout.dtb_start >= f->layout.bios.end);
        assert_true(f->layout.dtb_end <= RAM + size);
    }
}

static void nothing_to_run_is_refused(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(boot(f, &(struct boot_options){ 0 }),
                     STATUS_BAD_ARGUMENT);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(everything_lies_where_qemu_puts_it),
        T(a_large_memory_moves_neither_tree_nor_initrd_up),
        T(the_rom_holds_program_addresses_and_information),
        T(without_firmware_the_kernel_starts_at_reset),
        T(large_firmware_moves_the_kernel_up),
        T(several_initrds_are_joined_and_padded),
        T(a_large_initrd_ends_below_the_tree),
        T(the_tree_in_ram_names_the_initrd),
        T(programs_that_overlap_are_refused),
        T(the_tree_overlaps_nothing_in_a_small_memory),
        T(nothing_to_run_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
