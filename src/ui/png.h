/* What a screen shows, as a PNG file: 8 bits each of red, green and blue. */
#ifndef POGO_UI_PNG_H
#define POGO_UI_PNG_H

#include "devices/display.h"

/*
 * Writes what is seen of `d` to `path`. A file of that name is replaced once
 * the new one is whole: until then it is `path`.part. STATUS_IO: it cannot be
 * written (errno); STATUS_NO_MEMORY.
 */
enum status png_write(const struct display *d, const char *path);

#endif
