/* pogo check riscv: our own machine, asked by twin runs of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/riscv/riscv.h"
#include "cli/check.h"
#include "cli/guest.h"
#include "cli/hole_list.h"
#include "cli/progress.h"
#include "machine/error_say.h"

/* A question, and what the host lacks. */
struct asked {
    const struct riscv_question *question;
    enum riscv_condition without;
};

#define DEFAULT_QUESTION "s-in-u"
#define ASKED_MAX        48

/* What a check of our machine is about. */
struct plan {
    struct asked asked[ASKED_MAX];
    unsigned count;
    struct isa isa;
    struct riscv_check_config config;
    struct progress progress;
    struct error error;
};

/* ---- questions ---- */

void check_list_questions(FILE *out)
{
    const struct riscv_question *q;

    for (size_t n = 0; (q = riscv_question(n)); n++)
        fprintf(out, "%-20s %s\n", q->name, q->subject);
    for (unsigned c = 0; c < CONDITIONS; c++) {
        const struct riscv_condition_row *row = riscv_condition_row(c);

        fprintf(out, "without=%-12s %s%s\n", row->name,
                row->m_guest ? "(M-mode guests) " : "", row->title);
    }
}

static enum status parse_condition(const char *name, struct asked *a,
                                   struct error *e)
{
    a->without = riscv_condition_find(name);
    if (a->without != CONDITIONS)
        return STATUS_OK;
    return error_say(e, STATUS_BAD_ARGUMENT,
                     "--question knows no condition '%s': 'pogo check "
                     "--list-questions' lists them",
                     name);
}

/* "m-in-u", "without=fs", or "m-in-u,without=fs". */
static enum status parse_question(const char *text, struct asked *a,
                                  struct error *e)
{
    static const char without[] = "without=";
    const char *lacks = strstr(text, without);
    size_t n = lacks ? (size_t)(lacks - text) : strlen(text);
    char name[32];

    if (lacks && n > 0 && lacks[-1] == ',')
        n--;
    snprintf(name, sizeof name, "%.*s", (int)n, text);
    *a = (struct asked){ riscv_question_find(n ? name : DEFAULT_QUESTION),
                         CONDITIONS };
    if (!a->question)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "--question does not know '%s': 'pogo check "
                         "--list-questions' lists the questions",
                         text);
    return lacks ? parse_condition(lacks + sizeof without - 1, a, e)
                 : STATUS_OK;
}

static void ask_all(struct plan *p)
{
    const struct riscv_question *q;

    for (size_t n = 0; (q = riscv_question(n)) && p->count < ASKED_MAX; n++)
        p->asked[p->count++] = (struct asked){ q, CONDITIONS };
}

static enum status parse_questions(struct plan *p,
                                   const struct option_list *list)
{
    enum status status = STATUS_OK;

    for (unsigned k = 0; k < list->count && status == STATUS_OK; k++) {
        if (strcmp(list->text[k], "all") == 0)
            ask_all(p);
        else if (p->count < ASKED_MAX)
            status =
                parse_question(list->text[k], &p->asked[p->count++], &p->error);
    }
    if (list->count == 0)
        p->asked[p->count++] =
            (struct asked){ riscv_question_find(DEFAULT_QUESTION), CONDITIONS };
    return status;
}

/* ---- the plan ---- */

static void show_progress(void *context, uint64_t done, uint64_t total)
{
    progress_show(context, done, total);
}

/* "3/8" */
static enum status parse_shard(struct plan *p, const char *text)
{
    unsigned k, n;
    int end = 0;

    if (sscanf(text, "%u/%u%n", &k, &n, &end) == 2 && text[end] == '\0' &&
        k >= 1 && k <= n) {
        p->config.shard = k;
        p->config.shards = n;
        return STATUS_OK;
    }
    return error_say(&p->error, STATUS_BAD_ARGUMENT,
                     "--shard must be K/N with K from 1 to N, such as 3/8, "
                     "not '%s'",
                     text);
}

static unsigned processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);

    return n > 0 ? (unsigned)n : 1;
}

static enum status make_plan(struct plan *p, const struct check_settings *s)
{
    enum status status = parse_questions(p, &s->question);

    p->isa = isa_default();
    p->config = (struct riscv_check_config){
        .isa = &p->isa,
        .seed = s->seed,
        .samples = (unsigned)s->samples,
        .exhaustive = s->exhaustive,
        .stride = (unsigned)s->stride,
        .jobs = s->jobs ? (unsigned)s->jobs : processors(),
        .progress = show_progress,
        .progress_context = &p->progress,
    };
    if (status == STATUS_OK && s->shard)
        status = parse_shard(p, s->shard);
    if (status == STATUS_OK)
        status = hole_options(&s->hole, &p->isa.holes, &p->error);
    return status;
}

/* The exit status of a library's error, which is said. */
static int failed(enum status status, const struct error *e)
{
    if (status == STATUS_NO_MEMORY)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    return complain(guest_exit_status(status), "%s", e->text);
}

/* ---- checks ---- */

static void begin(struct plan *p, unsigned k)
{
    p->config.question = p->asked[k].question;
    p->config.without = p->asked[k].without;
    p->progress = progress_begin(p->asked[k].question->name);
}

int check_riscv(const struct check_settings *s, struct check_reports *out)
{
    struct plan p = { 0 };
    enum status status = make_plan(&p, s);

    for (unsigned k = 0; k < p.count && status == STATUS_OK; k++) {
        struct verdict_report *r = check_reports_add(out);

        if (!r)
            return failed(STATUS_NO_MEMORY, NULL);
        begin(&p, k);
        status = riscv_check(&p.config, r, &p.error);
        progress_end(&p.progress);
    }
    return status == STATUS_OK ? 0 : failed(status, &p.error);
}

int check_riscv_part(const struct check_settings *s)
{
    struct plan p = { 0 };
    struct riscv_part *part = NULL;
    enum status status = make_plan(&p, s);

    if (status != STATUS_OK)
        return failed(status, &p.error);
    if (p.count > 1)
        return complain(EXIT_USAGE, "--shard is a part of one question: ask "
                                    "only one");
    begin(&p, 0);
    status = riscv_part_run(&p.config, &part, &p.error);
    progress_end(&p.progress);
    if (status != STATUS_OK)
        return failed(status, &p.error);
    status = riscv_part_write(part, stdout);
    riscv_part_free(part);
    if (status != STATUS_OK || fflush(stdout) != 0)
        return complain(EXIT_BAD_INPUT,
                        "the part cannot be written to standard output: %s",
                        strerror(errno));
    return 0;
}

/* ---- merge ---- */

/* Reads the part in file `name`, and adds it to *sum, which it becomes if there
   is none. Returns 0, or an exit status. */
static int add_part(const char *name, struct riscv_part **sum)
{
    FILE *f = fopen(name, "r");
    struct riscv_part *part = NULL;
    struct error e;
    enum status status;

    if (!f)
        return complain(EXIT_BAD_INPUT, "'%s' cannot be read: %s", name,
                        strerror(errno));
    status = riscv_part_read(f, &part, &e);
    fclose(f);
    if (status == STATUS_OK && *sum) {
        status = riscv_part_merge(*sum, part, &e);
        riscv_part_free(part);
    } else if (status == STATUS_OK) {
        *sum = part;
    }
    if (status == STATUS_OK)
        return 0;
    if (status == STATUS_NO_MEMORY)
        return failed(status, &e);
    return complain(EXIT_BAD_INPUT, "'%s': %s", name, e.text);
}

int check_merge(const struct check_settings *s, struct check_reports *out)
{
    struct riscv_part *sum = NULL;
    struct verdict_report *r;
    struct error e;
    enum status result;
    int status = 0;

    for (unsigned k = 1; k < s->files && status == 0; k++)
        status = add_part(s->file[k], &sum);
    if (status == 0) {
        r = check_reports_add(out);
        result = r ? riscv_part_report(sum, r, &e) : STATUS_NO_MEMORY;
        if (result != STATUS_OK)
            status = failed(result, &e);
    }
    riscv_part_free(sum);
    return status;
}
