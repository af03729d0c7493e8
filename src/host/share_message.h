/* The fields of 9P messages: taken from a request, put into a reply. */
#ifndef POGO_HOST_SHARE_MESSAGE_H
#define POGO_HOST_SHARE_MESSAGE_H

#include "bus/little_endian.h"

/* What is left of a request. Once it was too short, it stays `bad`. */
struct share_reader {
    const uint8_t *at;
    size_t left;
    bool bad;
};

/* Bytes in a request, without a zero at the end. */
struct share_text {
    const char *bytes;
    size_t n;
};

/* A reply. What does not fit is not put, and `full` says so. */
struct share_writer {
    uint8_t *bytes;
    size_t used, max;
    bool full;
};

/* The next n bytes, or NULL if there are not so many. */
static inline const uint8_t *share_take_bytes(struct share_reader *r, size_t n)
{
    const uint8_t *at = r->at;

    if (r->bad || n > r->left) {
        r->bad = true;
        return NULL;
    }
    r->at += n;
    r->left -= n;
    return at;
}

/* A number of `size` bytes (1 to 8); 0 if it is not there. */
static inline uint64_t share_take(struct share_reader *r, size_t size)
{
    const uint8_t *at = share_take_bytes(r, size);

    return at ? little_endian_get(at, size) : 0;
}

static inline struct share_text share_take_text(struct share_reader *r)
{
    size_t n = (size_t)share_take(r, 2);
    const uint8_t *at = share_take_bytes(r, n);

    return (struct share_text){ (const char *)at, at ? n : 0 };
}

static inline size_t share_room(const struct share_writer *w)
{
    return w->max - w->used;
}

/* Where the next n bytes go, or NULL if there is no room. */
static inline uint8_t *share_put_bytes(struct share_writer *w, size_t n)
{
    uint8_t *at = w->bytes + w->used;

    if (w->full || n > share_room(w)) {
        w->full = true;
        return NULL;
    }
    w->used += n;
    return at;
}

static inline void share_put(struct share_writer *w, size_t size, uint64_t v)
{
    uint8_t *at = share_put_bytes(w, size);

    if (at)
        little_endian_put(at, size, v);
}

/* n: at most 65535. */
static inline void share_put_text(struct share_writer *w, const char *text,
                                  size_t n)
{
    uint8_t *at;

    share_put(w, 2, n);
    at = share_put_bytes(w, n);
    for (size_t i = 0; at && i < n; i++)
        at[i] = (uint8_t)text[i];
}

#endif
