#include "cli/disk_setting.h"

#include <string.h>
#include <sys/stat.h>

/* One word behind a comma. */
static bool disk_word(const char *word, struct disk_setting *out)
{
    static const char overlay[] = "overlay=";
    size_t n = sizeof overlay - 1;

    if (strcmp(word, "ro") == 0) {
        out->read_only = true;
        return true;
    }
    if (strcmp(word, "rw") == 0)
        return true;
    if (strncmp(word, overlay, n) != 0 || !word[n] || out->overlay[0] ||
        strlen(word + n) >= sizeof out->overlay)
        return false;
    strcpy(out->overlay, word + n);
    return true;
}

bool disk_setting(const char *text, struct disk_setting *out)
{
    char *comma;
    bool last = true;

    *out = (struct disk_setting){ .read_only = false };
    if (strlen(text) >= sizeof out->path)
        return false;
    strcpy(out->path, text);
    while ((comma = strrchr(out->path, ','))) {
        if (!disk_word(comma + 1, out)) {
            if (last || strncmp(comma + 1, "overlay=", 8) == 0)
                return false;
            break; /* of the path */
        }
        *comma = '\0';
        last = false;
    }
    return out->path[0] && !(out->read_only && out->overlay[0]);
}

static bool same_file(const char *a, const char *b)
{
    struct stat s, t;

    return a[0] && b[0] && !stat(a, &s) && !stat(b, &t) &&
           s.st_dev == t.st_dev && s.st_ino == t.st_ino;
}

static const char *written(const struct disk_setting *d)
{
    return d->read_only ? "" : d->overlay[0] ? d->overlay : d->path;
}

bool disk_settings_clash(const struct disk_setting *a,
                         const struct disk_setting *b)
{
    return same_file(written(a), b->path) || same_file(written(b), a->path) ||
           same_file(a->overlay, b->overlay) ||
           (a->overlay[0] && strcmp(a->overlay, b->overlay) == 0) ||
           (*written(a) && strcmp(written(a), b->path) == 0) ||
           (*written(b) && strcmp(written(b), a->path) == 0);
}
