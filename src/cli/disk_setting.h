/* `--disk FILE[,ro|,rw|,overlay=FILE2]`: what it says. */
#ifndef POGO_CLI_DISK_SETTING_H
#define POGO_CLI_DISK_SETTING_H

#include <limits.h>

#include "base/bits.h"

struct disk_setting {
    char path[PATH_MAX];
    char overlay[PATH_MAX]; /* "": writes go to the file itself */
    bool read_only;
};

/*
 * Reads a --disk value: a path, and behind commas "ro", "rw" or "overlay=" and
 * another path, which itself has none. A path with a comma in it needs one of
 * these words. False: what is behind the last comma is something else, or a
 * path is empty or too long, or the disk is both read-only and has an overlay.
 */
bool disk_setting(const char *text, struct disk_setting *out);

/*
 * Does one of them write a file that the other has too? Two overlays clash also
 * where they are not there yet and have one name.
 */
bool disk_settings_clash(const struct disk_setting *a,
                         const struct disk_setting *b);

#endif
