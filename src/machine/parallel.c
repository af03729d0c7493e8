#include "machine/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

struct team {
    void (*work)(void *context, unsigned worker, unsigned i);
    void *context;
    unsigned n;
    atomic_uint next;
};

struct worker {
    struct team *team;
    unsigned number;
    pthread_t thread;
    bool started;
};

static void *work(void *worker)
{
    const struct worker *w = worker;
    struct team *t = w->team;
    unsigned i;

    while ((i = atomic_fetch_add(&t->next, 1)) < t->n)
        t->work(t->context, w->number, i);
    return NULL;
}

static unsigned workers_for(unsigned n)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned workers =
        cores > 0 && cores < PARALLEL_MAX ? (unsigned)cores : PARALLEL_MAX;

    return workers < n ? workers : n;
}

/* A thread that the host refuses leaves the others more to do. */
void parallel(unsigned n,
              void (*function)(void *context, unsigned worker, unsigned i),
              void *context)
{
    struct team t = { .work = function, .context = context, .n = n };
    struct worker w[PARALLEL_MAX];
    unsigned workers = workers_for(n);

    for (unsigned i = 0; i < workers; i++) {
        w[i] = (struct worker){ .team = &t, .number = i };
        w[i].started =
            i > 0 && pthread_create(&w[i].thread, NULL, work, &w[i]) == 0;
    }
    if (workers > 0)
        work(&w[0]);
    for (unsigned i = 1; i < workers; i++)
        if (w[i].started)
            pthread_join(w[i].thread, NULL);
}
