#include "cli/share_setting.h"

#include <string.h>

bool share_setting(const char *text, struct share_setting *out)
{
    char *comma;

    *out = (struct share_setting){ .read_only = false };
    if (strlen(text) >= sizeof out->path)
        return false;
    strcpy(out->path, text);
    comma = strrchr(out->path, ',');
    if (comma) {
        out->read_only = strcmp(comma, ",ro") == 0;
        if (!out->read_only && strcmp(comma, ",rw") != 0)
            return false;
        *comma = '\0';
    }
    return out->path[0];
}
