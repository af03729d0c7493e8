/*
 * Source lines: those of a small program in every version of DWARF, and those
 * of our own firmware and kernel as addr2line has them.
 */
#include "debug/lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "debug/symbols.h"

#define CORPUS POGO_SOURCE_DIR "/tests/fuzz/corpus/symbols/"
#define LIMIT  (64 << 20)

static void read_lines(const char *path, uint64_t offset, struct lines *l)
{
    struct image i;
    struct error e;

    *l = (struct lines){ 0 };
    assert_int_equal(image_read(&i, path, false, LIMIT, &e), STATUS_OK);
    assert_int_equal(lines_add(l, &i, offset), STATUS_OK);
    image_free(&i);
}

static unsigned line_at(const struct lines *l, uint64_t address)
{
    struct source_line at;

    if (!lines_find(l, address, &at))
        return 0;
    assert_non_null(strstr(at.file, "tiny.c"));
    return at.line;
}

static void every_version_says_the_same(void **state)
{
    static const char *const files[] = { "dwarf-2", "dwarf-3", "dwarf-4",
                                         "dwarf-5", "dwarf-5-zlib" };

    (void)state;
    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        char path[256];
        struct lines l;

        snprintf(path, sizeof path, CORPUS "%s", files[k]);
        read_lines(path, 0, &l);
        assert_int_equal(line_at(&l, 0x80000000), 8);
        assert_int_equal(line_at(&l, 0x8000000c), 7);
        assert_int_equal(line_at(&l, 0x8000000e), 3); /* twice(), inlined */
        assert_int_equal(line_at(&l, 0x80000022), 14);
        assert_int_equal(line_at(&l, 0x80000026), 14);
        assert_int_equal(line_at(&l, 0x8000003e), 16);
        assert_int_equal(line_at(&l, 0x80000040), 0); /* behind the end */
        assert_int_equal(line_at(&l, 0x7fffffff), 0);
        lines_free(&l);
    }
}

static void a_line_leads_to_its_addresses(void **state)
{
    struct lines l;
    uint64_t out[8];
    unsigned line = 8;

    (void)state;
    read_lines(CORPUS "dwarf-5", 0x1000, &l);
    assert_int_equal(lines_addresses(&l, "tiny.c", &line, out, 8), 2);
    assert_int_equal(line, 8);
    assert_int_equal(out[0], 0x80001000);
    assert_int_equal(out[1], 0x80001016);
    line = 12; /* is empty: the function's head follows */
    assert_int_equal(lines_addresses(&l, "src/tiny.c", &line, out, 8), 1);
    assert_int_equal(line, 14);
    assert_int_equal(out[0], 0x80001022);
    line = 17;
    assert_int_equal(lines_addresses(&l, "tiny.c", &line, out, 8), 0);
    line = 8;
    assert_int_equal(lines_addresses(&l, "iny.c", &line, out, 8), 0);
    assert_int_equal(lines_addresses(&l, "tiny.c", &line, out, 1), 1);
    lines_free(&l);
}

static void a_file_without_lines_adds_none(void **state)
{
    struct lines l;

    (void)state;
    read_lines(CORPUS "symtab", 0, &l);
    assert_int_equal(l.rows, 0);
    assert_int_equal(line_at(&l, 0x80000000), 0);
    lines_free(&l);
    read_lines(CORPUS "system-map", 0, &l);
    assert_int_equal(l.rows, 0);
    lines_free(&l);
}

/* ---- against addr2line ---- */

/* What addr2line says of `n` addresses, "path:12" each, to out. */
static bool ask_addr2line(const char *path, const uint64_t *address, size_t n,
                          char out[][256])
{
    char command[8192];
    int at = snprintf(command, sizeof command,
                      "riscv64-unknown-elf-addr2line -e '%s'", path);
    FILE *f;
    bool all = true;

    for (size_t k = 0; k < n; k++)
        at += snprintf(command + at, sizeof command - (size_t)at, " 0x%llx",
                       (unsigned long long)address[k]);
    f = popen(command, "r");
    assert_non_null(f);
    for (size_t k = 0; k < n; k++)
        all = all && fgets(out[k], 256, f);
    return pclose(f) == 0 && all;
}

#define ASKED 200

/* Each function's first instruction, and some inside it. */
static size_t choose(const struct symbols *s, uint64_t *address)
{
    size_t n = 0;

    for (size_t k = 0; k < s->count && n + 2 <= ASKED; k++) {
        const struct symbol *f = &s->symbol[k];

        if (f->kind != SYMBOL_FUNCTION || f->size < 8)
            continue;
        address[n++] = f->address;
        address[n++] = f->address + f->size / 4 * 2;
    }
    return n;
}

static void is_as_addr2line_says(const char *path)
{
    static char want[ASKED][256];
    uint64_t address[ASKED];
    struct symbols s = { 0 };
    struct lines l = { 0 };
    struct image i;
    struct error e;
    size_t n;

    assert_int_equal(image_read(&i, path, false, LIMIT, &e), STATUS_OK);
    assert_int_equal(symbols_add(&s, &i, 0), STATUS_OK);
    assert_int_equal(lines_add(&l, &i, 0), STATUS_OK);
    image_free(&i);
    n = choose(&s, address);
    assert_true(n > 50);
    assert_true(ask_addr2line(path, address, n, want));
    for (size_t k = 0; k < n; k++) {
        struct source_line at = { "?", 0 };
        char have[256];

        lines_find(&l, address[k], &at);
        snprintf(have, sizeof have, "%s:%u\n", at.file, at.line);
        /* "trap.c:12 (discriminator 2)" */
        want[k][strcspn(want[k], " \n")] = '\n';
        want[k][strcspn(want[k], "\n") + 1] = '\0';
        assert_string_equal(have, want[k]);
    }
    symbols_free(&s);
    lines_free(&l);
}

static void our_own_programs_are_as_addr2line_says(void **state)
{
    (void)state;
    is_as_addr2line_says(POGO_BUILD_DIR "/firmware/sbi.elf");
    is_as_addr2line_says(POGO_BUILD_DIR "/examples/guests/kernel.elf");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_version_says_the_same),
        cmocka_unit_test(a_line_leads_to_its_addresses),
        cmocka_unit_test(a_file_without_lines_adds_none),
        cmocka_unit_test(our_own_programs_are_as_addr2line_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
