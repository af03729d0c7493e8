#include "debug/world_session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct session_config world_session_config(struct world *w)
{
    struct session_config c = { .depth = w->depth, .bottom = w->bare };

    c.machine[0] = &w->bare->machine;
    c.board[0] = &w->bare->board;
    for (unsigned d = 1; d <= w->depth; d++) {
        c.vm[d] = w->vm[d - 1];
        c.machine[d] = &c.vm[d]->machine;
        c.board[d] = &c.vm[d]->board;
    }
    return c;
}

struct session *world_session(struct world *w, uint64_t budget)
{
    struct session_config c = world_session_config(w);
    struct session *s;

    c.budget = budget;
    s = session_new(&c);
    assert_non_null(s);
    return s;
}
