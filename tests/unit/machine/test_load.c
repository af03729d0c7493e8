/* Loaders: what goes where, and that a malformed file is told, not obeyed. */
#include "machine/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "machine/elf_maker.h"

#define MEMORY (8u << 20)
#define RAM BOARD_RAM_BASE

struct fixture {
    struct board board;
    struct made_elf elf;
    struct loaded loaded;
    struct error error;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    make_board(&f->board, MEMORY);
    f->elf = make_elf();
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    board_free(&f->board);
    free(f);
    return 0;
}

static enum status load(struct fixture *f, const void *bytes, size_t size,
                        uint64_t base)
{
    struct image i = image_of("file", bytes, size);

    f->error.text[0] = '\0';
    return load_program(&f->board, &i, base, &f->loaded, &f->error);
}

/* Refused, with a sentence that names the file and ends without a newline. */
static void refused(struct fixture *f, enum status want, enum status got)
{
    assert_int_equal(got, want);
    assert_non_null(strstr(f->error.text, "file"));
    assert_null(strchr(f->error.text, '\n'));
    assert_true(strlen(f->error.text) > 20);
}

static void refuses_elf(struct fixture *f, enum status want)
{
    refused(f, want, load(f, &f->elf, sizeof f->elf, RAM));
}

static uint8_t byte_at(struct fixture *f, uint64_t pa)
{
    uint8_t v = 0;

    assert_true(ram_read(&f->board.bus.ram, pa, &v, 1));
    return v;
}

static void elf_segments_go_to_their_physical_addresses(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(load(f, &f->elf, sizeof f->elf, RAM), STATUS_OK);
    assert_int_equal(byte_at(f, RAM), 'A');
    assert_int_equal(byte_at(f, RAM + MADE_BYTES - 1), 'A');
    assert_int_equal(byte_at(f, RAM + MADE_BYTES), 0);
    assert_int_equal(byte_at(f, RAM + 0x10000), 'B');
    assert_int_equal(f->loaded.kind, LOAD_ELF);
    assert_int_equal(f->loaded.start, RAM);
    assert_int_equal(f->loaded.end, RAM + 0x10000 + MADE_BYTES + 32);
}

static void elf_entry_is_turned_into_a_physical_address(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(load(f, &f->elf, sizeof f->elf, RAM), STATUS_OK);
    assert_int_equal(f->loaded.entry, RAM + 0x10004);
}

/* Each prefix lies at the end of its own allocation: a read behind it is seen
   by the sanitizers. */
static void elf_cut_off_anywhere_is_refused(void **state)
{
    struct fixture *f = *state;

    for (size_t n = 4; n < sizeof f->elf; n++) {
        uint8_t *cut = malloc(n);

        memcpy(cut, &f->elf, n);
        refused(f, STATUS_BAD_FORMAT, load(f, cut, n, RAM));
        free(cut);
    }
}

static void elf_for_another_machine_is_refused(void **state)
{
    struct fixture *f = *state;

    f->elf.header.e_machine = EM_X86_64;
    refuses_elf(f, STATUS_BAD_FORMAT);
    f->elf = make_elf();
    f->elf.header.e_ident[EI_DATA] = ELFDATA2MSB;
    refuses_elf(f, STATUS_BAD_FORMAT);
    f->elf = make_elf();
    f->elf.header.e_ident[EI_CLASS] = ELFCLASS32;
    refuses_elf(f, STATUS_BAD_FORMAT);
}

static void elf_that_is_not_linked_is_refused(void **state)
{
    struct fixture *f = *state;

    f->elf.header.e_type = ET_REL;
    refuses_elf(f, STATUS_BAD_FORMAT);
}

static void elf_segment_outside_the_file_is_refused(void **state)
{
    struct fixture *f = *state;

    f->elf.segment[1].p_offset = sizeof f->elf - 8;
    refuses_elf(f, STATUS_BAD_FORMAT);
    f->elf.segment[1].p_offset = UINT64_MAX - 4;
    refuses_elf(f, STATUS_BAD_FORMAT);
    f->elf = make_elf();
    f->elf.segment[1].p_filesz = f->elf.segment[1].p_memsz = UINT64_MAX;
    refuses_elf(f, STATUS_BAD_FORMAT);
}

static void elf_segment_with_more_file_than_memory_is_refused(void **state)
{
    struct fixture *f = *state;

    f->elf.segment[0].p_memsz = MADE_BYTES - 1;
    refuses_elf(f, STATUS_BAD_FORMAT);
}

static void elf_segment_outside_ram_is_refused(void **state)
{
    static const struct { uint64_t pa, size; } bad[] = {
        { RAM - 1, MADE_BYTES }, { RAM + MEMORY - 8, MADE_BYTES },
        { 0, MADE_BYTES }, { UINT64_MAX - 4, MADE_BYTES },
        { RAM + 0x10000, UINT64_MAX - RAM }, { RAM + 0x10000, UINT64_MAX },
        { RAM + 0x10000, MEMORY },
    };
    struct fixture *f = *state;

    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        f->elf = make_elf();
        f->elf.segment[1].p_paddr = bad[k].pa;
        f->elf.segment[1].p_memsz = bad[k].size;
        refuses_elf(f, STATUS_TOO_BIG);
    }
}

static void elf_segments_that_overlap_are_refused(void **state)
{
    struct fixture *f = *state;

    f->elf.segment[1].p_paddr = RAM + MADE_BYTES - 1;
    refuses_elf(f, STATUS_BAD_FORMAT);
    f->elf.segment[1].p_paddr = RAM + MADE_BYTES; /* next to it is fine */
    assert_int_equal(load(f, &f->elf, sizeof f->elf, RAM), STATUS_OK);
}

static void elf_with_nothing_to_load_is_refused(void **state)
{
    struct fixture *f = *state;

    f->elf.header.e_phnum = 0;
    refuses_elf(f, STATUS_BAD_FORMAT);
    f->elf = make_elf();
    f->elf.segment[0].p_type = f->elf.segment[1].p_type = PT_NOTE;
    refuses_elf(f, STATUS_BAD_FORMAT);
}

static void elf_with_a_huge_header_table_is_refused(void **state)
{
    struct fixture *f = *state;

    f->elf.header.e_phnum = 65000;
    refuses_elf(f, STATUS_BAD_FORMAT);
    f->elf = make_elf();
    f->elf.header.e_phoff = UINT64_MAX - 8;
    refuses_elf(f, STATUS_BAD_FORMAT);
}

static void elf_entry_outside_ram_is_refused(void **state)
{
    struct fixture *f = *state;

    f->elf.header.e_entry = 0x1000;
    refuses_elf(f, STATUS_BAD_FORMAT);
}

static void put64(uint8_t *p, uint64_t v)
{
    for (unsigned k = 0; k < 8; k++)
        p[k] = (uint8_t)(v >> (8 * k));
}

/* A kernel's header and nothing else, saying it needs `size` bytes. */
static void make_linux(uint8_t *header, uint64_t size, uint64_t flags)
{
    memset(header, 0, 64);
    put64(header + 8, 0x200000);
    put64(header + 16, size);
    put64(header + 24, flags);
    memcpy(header + 48, "RISCV", 5);
    memcpy(header + 56, "RSC\5", 4);
}

static void linux_image_takes_the_memory_its_header_says(void **state)
{
    struct fixture *f = *state;
    uint8_t header[64];

    make_linux(header, 0x123456, 0);
    assert_int_equal(load(f, header, 64, RAM + 0x200000), STATUS_OK);
    assert_int_equal(f->loaded.kind, LOAD_LINUX);
    assert_int_equal(f->loaded.entry, RAM + 0x200000);
    assert_int_equal(f->loaded.end, RAM + 0x200000 + 0x123456);
}

static void linux_image_that_does_not_fit_is_refused(void **state)
{
    static const uint64_t bad[] = { MEMORY, UINT64_MAX, UINT64_MAX - RAM };
    struct fixture *f = *state;
    uint8_t header[64];

    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        make_linux(header, bad[k], 0);
        refused(f, STATUS_TOO_BIG, load(f, header, 64, RAM + 0x200000));
    }
}

static void linux_image_for_the_other_byte_order_is_refused(void **state)
{
    struct fixture *f = *state;
    uint8_t header[64];

    make_linux(header, 64, 1);
    refused(f, STATUS_BAD_FORMAT, load(f, header, 64, RAM));
}

static void linux_image_needs_a_2_mib_boundary(void **state)
{
    struct fixture *f = *state;
    uint8_t header[64];

    make_linux(header, 64, 0);
    refused(f, STATUS_BAD_ARGUMENT, load(f, header, 64, RAM + 0x1000));
}

static void efi_compressed_kernel_is_recognised(void **state)
{
    struct fixture *f = *state;
    uint8_t header[64] = "MZ\0\0zimg";

    refused(f, STATUS_BAD_FORMAT, load(f, header, sizeof header, RAM));
}

static void raw_file_is_copied_as_it_is(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(load(f, "\x7f" "EL", 3, RAM + 100), STATUS_OK);
    assert_int_equal(f->loaded.kind, LOAD_RAW);
    assert_int_equal(f->loaded.entry, RAM + 100);
    assert_int_equal(f->loaded.end, RAM + 103);
    assert_int_equal(byte_at(f, RAM + 101), 'E');
}

static void raw_file_that_does_not_fit_is_refused(void **state)
{
    struct fixture *f = *state;

    refused(f, STATUS_TOO_BIG, load(f, "abcd", 4, RAM + MEMORY - 3));
    refused(f, STATUS_TOO_BIG, load(f, "abcd", 4, RAM - 1));
    refused(f, STATUS_TOO_BIG, load(f, "abcd", 4, UINT64_MAX));
}

/* A virtual machine's RAM: pages anywhere, here in reverse order. */
static uint8_t *reversed(void *context, uint64_t pa, uint64_t len, bool write)
{
    uint8_t *bytes = context;
    uint64_t page = (pa - RAM) / RAM_PAGE, last = MEMORY / RAM_PAGE - 1;

    (void)len, (void)write;
    return bytes + (last - page) * RAM_PAGE + pa % RAM_PAGE;
}

static void loads_into_ram_that_is_scattered_over_the_host(void **state)
{
    struct fixture *f = *state;
    struct board_config c = { .harts = 1, .memory = MEMORY,
                              .isa = isa_default() };
    uint8_t *bytes = calloc(1, MEMORY), *big = malloc(3 * RAM_PAGE);

    board_free(&f->board);
    assert_int_equal(board_init(&f->board, &c, reversed, bytes), STATUS_OK);
    for (unsigned k = 0; k < 3 * RAM_PAGE; k++)
        big[k] = (uint8_t)(k / 16);
    assert_int_equal(load(f, big, 3 * RAM_PAGE, RAM + 8), STATUS_OK);
    for (unsigned k = 0; k < 3 * RAM_PAGE; k++)
        assert_int_equal(byte_at(f, RAM + 8 + k), big[k]);
    free(bytes);
    free(big);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(elf_segments_go_to_their_physical_addresses),
        T(elf_entry_is_turned_into_a_physical_address),
        T(elf_cut_off_anywhere_is_refused),
        T(elf_for_another_machine_is_refused),
        T(elf_that_is_not_linked_is_refused),
        T(elf_segment_outside_the_file_is_refused),
        T(elf_segment_with_more_file_than_memory_is_refused),
        T(elf_segment_outside_ram_is_refused),
        T(elf_segments_that_overlap_are_refused),
        T(elf_with_nothing_to_load_is_refused),
        T(elf_with_a_huge_header_table_is_refused),
        T(elf_entry_outside_ram_is_refused),
        T(linux_image_takes_the_memory_its_header_says),
        T(linux_image_that_does_not_fit_is_refused),
        T(linux_image_for_the_other_byte_order_is_refused),
        T(linux_image_needs_a_2_mib_boundary),
        T(efi_compressed_kernel_is_recognised),
        T(raw_file_is_copied_as_it_is),
        T(raw_file_that_does_not_fit_is_refused),
        T(loads_into_ram_that_is_scattered_over_the_host),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
