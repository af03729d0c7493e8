/* The state of a shared folder's session; see share.h. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "host/share_inside.h"

/* Loading: the file again, if there is one. */
static void reopen(struct share *s, struct share_fid *f)
{
    int fd = -1;

    if (!f->open || f->gone)
        return;
    if (s->files == SHARE_FILES ||
        (s->read_only && (f->flags & P9_OPEN_ACCESS) != 0) ||
        share_file_open(s, f->path, f->flags, &fd) != 0)
        f->gone = true;
    else
        share_fid_take(s, f, fd);
}

/* One fid's fields, to `f` and `path` (PATH_MAX bytes) or from there. */
static void fields_state(struct share_fid *f, char *path, struct state *state)
{
    uint16_t n = (uint16_t)strlen(path);

    state_u32(state, &f->number);
    state_u32(state, &f->flags);
    state_bool(state, &f->open);
    state_bool(state, &f->gone);
    state_u16(state, &n);
    state_require(state, n < PATH_MAX);
    if (state->bad)
        return;
    state_bytes(state, path, n);
    path[n] = '\0';
    state_require(state, share_path_is_good(path, n));
    state_require(state, (f->flags & ~P9_OPEN_KEPT) == 0);
    state_require(state, (f->flags & P9_OPEN_ACCESS) != P9_OPEN_ACCESS);
}

static void save_fid(struct share_fid *f, struct state *state)
{
    char path[PATH_MAX];

    strcpy(path, f->path);
    fields_state(f, path, state);
}

static void load_fid(struct share *s, struct state *state)
{
    struct share_fid read = { .fd = -1 }, *f;
    char path[PATH_MAX] = "";

    fields_state(&read, path, state);
    if (state->bad)
        return;
    state_require(state, share_fid_add(s, read.number, path, &f) == 0);
    if (state->bad)
        return;
    f->flags = read.flags;
    f->open = read.open;
    f->gone = read.gone;
    reopen(s, f);
}

void share_state(struct share *s, struct state *state)
{
    uint32_t fids = s->fids;

    state_tag(state, "shar");
    state_u32(state, &s->msize);
    state_require(state, s->msize == 0 || (s->msize >= SHARE_MESSAGE_LEAST &&
                                           s->msize <= SHARE_MESSAGE));
    state_u32(state, &fids);
    state_require(state, fids <= SHARE_FIDS);
    if (state->saving) {
        for (unsigned i = 0; i < SHARE_BUCKETS; i++)
            for (struct share_fid *f = s->bucket[i]; f; f = f->next)
                save_fid(f, state);
        return;
    }
    share_fids_drop(s);
    for (uint32_t i = 0; i < fids && !state->bad; i++)
        load_fid(s, state);
    if (!state->bad)
        return;
    share_fids_drop(s);
    s->msize = 0;
}
