/* Attaching to a shared folder, and walking about in it. */
#define _GNU_SOURCE /* F_DUPFD_CLOEXEC */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "host/share_inside.h"

/* Tattach: fid afid uname aname n_uname. Every user is the one who runs Pogo,
   and nobody has to prove anything. */
int share_attach(struct share *s, struct share_call *c,
                 struct share_writer *out)
{
    uint32_t number = (uint32_t)c->number[0], auth = (uint32_t)c->number[1];
    const struct share_text *tree = &c->text[1];
    struct share_fid *f;
    struct stat st;
    int error;

    if (auth != P9_NO_FID)
        return EINVAL;
    if (tree->n > 1 || (tree->n == 1 && tree->bytes[0] != '/'))
        return ENOENT; /* there is only one */
    error = share_path_stat(s, "", &st);
    if (!error)
        error = share_fid_add(s, number, "", &f);
    if (!error)
        share_put_qid(s, out, &st);
    return error;
}

/* One name further. */
static int step(const struct share *s, char *path,
                const struct share_text *name, struct stat *st)
{
    char text[P9_NAME + 1];
    int error = 0;

    if (name->n == 2 && memcmp(name->bytes, "..", 2) == 0) {
        share_path_up(path);
    } else if (name->n > P9_NAME) {
        return ENAMETOOLONG;
    } else if (!share_name_is_good(name->bytes, name->n)) {
        return EINVAL;
    } else {
        memcpy(text, name->bytes, name->n);
        text[name->n] = '\0';
        error = share_path_join(path, text);
    }
    return error ? error : share_path_stat(s, path, st);
}

/* The number for what is at `path` now; with no name walked, for the same file
   as `f`, even if it was removed. */
static int give_number(struct share *s, struct share_fid *f, uint32_t number,
                       const char *path, bool same)
{
    struct share_fid *to;
    int error, fd;

    if (number == f->number)
        return f->open ? EINVAL : share_fid_set_path(f, path);
    error = share_fid_add(s, number, path, &to);
    if (error || !same || !f->gone)
        return error;
    to->gone = true;
    fd = fcntl(f->fd, F_DUPFD_CLOEXEC, 0);
    error = fd < 0 ? errno : share_fid_take(s, to, fd);
    if (error)
        share_fid_drop(s, to);
    return error;
}

/* Twalk: fid newfid nwname nwname*(wname). If it gets somewhere, but not to the
   end, it says how far, and makes no fid. */
int share_walk(struct share *s, struct share_call *c, struct share_writer *out)
{
    uint32_t number = (uint32_t)c->number[0];
    unsigned names = (unsigned)c->number[1], walked = 0;
    size_t at = out->used;
    char path[PATH_MAX];
    int error = 0;

    if (names > P9_WALK)
        return EINVAL;
    if (names > 0 && c->fid[0]->gone)
        return ESTALE;
    strcpy(path, c->fid[0]->path);
    share_put(out, 2, 0);
    for (; walked < names; walked++) {
        struct share_text name = share_take_text(&c->rest);
        struct stat st;

        error = c->rest.bad ? EPROTO : step(s, path, &name, &st);
        if (error)
            break;
        share_put_qid(s, out, &st);
    }
    if (walked == names)
        error = c->rest.left ? EPROTO
                             : give_number(s, c->fid[0], number, path, !names);
    else if (walked > 0 && error != EPROTO)
        error = 0;
    little_endian_put(out->bytes + at, 2, walked);
    return error;
}

/* Tclunk: fid. Whoever called drops it. */
int share_clunk(struct share *s, struct share_call *c, struct share_writer *out)
{
    (void)s;
    (void)c;
    (void)out;
    return 0;
}
