/*
 * The fids of a shared folder. One stands for a path, so that it costs no
 * descriptor, until it is opened; when the guest renames or removes what is at
 * the path, the fids follow.
 */
#define _GNU_SOURCE /* F_DUPFD_CLOEXEC */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/share_inside.h"

struct share_fid *share_fid_find(const struct share *s, uint32_t number)
{
    struct share_fid *f = s->bucket[number % SHARE_BUCKETS];

    while (f && f->number != number)
        f = f->next;
    return f;
}

int share_fid_add(struct share *s, uint32_t number, const char *path,
                  struct share_fid **out)
{
    struct share_fid **end = &s->bucket[number % SHARE_BUCKETS], *f;

    if (number == P9_NO_FID || share_fid_find(s, number))
        return EBADF;
    if (s->fids == SHARE_FIDS)
        return ENFILE;
    f = calloc(1, sizeof *f);
    if (!f)
        return ENOMEM;
    f->number = number;
    f->fd = -1;
    f->path = strdup(path);
    if (!f->path) {
        free(f);
        return ENOMEM;
    }
    while (*end)
        end = &(*end)->next;
    *end = f;
    s->fids++;
    *out = f;
    return 0;
}

int share_fid_set_path(struct share_fid *f, const char *path)
{
    char *copy = strdup(path);

    if (!copy)
        return ENOMEM;
    free(f->path);
    f->path = copy;
    return 0;
}

int share_fid_take(struct share *s, struct share_fid *f, int fd)
{
    if (s->files == SHARE_FILES) {
        close(fd);
        return EMFILE;
    }
    s->files++;
    f->fd = fd;
    return 0;
}

void share_fid_drop(struct share *s, struct share_fid *f)
{
    struct share_fid **at = &s->bucket[f->number % SHARE_BUCKETS];

    while (*at != f)
        at = &(*at)->next;
    *at = f->next;
    s->fids--;
    if (f->fd >= 0) {
        close(f->fd);
        s->files--;
    }
    share_listing_free(s, f);
    free(f->path);
    free(f);
}

void share_fids_drop(struct share *s)
{
    for (unsigned i = 0; i < SHARE_BUCKETS; i++)
        while (s->bucket[i])
            share_fid_drop(s, s->bucket[i]);
}

/* Calls `change` for all fids that still have a path at or below `path`. */
static void for_all_under(struct share *s, const char *path,
                          void (*change)(struct share *s, struct share_fid *f,
                                         const char *path, const void *context),
                          const void *context)
{
    for (unsigned i = 0; i < SHARE_BUCKETS; i++)
        for (struct share_fid *f = s->bucket[i]; f; f = f->next)
            if (!f->gone && share_path_is_under(f->path, path))
                change(s, f, path, context);
}

/* One of several fids of the same file may have it open: then the others have
   it still. */
static void remove_one(struct share *s, struct share_fid *f, const char *path,
                       const void *context)
{
    const struct share_fid *open = context;
    int fd;

    f->gone = true;
    if (f->fd >= 0 || !open || strcmp(f->path, path) != 0)
        return;
    fd = fcntl(open->fd, F_DUPFD_CLOEXEC, 0);
    if (fd >= 0)
        share_fid_take(s, f, fd); /* else it is stale */
}

void share_fids_removed(struct share *s, const char *path)
{
    const struct share_fid *open = NULL;

    for (unsigned i = 0; i < SHARE_BUCKETS && !open; i++)
        for (const struct share_fid *f = s->bucket[i]; f && !open; f = f->next)
            if (!f->gone && f->fd >= 0 && strcmp(f->path, path) == 0)
                open = f;
    for_all_under(s, path, remove_one, open);
}

static void move_one(struct share *s, struct share_fid *f, const char *path,
                     const void *context)
{
    const char *to = context, *rest = f->path + strlen(path);
    size_t n = strlen(to) + strlen(rest) + 1;
    char *moved = n <= PATH_MAX ? malloc(n) : NULL;

    (void)s;
    if (!moved) {
        f->gone = true;
        return;
    }
    strcpy(moved, to);
    strcat(moved, rest);
    free(f->path);
    f->path = moved;
}

void share_fids_moved(struct share *s, const char *path, const char *to)
{
    for_all_under(s, path, move_one, to);
}

int share_fid_stat(const struct share *s, const struct share_fid *f,
                   struct stat *st)
{
    if (f->fd >= 0)
        return fstat(f->fd, st) == 0 ? 0 : errno;
    return share_path_stat(s, f->path, st);
}

int share_fid_path(const struct share_fid *f, const char **path)
{
    *path = f->path;
    return f->gone ? ESTALE : 0;
}
