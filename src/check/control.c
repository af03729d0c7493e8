#include "check/control.h"

#include <stdlib.h>
#include <string.h>

#include "check/control_round.h"
#include "machine/bare.h"
#include "machine/run.h"

static void collect(void *context, const uint8_t *bytes, size_t n)
{
    struct reference *r = context;

    if (r->size + n > r->room) {
        size_t room = 2 * (r->size + n);
        uint8_t *grown = realloc(r->console, room);

        if (!grown) {
            r->failed = true;
            return;
        }
        r->console = grown;
        r->room = room;
    }
    memcpy(r->console + r->size, bytes, n);
    r->size += n;
}

static bool run_alone(struct reference *r, struct vm *vm,
                      const struct control_config *c)
{
    const struct run_options o = { .until = CLOCK_NEVER, .cancel = c->cancel };
    struct error e;

    if (machine_boot(&vm->board, &c->neighbour, NULL, &e) != STATUS_OK ||
        machine_run(&vm->machine, &vm->board, &o) != RUN_FINISHED)
        return false;
    r->hash = machine_hash(&vm->machine, &vm->board);
    r->count = machine_count(&vm->board);
    r->status = vm->board.status;
    return !r->failed;
}

bool reference_make(struct reference *r, const struct control_config *c)
{
    struct console console;
    struct board_config b = { .harts = 1,
                              .isa = isa_default(),
                              .memory = vm_host_memory(c->neighbour_memory, 1) };
    struct bare *bare = bare_new(&b);
    struct vm *vm;
    bool ok;

    *r = (struct reference){ 0 };
    console_init(&console, collect, r);
    b.memory = c->neighbour_memory;
    b.console = &console;
    vm = bare ? vm_new(&bare->machine, &b) : NULL;
    ok = vm && run_alone(r, vm, c);
    if (vm)
        vm_free(vm);
    bare_free(bare);
    return ok;
}

void reference_free(struct reference *r)
{
    free(r->console);
}

static bool is_cancelled(const struct control_config *c)
{
    return c->cancel && *c->cancel;
}

void control_check(const struct control_config *c, struct control *out)
{
    struct reference alone;

    out->verdict = CONTROL_FAILED;
    if (reference_make(&alone, c)) {
        out->neighbour_hash = alone.hash;
        out->neighbour_count = alone.count;
        out->verdict = CONTROL_HELD;
    } else if (is_cancelled(c)) {
        out->verdict = CONTROL_CANCELLED;
    }
    for (out->seed = c->seed;
         out->verdict == CONTROL_HELD && out->exits < c->exits; out->seed++) {
        out->verdict = control_round(c, &alone, out);
        if (out->verdict != CONTROL_HELD)
            break;
        out->seeds++;
    }
    reference_free(&alone);
}
