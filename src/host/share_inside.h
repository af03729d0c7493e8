/*
 * What the parts of the 9P server share. A function that returns an int
 * returns 0, or the error number that the guest gets.
 */
#ifndef POGO_HOST_SHARE_INSIDE_H
#define POGO_HOST_SHARE_INSIDE_H

#include <limits.h>
#include <sys/stat.h>

#include "host/p9.h"
#include "host/share.h"
#include "host/share_message.h"

/* ---- share_path.c: never out of the folder ---- */

/*
 * Paths are relative to the folder, names with '/' between them; "" is the
 * folder itself. No name is "", "." or "..": there is no way up.
 */
bool share_name_is_good(const char *name, size_t n);
bool share_path_is_good(const char *path, size_t n);

/* `path`, in PATH_MAX bytes, and then the name. ENAMETOOLONG. */
int share_path_join(char *path, const char *name);

/* The folder that the path is in; of "" itself. */
void share_path_up(char *path);

/* Is `path` at or below `top`? */
bool share_path_is_under(const char *path, const char *top);

/*
 * open(2) of what is at the path and no symlink, through no symlink. With
 * O_CREAT: `mode`. Returns the descriptor, or -1 with errno.
 */
int share_path_open(const struct share *s, const char *path, int flags,
                    mode_t mode);

/* An O_PATH descriptor of the folder that the path is in, and the name there:
   "." for "". -1: errno. */
int share_path_parent(const struct share *s, const char *path,
                      const char **name);

/* As lstat(2). */
int share_path_stat(const struct share *s, const char *path, struct stat *st);

/* ---- share_fids.c: what the guest has a number for ---- */

struct share_listing;

struct share_fid {
    struct share_fid *next; /* in its bucket */
    uint32_t number;
    uint32_t flags; /* enum p9_open, once it is open */
    bool open;
    bool
        gone; /* its file has lost the path: removed, or not there on loading */
    int fd;   /* -1: none, so that what is at the path is meant */
    char *path;
    struct share_listing *listing; /* of a folder; NULL: not read */
};

/* NULL: no such fid. */
struct share_fid *share_fid_find(const struct share *s, uint32_t number);

/* EBADF: the number is in use, or not for fids. ENFILE: there are too many. */
int share_fid_add(struct share *s, uint32_t number, const char *path,
                  struct share_fid **out);
int share_fid_set_path(struct share_fid *f, const char *path);
void share_fid_drop(struct share *s, struct share_fid *f);
void share_fids_drop(struct share *s);

/* The fid owns the descriptor from now on. EMFILE: one too many; it is closed.
 */
int share_fid_take(struct share *s, struct share_fid *f, int fd);

/* No file any more: the path may name another one from now on, and a fid
   without a descriptor has nothing. */
static inline bool share_fid_is_stale(const struct share_fid *f)
{
    return f->gone && f->fd < 0;
}

/* What is at `path` was removed, or has got the path `to`. */
void share_fids_removed(struct share *s, const char *path);
void share_fids_moved(struct share *s, const char *path, const char *to);

int share_fid_stat(const struct share *s, const struct share_fid *f,
                   struct stat *st);

/* The fid's path, or ESTALE where it has none any more. */
int share_fid_path(const struct share_fid *f, const char **path);

/* ---- messages ---- */

/* The fields of a request, each kind numbered from 0 in their order. */
struct share_call {
    struct share_fid *fid[2];  /* not stale, but for Tclunk and Tremove */
    char name[2][P9_NAME + 1]; /* good ones */
    struct share_text text[2];
    uint64_t number[9];
    struct share_reader rest;
};

/* What a message does. Of a reply that turns out an error nothing is sent. */
typedef int share_handler(struct share *s, struct share_call *c,
                          struct share_writer *out);

void share_put_qid(const struct share *s, struct share_writer *out,
                   const struct stat *st);

/* share_walk.c */
share_handler share_attach, share_walk, share_clunk;
/* share_attr.c */
share_handler share_getattr, share_setattr, share_statfs;
/* share_file.c */
share_handler share_lopen, share_lcreate, share_read, share_write, share_fsync,
    share_lock, share_getlock;
/* share_list.c */
share_handler share_readdir;
/* share_names.c */
share_handler share_mkdir, share_symlink, share_readlink, share_link,
    share_rename, share_renameat, share_unlinkat, share_remove;

/* Opens the file or folder at the path; `flags` are enum p9_open's. */
int share_file_open(const struct share *s, const char *path, uint32_t flags,
                    int *fd);

void share_listing_free(struct share *s, struct share_fid *f);

#endif
