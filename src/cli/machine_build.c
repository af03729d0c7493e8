#include "cli/machine_build.h"

/* What a machine must look like for a monitor to make `guest` out of it: only
   what the guest's harts need, since its devices are the monitor's. */
static struct board_config host_for(const struct board_config *guest)
{
    return (struct board_config){
        .harts = guest->harts,
        .memory = vm_host_memory(guest->memory, guest->harts),
        .isa = guest->isa,
        .seed = guest->seed,
    };
}

enum status build_machine(struct built *b, const struct board_config *c,
                          unsigned depth)
{
    struct board_config config[BUILD_MAX_DEPTH + 1]; /* [0]: the bare one */

    *b = (struct built){ .depth = depth };
    if (depth > BUILD_MAX_DEPTH)
        return STATUS_BAD_ARGUMENT;
    config[depth] = *c;
    for (unsigned k = depth; k > 0; k--)
        config[k - 1] = host_for(&config[k]);
    b->bare = bare_new(&config[0]);
    if (!b->bare)
        return STATUS_NO_MEMORY;
    b->top = &b->bare->machine;
    b->board = &b->bare->board;
    for (unsigned k = 0; k < depth; k++) {
        b->vm[k] = vm_new(b->top, &config[k + 1]);
        if (!b->vm[k]) {
            build_free(b);
            return STATUS_NO_MEMORY;
        }
        b->top = &b->vm[k]->machine;
        b->board = &b->vm[k]->board;
    }
    return STATUS_OK;
}

void build_free(struct built *b)
{
    for (unsigned k = b->depth; k > 0; k--)
        if (b->vm[k - 1])
            vm_free(b->vm[k - 1]);
    bare_free(b->bare);
    *b = (struct built){ 0 };
}
