#include "debug/recent.h"

/* Room for one more, the oldest gone. */
static struct recent_event *next(struct recent *r)
{
    if (session_returns(r->session) != r->returns) {
        r->returns = session_returns(r->session);
        r->noted = 0;
    }
    return &r->event[r->noted++ % RECENT_EVENTS];
}

static void trapped(void *recent, const struct hart *h, uint64_t count,
                    const struct trap *t)
{
    struct recent *r = recent;

    *next(r) = (struct recent_event){
        .target = trap_target(&h->csr, t->cause),
        .exit = { .hart = (unsigned)h->csr.hartid,
                  .count = count,
                  .priv = h->csr.priv,
                  .pc = h->pc,
                  .host = *t },
        .satp = h->csr.priv == PRIV_M ? 0 : h->csr.satp,
    };
    if (r->watcher)
        r->watcher(r->watcher_context, h, count, t);
}

static void exited(void *recent, struct vm *vm, const struct exit_record *e)
{
    *next(recent) = (struct recent_event){
        .vm = vm,
        .exit = *e,
        .satp = e->priv == PRIV_M ? 0 : vm->monitor.hart[e->hart].csr.satp,
    };
}

void recent_begin(struct recent *r, struct session *s)
{
    struct bare *bare = bare_from(session_machine(s, 0));

    *r = (struct recent){ .session = s, .returns = session_returns(s) };
    r->watcher = bare->hart[0].watcher;
    r->watcher_context = bare->hart[0].watcher_context;
    bare_watch(bare, trapped, r);
    for (unsigned w = 1; w < session_worlds(s); w++)
        vm_watch(session_vm(s, w), exited, r);
}

void recent_end(struct recent *r)
{
    if (!r->session)
        return;
    bare_watch(bare_from(session_machine(r->session, 0)), r->watcher,
               r->watcher_context);
    for (unsigned w = 1; w < session_worlds(r->session); w++)
        vm_unwatch(session_vm(r->session, w), exited, r);
    *r = (struct recent){ 0 };
}

unsigned recent_count(const struct recent *r)
{
    if (!r->session || session_returns(r->session) != r->returns)
        return 0;
    return r->noted < RECENT_EVENTS ? (unsigned)r->noted : RECENT_EVENTS;
}

const struct recent_event *recent_at(const struct recent *r, unsigned n)
{
    uint64_t first = r->noted - recent_count(r);

    return &r->event[(first + n) % RECENT_EVENTS];
}

unsigned recent_world(const struct recent *r, const struct recent_event *e)
{
    unsigned w = 0;

    while (session_vm(r->session, w) != e->vm)
        w++;
    return w;
}
