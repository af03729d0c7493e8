/* `--share DIR[,ro|,rw]`: what it says. */
#ifndef POGO_CLI_SHARE_SETTING_H
#define POGO_CLI_SHARE_SETTING_H

#include <limits.h>

#include "base/bits.h"

struct share_setting {
    char path[PATH_MAX];
    bool read_only;
};

/*
 * Reads a --share value. A path with a comma in it needs one of the words.
 * False: what is behind the last comma is something else, or the path is empty
 * or too long.
 */
bool share_setting(const char *text, struct share_setting *out);

#endif
