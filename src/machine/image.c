#include "machine/image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/error_say.h"

#define FIRST_BUFFER 65536

struct image image_of(const char *name, const void *bytes, size_t size)
{
    return (struct image){ .name = name, .bytes = bytes, .size = size };
}

void image_free(struct image *i)
{
    if (i->owned)
        free((void *)i->bytes);
    *i = (struct image){ 0 };
}

/* More than `limit` is noticed by reading one byte too many, so that an
   endless file (/dev/zero) ends the reading too. */
static enum status read_all(FILE *f, struct image *i, uint64_t limit)
{
    size_t room = FIRST_BUFFER, got;
    uint8_t *bytes = malloc(room), *more;

    i->size = 0;
    i->owned = true;
    i->bytes = bytes;
    while (bytes) {
        got = fread(bytes + i->size, 1, room - i->size, f);
        i->size += got;
        if (i->size > limit)
            return STATUS_TOO_BIG;
        if (got == 0)
            return ferror(f) ? STATUS_IO : STATUS_OK;
        if (i->size < room)
            continue;
        room *= 2;
        more = realloc(bytes, room);
        if (!more)
            break;
        i->bytes = bytes = more;
    }
    return STATUS_NO_MEMORY;
}

static enum status say_read(enum status s, const char *path, uint64_t limit,
                            int error_number, struct error *e)
{
    if (s == STATUS_TOO_BIG)
        return error_say(e, s,
                         "'%s' is larger than the machine's memory of "
                         "%llu bytes: give the machine more with --memory",
                         path, (unsigned long long)limit);
    if (s == STATUS_NO_MEMORY)
        return error_say(e, s, "'%s' does not fit into this host's memory",
                         path);
    return error_say(e, s, "'%s' cannot be read (%s): name a readable file",
                     path, strerror(error_number));
}

enum status image_read(struct image *i, const char *path, bool gunzip,
                       uint64_t limit, struct error *e)
{
    FILE *f = fopen(path, "rb");
    enum status s;

    *i = (struct image){ .name = path };
    if (!f)
        return say_read(STATUS_IO, path, limit, errno, e);
    s = read_all(f, i, limit);
    if (s != STATUS_OK)
        say_read(s, path, limit, errno, e);
    else if (i->size == 0)
        s = error_say(e, STATUS_BAD_FORMAT,
                      "'%s' is empty: name a file with something in it", path);
    else if (gunzip)
        s = image_gunzip(i, limit, e);
    fclose(f);
    if (s != STATUS_OK)
        image_free(i);
    return s;
}
