/* Files of a shared folder: opening, making, reading, writing. */
#define _GNU_SOURCE /* O_PATH, O_NOATIME */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "host/share_inside.h"

/* Flags that are the host's too; what is not here is the guest's own affair. */
static const struct {
    uint32_t flag; /* enum p9_open */
    int host;
} open_flags[] = {
    { P9_OPEN_APPEND, O_APPEND },
    { P9_OPEN_DSYNC, O_DSYNC },
    { P9_OPEN_SYNC, O_SYNC },
    { P9_OPEN_DIRECTORY, O_DIRECTORY },
};

static int host_flags(uint32_t flags)
{
    static const int access[] = { O_RDONLY, O_WRONLY, O_RDWR };
    int host = access[flags & P9_OPEN_ACCESS] | O_NONBLOCK | O_NOCTTY;

    for (size_t i = 0; i < sizeof open_flags / sizeof *open_flags; i++)
        if (flags & open_flags[i].flag)
            host |= open_flags[i].host;
    return host;
}

static bool writes(uint32_t flags)
{
    return (flags & P9_OPEN_ACCESS) != 0 || flags & P9_OPEN_TRUNC;
}

/* May it be opened at all? A device, a fifo or a socket may do anything when it
   is. And who may write a setuid program acts as its owner. */
static int check_kind(const struct stat *st, uint32_t flags)
{
    if (S_ISLNK(st->st_mode))
        return ELOOP;
    if (S_ISDIR(st->st_mode))
        return writes(flags) ? EISDIR : 0;
    if (!S_ISREG(st->st_mode))
        return ENXIO;
    return writes(flags) && st->st_mode & (S_ISUID | S_ISGID) ? EPERM : 0;
}

/* Once it is open, it is looked at again: another one may be there by now. */
static int check_open(int fd, uint32_t flags)
{
    struct stat st;
    int error = fstat(fd, &st) == 0 ? check_kind(&st, flags) : errno;

    if (!error && flags & P9_OPEN_TRUNC && ftruncate(fd, 0) != 0)
        error = errno;
    return error;
}

int share_file_open(const struct share *s, const char *path, uint32_t flags,
                    int *fd)
{
    int host = host_flags(flags), error;
    struct stat st;

    error = share_path_stat(s, path, &st);
    if (!error)
        error = check_kind(&st, flags);
    if (error)
        return error;
    /* That the guest reads is no reason to touch the file; but only its owner
       may leave out the time. */
    *fd = share_path_open(s, path, host | O_NOATIME, 0);
    if (*fd < 0 && errno == EPERM)
        *fd = share_path_open(s, path, host, 0);
    if (*fd < 0)
        return errno;
    error = check_open(*fd, flags);
    if (error)
        close(*fd);
    return error;
}

/* May this fid become an open one? */
static int check_request(const struct share *s, const struct share_fid *f,
                         uint32_t flags)
{
    if (f->open || (flags & P9_OPEN_ACCESS) == P9_OPEN_ACCESS)
        return EINVAL;
    if (s->files == SHARE_FILES)
        return EMFILE;
    return s->read_only && writes(flags) ? EROFS : 0;
}

static int answer_open(struct share *s, struct share_fid *f, int fd,
                       uint32_t flags, struct share_writer *out)
{
    struct stat st;
    int error = share_fid_take(s, f, fd);

    if (error)
        return error;
    f->open = true;
    f->flags = flags & P9_OPEN_KEPT;
    error = share_fid_stat(s, f, &st);
    if (error)
        return error;
    share_put_qid(s, out, &st);
    share_put(out, 4, 0); /* iounit: as much as a message holds */
    return 0;
}

/* Tlopen: fid flags. */
int share_lopen(struct share *s, struct share_call *c, struct share_writer *out)
{
    uint32_t flags = (uint32_t)c->number[0];
    struct share_fid *f = c->fid[0];
    int error = check_request(s, f, flags), fd;
    const char *path;

    if (!error)
        error = share_fid_path(f, &path);
    if (!error)
        error = share_file_open(s, path, flags, &fd);
    return error ? error : answer_open(s, f, fd, flags, out);
}

/* A new file; or, unless the guest insists on one, that which is there. */
static int create(struct share *s, const char *path, uint32_t flags,
                  mode_t mode, int *fd)
{
    struct stat st;
    int error = share_path_stat(s, path, &st);

    if (!error)
        return flags & P9_OPEN_EXCL ? EEXIST
                                    : share_file_open(s, path, flags, fd);
    if (error != ENOENT)
        return error;
    *fd = share_path_open(s, path, host_flags(flags) | O_CREAT | O_EXCL,
                          mode & 01777);
    return *fd < 0 ? errno : 0;
}

/* Tlcreate: fid name flags mode gid. The folder's fid becomes the file's. */
int share_lcreate(struct share *s, struct share_call *c,
                  struct share_writer *out)
{
    uint32_t flags = (uint32_t)c->number[0];
    mode_t mode = (mode_t)c->number[1];
    struct share_fid *f = c->fid[0];
    int error = check_request(s, f, flags), fd = -1;
    char path[PATH_MAX];
    const char *folder;

    if (!error && flags & P9_OPEN_DIRECTORY)
        error = EINVAL;
    if (!error)
        error = share_fid_path(f, &folder);
    if (error)
        return error;
    strcpy(path, folder);
    error = share_path_join(path, c->name[0]);
    if (!error)
        error = create(s, path, flags, mode, &fd);
    if (!error)
        error = share_fid_set_path(f, path);
    if (error && fd >= 0)
        close(fd);
    return error ? error : answer_open(s, f, fd, flags, out);
}

/* Tread: fid offset count. */
int share_read(struct share *s, struct share_call *c, struct share_writer *out)
{
    uint64_t offset = c->number[0], count = c->number[1];
    size_t at = out->used, room = share_room(out);
    ssize_t n;

    (void)s;
    if (!c->fid[0]->open)
        return EBADF;
    if (offset > INT64_MAX)
        return EINVAL;
    if (room < 4)
        return EMSGSIZE;
    room -= 4;
    n = pread(c->fid[0]->fd, out->bytes + at + 4, count < room ? count : room,
              (off_t)offset);
    if (n < 0)
        return errno;
    share_put(out, 4, (uint64_t)n);
    share_put_bytes(out, (size_t)n);
    return 0;
}

/* Twrite: fid offset count data. */
int share_write(struct share *s, struct share_call *c, struct share_writer *out)
{
    uint64_t offset = c->number[0], count = c->number[1];
    ssize_t n;

    (void)s;
    if (count != c->rest.left)
        return EPROTO;
    if (!c->fid[0]->open)
        return EBADF;
    if (offset > INT64_MAX)
        return EINVAL;
    n = pwrite(c->fid[0]->fd, c->rest.at, count, (off_t)offset);
    if (n < 0)
        return errno;
    share_put(out, 4, (uint64_t)n);
    return 0;
}

/* Tfsync: fid and, of newer clients, datasync. */
int share_fsync(struct share *s, struct share_call *c, struct share_writer *out)
{
    int fd = c->fid[0]->fd;
    bool data = share_take(&c->rest, c->rest.left < 4 ? c->rest.left : 4);

    (void)s;
    (void)out;
    if (!c->fid[0]->open)
        return EBADF;
    return (data ? fdatasync(fd) : fsync(fd)) == 0 ? 0 : errno;
}

/* Tlock: fid type flags start length proc_id client_id. */
int share_lock(struct share *s, struct share_call *c, struct share_writer *out)
{
    (void)s;
    (void)c;
    share_put(out, 1, P9_LOCK_SUCCESS);
    return 0;
}

/* Tgetlock: fid type start length proc_id client_id. Nobody holds one. */
int share_getlock(struct share *s, struct share_call *c,
                  struct share_writer *out)
{
    (void)s;
    share_put(out, 1, P9_LOCK_TYPE_UNLCK);
    share_put(out, 8, c->number[1]);
    share_put(out, 8, c->number[2]);
    share_put(out, 4, c->number[3]);
    share_put_text(out, c->text[0].bytes, c->text[0].n);
    return 0;
}
