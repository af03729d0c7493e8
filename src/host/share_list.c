/*
 * Reading a folder. Its names are taken all at once, and sorted, when the guest
 * begins, so that it sees each once, whatever it removes meanwhile, and in an
 * order that does not depend on the host's file system.
 */
#define _GNU_SOURCE /* qsort_r, F_DUPFD_CLOEXEC */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/share_inside.h"

/* The types of entries, which Linux takes from a mode. */
#define TYPE_OF(mode) ((mode) >> 12 & 017)

struct share_listing {
    char *names; /* one after another, each with its zero */
    size_t used, size;
    uint32_t *entry; /* where each begins, in order */
    size_t entries;
    size_t cost; /* bytes, as far as they count in share.listed */
};

void share_listing_free(struct share *s, struct share_fid *f)
{
    struct share_listing *l = f->listing;

    if (!l)
        return;
    s->listed -= l->cost;
    free(l->names);
    free(l->entry);
    free(l);
    f->listing = NULL;
}

/* Takes so many bytes of those that all listings together may have. */
static int account(struct share *s, struct share_listing *l, size_t bytes)
{
    if (bytes > SHARE_LISTINGS - s->listed)
        return ENOMEM;
    s->listed += bytes;
    l->cost += bytes;
    return 0;
}

static int add_name(struct share *s, struct share_listing *l, const char *name)
{
    size_t n = strlen(name) + 1;

    if (n > l->size - l->used) {
        size_t size = l->size + l->size / 2 + 4096;
        int error = account(s, l, size - l->size);
        char *names = error ? NULL : realloc(l->names, size);

        if (!names)
            return ENOMEM;
        l->names = names;
        l->size = size;
    }
    memcpy(l->names + l->used, name, n);
    l->used += n;
    l->entries++;
    return 0;
}

static int compare(const void *a, const void *b, void *names)
{
    const uint32_t *x = a, *y = b;

    return strcmp((char *)names + *x, (char *)names + *y);
}

static int sort(struct share *s, struct share_listing *l)
{
    size_t bytes = l->entries * sizeof *l->entry;
    int error = account(s, l, bytes);
    uint32_t at = 0;

    l->entry = error || !bytes ? NULL : malloc(bytes);
    if (!l->entry)
        return bytes ? ENOMEM : 0;
    for (size_t i = 0; i < l->entries; i++) {
        l->entry[i] = at;
        at += (uint32_t)strlen(l->names + at) + 1;
    }
    qsort_r(l->entry, l->entries, sizeof *l->entry, compare, l->names);
    return 0;
}

static int read_names(struct share *s, struct share_listing *l, int folder)
{
    int fd = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *d;
    int error = 0;

    if (!dir) {
        error = errno;
        if (fd >= 0)
            close(fd);
        return error;
    }
    rewinddir(dir); /* the descriptors have one position */
    while (!error && (errno = 0, d = readdir(dir)))
        error = add_name(s, l, d->d_name);
    if (!error)
        error = errno;
    closedir(dir);
    return error ? error : sort(s, l);
}

static int list(struct share *s, struct share_fid *f)
{
    int error;

    share_listing_free(s, f);
    f->listing = calloc(1, sizeof *f->listing);
    error = f->listing ? read_names(s, f->listing, f->fd) : ENOMEM;
    if (error)
        share_listing_free(s, f);
    return error;
}

/* One entry: qid offset type name. Nothing is said of one that has gone. */
static void put_entry(struct share *s, const struct share_fid *f, size_t i,
                      struct share_writer *out)
{
    const char *name = f->listing->names + f->listing->entry[i];
    bool up = strcmp(name, "..") == 0;
    struct stat st;

    if (up && !f->path[0]) /* the folder's parent is not the guest's */
        name = ".";
    if (fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return;
    share_put_qid(s, out, &st);
    share_put(out, 8, i + 1);
    share_put(out, 1, TYPE_OF(st.st_mode));
    share_put_text(out, up ? ".." : name, up ? 2 : strlen(name));
}

/* Treaddir: fid offset count. An offset is how many entries come before. */
int share_readdir(struct share *s, struct share_call *c,
                  struct share_writer *out)
{
    uint64_t i = c->number[0], count = c->number[1];
    struct share_writer entries = { 0 };
    struct share_fid *f = c->fid[0];
    size_t begin = out->used + 4;
    int error = 0;

    if (!f->open)
        return EBADF;
    if (share_room(out) < 4)
        return EMSGSIZE;
    if (i == 0 || !f->listing)
        error = list(s, f);
    if (error)
        return error;
    entries.bytes = out->bytes + begin;
    entries.max = out->max - begin < count ? out->max - begin : count;
    for (; i < f->listing->entries; i++) {
        size_t before = entries.used;

        put_entry(s, f, i, &entries);
        if (entries.full) {
            entries.used = before;
            break;
        }
    }
    if (entries.full && entries.used == 0)
        return EINVAL; /* not even one fits */
    share_put(out, 4, entries.used);
    share_put_bytes(out, entries.used);
    return 0;
}
