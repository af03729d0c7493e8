/* virtio gpu: commands made by hand, and the pixels that they must give. */
#include "devices/gpu_driver.h"

#include "bus/little_endian.h"
#include "devices/state_memory.h"

#define GPU DEVICES_GPU_SLOT
#define OK  GPU_OK

static uint32_t pixel(const struct fixture *f, uint32_t x, uint32_t y)
{
    assert_true(x < f->display.width && y < f->display.height);
    return f->display.pixels[y * f->display.width + x] & 0xffffff;
}

/* The colour of pixel x, y of what `paint` makes. */
static uint32_t colour(uint32_t x, uint32_t y)
{
    return (x * 3) << 16 | (y * 5) << 8 | (x ^ y);
}

/* A B8G8R8X8 picture in guest memory at GPU_PIXELS. */
static void paint(struct fixture *f, uint32_t width, uint32_t height)
{
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++)
            bus_put(f, GPU_PIXELS + 4 * ((uint64_t)y * width + x), 4,
                    0x77000000 | colour(x, y));
}

/* Picture `id`, B8G8R8X8, painted and read from its backing. */
static void make_picture(struct fixture *f, uint32_t id, uint32_t width,
                         uint32_t height)
{
    struct display_rect all = RECT_OF(0, 0, width, height);

    paint(f, width, height);
    assert_int_equal(gpu_create(f, id, GPU_B8G8R8X8, width, height), OK);
    assert_int_equal(gpu_attach(f, id, GPU_PIXELS, width * height * 4), OK);
    assert_int_equal(gpu_transfer(f, id, all, 0), OK);
}

static void it_has_one_scanout_of_the_displays_size(void **state)
{
    struct fixture *f = *state;
    uint64_t one = GPU_ANSWER + GPU_HEADER_BYTES;

    assert_int_equal(virtio_get(f, GPU, V_DEVICE_ID), 16);
    assert_int_equal(virtio_get(f, GPU, V_CONFIG + GPU_CONFIG_SCANOUTS), 1);
    assert_int_equal(virtio_get(f, GPU, V_CONFIG + 12), 0);
    virtio_start(f, GPU, 2);
    assert_int_equal(gpu_ask(f, CONTROL, GPU_GET_DISPLAY_INFO, NULL, 0),
                     GPU_OK_DISPLAY_INFO);
    assert_int_equal(virtio_used_length(f, CONTROL, 0), 24 + 16 * 24);
    assert_int_equal(bus_get(f, one, 8), 0); /* x and y */
    assert_int_equal(bus_get(f, one + 8, 4), FIXTURE_WIDTH);
    assert_int_equal(bus_get(f, one + 12, 4), FIXTURE_HEIGHT);
    assert_int_equal(bus_get(f, one + 16, 4), 1);
    assert_int_equal(bus_get(f, one + 24 + 8, 8), 0);
    assert_int_equal(bus_get(f, one + 24 + 16, 4), 0);
}

static void a_picture_is_seen_when_it_is_the_scanout(void **state)
{
    struct fixture *f = *state;
    struct display_rect all = RECT_OF(0, 0, FIXTURE_WIDTH, FIXTURE_HEIGHT);

    virtio_start(f, GPU, 2);
    make_picture(f, 7, FIXTURE_WIDTH, FIXTURE_HEIGHT);
    assert_int_equal(pixel(f, 5, 6), 0);
    f->display.dirty = RECT_OF(0, 0, 0, 0);
    assert_int_equal(gpu_scanout(f, 7, all), OK);
    for (uint32_t y = 0; y < FIXTURE_HEIGHT; y++)
        for (uint32_t x = 0; x < FIXTURE_WIDTH; x++)
            assert_int_equal(pixel(f, x, y), colour(x, y));
    assert_memory_equal(&f->display.dirty, &all, sizeof all);
}

static void a_change_is_seen_when_it_is_flushed(void **state)
{
    struct fixture *f = *state;
    struct display_rect all = RECT_OF(0, 0, 8, 4), some = RECT_OF(2, 1, 3, 2);

    virtio_start(f, GPU, 2);
    make_picture(f, 1, 8, 4);
    assert_int_equal(gpu_scanout(f, 1, all), OK);
    assert_int_equal(f->display.width, 8);
    assert_int_equal(f->display.height, 4);
    f->display.dirty = RECT_OF(0, 0, 0, 0);
    for (unsigned i = 0; i < 32; i++)
        bus_put(f, GPU_PIXELS + 4 * i, 4, 0xabc000 + i);
    assert_int_equal(gpu_transfer(f, 1, all, 0), OK);
    assert_int_equal(pixel(f, 2, 1), colour(2, 1));
    assert_int_equal(f->display.dirty.width, 0);
    assert_int_equal(gpu_flush(f, 1, some), OK);
    for (uint32_t y = 0; y < 4; y++)
        for (uint32_t x = 0; x < 8; x++)
            assert_int_equal(pixel(f, x, y), x >= 2 && x < 5 && y >= 1 && y < 3
                                                 ? 0xabc000 + y * 8 + x
                                                 : colour(x, y));
    assert_memory_equal(&f->display.dirty, &some, sizeof some);
}

/* What has been transferred in several pieces and was flushed in others, and
   what was shown before, is as the picture is in the end. */
static void it_does_not_matter_in_what_pieces_it_comes(void **state)
{
    struct fixture *f = *state;
    struct display_rect all = RECT_OF(0, 0, 16, 12);

    state_bytes_seed();
    virtio_start(f, GPU, 2);
    make_picture(f, 1, 16, 12);
    assert_int_equal(gpu_scanout(f, 1, all), OK);
    for (unsigned round = 0; round < 300; round++) {
        uint32_t x = (uint32_t)rand() % 16, y = (uint32_t)rand() % 12;
        struct display_rect part = RECT_OF(x, y, (uint32_t)rand() % (17 - x),
                                           (uint32_t)rand() % (13 - y));

        for (unsigned k = (unsigned)rand() % 4; k > 0; k--)
            bus_put(f, GPU_PIXELS + 4 * (uint64_t)(rand() % (16 * 12)), 4,
                    (unsigned)rand() & 0xffffff);
        assert_int_equal(gpu_transfer(f, 1, part, 4 * (16 * y + x)), OK);
        if (round % 3 == 0)
            assert_int_equal(gpu_flush(f, 1, part), OK);
        if (round % 10 != 9)
            continue;
        assert_int_equal(gpu_transfer(f, 1, all, 0), OK);
        if (round % 20 == 9) { /* in two halves */
            assert_int_equal(gpu_flush(f, 1, RECT_OF(0, 0, 7, 12)), OK);
            assert_int_equal(gpu_flush(f, 1, RECT_OF(7, 0, 9, 12)), OK);
        } else {
            assert_int_equal(gpu_flush(f, 1, all), OK);
        }
        for (uint32_t i = 0; i < 16 * 12; i++)
            assert_int_equal(pixel(f, i % 16, i / 16),
                             bus_get(f, GPU_PIXELS + 4 * i, 4) & 0xffffff);
    }
}

/* Only what is different is drawn anew. */
static void what_has_not_changed_is_not_dirty(void **state)
{
    struct fixture *f = *state;
    struct display_rect all = RECT_OF(0, 0, 8, 8);

    virtio_start(f, GPU, 2);
    make_picture(f, 1, 8, 8);
    assert_int_equal(gpu_scanout(f, 1, all), OK);
    f->display.dirty = RECT_OF(0, 0, 0, 0);
    assert_int_equal(gpu_transfer(f, 1, all, 0), OK);
    assert_int_equal(gpu_flush(f, 1, all), OK);
    assert_int_equal(f->display.dirty.width, 0);
    bus_put(f, GPU_PIXELS + 4 * (8 * 3 + 5), 4, 1);
    bus_put(f, GPU_PIXELS + 4 * (8 * 5 + 1), 4, 1);
    assert_int_equal(gpu_transfer(f, 1, all, 0), OK);
    assert_int_equal(gpu_flush(f, 1, all), OK);
    assert_memory_equal(&f->display.dirty, &RECT_OF(0, 3, 8, 3),
                        sizeof f->display.dirty);
}

static void a_part_of_a_picture_can_be_the_scanout(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, GPU, 2);
    make_picture(f, 1, 16, 8);
    assert_int_equal(gpu_scanout(f, 1, RECT_OF(4, 2, 10, 5)), OK);
    assert_int_equal(f->display.width, 10);
    assert_int_equal(f->display.height, 5);
    for (uint32_t y = 0; y < 5; y++)
        for (uint32_t x = 0; x < 10; x++)
            assert_int_equal(pixel(f, x, y), colour(x + 4, y + 2));
    /* Of a flush that is larger, that part is seen, and nothing else. */
    for (unsigned i = 0; i < 16 * 8; i++)
        bus_put(f, GPU_PIXELS + 4 * i, 4, i);
    assert_int_equal(gpu_transfer(f, 1, RECT_OF(0, 0, 16, 8), 0), OK);
    f->display.dirty = RECT_OF(0, 0, 0, 0);
    assert_int_equal(gpu_flush(f, 1, RECT_OF(0, 0, 6, 8)), OK);
    assert_int_equal(pixel(f, 0, 0), 2 * 16 + 4);
    assert_int_equal(pixel(f, 1, 4), 6 * 16 + 5);
    assert_int_equal(pixel(f, 2, 0), colour(6, 2));
    assert_memory_equal(&f->display.dirty, &RECT_OF(0, 0, 2, 5),
                        sizeof f->display.dirty);
    /* Of another picture nothing is. */
    assert_int_equal(gpu_create(f, 2, GPU_B8G8R8X8, 16, 8), OK);
    assert_int_equal(gpu_flush(f, 2, RECT_OF(0, 0, 16, 8)), OK);
    assert_int_equal(pixel(f, 0, 0), 2 * 16 + 4);
}

static void a_transfer_takes_its_rectangle_from_its_offset(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, GPU, 2);
    paint(f, 8, 8);
    assert_int_equal(gpu_create(f, 1, GPU_B8G8R8X8, 8, 8), OK);
    assert_int_equal(gpu_attach(f, 1, GPU_PIXELS, 8 * 8 * 4), OK);
    assert_int_equal(gpu_transfer(f, 1, RECT_OF(3, 2, 4, 3), 4 * (2 * 8 + 3)),
                     OK);
    assert_int_equal(gpu_transfer(f, 1, RECT_OF(0, 7, 2, 1), 4), OK);
    assert_int_equal(gpu_scanout(f, 1, RECT_OF(0, 0, 8, 8)), OK);
    for (uint32_t y = 0; y < 7; y++)
        for (uint32_t x = 0; x < 8; x++)
            assert_int_equal(pixel(f, x, y), x >= 3 && x < 7 && y >= 2 && y < 5
                                                 ? colour(x, y)
                                                 : 0);
    assert_int_equal(pixel(f, 0, 7), colour(1, 0));
    assert_int_equal(pixel(f, 1, 7), colour(2, 0));
    assert_int_equal(pixel(f, 2, 7), 0);
}

/* A backing in pieces, which divide rows and even pixels, some of them empty,
   in no order. */
static void a_backing_may_be_in_pieces(void **state)
{
    struct fixture *f = *state;
    static const uint32_t sizes[] = { 1, 7, 0, 30, 2, 0, 0, 61, 27 };
    uint32_t words[2 + 4 * 9] = { 1, 9 }, at = 0;
    uint8_t bytes[128];

    virtio_start(f, GPU, 2);
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 + 1);
    for (unsigned i = 0; i < 9; i++) {
        uint64_t pa = GPU_PIXELS + 0x100 * (9 - i) + 3;

        for (uint32_t k = 0; k < sizes[i]; k++)
            bus_put(f, pa + k, 1, bytes[at++]);
        words[2 + 4 * i] = (uint32_t)pa;
        words[2 + 4 * i + 1] = (uint32_t)(pa >> 32);
        words[2 + 4 * i + 2] = sizes[i];
    }
    assert_int_equal(at, 128);
    assert_int_equal(gpu_create(f, 1, GPU_B8G8R8X8, 4, 8), OK);
    assert_int_equal(gpu_ask(f, CONTROL, GPU_RESOURCE_ATTACH_BACKING, words,
                             sizeof words / 4),
                     OK);
    assert_int_equal(gpu_transfer(f, 1, RECT_OF(0, 0, 4, 8), 0), OK);
    assert_int_equal(gpu_scanout(f, 1, RECT_OF(0, 0, 4, 8)), OK);
    for (uint32_t i = 0; i < 32; i++)
        assert_int_equal(pixel(f, i % 4, i / 4), bytes[4 * i] |
                                                     bytes[4 * i + 1] << 8 |
                                                     bytes[4 * i + 2] << 16);
}

/* By the names in the standard: where each colour lies in memory. */
static void every_format_has_its_order_of_bytes(void **state)
{
    struct fixture *f = *state;
    static const struct {
        uint32_t format;
        const char *order;
    } formats[] = {
        { 1, "BGRA" },  { 2, "BGRX" },  { 3, "ARGB" },   { 4, "XRGB" },
        { 67, "RGBA" }, { 68, "XBGR" }, { 121, "ABGR" }, { 134, "RGBX" },
    };

    virtio_start(f, GPU, 2);
    for (unsigned i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        const char *order = formats[i].order;
        struct display_rect all = RECT_OF(0, 0, 64, 64);

        bus_put(f, GPU_PIXELS + (strchr(order, 'R') - order), 1, 0x11);
        bus_put(f, GPU_PIXELS + (strchr(order, 'G') - order), 1, 0x22);
        bus_put(f, GPU_PIXELS + (strchr(order, 'B') - order), 1, 0x33);
        bus_put(f, GPU_PIXELS + (strpbrk(order, "AX") - order), 1, 0x44);
        assert_int_equal(gpu_create(f, 1, formats[i].format, 64, 64), OK);
        assert_int_equal(gpu_attach(f, 1, GPU_PIXELS, 64 * 64 * 4), OK);
        assert_int_equal(gpu_transfer(f, 1, all, 0), OK);
        assert_int_equal(gpu_scanout(f, 1, all), OK);
        assert_int_equal(pixel(f, 0, 0), 0x112233);
        /* Whether there is an A shows in a cursor. */
        assert_int_equal(gpu_cursor(f, GPU_UPDATE_CURSOR, 1, 0, 0), OK);
        assert_int_equal(f->display.cursor.image[0],
                         strchr(order, 'A') ? 0x44112233 : 0xff112233);
        assert_int_equal(gpu_unref(f, 1), OK);
    }
    for (uint32_t format = 0; format < 300; format++) {
        bool known = false;

        for (unsigned i = 0; i < sizeof formats / sizeof formats[0]; i++)
            known |= format == formats[i].format;
        assert_int_equal(gpu_create(f, 1, format, 1, 1),
                         known ? OK : GPU_INVALID_PARAMETER);
        assert_int_equal(gpu_unref(f, 1), known ? OK : GPU_INVALID_RESOURCE);
    }
}

static void a_fence_comes_back_with_its_number(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, GPU, 2);
    virtio_describe(f, DESC(0), 0, GPU_COMMAND, 24, NEXT, 1);
    virtio_describe(f, DESC(0), 1, GPU_ANSWER, 0x1000, WRITE, 0);
    bus_put(f, GPU_COMMAND, 4, GPU_GET_DISPLAY_INFO);
    bus_put(f, GPU_COMMAND + 4, 4, 0xffffffff);
    bus_put(f, GPU_COMMAND + 8, 8, UINT64_C(0x123456789abcdef0));
    bus_put(f, GPU_COMMAND + 16, 4, 9);
    virtio_submit(f, GPU, 0, 0);
    assert_int_equal(bus_get(f, GPU_ANSWER + 4, 4), 1);
    assert_int_equal(bus_get(f, GPU_ANSWER + 8, 8),
                     UINT64_C(0x123456789abcdef0));
    assert_int_equal(bus_get(f, GPU_ANSWER + 16, 4), 9);
    /* Without one there is none. */
    bus_put(f, GPU_COMMAND + 4, 4, 0xfffffffe);
    virtio_submit(f, GPU, 0, 0);
    assert_int_equal(bus_get(f, GPU_ANSWER + 4, 4), 0);
    assert_int_equal(bus_get(f, GPU_ANSWER + 8, 8), 0);
}

static void what_is_not_there_is_refused(void **state)
{
    struct fixture *f = *state;
    struct display_rect one = RECT_OF(0, 0, 1, 1);

    virtio_start(f, GPU, 2);
    assert_int_equal(gpu_create(f, 0, 1, 4, 4), GPU_INVALID_RESOURCE);
    assert_int_equal(gpu_unref(f, 0), GPU_INVALID_RESOURCE);
    assert_int_equal(gpu_create(f, 1, 1, 4, 4), OK);
    assert_int_equal(gpu_create(f, 1, 1, 4, 4), GPU_INVALID_RESOURCE);
    assert_int_equal(gpu_create(f, 2, 1, 0, 4), GPU_INVALID_PARAMETER);
    assert_int_equal(gpu_create(f, 2, 1, 4, 0), GPU_INVALID_PARAMETER);
    assert_int_equal(gpu_unref(f, 2), GPU_INVALID_RESOURCE);
    assert_int_equal(gpu_attach(f, 2, GPU_PIXELS, 64), GPU_INVALID_RESOURCE);
    assert_int_equal(gpu_detach(f, 2), GPU_INVALID_RESOURCE);
    assert_int_equal(gpu_detach(f, 1), GPU_ERROR);
    assert_int_equal(gpu_transfer(f, 2, one, 0), GPU_INVALID_RESOURCE);
    assert_int_equal(gpu_transfer(f, 1, one, 0), GPU_ERROR);
    assert_int_equal(gpu_flush(f, 2, one), GPU_INVALID_RESOURCE);
    assert_int_equal(gpu_scanout(f, 2, one), GPU_INVALID_RESOURCE);
    assert_int_equal(gpu_ask(f, CONTROL, GPU_SET_SCANOUT,
                             (uint32_t[]){ 0, 0, 1, 1, 1, 1 }, 6),
                     GPU_INVALID_SCANOUT);
    assert_int_equal(gpu_cursor(f, GPU_UPDATE_CURSOR, 2, 0, 0),
                     GPU_INVALID_RESOURCE);
    assert_int_equal(gpu_attach(f, 1, GPU_PIXELS, 64), OK);
    assert_int_equal(gpu_attach(f, 1, GPU_PIXELS, 64), GPU_ERROR);
    assert_int_equal(gpu_detach(f, 1), OK);
    assert_int_equal(gpu_unref(f, 1), OK);
    assert_int_equal(gpu_unref(f, 1), GPU_INVALID_RESOURCE);
}

static void rectangles_are_inside_their_picture(void **state)
{
    struct fixture *f = *state;
    static const struct display_rect bad[] = {
        { 0, 0, 9, 1 },          { 0, 0, 1, 5 },
        { 1, 0, 8, 1 },          { 0, 1, 1, 4 },
        { 9, 0, 0, 1 },          { 0xffffffff, 0, 2, 1 },
        { 0, 0xffffffff, 1, 2 }, { 1, 0, 0xffffffff, 1 },
        { 0, 1, 1, 0xffffffff }, { 0x80000000, 0, 0x80000001, 1 },
    };

    virtio_start(f, GPU, 2);
    make_picture(f, 1, 8, 4);
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(gpu_flush(f, 1, bad[i]), GPU_INVALID_PARAMETER);
        assert_int_equal(gpu_transfer(f, 1, bad[i], 0), GPU_INVALID_PARAMETER);
        assert_int_equal(gpu_scanout(f, 1, bad[i]), GPU_INVALID_PARAMETER);
    }
    assert_int_equal(gpu_scanout(f, 1, RECT_OF(0, 0, 0, 4)),
                     GPU_INVALID_PARAMETER);
    assert_int_equal(gpu_scanout(f, 1, RECT_OF(0, 0, 8, 0)),
                     GPU_INVALID_PARAMETER);
    assert_int_equal(f->display.width, FIXTURE_WIDTH);
    assert_int_equal(gpu_flush(f, 1, RECT_OF(8, 4, 0, 0)), OK);
    assert_int_equal(gpu_transfer(f, 1, RECT_OF(8, 4, 0, 0), 0), OK);
}

static void a_transfer_is_inside_its_backing(void **state)
{
    struct fixture *f = *state;
    struct display_rect all = RECT_OF(0, 0, 8, 4), last = RECT_OF(7, 3, 1, 1);

    virtio_start(f, GPU, 2);
    paint(f, 8, 4);
    assert_int_equal(gpu_create(f, 1, 2, 8, 4), OK);
    assert_int_equal(gpu_attach(f, 1, GPU_PIXELS, 127), OK);
    assert_int_equal(gpu_transfer(f, 1, all, 0), GPU_INVALID_PARAMETER);
    assert_int_equal(gpu_transfer(f, 1, last, 124), GPU_INVALID_PARAMETER);
    assert_int_equal(gpu_transfer(f, 1, last, 123), OK);
    assert_int_equal(gpu_transfer(f, 1, last, UINT64_MAX),
                     GPU_INVALID_PARAMETER);
    assert_int_equal(gpu_transfer(f, 1, last, UINT64_MAX - 3),
                     GPU_INVALID_PARAMETER);
    assert_int_equal(gpu_transfer(f, 1, last, UINT64_C(1) << 32),
                     GPU_INVALID_PARAMETER);
    assert_int_equal(gpu_detach(f, 1), OK);
    assert_int_equal(gpu_attach(f, 1, GPU_PIXELS, 128), OK);
    assert_int_equal(gpu_transfer(f, 1, all, 0), OK);
    assert_int_equal(gpu_transfer(f, 1, all, 1), GPU_INVALID_PARAMETER);
}

static void a_backing_is_in_ram(void **state)
{
    struct fixture *f = *state;
    uint64_t end = FIXTURE_RAM + FIXTURE_RAM_SIZE;

    virtio_start(f, GPU, 2);
    assert_int_equal(gpu_create(f, 1, 2, 8, 4), OK);
    assert_int_equal(gpu_attach(f, 1, end - 127, 128), GPU_INVALID_PARAMETER);
    assert_int_equal(gpu_attach(f, 1, FIXTURE_RAM - 1, 128),
                     GPU_INVALID_PARAMETER);
    assert_int_equal(gpu_attach(f, 1, UINT64_MAX, 128), GPU_INVALID_PARAMETER);
    assert_int_equal(gpu_attach(f, 1, FIXTURE_RAM, 0xffffffff),
                     GPU_INVALID_PARAMETER);
    assert_int_equal(f->devices.gpu.resources.entries, 0);
    assert_int_equal(gpu_attach(f, 1, end - 128, 128), OK);
}

/* More entries than the command has, or none. */
static void entries_are_as_many_as_the_command_says(void **state)
{
    struct fixture *f = *state;
    uint32_t words[] = { 1, 2, (uint32_t)GPU_PIXELS, 0, 128, 0 };

    virtio_start(f, GPU, 2);
    assert_int_equal(gpu_create(f, 1, 2, 8, 4), OK);
    assert_int_equal(gpu_ask(f, CONTROL, GPU_RESOURCE_ATTACH_BACKING, words, 6),
                     GPU_INVALID_PARAMETER);
    words[1] = 0;
    assert_int_equal(gpu_ask(f, CONTROL, GPU_RESOURCE_ATTACH_BACKING, words, 6),
                     GPU_INVALID_PARAMETER);
    words[1] = 0xffffffff;
    assert_int_equal(gpu_ask(f, CONTROL, GPU_RESOURCE_ATTACH_BACKING, words, 6),
                     GPU_INVALID_PARAMETER);
    words[1] = 1;
    assert_int_equal(gpu_ask(f, CONTROL, GPU_RESOURCE_ATTACH_BACKING, words, 6),
                     OK);
}

static void commands_are_known_and_whole(void **state)
{
    struct fixture *f = *state;
    static const struct {
        uint32_t type;
        unsigned words; /* that it needs at least */
    } commands[] = {
        { GPU_RESOURCE_CREATE_2D, 4 },
        { GPU_RESOURCE_UNREF, 2 },
        { GPU_SET_SCANOUT, 6 },
        { GPU_RESOURCE_FLUSH, 6 },
        { GPU_TRANSFER_TO_HOST_2D, 8 },
        { GPU_RESOURCE_ATTACH_BACKING, 2 },
        { GPU_RESOURCE_DETACH_BACKING, 2 },
    };
    uint32_t words[8] = { 1, 1, 1, 1, 1, 1, 1, 1 };

    virtio_start(f, GPU, 2);
    assert_int_equal(gpu_ask(f, CONTROL, 0, NULL, 0), GPU_ERROR);
    assert_int_equal(gpu_ask(f, CONTROL, 0x108, words, 8), GPU_ERROR);
    assert_int_equal(gpu_ask(f, CONTROL, 0xffffffff, words, 8), GPU_ERROR);
    for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        assert_int_equal(
            gpu_ask(f, CONTROL, commands[i].type, words, commands[i].words - 1),
            GPU_INVALID_PARAMETER);
        assert_int_not_equal(
            gpu_ask(f, CONTROL, commands[i].type, words, commands[i].words),
            GPU_ERROR);
        assert_int_equal(gpu_ask(f, CURSOR, commands[i].type, words, 8),
                         GPU_ERROR);
    }
    assert_int_equal(gpu_ask(f, CONTROL, GPU_MOVE_CURSOR, words, 8), GPU_ERROR);
    assert_int_equal(gpu_ask(f, CURSOR, GPU_MOVE_CURSOR, words, 7),
                     GPU_INVALID_PARAMETER);
}

/* An answer is cut to its room; the command is carried out all the same. */
static void an_answer_fits_its_room(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, GPU, 2);
    assert_int_equal(gpu_create(f, 1, 2, 8, 4), OK);
    bus_put(f, GPU_COMMAND, 4, GPU_RESOURCE_UNREF);
    bus_put(f, GPU_COMMAND + 24, 4, 1);
    virtio_describe(f, DESC(0), 0, GPU_COMMAND, 32, 0, 0);
    virtio_submit(f, GPU, 0, 0);
    assert_int_equal(virtio_used(f, 0), 2);
    assert_int_equal(virtio_used_length(f, 0, 1), 0);
    assert_int_equal(gpu_unref(f, 1), GPU_INVALID_RESOURCE);
    bus_put(f, GPU_COMMAND, 4, GPU_GET_DISPLAY_INFO);
    bus_put(f, GPU_ANSWER + 32, 8, 0x5555);
    virtio_describe(f, DESC(0), 0, GPU_COMMAND, 24, NEXT, 1);
    virtio_describe(f, DESC(0), 1, GPU_ANSWER, 32, WRITE, 0);
    virtio_submit(f, GPU, 0, 0);
    assert_int_equal(virtio_used_length(f, 0, 3), 32);
    assert_int_equal(bus_get(f, GPU_ANSWER, 4), GPU_OK_DISPLAY_INFO);
    assert_int_equal(bus_get(f, GPU_ANSWER + 32, 8), 0x5555);
    /* A chain with nothing in it to read is no command. */
    virtio_describe(f, DESC(0), 0, GPU_ANSWER, 64, WRITE, 0);
    virtio_submit(f, GPU, 0, 0);
    assert_int_equal(bus_get(f, GPU_ANSWER, 4), GPU_ERROR);
}

static void pictures_have_bounded_memory(void **state)
{
    struct fixture *f = *state;
    struct gpu_resources *all = &f->devices.gpu.resources;
    uint64_t most =
        (UINT64_C(64) << 20) + UINT64_C(16) * FIXTURE_WIDTH * FIXTURE_HEIGHT;

    virtio_start(f, GPU, 2);
    assert_int_equal(gpu_create(f, 1, 1, 0xffffffff, 0xffffffff),
                     GPU_OUT_OF_MEMORY);
    assert_int_equal(gpu_create(f, 1, 1, 0x10000, 0x10000), GPU_OUT_OF_MEMORY);
    assert_int_equal(gpu_create(f, 1, 1, 0x80000000, 2), GPU_OUT_OF_MEMORY);
    assert_int_equal(gpu_create(f, 1, 1, DISPLAY_SIDE_MAX + 1, 1),
                     GPU_OUT_OF_MEMORY);
    assert_int_equal(gpu_create(f, 1, 1, 1, DISPLAY_SIDE_MAX + 1),
                     GPU_OUT_OF_MEMORY);
    assert_int_equal(gpu_create(f, 1, 1, DISPLAY_SIDE_MAX, 1), OK);
    assert_int_equal(gpu_unref(f, 1), OK);
    assert_int_equal(gpu_create(f, 1, 1, 4096, 4096), OK);
    assert_int_equal(gpu_create(f, 2, 1, 4096, 4096), GPU_OUT_OF_MEMORY);
    for (uint32_t id = 2; all->bytes < most; id++) {
        uint64_t rest = (most - all->bytes) / 4;

        assert_int_equal(gpu_create(f, id, 1, rest < 4096 ? (uint32_t)rest : 64,
                                    rest < 4096 ? 1 : 64),
                         OK);
        assert_true(all->bytes <= most);
    }
    assert_int_equal(gpu_create(f, 99, 1, 1, 1), GPU_OUT_OF_MEMORY);
    assert_int_equal(gpu_unref(f, 1), OK);
    assert_int_equal(gpu_create(f, 99, 1, 4096, 4096), OK);
}

static void pictures_and_entries_are_counted(void **state)
{
    struct fixture *f = *state;
    static uint32_t words[2 + 4 * 256];

    virtio_start(f, GPU, 2);
    for (uint32_t id = 1; id <= GPU_RESOURCES; id++)
        assert_int_equal(gpu_create(f, id, 1, 1, 1), OK);
    assert_int_equal(gpu_create(f, 0xffffffff, 1, 1, 1), GPU_OUT_OF_MEMORY);
    words[1] = 256;
    for (unsigned i = 0; i < 256; i++)
        words[2 + 4 * i] = (uint32_t)GPU_PIXELS;
    for (words[0] = 1; words[0] <= GPU_ENTRIES / 256; words[0]++)
        assert_int_equal(gpu_ask(f, CONTROL, GPU_RESOURCE_ATTACH_BACKING, words,
                                 sizeof words / 4),
                         OK);
    assert_int_equal(gpu_attach(f, 1000, GPU_PIXELS, 4), GPU_OUT_OF_MEMORY);
    /* What goes makes room. */
    assert_int_equal(gpu_unref(f, 1), OK);
    assert_int_equal(gpu_attach(f, 1000, GPU_PIXELS, 4), OK);
    assert_int_equal(gpu_create(f, 0xffffffff, 1, 1, 1), OK);
}

static void nothing_is_shown_when_its_picture_goes(void **state)
{
    struct fixture *f = *state;
    struct display_rect all = RECT_OF(0, 0, 8, 4);

    virtio_start(f, GPU, 2);
    make_picture(f, 1, 8, 4);
    assert_int_equal(gpu_scanout(f, 1, all), OK);
    assert_int_equal(pixel(f, 3, 3), colour(3, 3));
    assert_int_equal(gpu_scanout(f, 0, RECT_OF(0, 0, 0, 0)), OK);
    assert_int_equal(pixel(f, 3, 3), 0);
    assert_int_equal(gpu_flush(f, 1, all), OK); /* seen by nobody */
    assert_int_equal(pixel(f, 3, 3), 0);
    assert_int_equal(gpu_scanout(f, 1, all), OK);
    assert_int_equal(gpu_unref(f, 1), OK);
    assert_int_equal(pixel(f, 3, 3), 0);
    /* Another one of that id is another one. */
    make_picture(f, 1, 8, 4);
    assert_int_equal(gpu_flush(f, 1, all), OK);
    assert_int_equal(pixel(f, 3, 3), 0);
}

static void a_reset_makes_the_screen_its_own_again(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, GPU, 2);
    make_picture(f, 1, 64, 64);
    assert_int_equal(gpu_scanout(f, 1, RECT_OF(0, 0, 8, 4)), OK);
    assert_int_equal(gpu_cursor(f, GPU_UPDATE_CURSOR, 1, 1, 1), OK);
    virtio_set(f, GPU, V_STATUS, 0);
    assert_int_equal(f->display.width, FIXTURE_WIDTH);
    assert_int_equal(f->display.height, FIXTURE_HEIGHT);
    assert_int_equal(pixel(f, 3, 3), 0);
    assert_false(f->display.cursor.visible);
    assert_int_equal(f->devices.gpu.resources.count, 0);
    assert_int_equal(f->devices.gpu.resources.bytes, 0);
}

static void the_cursor_is_a_picture_of_64_by_64(void **state)
{
    struct fixture *f = *state;
    const struct display_cursor *c = &f->display.cursor;

    virtio_start(f, GPU, 2);
    make_picture(f, 1, 64, 64);
    assert_int_equal(gpu_create(f, 2, 1, 64, 63), OK);
    assert_int_equal(gpu_cursor(f, GPU_UPDATE_CURSOR, 2, 5, 6),
                     GPU_INVALID_PARAMETER);
    assert_int_equal(gpu_create(f, 3, 1, 65, 64), OK);
    assert_int_equal(gpu_cursor(f, GPU_UPDATE_CURSOR, 3, 5, 6),
                     GPU_INVALID_PARAMETER);
    assert_false(c->visible);
    assert_int_equal(gpu_cursor(f, GPU_UPDATE_CURSOR, 1, 5, 6), OK);
    assert_true(c->visible);
    assert_int_equal(c->x, 5);
    assert_int_equal(c->y, 6);
    assert_int_equal(c->hot_x, 1);
    assert_int_equal(c->hot_y, 2);
    assert_int_equal(c->image[64 * 3 + 4], 0xff000000 | colour(4, 3));
    /* A move changes nothing else, and may go outside. */
    assert_int_equal(
        gpu_cursor(f, GPU_MOVE_CURSOR, 77, (uint32_t)-3, 0x7fffffff), OK);
    assert_true(c->visible);
    assert_int_equal(c->x, -3);
    assert_int_equal(c->y, 0x7fffffff);
    assert_int_equal(gpu_ask(f, CURSOR, GPU_MOVE_CURSOR,
                             (uint32_t[]){ 1, 0, 0, 0, 0, 0, 0, 0 }, 8),
                     GPU_INVALID_SCANOUT);
    assert_int_equal(c->x, -3);
    assert_int_equal(gpu_cursor(f, GPU_UPDATE_CURSOR, 0, 1, 1), OK);
    assert_false(c->visible);
    /* As Linux sends it: with no room for an answer. */
    virtio_describe(f, DESC(1), 0, GPU_COMMAND, 56, 0, 0);
    bus_put(f, GPU_COMMAND, 4, GPU_UPDATE_CURSOR);
    bus_put(f, GPU_COMMAND + CURSOR_ID, 4, 1);
    virtio_submit(f, GPU, 1, 0);
    assert_true(c->visible);
}

/* ---- its state ---- */

#define STATE_MOST (1 << 20)

static size_t save(struct fixture *f, uint8_t *bytes)
{
    struct state_bytes s = state_bytes_of(bytes, STATE_MOST, true);

    virtio_gpu_state(&f->devices.gpu, &s.state);
    assert_false(s.state.bad);
    return s.at;
}

static bool load(struct fixture *f, uint8_t *bytes, size_t n)
{
    struct state_bytes s = state_bytes_of(bytes, n, false);

    virtio_gpu_state(&f->devices.gpu, &s.state);
    return !s.state.bad && s.at == n;
}

static void its_state_is_the_same_when_it_is_loaded(void **state)
{
    struct fixture *f = *state, *g;
    static uint8_t first[STATE_MOST], second[STATE_MOST];
    struct display_rect all = RECT_OF(0, 0, 64, 64);
    void *other;
    size_t n;

    virtio_start(f, GPU, 2);
    make_picture(f, 3, 64, 64);
    assert_int_equal(gpu_create(f, 1, GPU_A8R8G8B8, 3, 5), OK);
    assert_int_equal(gpu_scanout(f, 3, RECT_OF(1, 2, 60, 50)), OK);
    assert_int_equal(gpu_cursor(f, GPU_UPDATE_CURSOR, 3, 5, (uint32_t)-6), OK);
    n = save(f, first);
    fixture_set_up(&other);
    g = other;
    assert_true(load(g, first, n));
    assert_int_equal(save(g, second), n);
    assert_memory_equal(first, second, n);
    assert_int_equal(g->devices.gpu.resources.entries, 1);
    /* It goes on as the first does. */
    virtio_start(f, GPU, 2);
    assert_int_equal(f->devices.gpu.resources.count, 0);
    assert_true(load(f, first, n));
    paint(f, 64, 64);
    bus_put(f, GPU_PIXELS + 4 * (2 * 64 + 1), 4, 0x123456);
    assert_int_equal(gpu_transfer(f, 3, all, 0), OK);
    assert_int_equal(gpu_flush(f, 3, all), OK);
    assert_int_equal(pixel(f, 0, 0), 0x123456);
    /* Less of it is not it. */
    assert_false(load(g, first, n - 1));
    fixture_tear_down(&other);
}

/* The words of the scanout are the last five: id, x, y, width, height. */
static void what_is_shown_and_read_must_be_there(void **state)
{
    struct fixture *f = *state;
    static uint8_t good[STATE_MOST], bad[STATE_MOST];
    uint8_t address[8];
    size_t n, at = 0;

    little_endian_put(address, 8, GPU_PIXELS);
    virtio_start(f, GPU, 2);
    make_picture(f, 3, 8, 8);
    assert_int_equal(gpu_scanout(f, 3, RECT_OF(1, 2, 5, 4)), OK);
    n = save(f, good);
    for (unsigned word = 1; word <= 5; word++) {
        memcpy(bad, good, n);
        bad[n - 4 * word] = 7;
        assert_false(load(f, bad, n));
        virtio_start(f, GPU, 2);
    }
    memcpy(bad, good, n);
    while (memcmp(bad + at, address, 8) != 0)
        assert_true(++at < n);
    bad[at + 3] = 0; /* below the RAM */
    assert_false(load(f, bad, n));
    virtio_start(f, GPU, 2);
    assert_true(load(f, good, n));
}

static void what_cannot_be_is_not_loaded(void **state)
{
    struct fixture *f = *state;
    static uint8_t good[STATE_MOST], bad[STATE_MOST];
    size_t n;

    state_bytes_seed();
    virtio_start(f, GPU, 2);
    make_picture(f, 3, 8, 8);
    assert_int_equal(gpu_scanout(f, 3, RECT_OF(0, 0, 8, 8)), OK);
    n = save(f, good);
    for (unsigned round = 0; round < 2000; round++) {
        memcpy(bad, good, n);
        for (unsigned k = 0; k < 4;
             k++) /* of words, most of them few bytes in */
            bad[(unsigned)rand() % (k % 2 ? n : 16)] = (uint8_t)rand();
        if (round % 8 == 0)
            for (size_t k = 8; k < n; k++)
                bad[k] = (uint8_t)rand();
        if (!load(f, bad, round % 3 ? n : (unsigned)rand() % n))
            continue;
        virtio_start(f, GPU, 2);
        gpu_flush(f, 3, RECT_OF(0, 0, 8, 8));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(it_has_one_scanout_of_the_displays_size),
        FIXTURE_TEST(a_picture_is_seen_when_it_is_the_scanout),
        FIXTURE_TEST(a_change_is_seen_when_it_is_flushed),
        FIXTURE_TEST(it_does_not_matter_in_what_pieces_it_comes),
        FIXTURE_TEST(what_has_not_changed_is_not_dirty),
        FIXTURE_TEST(a_part_of_a_picture_can_be_the_scanout),
        FIXTURE_TEST(a_transfer_takes_its_rectangle_from_its_offset),
        FIXTURE_TEST(a_backing_may_be_in_pieces),
        FIXTURE_TEST(every_format_has_its_order_of_bytes),
        FIXTURE_TEST(a_fence_comes_back_with_its_number),
        FIXTURE_TEST(what_is_not_there_is_refused),
        FIXTURE_TEST(rectangles_are_inside_their_picture),
        FIXTURE_TEST(a_transfer_is_inside_its_backing),
        FIXTURE_TEST(a_backing_is_in_ram),
        FIXTURE_TEST(entries_are_as_many_as_the_command_says),
        FIXTURE_TEST(commands_are_known_and_whole),
        FIXTURE_TEST(an_answer_fits_its_room),
        FIXTURE_TEST(pictures_have_bounded_memory),
        FIXTURE_TEST(pictures_and_entries_are_counted),
        FIXTURE_TEST(nothing_is_shown_when_its_picture_goes),
        FIXTURE_TEST(a_reset_makes_the_screen_its_own_again),
        FIXTURE_TEST(the_cursor_is_a_picture_of_64_by_64),
        FIXTURE_TEST(its_state_is_the_same_when_it_is_loaded),
        FIXTURE_TEST(what_is_shown_and_read_must_be_there),
        FIXTURE_TEST(what_cannot_be_is_not_loaded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
