/* The 9P2000.L server: which message means what; see share.h. */
#define _GNU_SOURCE /* O_PATH */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/share_inside.h"

/* Where openat2 is missing or forbidden, names are resolved one by one. */
static bool lacks_openat2(const struct share *s)
{
    int fd = share_path_open(s, "", O_PATH | O_DIRECTORY, 0);

    if (fd < 0)
        return true;
    close(fd);
    return false;
}

enum status share_open(struct share *s, const char *path, bool read_only)
{
    struct stat st;

    *s = (struct share){ .end = { .answer = share_answer, .far = s },
                         .read_only = read_only };
    s->root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->root < 0)
        return errno == ENOTDIR ? STATUS_BAD_FORMAT : STATUS_IO;
    s->by_steps = lacks_openat2(s);
    if (fstat(s->root, &st) == 0)
        s->device = st.st_dev;
    return STATUS_OK;
}

void share_close(struct share *s)
{
    share_fids_drop(s);
    close(s->root);
    s->root = -1;
}

/*
 * A qid's path is the inode's number; on another file system than the folder's,
 * mixed with the device's (the finalizer of MurmurHash3). Its version changes
 * with the contents, and is not 0, which would mean that it is not kept.
 */
void share_put_qid(const struct share *s, struct share_writer *out,
                   const struct stat *st)
{
    uint64_t device = st->st_dev ^ s->device;
    uint64_t version = (uint64_t)st->st_mtim.tv_sec ^
                       (uint64_t)st->st_mtim.tv_nsec ^
                       (uint64_t)st->st_size << 8;

    device = (device ^ device >> 33) * UINT64_C(0xff51afd7ed558ccd);
    device = (device ^ device >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    version = (uint32_t)version ? version : 1;
    share_put(out, 1,
              S_ISDIR(st->st_mode)   ? P9_QID_DIR
              : S_ISLNK(st->st_mode) ? P9_QID_SYMLINK
                                     : P9_QID_FILE);
    share_put(out, 4, version);
    share_put(out, 8, st->st_ino ^ device);
}

/* Tversion: msize version. A session begins, and all fids end. */
static int version(struct share *s, struct share_call *c,
                   struct share_writer *out)
{
    static const char ours[] = P9_VERSION, unknown[] = "unknown";
    const struct share_text *v = &c->text[0];
    uint64_t msize = c->number[0];
    bool known = v->n == sizeof ours - 1 && memcmp(v->bytes, ours, v->n) == 0;

    share_fids_drop(s);
    s->msize = 0;
    if (msize < SHARE_MESSAGE_LEAST)
        return EMSGSIZE;
    msize = msize < SHARE_MESSAGE ? msize : SHARE_MESSAGE;
    share_put(out, 4, msize);
    if (!known) {
        share_put_text(out, unknown, sizeof unknown - 1);
        return 0;
    }
    s->msize = (uint32_t)msize;
    share_put_text(out, ours, sizeof ours - 1);
    return 0;
}

/* Tflush: oldtag. Whatever it was, it has been answered. */
static int flush(struct share *s, struct share_call *c,
                 struct share_writer *out)
{
    (void)s;
    (void)c;
    (void)out;
    return 0;
}

/* Tmknod: no device, fifo or socket. */
static int refuse(struct share *s, struct share_call *c,
                  struct share_writer *out)
{
    (void)s;
    (void)c;
    (void)out;
    return EPERM;
}

/*
 * By type. The fields of a request, in order: f a fid that there is, n a name
 * for an entry of a folder, s any string, 1 2 4 8 a number of so many bytes;
 * `+` at the end: and what the handler takes. Types without a row are answered
 * with EOPNOTSUPP, among them those of extended attributes and Tauth.
 */
enum row_flag { CHANGES = 1, DROPS = 2 }; /* the folder; its first fid */

static const struct row {
    share_handler *handler;
    const char *fields;
    unsigned flags; /* enum row_flag */
} rows[P9_TYPES] = {
    [P9_TSTATFS] = { share_statfs, "f", 0 },
    [P9_TLOPEN] = { share_lopen, "f4", 0 },
    [P9_TLCREATE] = { share_lcreate, "fn444", CHANGES },
    [P9_TSYMLINK] = { share_symlink, "fns4", CHANGES },
    [P9_TMKNOD] = { refuse, "fn4444", CHANGES },
    [P9_TRENAME] = { share_rename, "ffn", CHANGES },
    [P9_TREADLINK] = { share_readlink, "f", 0 },
    [P9_TGETATTR] = { share_getattr, "f8", 0 },
    [P9_TSETATTR] = { share_setattr, "f444488888", CHANGES },
    [P9_TREADDIR] = { share_readdir, "f84", 0 },
    [P9_TFSYNC] = { share_fsync, "f+", 0 },
    [P9_TLOCK] = { share_lock, "f14884s", 0 },
    [P9_TGETLOCK] = { share_getlock, "f1884s", 0 },
    [P9_TLINK] = { share_link, "ffn", CHANGES },
    [P9_TMKDIR] = { share_mkdir, "fn44", CHANGES },
    [P9_TRENAMEAT] = { share_renameat, "fnfn", CHANGES },
    [P9_TUNLINKAT] = { share_unlinkat, "fn4", CHANGES },
    [P9_TVERSION] = { version, "4s", 0 },
    [P9_TATTACH] = { share_attach, "44ss4", 0 },
    [P9_TFLUSH] = { flush, "2", 0 },
    [P9_TWALK] = { share_walk, "f42+", 0 },
    [P9_TREAD] = { share_read, "f84", 0 },
    [P9_TWRITE] = { share_write, "f84+", CHANGES },
    [P9_TCLUNK] = { share_clunk, "f", DROPS },
    [P9_TREMOVE] = { share_remove, "f", CHANGES | DROPS },
};

static int take_name(struct share_call *c, char *to)
{
    struct share_text name = share_take_text(&c->rest);

    if (c->rest.bad)
        return EPROTO;
    if (name.n > P9_NAME)
        return ENAMETOOLONG;
    if (!share_name_is_good(name.bytes, name.n))
        return EINVAL;
    memcpy(to, name.bytes, name.n);
    to[name.n] = '\0';
    return 0;
}

static int take_fid(const struct share *s, struct share_call *c,
                    struct share_fid **f)
{
    *f = share_fid_find(s, (uint32_t)share_take(&c->rest, 4));
    if (c->rest.bad)
        return EPROTO;
    return !*f ? EBADF : share_fid_is_stale(*f) ? ESTALE : 0;
}

/* What the fields say, into c. Of several errors the first counts, but for one
   in the form of the message, with which the others may mean nothing. */
static int take_fields(const struct share *s, struct share_call *c,
                       const char *fields)
{
    unsigned fids = 0, names = 0, texts = 0, numbers = 0;
    int error = 0, one;

    for (; *fields && *fields != '+'; fields++) {
        one = 0;
        if (*fields == 'f')
            one = take_fid(s, c, &c->fid[fids++]);
        else if (*fields == 'n')
            one = take_name(c, c->name[names++]);
        else if (*fields == 's')
            c->text[texts++] = share_take_text(&c->rest);
        else
            c->number[numbers++] =
                share_take(&c->rest, (size_t)(*fields - '0'));
        error = error ? error : one;
    }
    if (c->rest.bad || (*fields != '+' && c->rest.left))
        return EPROTO;
    return error;
}

static int carry_out(struct share *s, unsigned type, struct share_reader in,
                     struct share_writer *out)
{
    struct share_call c = { .rest = in };
    const struct row *row = &rows[type % P9_TYPES];
    int error;

    if (type >= P9_TYPES || !row->handler)
        return EOPNOTSUPP;
    if (s->msize == 0 && type != P9_TVERSION)
        return EPROTO;
    error = take_fields(s, &c, row->fields);
    if (error == EPROTO)
        return error;
    if (!error && row->flags & CHANGES && s->read_only)
        error = EROFS;
    if (!error)
        error = row->handler(s, &c, out);
    if (row->flags & DROPS && c.fid[0])
        share_fid_drop(s, c.fid[0]);
    return row->handler == share_clunk && error == ESTALE ? 0 : error;
}

size_t share_answer(void *share, const uint8_t *request, size_t n,
                    uint8_t *reply, size_t max)
{
    struct share *s = share;
    size_t most = s->msize ? s->msize : SHARE_MESSAGE;
    struct share_reader in = { request, n, false };
    struct share_writer out = { reply, P9_HEADER, max < most ? max : most,
                                false };
    uint64_t size = share_take(&in, 4), type = share_take(&in, 1);
    uint64_t tag = share_take(&in, 2);
    int error;

    if (in.bad || out.max < P9_ERROR)
        return 0;
    if (size < P9_HEADER || size > n || size > most) {
        error = size > most ? EMSGSIZE : EPROTO;
    } else {
        in.left = size - P9_HEADER;
        error = carry_out(s, (unsigned)type, in, &out);
    }
    if (!error && out.full)
        error = EMSGSIZE;
    if (error) {
        out = (struct share_writer){ reply, P9_HEADER, P9_ERROR, false };
        share_put(&out, 4, (uint64_t)error);
        type = P9_RLERROR - 1;
    }
    little_endian_put(reply, 4, out.used);
    little_endian_put(reply + 4, 1, type + 1);
    little_endian_put(reply + 5, 2, tag);
    return out.used;
}
