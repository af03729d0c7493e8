/* What a file's inode says, and its file system. */
#define _GNU_SOURCE /* O_PATH */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "host/share_inside.h"

static void put_time(struct share_writer *out, const struct timespec *t)
{
    share_put(out, 8, (uint64_t)t->tv_sec);
    share_put(out, 8, (uint64_t)t->tv_nsec);
}

/*
 * Tgetattr: fid request_mask. All basic fields are answered, always. Of a
 * folder for reading only, the time of access is that of the last change: who
 * else reads there, an earlier run perhaps, is nothing to the guest.
 */
int share_getattr(struct share *s, struct share_call *c,
                  struct share_writer *out)
{
    static const struct timespec none = { 0, 0 };
    struct stat st;
    int error = share_fid_stat(s, c->fid[0], &st);

    if (error)
        return error;
    share_put(out, 8, P9_GETATTR_BASIC);
    share_put_qid(s, out, &st);
    share_put(out, 4, st.st_mode);
    share_put(out, 4, st.st_uid);
    share_put(out, 4, st.st_gid);
    share_put(out, 8, st.st_nlink);
    share_put(out, 8, st.st_rdev);
    share_put(out, 8, (uint64_t)st.st_size);
    share_put(out, 8, (uint64_t)st.st_blksize);
    share_put(out, 8, (uint64_t)st.st_blocks);
    put_time(out, s->read_only ? &st.st_mtim : &st.st_atim);
    put_time(out, &st.st_mtim);
    put_time(out, &st.st_ctim);
    put_time(out, &none); /* btime */
    share_put(out, 8, 0); /* gen */
    share_put(out, 8, 0); /* data_version */
    return 0;
}

/* Tsetattr: fid valid mode uid gid size atime mtime, these with nanoseconds. */
enum setattr_field { VALID, MODE, UID, GID, SIZE, ATIME, MTIME = ATIME + 2 };

/* Where to change it: an open file, or a name in an open folder. */
struct place {
    int fd;
    const char *name; /* NULL: fd itself */
};

static int set_size(const struct share *s, const struct share_fid *f,
                    uint64_t size)
{
    int fd = f->fd, error;

    if (size > INT64_MAX)
        return EFBIG;
    if (f->open && (f->flags & P9_OPEN_ACCESS) != 0)
        return ftruncate(fd, (off_t)size) == 0 ? 0 : errno;
    if (f->gone)
        return ESTALE;
    error = share_file_open(s, f->path, P9_OPEN_WRITE, &fd);
    if (error)
        return error;
    if (ftruncate(fd, (off_t)size) != 0)
        error = errno;
    close(fd);
    return error;
}

static int set_owner(const struct place *p, uint64_t valid, const uint64_t *v)
{
    uid_t uid = valid & P9_SETATTR_UID ? (uid_t)v[UID] : (uid_t)-1;
    gid_t gid = valid & P9_SETATTR_GID ? (gid_t)v[GID] : (gid_t)-1;

    if (!(valid & (P9_SETATTR_UID | P9_SETATTR_GID)))
        return 0;
    return p->name ? fchownat(p->fd, p->name, uid, gid, AT_SYMLINK_NOFOLLOW)
                   : fchown(p->fd, uid, gid);
}

/* Permissions and the sticky bit, but not setuid and setgid. */
static int set_mode(const struct place *p, uint64_t valid, uint64_t v)
{
    mode_t mode = v & 01777;

    if (!(valid & P9_SETATTR_MODE))
        return 0;
    return p->name ? fchmodat(p->fd, p->name, mode, AT_SYMLINK_NOFOLLOW)
                   : fchmod(p->fd, mode);
}

static struct timespec new_time(uint64_t valid, unsigned change, unsigned set,
                                const uint64_t *v)
{
    if (!(valid & change))
        return (struct timespec){ .tv_nsec = UTIME_OMIT };
    if (!(valid & set))
        return (struct timespec){ .tv_nsec = UTIME_NOW };
    return (struct timespec){ .tv_sec = (time_t)v[0],
                              .tv_nsec = (long)(v[1] % 1000000000) };
}

static int set_times(const struct place *p, uint64_t valid, const uint64_t *v)
{
    const struct timespec times[2] = {
        new_time(valid, P9_SETATTR_ATIME, P9_SETATTR_ATIME_SET, v + ATIME),
        new_time(valid, P9_SETATTR_MTIME, P9_SETATTR_MTIME_SET, v + MTIME),
    };

    if (!(valid & (P9_SETATTR_ATIME | P9_SETATTR_MTIME)))
        return 0;
    return p->name ? utimensat(p->fd, p->name, times, AT_SYMLINK_NOFOLLOW)
                   : futimens(p->fd, times);
}

/* In this order, so that what is asked for last is not undone: truncation
   changes the time, a new owner the mode. */
int share_setattr(struct share *s, struct share_call *c,
                  struct share_writer *out)
{
    const uint64_t *v = c->number, valid = v[VALID];
    const struct share_fid *f = c->fid[0];
    struct place p = { .fd = f->fd };
    int error = 0;

    (void)out;
    if (valid & P9_SETATTR_SIZE)
        error = set_size(s, f, v[SIZE]);
    if (error)
        return error;
    if (f->fd < 0) {
        p.fd = share_path_parent(s, f->path, &p.name);
        if (p.fd < 0)
            return errno;
    }
    if (set_owner(&p, valid, v) != 0 || set_mode(&p, valid, v[MODE]) != 0 ||
        set_times(&p, valid, v) != 0)
        error = errno;
    if (f->fd < 0)
        close(p.fd);
    return error;
}

/* Tstatfs: fid. */
int share_statfs(struct share *s, struct share_call *c,
                 struct share_writer *out)
{
    const struct share_fid *f = c->fid[0];
    int fd = f->fd >= 0 ? f->fd : share_path_open(s, f->path, O_PATH, 0);
    int error = 0, id[2];
    struct statfs fs;

    if (fd < 0)
        return errno;
    if (fstatfs(fd, &fs) != 0)
        error = errno;
    if (fd != f->fd)
        close(fd);
    if (error)
        return error;
    memcpy(id, &fs.f_fsid, sizeof id);
    share_put(out, 4, (uint64_t)fs.f_type);
    share_put(out, 4, (uint64_t)fs.f_bsize);
    share_put(out, 8, fs.f_blocks);
    share_put(out, 8, fs.f_bfree);
    share_put(out, 8, fs.f_bavail);
    share_put(out, 8, fs.f_files);
    share_put(out, 8, fs.f_ffree);
    share_put(out, 8, (uint32_t)id[0] | (uint64_t)(uint32_t)id[1] << 32);
    share_put(out, 4, (uint64_t)fs.f_namelen);
    return 0;
}
