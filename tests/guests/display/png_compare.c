/*
 * png-compare A B: prints in how many pixels two pictures differ. Their sizes
 * are the same, or that is an error.
 */
#include <png.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct picture {
    png_image image;
    uint8_t *rgb;
};

static void read_picture(struct picture *p, const char *path)
{
    *p = (struct picture){ .image = { .version = PNG_IMAGE_VERSION } };
    if (png_image_begin_read_from_file(&p->image, path)) {
        p->image.format = PNG_FORMAT_RGB;
        p->rgb = malloc(PNG_IMAGE_SIZE(p->image));
        if (p->rgb && png_image_finish_read(&p->image, NULL, p->rgb, 0, NULL))
            return;
    }
    fprintf(stderr, "%s cannot be read: %s\n", path, p->image.message);
    exit(1);
}

int main(int argc, char **argv)
{
    struct picture a, b;
    size_t different = 0;

    if (argc != 3)
        return 1;
    read_picture(&a, argv[1]);
    read_picture(&b, argv[2]);
    if (a.image.width != b.image.width || a.image.height != b.image.height) {
        fprintf(stderr, "they are not of one size\n");
        return 1;
    }
    for (size_t i = 0; i < PNG_IMAGE_SIZE(a.image); i += 3)
        different += memcmp(a.rgb + i, b.rgb + i, 3) != 0;
    printf("%zu\n", different);
    free(a.rgb);
    free(b.rgb);
    return 0;
}
