#include "host/slirp/frame_queue.h"

#include <string.h>

void frame_queue_add(struct frame_queue *q, const uint8_t *frame, size_t size)
{
    unsigned last = (q->first + q->waiting) % FRAME_QUEUE;

    if (q->waiting == FRAME_QUEUE)
        return;
    memcpy(q->frame[last].bytes, frame, size);
    q->frame[last].size = size;
    q->waiting++;
}

const uint8_t *frame_queue_oldest(const struct frame_queue *q, size_t *size)
{
    if (q->waiting == 0)
        return NULL;
    *size = q->frame[q->first].size;
    return q->frame[q->first].bytes;
}

void frame_queue_remove(struct frame_queue *q)
{
    q->first = (q->first + 1) % FRAME_QUEUE;
    q->waiting--;
}
