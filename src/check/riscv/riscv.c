/* Runs a check: the work is shared among threads, what they saw added up. */
#include "check/riscv/riscv.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check/riscv/sweep.h"
#include "isa/hole.h"

#define JOBS_MAX 256

/* What the workers have in common. */
struct team {
    const struct riscv_check_config *config;
    struct isa isa;       /* with what `without` takes from the machine */
    pthread_mutex_t lock; /* of done */
    uint64_t done, total;
};

struct worker {
    struct team *team;
    struct riscv_part *part;
    unsigned first, step; /* its items: first, first + step … */
    enum status status;
};

static void advance(struct team *team, uint64_t cost)
{
    const struct riscv_check_config *c = team->config;

    pthread_mutex_lock(&team->lock);
    team->done += cost;
    if (c->progress)
        c->progress(c->progress_context, team->done, team->total);
    pthread_mutex_unlock(&team->lock);
}

static void *work(void *context)
{
    struct worker *w = context;
    unsigned items = sweep_items(w->part);
    struct bench b;

    w->status = bench_init(&b, w->part, &w->team->isa);
    if (w->status != STATUS_OK)
        return NULL;
    for (unsigned i = w->first; i < items; i += w->step) {
        if (!sweep_item(&b, i)) {
            w->status = STATUS_NO_MEMORY;
            break;
        }
        advance(w->team, sweep_cost(w->part, i));
    }
    bench_free(&b);
    return NULL;
}

static enum status refuse(struct error *error, const char *text)
{
    snprintf(error->text, sizeof error->text, "%s", text);
    return STATUS_BAD_ARGUMENT;
}

/* Zeros of the config become what they stand for. */
static enum status complete(struct riscv_check_config *c, struct error *error)
{
    if (!c->shards)
        c->shard = c->shards = 1;
    if (!c->jobs)
        c->jobs = 1;
    if (c->shards > SHARDS_MAX || c->shard < 1 || c->shard > c->shards)
        return refuse(error, "a shard is K/N with 1 <= K <= N <= 4096");
    if (c->jobs > JOBS_MAX)
        return refuse(error, "at most 256 jobs run at once");
    if (c->without != CONDITIONS &&
        !riscv_condition_concerns(c->without, c->question))
        return refuse(error, "a guest without M-mode has neither MPRV nor PMP "
                             "to go without");
    return STATUS_OK;
}

static uint64_t total_cost(const struct riscv_part *part, unsigned shard,
                           unsigned shards)
{
    uint64_t total = 0;

    for (unsigned i = shard - 1; i < sweep_items(part); i += shards)
        total += sweep_cost(part, i);
    return total;
}

/* A worker that cannot have a thread does its work here. */
static void run_workers(struct worker *w, unsigned n)
{
    pthread_t thread[JOBS_MAX];
    bool started[JOBS_MAX] = { false };

    for (unsigned i = 1; i < n; i++)
        started[i] = pthread_create(&thread[i], NULL, work, &w[i]) == 0;
    work(&w[0]);
    for (unsigned i = 1; i < n; i++) {
        if (started[i])
            pthread_join(thread[i], NULL);
        else
            work(&w[i]);
    }
}

static enum status add_up(struct riscv_part *sum, struct worker *w, unsigned n)
{
    enum status status = STATUS_OK;

    for (unsigned i = 0; i < n; i++) {
        if (w[i].status != STATUS_OK)
            status = w[i].status;
        else if (!part_add(sum, w[i].part))
            status = STATUS_NO_MEMORY;
    }
    return status;
}

/* With all of the work in *sum, if there is memory for it. */
static enum status share_work(const struct riscv_check_config *c,
                              struct riscv_part *sum)
{
    struct team team = { .config = c, .isa = *c->isa };
    struct worker *w = calloc(c->jobs, sizeof *w);
    enum status status = w ? STATUS_OK : STATUS_NO_MEMORY;

    if (c->without != CONDITIONS)
        team.isa.holes |= bench_holes(c->without);
    team.total = total_cost(sum, c->shard, c->shards);
    pthread_mutex_init(&team.lock, NULL);
    for (unsigned i = 0; w && i < c->jobs; i++) {
        w[i] = (struct worker){ .team = &team,
                                .part = part_new(c),
                                .first = c->shard - 1 + i * c->shards,
                                .step = c->shards * c->jobs };
        if (!w[i].part)
            status = STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK) {
        run_workers(w, c->jobs);
        status = add_up(sum, w, c->jobs);
    }
    for (unsigned i = 0; w && i < c->jobs; i++)
        riscv_part_free(w[i].part);
    pthread_mutex_destroy(&team.lock);
    free(w);
    return status;
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

enum status riscv_part_run(const struct riscv_check_config *config,
                           struct riscv_part **part, struct error *error)
{
    struct riscv_check_config c = *config;
    enum status status = complete(&c, error);
    double start = now();

    *part = NULL;
    if (status != STATUS_OK)
        return status;
    *part = part_new(&c);
    status = *part ? share_work(&c, *part) : STATUS_NO_MEMORY;
    if (status != STATUS_OK) {
        riscv_part_free(*part);
        *part = NULL;
        refuse(error, "out of memory");
        return status;
    }
    (*part)->have[(c.shard - 1) / 8] |= (uint8_t)BIT((c.shard - 1) % 8);
    (*part)->seconds = now() - start;
    return STATUS_OK;
}

enum status riscv_check(const struct riscv_check_config *config,
                        struct verdict_report *report, struct error *error)
{
    struct riscv_part *part;
    enum status status = riscv_part_run(config, &part, error);

    memset(report, 0, sizeof *report);
    if (status != STATUS_OK)
        return status;
    status = riscv_part_report(part, report, error);
    riscv_part_free(part);
    return status;
}
