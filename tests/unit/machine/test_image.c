/* Files on their way into RAM: reading, gzip, and the bound on both. */
#include "machine/image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#define LIMIT (1u << 20)

/* `size` bytes, all the same, as a gzip member. The caller frees. */
static uint8_t *pack(uint8_t byte, size_t size, size_t *packed)
{
    uint8_t *plain = malloc(size ? size : 1), *out;
    z_stream z = { 0 };

    memset(plain, byte, size);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9,
                                  Z_DEFAULT_STRATEGY), Z_OK);
    *packed = deflateBound(&z, size);
    out = malloc(*packed);
    z.next_in = plain;
    z.avail_in = (unsigned)size;
    z.next_out = out;
    z.avail_out = (unsigned)*packed;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    *packed = z.total_out;
    deflateEnd(&z);
    free(plain);
    return out;
}

static void gunzips_what_is_gzip(void **state)
{
    struct error e;
    size_t n;
    uint8_t *bytes = pack('x', 100000, &n);
    struct image i = image_of("file", bytes, n);

    (void)state;
    assert_int_equal(image_gunzip(&i, LIMIT, &e), STATUS_OK);
    assert_int_equal(i.size, 100000);
    assert_int_equal(i.bytes[99999], 'x');
    image_free(&i);
    free(bytes);
}

static void leaves_alone_what_is_not_gzip(void **state)
{
    struct error e;
    struct image i = image_of("file", "\x1f\x8c not gzip, not at all", 24);
    const uint8_t *before = i.bytes;

    (void)state;
    assert_int_equal(image_gunzip(&i, LIMIT, &e), STATUS_OK);
    assert_ptr_equal(i.bytes, before);
    assert_int_equal(i.size, 24);
}

static void joins_the_members_of_a_gzip_file(void **state)
{
    struct error e;
    size_t n, m;
    uint8_t *a = pack('a', 10, &n), *b = pack('b', 20, &m);
    uint8_t *both = malloc(n + m + 8);
    struct image i;

    (void)state;
    memcpy(both, a, n);
    memcpy(both + n, b, m);
    memset(both + n + m, 0, 8); /* padding at the end is ignored */
    i = image_of("file", both, n + m + 8);
    assert_int_equal(image_gunzip(&i, LIMIT, &e), STATUS_OK);
    assert_int_equal(i.size, 30);
    assert_memory_equal(i.bytes + 8, "aabb", 4);
    image_free(&i);
    free(a);
    free(b);
    free(both);
}

static void a_gzip_file_cut_off_anywhere_is_refused(void **state)
{
    struct error e;
    size_t n;
    uint8_t *bytes = pack('x', 5000, &n);

    (void)state;
    for (size_t cut = 18; cut < n; cut++) {
        uint8_t *copy = malloc(cut);
        struct image i = image_of("file", copy, cut);

        memcpy(copy, bytes, cut);
        assert_int_equal(image_gunzip(&i, LIMIT, &e), STATUS_BAD_FORMAT);
        assert_ptr_equal(i.bytes, copy);
        free(copy);
    }
    free(bytes);
}

static void a_damaged_gzip_file_is_refused(void **state)
{
    struct error e;
    size_t n;
    uint8_t *bytes = pack('x', 5000, &n);
    struct image i = image_of("file", bytes, n);

    (void)state;
    bytes[n - 8] ^= 1; /* its checksum */
    assert_int_equal(image_gunzip(&i, LIMIT, &e), STATUS_BAD_FORMAT);
    assert_non_null(strstr(e.text, "file"));
    free(bytes);
}

static void a_gzip_bomb_ends_at_the_limit(void **state)
{
    struct error e;
    size_t n;
    uint8_t *bytes = pack(0, 64 << 20, &n);
    struct image i = image_of("file", bytes, n);

    (void)state;
    assert_true(n < 100000);
    assert_int_equal(image_gunzip(&i, LIMIT, &e), STATUS_TOO_BIG);
    free(bytes);
}

static void the_limit_itself_is_allowed(void **state)
{
    struct error e;
    size_t n;
    uint8_t *bytes = pack('x', LIMIT, &n);
    struct image i = image_of("file", bytes, n), j = i;

    (void)state;
    assert_int_equal(image_gunzip(&i, LIMIT, &e), STATUS_OK);
    assert_int_equal(i.size, LIMIT);
    assert_int_equal(image_gunzip(&j, LIMIT - 1, &e), STATUS_TOO_BIG);
    image_free(&i);
    free(bytes);
}

static void an_empty_gzip_file_is_refused(void **state)
{
    struct error e;
    size_t n;
    uint8_t *bytes = pack(0, 0, &n);
    struct image i = image_of("file", bytes, n);

    (void)state;
    assert_int_equal(image_gunzip(&i, LIMIT, &e), STATUS_BAD_FORMAT);
    free(bytes);
}

static enum status read_path(const char *path, struct image *i)
{
    struct error e = { "" };
    enum status s = image_read(i, path, true, LIMIT, &e);

    if (s != STATUS_OK) {
        assert_non_null(strstr(e.text, path));
        assert_null(i->bytes);
    }
    return s;
}

static void reads_a_whole_file(void **state)
{
    char path[] = "/tmp/pogo-image-XXXXXX";
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "wb");
    struct image i;

    (void)state;
    for (unsigned k = 0; k < 200000; k++)
        putc((int)(k % 251), f);
    fclose(f);
    assert_int_equal(read_path(path, &i), STATUS_OK);
    assert_int_equal(i.size, 200000);
    assert_int_equal(i.bytes[199999], 199999 % 251);
    image_free(&i);
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(read_path(path, &i), STATUS_BAD_FORMAT);
    unlink(path);
    assert_int_equal(read_path(path, &i), STATUS_IO);
}

static void a_folder_is_no_file(void **state)
{
    struct image i;

    (void)state;
    assert_int_equal(read_path("/tmp", &i), STATUS_IO);
}

static void a_file_of_one_byte_too_many_is_refused(void **state)
{
    char path[] = "/tmp/pogo-image-XXXXXX";
    int fd = mkstemp(path);
    struct image i;

    (void)state;
    assert_int_equal(ftruncate(fd, LIMIT), 0);
    assert_int_equal(read_path(path, &i), STATUS_OK);
    image_free(&i);
    assert_int_equal(ftruncate(fd, LIMIT + 1), 0);
    assert_int_equal(read_path(path, &i), STATUS_TOO_BIG);
    close(fd);
    unlink(path);
}

static void an_endless_file_ends_at_the_limit(void **state)
{
    struct image i;

    (void)state;
    assert_int_equal(read_path("/dev/zero", &i), STATUS_TOO_BIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gunzips_what_is_gzip),
        cmocka_unit_test(leaves_alone_what_is_not_gzip),
        cmocka_unit_test(joins_the_members_of_a_gzip_file),
        cmocka_unit_test(a_gzip_file_cut_off_anywhere_is_refused),
        cmocka_unit_test(a_damaged_gzip_file_is_refused),
        cmocka_unit_test(a_gzip_bomb_ends_at_the_limit),
        cmocka_unit_test(the_limit_itself_is_allowed),
        cmocka_unit_test(an_empty_gzip_file_is_refused),
        cmocka_unit_test(reads_a_whole_file),
        cmocka_unit_test(a_folder_is_no_file),
        cmocka_unit_test(a_file_of_one_byte_too_many_is_refused),
        cmocka_unit_test(an_endless_file_ends_at_the_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
