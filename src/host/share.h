/*
 * A folder of the host's for a guest: a server of 9P2000.L (p9.h), which
 * answers the messages that the guest's 9P device hands over.
 *
 * The guest may do in the folder what the user who runs Pogo may do there, but
 * for this: nothing leads out of it (share_path.c); fifos, sockets and devices
 * are seen, and neither opened nor made; no setuid or setgid bit is set, and no
 * file that has one is written. What it makes belongs to the user who runs
 * Pogo. There are no extended attributes, and locks are the guest's own
 * affair: every one is granted. Folders are listed by name in the order of
 * their bytes, so that the same folder reads the same.
 *
 * All that a guest can have of the host's is bounded by the numbers here.
 */
#ifndef POGO_HOST_SHARE_H
#define POGO_HOST_SHARE_H

#include "base/state.h"
#include "base/status.h"
#include "devices/share.h"

#define SHARE_FIDS     4096       /* at a time */
#define SHARE_FILES    256        /* open at a time */
#define SHARE_LISTINGS (64 << 20) /* bytes of folders being listed */
#define SHARE_BUCKETS  256

#define SHARE_MESSAGE_LEAST 4096 /* msize, at least */

struct share_fid;

struct share {
    struct share_end end; /* for the device: answers here */
    int root;             /* the folder's descriptor */
    bool read_only;
    bool by_steps;   /* this host has no openat2 */
    uint64_t device; /* st_dev of the folder */
    uint32_t msize;  /* bytes of a message, at most; 0: no session */
    unsigned fids;   /* that there are */
    unsigned files;  /* of them, those that have a descriptor */
    size_t listed;   /* bytes of listings */
    struct share_fid *bucket[SHARE_BUCKETS]; /* by number % SHARE_BUCKETS */
};

/*
 * Opens `path`, a folder. It must stay where it is. STATUS_BAD_FORMAT: it is
 * something else. STATUS_IO: errno says why not. Then there is nothing to
 * close.
 */
enum status share_open(struct share *s, const char *path, bool read_only);
void share_close(struct share *s);

/* What `end` calls; `share` is the struct share. */
size_t share_answer(void *share, const uint8_t *request, size_t n,
                    uint8_t *reply, size_t max);

/*
 * The session: size of messages, fids with their paths below the folder. After
 * loading, files are open again as far as they are still there; a fid whose
 * file is not answers ESTALE until it is clunked. A folder that was being
 * listed is read anew.
 */
void share_state(struct share *s, struct state *state);

#endif
