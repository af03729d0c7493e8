/*
 * The virtio balloon (VIRTIO 1.2, section 5.5): memory that the guest gives
 * back while it does not need it. The device says how many pages it should
 * give, the driver gives them one by one, and says how many it has given.
 *
 * What the guest gives is discarded (ram_discard): it costs the host nothing
 * and reads as zero, at every depth. The driver may use a page again once it
 * has said so, or without a word (VIRTIO_BALLOON_F_MUST_TELL_HOST is not
 * offered): the page is zero then.
 *
 * The driver also keeps a buffer here with statistics of its memory. It is
 * asked for new ones when the target is set, and when it has been reached.
 */
#ifndef POGO_DEVICES_VIRTIO_BALLOON_H
#define POGO_DEVICES_VIRTIO_BALLOON_H

#include "base/state.h"
#include "devices/virtio_mmio.h"

#define BALLOON_PAGE 4096u /* bytes, whatever the pages of the guest */

/* Statistics of the guest's memory, by tag (section 5.5.6.4): bytes, or how
   often something has happened since it was started. */
enum balloon_stat {
    BALLOON_SWAP_IN,
    BALLOON_SWAP_OUT,
    BALLOON_MAJOR_FAULTS,
    BALLOON_MINOR_FAULTS,
    BALLOON_FREE,
    BALLOON_TOTAL,
    BALLOON_AVAILABLE,
    BALLOON_CACHES,
    BALLOON_HUGE_ALLOCATED,
    BALLOON_HUGE_FAILED,
    BALLOON_STATS,
};

/* Who wants to know which pages the guest gives and takes back. */
struct balloon_manager {
    /*
     * The page of guest-physical memory with this number (address /
     * BALLOON_PAGE, in RAM) has been given and discarded (`taken`), or is the
     * guest's again. Called in the midst of an instruction; a guest may say
     * either of the same page as often as it likes.
     */
    void (*given)(void *context, uint64_t gpa_page, bool taken);
    void *context;
};

struct virtio_balloon {
    struct virtio_mmio *mmio;       /* the slot it sits in */
    struct balloon_manager manager; /* given may be NULL */
    uint8_t config[8];
    bool has_stats;      /* a buffer for statistics is here: … */
    uint16_t stats_head; /* … that of this chain */
    uint64_t stat[BALLOON_STATS];
    unsigned known; /* which of them the guest has said: bits */
    uint32_t most;  /* pages that the guest has had in it at once */
};

extern const struct virtio_ops virtio_balloon_ops;

/*
 * An empty balloon. `oom`: the guest may take pages back before it ends a
 * process for lack of memory (VIRTIO_BALLOON_F_DEFLATE_ON_OOM); Linux then does
 * not lower its MemTotal. Returns the features it offers.
 */
uint64_t virtio_balloon_init(struct virtio_balloon *b, bool oom,
                             struct virtio_mmio *mmio);

/*
 * From outside, between two instructions: how many pages the guest is to give
 * in all, as a little-endian number of 8 bytes. Also asks for statistics.
 * Returns how many of the n bytes were taken: 8; or 0, and nothing has
 * happened, if there are not 8 or the number is more than the pages of the RAM.
 */
size_t virtio_balloon_push(void *device, const uint8_t *bytes, size_t n);

/* Pages that the guest is to give, and that it says it has given. */
uint32_t virtio_balloon_target(const struct virtio_balloon *b);
uint32_t virtio_balloon_actual(const struct virtio_balloon *b);

/* base/state.h. What the guest has told of its memory is not moved. */
void virtio_balloon_state(struct virtio_balloon *b, struct state *s);

#endif
