#include "ui/tui/exits.h"

#include <string.h>

struct tui_exit *tui_exits_at(struct tui_exits *e, unsigned k)
{
    return &e->exit[(e->first + k) % TUI_EXITS_KEPT];
}

static struct tui_exit *last(struct tui_exits *e)
{
    return e->count ? tui_exits_at(e, e->count - 1) : NULL;
}

/* The last that is left of each hart. */
static void look_again(struct tui_exits *e)
{
    memset(e->recent, 0, sizeof e->recent);
    for (unsigned k = 0; k < e->count; k++) {
        const struct tui_exit *x = tui_exits_at(e, k);

        e->recent[x->world][x->record.hart] = *x;
    }
}

/* Those at `time` and later are not known any more. */
static void forget_from(struct tui_exits *e, uint64_t time)
{
    unsigned count = e->count;

    while (e->count && last(e)->time >= time)
        e->count--;
    if (e->count != count)
        look_again(e);
}

static bool is_same(const struct tui_exit *x, const struct vm *vm,
                    const struct exit_record *r, uint64_t time)
{
    return x && x->time == time && x->vm == vm && x->record.hart == r->hart &&
           x->record.count == r->count && x->record.pc == r->pc &&
           x->record.action == r->action &&
           x->record.host.cause == r->host.cause &&
           x->record.host.tval == r->host.tval;
}

static unsigned world_of(const struct tui_exits *e, const struct vm *vm)
{
    unsigned w = 1;

    while (w + 1 < session_worlds(e->session) &&
           session_vm(e->session, w) != vm)
        w++;
    return w;
}

/* The count that the hart had, among what all have counted by now. Of what is
   below the guest that is not known so well. */
static uint64_t time_of(struct tui_exits *e, unsigned world,
                        const struct exit_record *r)
{
    const struct session *s = e->session;
    uint64_t now = session_time(s);

    if (world + 1 == session_worlds(s) && world == session_level(s, world))
        return now - session_board(s, world)->csr[r->hart]->count + r->count;
    if (e->anew || !e->count || now < e->seen)
        return now;
    return last(e)->time;
}

/* Where the session has gone back to a checkpoint, exits come again: what was
   kept of them and of what followed gives way. */
static void note(void *exits, struct vm *vm, const struct exit_record *r)
{
    struct tui_exits *e = exits;
    unsigned world = world_of(e, vm);
    uint64_t now = time_of(e, world, r);
    struct tui_exit *x = last(e);

    if (e->anew || (x && now < x->time))
        forget_from(e, now);
    e->anew = false;
    e->seen = session_time(e->session);
    if (is_same(last(e), vm, r, now))
        return;
    if (e->count == TUI_EXITS_KEPT) {
        e->first = (e->first + 1) % TUI_EXITS_KEPT;
        e->count--;
    }
    x = tui_exits_at(e, e->count++);
    x->record = *r;
    x->vm = vm;
    x->world = world;
    x->time = now;
    x->text[0] = '\0';
    e->recent[world][r->hart] = *x;
}

void tui_exits_begin(struct tui_exits *e, struct session *s)
{
    e->session = s;
    e->first = e->count = 0;
    memset(e->recent, 0, sizeof e->recent);
    e->anew = false;
    e->seen = session_time(s);
    for (unsigned w = 1; w < session_worlds(s); w++)
        vm_watch(session_vm(s, w), note, e);
}

void tui_exits_end(struct tui_exits *e)
{
    for (unsigned w = 1; e->session && w < session_worlds(e->session); w++)
        vm_unwatch(session_vm(e->session, w), note, e);
    e->session = NULL;
}

void tui_exits_before(struct tui_exits *e)
{
    e->back = e->anew = true;
    e->from = session_time(e->session);
}

/* At a checkpoint nothing of what comes at that time has come; the same if none
   has come again. */
void tui_exits_after(struct tui_exits *e)
{
    uint64_t now = session_time(e->session);
    bool none = e->back && now == session_beginning(e->session);

    if (e->anew && now < e->from)
        none = true;
    forget_from(e, none ? now : now + 1);
    e->back = e->anew = false;
}

const struct tui_exit *tui_exits_last(const struct tui_exits *e, unsigned world,
                                      unsigned hart)
{
    const struct tui_exit *x = &e->recent[world][hart];

    return x->vm ? x : NULL;
}

const char *tui_exit_text(struct tui_exit *x, const struct debugger *d)
{
    if (!x->text[0])
        exit_log_format(debugger_names(d, x->world), x->vm, &x->record, x->text,
                        sizeof x->text);
    return x->text;
}
