/*
 * A machine of a given depth: a bare one, and as many monitors on top of one
 * another as asked for. The guest's board is the topmost one's.
 */
#ifndef POGO_CLI_MACHINE_BUILD_H
#define POGO_CLI_MACHINE_BUILD_H

#include "cli/balloon_plan.h"
#include "machine/bare.h"
#include "vmm/vm.h"

#define BUILD_MAX_DEPTH 4

struct built {
    struct bare *bare;
    struct vm *vm[BUILD_MAX_DEPTH]; /* vm[0] runs on the bare machine */
    unsigned depth;
    struct machine *top; /* the one that the guest runs on … */
    struct board *board; /* … and its board */
    struct balloon_plan balloon; /* if that has been started; the board's */
};

/*
 * `c` is the guest's board; the hosts below get the memory they need and no
 * console and no disks. STATUS_BAD_ARGUMENT, STATUS_NO_MEMORY; then there is
 * nothing to free.
 */
enum status build_machine(struct built *b, const struct board_config *c,
                          unsigned depth);
void build_free(struct built *b);

#endif
