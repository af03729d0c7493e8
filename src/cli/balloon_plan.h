/*
 * `--balloon SIZE[@COUNT][,oom]`: how large a guest's balloon is to be, from
 * which counts on.
 */
#ifndef POGO_CLI_BALLOON_PLAN_H
#define POGO_CLI_BALLOON_PLAN_H

#include "base/error.h"
#include "cli/options.h"
#include "machine/board.h"

struct balloon_step {
    uint64_t pages, count;
};

/* Once started it must stay where it is. */
struct balloon_plan {
    struct balloon_step step[OPTION_LIST_MAX];
    unsigned steps; /* 0: there is no balloon */
    bool oom;       /* the guest may take pages back, rather than run out */
    struct board *board;
    struct input_timer timer;
};

/*
 * What the options say, for a guest with so many bytes of RAM.
 * STATUS_BAD_ARGUMENT: e says what is wrong.
 */
enum status balloon_plan_parse(struct balloon_plan *p,
                               const struct option_list *options,
                               uint64_t memory, struct error *e);

/* From the count `now` on the board, which has inputs, follows the plan. */
void balloon_plan_start(struct balloon_plan *p, struct board *b, uint64_t now);

#endif
