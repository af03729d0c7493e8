#include "ui/png.h"

#include <errno.h>
#include <limits.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define RGB_BYTES 3

/* The picture as bytes: R, G, B, pixel by pixel. NULL: no memory. */
static uint8_t *rgb_of(const struct display *d)
{
    uint8_t *rgb = malloc((size_t)d->width * d->height * RGB_BYTES), *to = rgb;
    uint32_t *row = malloc(d->width * sizeof *row);

    for (uint32_t y = 0; rgb && row && y < d->height; y++) {
        display_look(
            d, (struct display_rect){ .y = y, .width = d->width, .height = 1 },
            row, d->width);
        for (uint32_t x = 0; x < d->width; x++) {
            *to++ = (uint8_t)(row[x] >> 16);
            *to++ = (uint8_t)(row[x] >> 8);
            *to++ = (uint8_t)row[x];
        }
    }
    if (!row) {
        free(rgb);
        rgb = NULL;
    }
    free(row);
    return rgb;
}

/* libpng's own functions leave errno as it was set by the writes below them. */
static bool write_file(const struct display *d, const uint8_t *rgb,
                       const char *path)
{
    png_image image = { .version = PNG_IMAGE_VERSION,
                        .width = d->width,
                        .height = d->height,
                        .format = PNG_FORMAT_RGB };
    FILE *f = fopen(path, "wb");
    bool ok;

    if (!f)
        return false;
    errno = EIO;
    ok = png_image_write_to_stdio(&image, f, 0, rgb, 0, NULL);
    png_image_free(&image);
    return fclose(f) == 0 && ok;
}

/* A pipe or a device is written as it is. */
static bool is_special(const char *path)
{
    struct stat s;

    return stat(path, &s) == 0 && !S_ISREG(s.st_mode);
}

enum status png_write(const struct display *d, const char *path)
{
    bool direct = is_special(path), ok;
    char part[PATH_MAX];
    uint8_t *rgb;

    if (snprintf(part, sizeof part, "%s%s", path, direct ? "" : ".part") >=
        (int)sizeof part) {
        errno = ENAMETOOLONG;
        return STATUS_IO;
    }
    rgb = rgb_of(d);
    if (!rgb)
        return STATUS_NO_MEMORY;
    ok = write_file(d, rgb, part);
    free(rgb);
    if (ok && !direct)
        ok = rename(part, path) == 0;
    if (!ok && !direct) {
        int error = errno;

        remove(part);
        errno = error;
    }
    return ok ? STATUS_OK : STATUS_IO;
}
