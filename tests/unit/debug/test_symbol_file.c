/* A world's names as an ELF file: what is read from it is what was put in. */
#include "debug/symbol_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char map[] = "0000000080000000 T _start\n"
                          "0000000080200000 T firmware_end\n"
                          "ffffffff80000000 T _text\n"
                          "ffffffff80001234 T start_kernel\n"
                          "ffffffff81400000 D jiffies\n";

static void make_sets(struct symbol_sets *s, struct symbol_scope scope)
{
    char path[] = "/tmp/pogo-map-XXXXXX";
    int fd = mkstemp(path);
    struct error e;

    assert_true(write(fd, map, sizeof map - 1) == (ssize_t)sizeof map - 1);
    close(fd);
    assert_int_equal(symbol_sets_add_file(s, scope, path, 0, &e), STATUS_OK);
    unlink(path);
}

static void names_come_back_from_the_file(void **state)
{
    const struct symbol_scope guest = { .level = 1 };
    struct symbol_sets s = { 0 };
    struct symbols back = { 0 };
    static uint8_t bytes[65536];
    struct image i;
    uint64_t va;
    ssize_t n;
    int fd;

    (void)state;
    make_sets(&s, guest);
    fd = symbol_file_make(&s, 0); /* the machine below has them as well */
    assert_true(fd >= 0);
    n = pread(fd, bytes, sizeof bytes, 0);
    assert_true(n > 0 && n < (ssize_t)sizeof bytes);
    i = image_of("symbols", bytes, (size_t)n);
    assert_int_equal(symbols_add(&back, &i, 0), STATUS_OK);
    assert_int_equal(back.count, 5);
    assert_true(symbols_address(&back, "start_kernel", &va));
    assert_true(va == UINT64_C(0xffffffff80001234));
    assert_true(symbols_address(&back, "jiffies", &va));
    assert_true(symbols_address(&back, "_start", &va) && va == 0x80000000);
    symbols_free(&back);
    close(fd);
    assert_int_equal(symbol_file_make(&s, 2), -1);
    symbol_sets_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_come_back_from_the_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
