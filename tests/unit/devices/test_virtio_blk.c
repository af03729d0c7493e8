/* virtio block: requests on a file, and those that must be refused. */
#include "devices/virtio_driver.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Slots: a writable disk of 8.5 sectors, and the same file read-only. */
enum { WRITABLE = 0, READ_ONLY = 1 };
enum { IN = 0, OUT = 1, FLUSH = 4, GET_ID = 8, DISCARD = 11 };
enum { OK = 0, IOERR = 1, UNSUPPORTED = 2 };

#define HEADER    BUFFER
#define STATUS    (BUFFER + 0x100)
#define DATA      (BUFFER + 0x1000)
#define UNTOUCHED 0xee

/* One request with `len` bytes of data at DATA; returns its status. */
static unsigned request(struct fixture *f, unsigned slot, uint32_t type,
                        uint64_t sector, uint32_t len)
{
    bus_put(f, HEADER, 4, type);
    bus_put(f, HEADER + 8, 8, sector);
    bus_put(f, STATUS, 1, UNTOUCHED);
    virtio_describe(f, DESC(0), 0, HEADER, 16, NEXT, len ? 1 : 2);
    virtio_describe(f, DESC(0), 1, DATA, len, NEXT | (type == OUT ? 0 : WRITE),
                    2);
    virtio_describe(f, DESC(0), 2, STATUS, 1, WRITE, 0);
    virtio_submit(f, slot, 0, 0);
    return (unsigned)bus_get(f, STATUS, 1);
}

static uint64_t config(struct fixture *f, unsigned slot, unsigned offset,
                       unsigned size)
{
    return bus_get(f, VIRTIO_BASE(slot) + V_CONFIG + offset, size);
}

static void the_configuration_says_capacity_and_limits(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(config(f, WRITABLE, 0, 8), 9);
    assert_int_equal(config(f, WRITABLE, 12, 4), VIRTQUEUE_MAX - 2);
    assert_int_equal(config(f, WRITABLE, 20, 4), 512);
}

static void read_only_is_offered_for_a_read_only_disk_alone(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(virtio_get(f, WRITABLE, V_DEVICE_FEATURES) & BIT(5), 0);
    assert_true(virtio_get(f, READ_ONLY, V_DEVICE_FEATURES) & BIT(5));
    assert_true(virtio_get(f, WRITABLE, V_DEVICE_FEATURES) & BIT(9));
}

static void sectors_are_read(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, WRITABLE, 1);
    assert_int_equal(request(f, WRITABLE, IN, 2, 1024), OK);
    for (unsigned i = 0; i < 1024; i++)
        assert_int_equal(bus_get(f, DATA + i, 1), (uint8_t)((2 + i / 512) ^ i));
    assert_int_equal(virtio_used_length(f, 0, 0), 1025);
}

static void the_last_sector_is_padded_with_zeros(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, READ_ONLY, 1);
    bus_put(f, DATA + 256, 8, UINT64_MAX);
    assert_int_equal(request(f, READ_ONLY, IN, 8, 512), OK);
    assert_int_equal(bus_get(f, DATA + 255, 1), 8 ^ 255);
    for (unsigned i = 256; i < 512; i += 8)
        assert_int_equal(bus_get(f, DATA + i, 8), 0);
}

static void what_is_written_is_in_the_file(void **state)
{
    struct fixture *f = *state;
    uint8_t bytes[8];

    virtio_start(f, WRITABLE, 1);
    bus_put(f, DATA, 8, UINT64_C(0x1122334455667788));
    bus_put(f, DATA + 504, 8, 1);
    assert_int_equal(request(f, WRITABLE, OUT, 3, 512), OK);
    assert_int_equal(pread(f->disk[1].fd, bytes, 8, 3 * 512), 8);
    assert_memory_equal(bytes, "\x88\x77\x66\x55\x44\x33\x22\x11", 8);
    assert_int_equal(pread(f->disk[1].fd, bytes, 8, 4 * 512), 8);
    assert_int_equal(bytes[0], 4);
    assert_int_equal(request(f, WRITABLE, FLUSH, 0, 0), OK);
}

static void transfers_longer_than_the_buffer_are_whole(void **state)
{
    struct fixture *f = *state;
    uint64_t len = 2 * VIRTIO_BLK_BUFFER + 512;

    assert_int_equal(ftruncate(f->disk[0].fd, 1 << 20), 0);
    f->disk[0].size = 1 << 20;
    virtio_start(f, WRITABLE, 1);
    for (uint64_t i = 0; i < len; i += 8)
        bus_put(f, DATA + i, 8, i * 3);
    assert_int_equal(request(f, WRITABLE, OUT, 5, (uint32_t)len), OK);
    for (uint64_t i = 0; i < len; i += 8)
        bus_put(f, DATA + i, 8, 0);
    assert_int_equal(request(f, WRITABLE, IN, 5, (uint32_t)len), OK);
    for (uint64_t i = 0; i < len; i += 8)
        assert_int_equal(bus_get(f, DATA + i, 8), i * 3);
}

static void a_request_in_odd_pieces_is_the_same_request(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, WRITABLE, 1);
    bus_put(f, HEADER, 4, IN);
    bus_put(f, HEADER + 8, 8, 1);
    virtio_describe(f, DESC(0), 0, HEADER, 5, NEXT, 1);
    virtio_describe(f, DESC(0), 1, HEADER + 5, 11, NEXT, 2);
    virtio_describe(f, DESC(0), 2, DATA, 100, NEXT | WRITE, 3);
    virtio_describe(f, DESC(0), 3, 0, 0, NEXT | WRITE, 4);
    virtio_describe(f, DESC(0), 4, DATA + 200, 413, WRITE, 0);
    virtio_submit(f, WRITABLE, 0, 0);
    assert_int_equal(bus_get(f, DATA + 200 + 412, 1), OK);
    assert_int_equal(bus_get(f, DATA + 99, 1), 1 ^ 99);
    assert_int_equal(bus_get(f, DATA + 100, 1), 0);
    assert_int_equal(bus_get(f, DATA + 200, 1), 1 ^ 100);
}

static void sectors_beyond_the_disk_are_an_error(void **state)
{
    static const struct {
        uint64_t sector;
        uint32_t len;
    } bad[] = {
        { 9, 512 },          { 8, 1024 },
        { UINT64_MAX, 512 }, { UINT64_MAX / 512 + 1, 512 },
        { 0, 10 * 512 },     { 0, 100 },
        { 0, 513 },
    };
    struct fixture *f = *state;

    virtio_start(f, WRITABLE, 1);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(request(f, WRITABLE, IN, bad[i].sector, bad[i].len),
                         IOERR);
        assert_int_equal(request(f, WRITABLE, OUT, bad[i].sector, bad[i].len),
                         IOERR);
    }
    assert_int_equal(virtio_get(f, WRITABLE, V_STATUS), RUNNING);
}

static void a_read_only_disk_is_not_written(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, READ_ONLY, 1);
    bus_put(f, DATA, 8, UINT64_MAX);
    assert_int_equal(request(f, READ_ONLY, OUT, 0, 512), IOERR);
    assert_int_equal(request(f, READ_ONLY, IN, 0, 512), OK);
    assert_int_equal(bus_get(f, DATA + 1, 1), 1);
    assert_int_equal(request(f, READ_ONLY, FLUSH, 0, 0), OK);
}

static void get_id_names_the_disk(void **state)
{
    struct fixture *f = *state;
    char id[21] = { 0 };

    virtio_start(f, READ_ONLY, 1);
    assert_int_equal(request(f, READ_ONLY, GET_ID, 0, 20), OK);
    assert_true(ram_read(&f->bus.ram, DATA, id, 20));
    assert_string_equal(id, "pogo-disk1");
    /* A shorter buffer gets what fits. */
    bus_put(f, DATA, 8, 0);
    assert_int_equal(request(f, READ_ONLY, GET_ID, 0, 4), OK);
    assert_int_equal(bus_get(f, DATA, 8), 0x6f676f70);
}

static void an_unknown_request_is_unsupported(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, WRITABLE, 1);
    assert_int_equal(request(f, WRITABLE, DISCARD, 0, 512), UNSUPPORTED);
    assert_int_equal(request(f, WRITABLE, 3, 0, 512), UNSUPPORTED);
    assert_int_equal(request(f, WRITABLE, UINT32_MAX, 0, 512), UNSUPPORTED);
}

static void a_request_without_header_or_status_breaks_the_queue(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, WRITABLE, 1);
    virtio_describe(f, DESC(0), 0, HEADER, 15, NEXT, 1);
    virtio_describe(f, DESC(0), 1, STATUS, 1, WRITE, 0);
    virtio_submit(f, WRITABLE, 0, 0);
    assert_virtio_gave_up(f, WRITABLE, 0);
    bus_put(f, AVAIL(0) + 2, 2, 0);
    virtio_describe(f, DESC(0), 0, HEADER, 16, 0, 0);
    virtio_submit(f, WRITABLE, 0, 0);
    assert_virtio_gave_up(f, WRITABLE, 0);
}

static void a_file_that_was_cut_short_reads_as_zeros(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, WRITABLE, 1);
    assert_int_equal(ftruncate(f->disk[0].fd, 512), 0);
    bus_put(f, DATA, 8, UINT64_MAX);
    assert_int_equal(request(f, WRITABLE, IN, 4, 512), OK);
    assert_int_equal(bus_get(f, DATA, 8), 0);
}

static void only_files_and_block_devices_are_disks(void **state)
{
    struct disk d;
    char fifo[64];

    (void)state;
    errno = 0;
    assert_int_equal(disk_open(&d, "/nonexistent/disk", false), STATUS_IO);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(disk_open(&d, "/dev/null", false), STATUS_BAD_FORMAT);
    assert_int_equal(d.fd, -1);
    assert_int_equal(disk_open(&d, "/tmp", true), STATUS_BAD_FORMAT);
    snprintf(fifo, sizeof fifo, "/tmp/pogo-test-fifo-%d", (int)getpid());
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(disk_open(&d, fifo, true), STATUS_BAD_FORMAT);
    unlink(fifo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_DISK_TEST(the_configuration_says_capacity_and_limits),
        FIXTURE_DISK_TEST(read_only_is_offered_for_a_read_only_disk_alone),
        FIXTURE_DISK_TEST(sectors_are_read),
        FIXTURE_DISK_TEST(the_last_sector_is_padded_with_zeros),
        FIXTURE_DISK_TEST(what_is_written_is_in_the_file),
        FIXTURE_DISK_TEST(transfers_longer_than_the_buffer_are_whole),
        FIXTURE_DISK_TEST(a_request_in_odd_pieces_is_the_same_request),
        FIXTURE_DISK_TEST(sectors_beyond_the_disk_are_an_error),
        FIXTURE_DISK_TEST(a_read_only_disk_is_not_written),
        FIXTURE_DISK_TEST(get_id_names_the_disk),
        FIXTURE_DISK_TEST(an_unknown_request_is_unsupported),
        FIXTURE_DISK_TEST(a_request_without_header_or_status_breaks_the_queue),
        FIXTURE_DISK_TEST(a_file_that_was_cut_short_reads_as_zeros),
        cmocka_unit_test(only_files_and_block_devices_are_disks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
