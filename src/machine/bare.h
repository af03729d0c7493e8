/* The bare machine: interpreted harts on a board, as a struct machine. */
#ifndef POGO_MACHINE_BARE_H
#define POGO_MACHINE_BARE_H

#include "cpu/hart.h"
#include "machine/board.h"
#include "machine/machine.h"

struct bare {
    struct machine machine; /* first: &bare->machine is the machine */
    struct board board;
    struct engine *engine;
    struct hart hart[BOARD_MAX_HARTS];
};

/* NULL on lack of memory. All harts at BOARD_ROM_BASE, in M-mode. */
struct bare *bare_new(const struct board_config *c);
void bare_free(struct bare *b);

/* The bare machine that `m` is; NULL: it is another. */
struct bare *bare_from(struct machine *m);

/* All its harts are watched; NULL: by nobody any more. */
void bare_watch(struct bare *b, hart_watcher *watcher, void *context);

#endif
