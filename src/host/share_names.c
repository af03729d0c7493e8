/* The names in a shared folder: making, changing and removing them. */
#define _GNU_SOURCE /* O_PATH, renameat */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/share_inside.h"

/* A name in an open folder, and the path of both. */
struct entry {
    int folder;
    const char *name;
    char path[PATH_MAX];
};

static void entry_close(struct entry *e)
{
    if (e->folder >= 0)
        close(e->folder);
}

/* `name` in the folder that f stands for. entry_close in any case. */
static int entry_in(const struct share *s, const struct share_fid *f,
                    const char *name, struct entry *e)
{
    const char *path;
    int error = share_fid_path(f, &path);

    e->folder = -1;
    e->name = name;
    if (error)
        return error;
    strcpy(e->path, path);
    e->folder = share_path_open(s, path, O_PATH | O_DIRECTORY, 0);
    return e->folder < 0 ? errno : share_path_join(e->path, name);
}

/* What f stands for. entry_close in any case. */
static int entry_of(const struct share *s, const struct share_fid *f,
                    struct entry *e)
{
    const char *path;
    int error = share_fid_path(f, &path);

    e->folder = -1;
    if (error)
        return error;
    strcpy(e->path, path);
    e->folder = share_path_parent(s, e->path, &e->name);
    return e->folder < 0 ? errno : 0;
}

/* `done` is what a system call returned that made the entry. */
static int answer_made(const struct share *s, const struct entry *e, int done,
                       struct share_writer *out)
{
    struct stat st;

    if (done != 0 || fstatat(e->folder, e->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return errno;
    share_put_qid(s, out, &st);
    return 0;
}

/* Tmkdir: fid name mode gid. */
int share_mkdir(struct share *s, struct share_call *c, struct share_writer *out)
{
    struct entry e;
    int error = entry_in(s, c->fid[0], c->name[0], &e);

    if (!error)
        error = answer_made(
            s, &e, mkdirat(e.folder, e.name, c->number[0] & 01777), out);
    entry_close(&e);
    return error;
}

/* Tsymlink: fid name target gid. It may say anything: nothing of ours ever
   follows it. */
int share_symlink(struct share *s, struct share_call *c,
                  struct share_writer *out)
{
    const struct share_text *text = &c->text[0];
    char target[PATH_MAX];
    struct entry e;
    int error;

    if (text->n >= sizeof target)
        return ENAMETOOLONG;
    if (text->n == 0 || memchr(text->bytes, '\0', text->n))
        return EINVAL;
    memcpy(target, text->bytes, text->n);
    target[text->n] = '\0';
    error = entry_in(s, c->fid[0], c->name[0], &e);
    if (!error)
        error = answer_made(s, &e, symlinkat(target, e.folder, e.name), out);
    entry_close(&e);
    return error;
}

/* Treadlink: fid. */
int share_readlink(struct share *s, struct share_call *c,
                   struct share_writer *out)
{
    char target[PATH_MAX];
    struct entry e;
    ssize_t n = 0;
    int error = entry_of(s, c->fid[0], &e);

    if (!error) {
        n = readlinkat(e.folder, e.name, target, sizeof target);
        error = n < 0 ? errno : 0;
    }
    entry_close(&e);
    if (!error)
        share_put_text(out, target, (size_t)n);
    return error;
}

/* Tlink: dfid fid name. */
int share_link(struct share *s, struct share_call *c, struct share_writer *out)
{
    struct entry from, to = { .folder = -1 };
    int error = entry_of(s, c->fid[1], &from);

    (void)out;
    if (!error)
        error = entry_in(s, c->fid[0], c->name[0], &to);
    if (!error && linkat(from.folder, from.name, to.folder, to.name, 0) != 0)
        error = errno;
    entry_close(&from);
    entry_close(&to);
    return error;
}

/* Where both are one, or two names of one file, nothing happens to the names,
   and nothing is to follow. */
static bool same_file(const struct entry *a, const struct entry *b)
{
    struct stat s, t;

    return fstatat(a->folder, a->name, &s, AT_SYMLINK_NOFOLLOW) == 0 &&
           fstatat(b->folder, b->name, &t, AT_SYMLINK_NOFOLLOW) == 0 &&
           s.st_dev == t.st_dev && s.st_ino == t.st_ino;
}

static int rename_entry(struct share *s, const struct entry *from,
                        const struct entry *to)
{
    bool same = same_file(from, to);

    if (renameat(from->folder, from->name, to->folder, to->name) != 0)
        return errno;
    if (same)
        return 0;
    share_fids_removed(s, to->path);
    share_fids_moved(s, from->path, to->path);
    return 0;
}

/* Trename: fid dfid name. */
int share_rename(struct share *s, struct share_call *c,
                 struct share_writer *out)
{
    struct entry from, to = { .folder = -1 };
    int error = entry_of(s, c->fid[0], &from);

    (void)out;
    if (!error)
        error = entry_in(s, c->fid[1], c->name[0], &to);
    if (!error)
        error = rename_entry(s, &from, &to);
    entry_close(&from);
    entry_close(&to);
    return error;
}

/* Trenameat: olddirfid oldname newdirfid newname. */
int share_renameat(struct share *s, struct share_call *c,
                   struct share_writer *out)
{
    struct entry from, to = { .folder = -1 };
    int error = entry_in(s, c->fid[0], c->name[0], &from);

    (void)out;
    if (!error)
        error = entry_in(s, c->fid[1], c->name[1], &to);
    if (!error)
        error = rename_entry(s, &from, &to);
    entry_close(&from);
    entry_close(&to);
    return error;
}

static int remove_entry(struct share *s, const struct entry *e, bool folder)
{
    if (unlinkat(e->folder, e->name, folder ? AT_REMOVEDIR : 0) != 0)
        return errno;
    share_fids_removed(s, e->path);
    return 0;
}

/* Tunlinkat: dirfid name flags. */
int share_unlinkat(struct share *s, struct share_call *c,
                   struct share_writer *out)
{
    struct entry e;
    int error = entry_in(s, c->fid[0], c->name[0], &e);

    (void)out;
    if (!error)
        error = remove_entry(s, &e, c->number[0] & P9_UNLINK_DIR);
    entry_close(&e);
    return error;
}

/* Tremove: fid. Whoever called drops it. */
int share_remove(struct share *s, struct share_call *c,
                 struct share_writer *out)
{
    struct entry e;
    struct stat st;
    int error = entry_of(s, c->fid[0], &e);

    (void)out;
    if (!error && fstatat(e.folder, e.name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        error = errno;
    if (!error)
        error = remove_entry(s, &e, S_ISDIR(st.st_mode));
    entry_close(&e);
    return error;
}
