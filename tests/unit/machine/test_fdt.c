/* The device tree: valid, and true. */
#include "machine/fdt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libfdt.h>

#define MEMORY (64u << 20)
#define SIZE 65536

struct fixture {
    struct board board;
    uint8_t tree[SIZE];
};

static void build_with(struct fixture *f, unsigned harts, struct isa isa,
                       uint64_t seed, const struct fdt_chosen *c)
{
    struct board_config config = { .harts = harts, .memory = MEMORY,
                                   .isa = isa, .seed = seed };

    assert_int_equal(board_init(&f->board, &config, NULL, NULL), STATUS_OK);
    assert_int_equal(fdt_build(&f->board, c, f->tree, SIZE), STATUS_OK);
    board_free(&f->board);
}

static void build(struct fixture *f, unsigned harts)
{
    build_with(f, harts, isa_default(), 0, &(struct fdt_chosen){ 0 });
}

static int node(struct fixture *f, const char *path)
{
    int n = fdt_path_offset(f->tree, path);

    if (n < 0)
        fail_msg("there is no node %s", path);
    return n;
}

/* Cell k of a property. */
static uint32_t cell(struct fixture *f, int n, const char *name, int k)
{
    int length = 0;
    const fdt32_t *p = fdt_getprop(f->tree, n, name, &length);

    assert_non_null(p);
    assert_true(length >= 4 * (k + 1));
    return fdt32_to_cpu(p[k]);
}

static const char *text(struct fixture *f, const char *path, const char *name)
{
    return fdt_getprop(f->tree, node(f, path), name, NULL);
}

static int set_up(void **state)
{
    *state = calloc(1, sizeof(struct fixture));
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static void is_valid_for_every_number_of_harts(void **state)
{
    struct fixture *f = *state;

    for (unsigned harts = 1; harts <= BOARD_MAX_HARTS; harts++) {
        build(f, harts);
        assert_int_equal(fdt_check_full(f->tree, fdt_length(f->tree)), 0);
    }
}

/* Every device that has an interrupt, and every register range but the ROM. */
static void has_a_node_for_every_device(void **state)
{
    struct fixture *f = *state;
    size_t n;
    const struct device_slot *slot = device_slots(&n);

    build(f, 1);
    for (size_t k = 0; k < n; k++) {
        int found = -1, child;

        fdt_for_each_subnode(child, f->tree, node(f, "/soc"))
            if (cell(f, child, "reg", 1) == slot[k].base)
                found = child;
        if (slot[k].kind == DEVICE_ROM ||
            !devices_present(&f->board.devices, &slot[k])) {
            assert_int_equal(found, -1);
            continue;
        }
        assert_true(found >= 0);
        assert_int_equal(cell(f, found, "reg", 3), slot[k].size);
        if (slot[k].irq)
            assert_int_equal(cell(f, found, "interrupts", 0), slot[k].irq);
    }
}

static void describes_what_qemus_virt_describes(void **state)
{
    static const struct { const char *path, *compatible; } want[] = {
        { "/soc/serial@10000000", "ns16550a" },
        { "/soc/clint@2000000", "riscv,clint0" },
        { "/soc/plic@c000000", "sifive,plic-1.0.0" },
        { "/soc/rtc@101000", "google,goldfish-rtc" },
        { "/soc/test@100000", "syscon" },
        { "/soc/virtio_mmio@10001000", "virtio,mmio" },
        { "/soc/virtio_mmio@10008000", "virtio,mmio" },
        { "/poweroff", "syscon-poweroff" },
        { "/reboot", "syscon-reboot" },
    };
    struct fixture *f = *state;

    build(f, 1);
    for (size_t k = 0; k < sizeof want / sizeof *want; k++)
        assert_int_equal(fdt_node_check_compatible(f->tree,
                                                   node(f, want[k].path),
                                                   want[k].compatible), 0);
    assert_string_equal(text(f, "/chosen", "stdout-path"),
                        "/soc/serial@10000000");
}

/* interrupts-extended of PLIC and CLINT must name every hart's controller. */
static void wires_every_hart(void **state)
{
    struct fixture *f = *state;

    build(f, 3);
    for (unsigned h = 0; h < 3; h++) {
        char path[64];
        uint32_t phandle;

        snprintf(path, sizeof path, "/cpus/cpu@%u/interrupt-controller", h);
        phandle = fdt_get_phandle(f->tree, node(f, path));
        for (int second = 0; second < 2; second++) {
            int k = (int)h * 4 + second * 2;

            assert_int_equal(cell(f, node(f, "/soc/plic@c000000"),
                                  "interrupts-extended", k), phandle);
            assert_int_equal(cell(f, node(f, "/soc/plic@c000000"),
                                  "interrupts-extended", k + 1),
                             second ? IRQ_SEI : IRQ_MEI);
            assert_int_equal(cell(f, node(f, "/soc/clint@2000000"),
                                  "interrupts-extended", k + 1),
                             second ? IRQ_MTI : IRQ_MSI);
        }
    }
    assert_int_equal(fdt_path_offset(f->tree, "/cpus/cpu@3"),
                     -FDT_ERR_NOTFOUND);
}

static void phandles_are_unique_and_lead_where_they_should(void **state)
{
    struct fixture *f = *state;
    int plic, syscon;

    build(f, BOARD_MAX_HARTS);
    plic = fdt_node_offset_by_phandle(f->tree,
        cell(f, node(f, "/soc/serial@10000000"), "interrupt-parent", 0));
    assert_int_equal(plic, node(f, "/soc/plic@c000000"));
    syscon = fdt_node_offset_by_phandle(f->tree,
        cell(f, node(f, "/poweroff"), "regmap", 0));
    assert_int_equal(syscon, node(f, "/soc/test@100000"));
}

static void says_the_memory_there_is(void **state)
{
    struct fixture *f = *state;
    int n;

    build(f, 1);
    n = node(f, "/memory@80000000");
    assert_int_equal(cell(f, n, "reg", 1), BOARD_RAM_BASE);
    assert_int_equal(cell(f, n, "reg", 3), MEMORY);
    assert_int_equal(cell(f, node(f, "/cpus"), "timebase-frequency", 0),
                     10000000);
}

static void says_the_extensions_there_are(void **state)
{
    struct fixture *f = *state;
    struct isa isa;
    size_t at;
    int n;

    assert_int_equal(isa_parse("rv64imac_zicsr_zba_sv39", &isa, &at),
                     STATUS_OK);
    build_with(f, 1, isa, 0, &(struct fdt_chosen){ 0 });
    n = node(f, "/cpus/cpu@0");
    assert_string_equal(text(f, "/cpus/cpu@0", "riscv,isa-base"), "rv64i");
    assert_string_equal(text(f, "/cpus/cpu@0", "mmu-type"), "riscv,sv39");
    assert_true(fdt_stringlist_search(f->tree, n, "riscv,isa-extensions",
                                      "zba") >= 0);
    assert_true(fdt_stringlist_search(f->tree, n, "riscv,isa-extensions",
                                      "d") < 0);
    assert_true(fdt_stringlist_search(f->tree, n, "riscv,isa-extensions",
                                      "sv39") < 0);
    assert_null(fdt_getprop(f->tree, n, "riscv,cboz-block-size", NULL));
    build(f, 1);
    n = node(f, "/cpus/cpu@0");
    assert_string_equal(text(f, "/cpus/cpu@0", "mmu-type"), "riscv,sv57");
    assert_int_equal(cell(f, n, "riscv,cboz-block-size", 0), 64);
}

static void chosen_has_the_command_line_and_the_initrd(void **state)
{
    struct fixture *f = *state;
    struct fdt_chosen c = { "console=ttyS0", UINT64_C(0x180000000),
                            UINT64_C(0x180001000) };
    int n;

    build_with(f, 1, isa_default(), 0, &c);
    n = node(f, "/chosen");
    assert_string_equal(text(f, "/chosen", "bootargs"), "console=ttyS0");
    assert_int_equal(cell(f, n, "linux,initrd-start", 0), 1);
    assert_int_equal(cell(f, n, "linux,initrd-end", 1), 0x80001000);
    build(f, 1);
    assert_null(text(f, "/chosen", "bootargs"));
    assert_null(text(f, "/chosen", "linux,initrd-start"));
}

static void the_seed_alone_decides_rng_seed(void **state)
{
    struct fixture *f = *state;
    uint8_t first[32];

    build_with(f, 1, isa_default(), 1, &(struct fdt_chosen){ 0 });
    memcpy(first, text(f, "/chosen", "rng-seed"), 32);
    build_with(f, 2, isa_default(), 1, &(struct fdt_chosen){ 0 });
    assert_memory_equal(first, text(f, "/chosen", "rng-seed"), 32);
    build_with(f, 1, isa_default(), 2, &(struct fdt_chosen){ 0 });
    assert_memory_not_equal(first, text(f, "/chosen", "rng-seed"), 32);
}

static void too_long_a_command_line_is_refused(void **state)
{
    struct fixture *f = *state;
    struct board_config config = { .harts = 1, .memory = MEMORY,
                                   .isa = isa_default() };
    char *line = calloc(1, SIZE);
    struct fdt_chosen c = { .append = line };

    memset(line, 'x', SIZE - 1);
    assert_int_equal(board_init(&f->board, &config, NULL, NULL), STATUS_OK);
    assert_int_equal(fdt_build(&f->board, &c, f->tree, SIZE),
                     STATUS_TOO_BIG);
    board_free(&f->board);
    free(line);
}

static void a_tree_of_the_users_is_taken_with_his_command_line(void **state)
{
    struct fixture *f = *state;
    struct fdt_chosen c = { .append = "quiet" };
    struct image dtb;
    struct error e;
    uint8_t *copy = malloc(SIZE);

    build(f, 2);
    memcpy(copy, f->tree, SIZE);
    dtb = image_of("tree.dtb", copy, fdt_length(copy));
    memset(f->tree, 0, SIZE);
    assert_int_equal(fdt_adopt(&dtb, &c, f->tree, SIZE, &e), STATUS_OK);
    assert_int_equal(fdt_check_full(f->tree, fdt_length(f->tree)), 0);
    assert_string_equal(text(f, "/chosen", "bootargs"), "quiet");
    node(f, "/cpus/cpu@1");
    free(copy);
}

static void a_damaged_tree_is_refused(void **state)
{
    struct fixture *f = *state;
    uint8_t *out = malloc(SIZE);
    size_t n;

    build(f, 1);
    n = fdt_length(f->tree);
    for (size_t cut = 0; cut < n; cut += cut < 100 ? 1 : 97) {
        uint8_t *copy = malloc(cut + 1);
        struct image dtb = image_of("tree.dtb", copy, cut);
        struct error e = { "" };

        memcpy(copy, f->tree, cut);
        assert_int_equal(fdt_adopt(&dtb, &(struct fdt_chosen){ 0 }, out, SIZE,
                                   &e), STATUS_BAD_FORMAT);
        assert_non_null(strstr(e.text, "tree.dtb"));
        free(copy);
    }
    free(out);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(is_valid_for_every_number_of_harts),
        T(has_a_node_for_every_device),
        T(describes_what_qemus_virt_describes),
        T(wires_every_hart),
        T(phandles_are_unique_and_lead_where_they_should),
        T(says_the_memory_there_is),
        T(says_the_extensions_there_are),
        T(chosen_has_the_command_line_and_the_initrd),
        T(the_seed_alone_decides_rng_seed),
        T(too_long_a_command_line_is_refused),
        T(a_tree_of_the_users_is_taken_with_his_command_line),
        T(a_damaged_tree_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
