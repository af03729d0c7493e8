/* The answers of pogo check: as text or JSON, as a page, as files. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/verdict_view.h"
#include "cli/check.h"
#include "cli/verdict_json.h"
#include "cli/verdict_text.h"
#include "ui/verdict_html.h"

struct verdict_report *check_reports_add(struct check_reports *r)
{
    struct verdict_report *more =
        realloc(r->report, (r->count + 1) * sizeof *more);

    if (!more)
        return NULL;
    r->report = more;
    more[r->count] = (struct verdict_report){ 0 };
    return &more[r->count++];
}

void check_reports_free(struct check_reports *r)
{
    for (size_t k = 0; k < r->count; k++)
        verdict_free(&r->report[k]);
    free(r->report);
    *r = (struct check_reports){ 0 };
}

/* ---- files ---- */

/* Closes f, which is `name`: 0, or the exit status of what has been said. */
static int finish(FILE *f, const char *name)
{
    bool good = !ferror(f);

    if (fclose(f) == 0 && good)
        return 0;
    return complain(EXIT_BAD_INPUT, "'%s' cannot be written: %s", name,
                    strerror(errno));
}

static FILE *create(const char *name)
{
    FILE *f = fopen(name, "w");

    if (!f)
        complain(EXIT_BAD_INPUT, "'%s' cannot be written: %s", name,
                 strerror(errno));
    return f;
}

static int write_page(const struct check_settings *s,
                      const struct check_reports *r)
{
    FILE *f = create(s->html);

    if (!f)
        return EXIT_BAD_INPUT;
    verdict_html_write(f, r->report, r->count);
    return finish(f, s->html);
}

/* Letters, digits, '.' and '_' as they are; a row of others as one '-'. */
static void put_name(FILE *f, const char *s)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789._"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    while (*s) {
        size_t n = strspn(s, plain);

        fwrite(s, 1, n, f);
        s += n;
        n = strcspn(s, plain);
        if (n)
            putc('-', f);
        s += n;
    }
}

/* Witness k, as `pogo replay-witness` reads it; in words, if it cannot. */
static void put_witness(FILE *f, const struct verdict_report *v, size_t k)
{
    const struct text_out o = { .file = f };

    if (v->witness[k].replay)
        fputs(v->witness[k].replay, f);
    else
        verdict_text_witness(o, v, (int)k, true);
}

/* "DIR/03-popf-mode-sensitive.witness", or ".txt" if it cannot be replayed,
   with the question before that where there are several. The caller frees it.
   NULL: out of memory. */
static char *witness_file(const struct check_settings *s,
                          const struct check_reports *r,
                          const struct verdict_report *v, size_t k)
{
    char *name = NULL;
    size_t size;
    FILE *f = open_memstream(&name, &size);

    if (!f)
        return NULL;
    fprintf(f, "%s/", s->witnesses);
    if (r->count > 1) {
        put_name(f, v->question ? v->question : "question");
        fprintf(f, "-%zu-", (size_t)(v - r->report) + 1);
    }
    fprintf(f, "%02zu-", k + 1);
    put_name(f, v->witness[k].insn);
    fprintf(f, "-%s.%s", property_name(v->witness[k].property),
            v->witness[k].replay ? "witness" : "txt");
    return fclose(f) == 0 ? name : NULL;
}

static int write_witness(const struct check_settings *s,
                         const struct check_reports *r,
                         const struct verdict_report *v, size_t k)
{
    char *name;
    FILE *f;
    int status = EXIT_BAD_INPUT;

    name = witness_file(s, r, v, k);
    if (!name)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    f = create(name);
    if (f) {
        put_witness(f, v, k);
        status = finish(f, name);
    }
    free(name);
    return status;
}

static int write_witnesses(const struct check_settings *s,
                           const struct check_reports *r)
{
    int status = 0;

    if (mkdir(s->witnesses, 0777) != 0 && errno != EEXIST)
        return complain(EXIT_BAD_INPUT, "'%s' cannot be made: %s", s->witnesses,
                        strerror(errno));
    for (size_t k = 0; k < r->count; k++)
        for (size_t w = 0; w < r->report[k].witnesses && status == 0; w++)
            status = write_witness(s, r, &r->report[k], w);
    return status;
}

/* ---- standard output ---- */

/* One witness, and nothing else. */
static int print_witness(const struct check_settings *s,
                         const struct check_reports *r)
{
    const struct verdict_report *v = &r->report[0];

    if (r->count > 1)
        return complain(EXIT_USAGE, "--witness takes its number from one "
                                    "question's answer: ask only one");
    if (s->witness > v->witnesses)
        return complain(EXIT_USAGE,
                        "--witness must be from 1 to %zu, the number of "
                        "witnesses, not %llu",
                        v->witnesses, (unsigned long long)s->witness);
    put_witness(stdout, v, s->witness - 1);
    return 0;
}

static struct text_out standard_output(void)
{
    const char *terminal = getenv("TERM"), *no = getenv("NO_COLOR");

    return (struct text_out){
        .file = stdout,
        .colour = isatty(STDOUT_FILENO) == 1 && !(no && *no) && terminal &&
                  strcmp(terminal, "dumb") != 0,
    };
}

/* "2 of 3 are virtualizable; not: …". */
static void print_summary(struct text_out o, const struct check_reports *r)
{
    size_t yes = 0;

    for (size_t k = 0; k < r->count; k++)
        yes += r->report[k].virtualizable == TRUTH_YES;
    fprintf(o.file, "%zu of %zu questions answered with virtualizable\n", yes,
            r->count);
    for (size_t k = 0; k < r->count; k++) {
        const struct verdict_report *v = &r->report[k];

        fprintf(o.file, "  %-17s ", verdict_outcome(v->virtualizable));
        text_wrap(o, v->subject, 20, 20);
    }
}

static void print_text(const struct check_settings *s,
                       const struct check_reports *r)
{
    struct text_out o = standard_output();

    if (r->count > 1)
        print_summary(o, r);
    for (size_t k = 0; k < r->count; k++) {
        if (r->count > 1)
            putc('\n', o.file);
        verdict_text_write(o, &r->report[k], s->all);
    }
}

static int exit_status(const struct check_reports *r)
{
    enum truth worst = TRUTH_YES;

    for (size_t k = 0; k < r->count; k++)
        worst = verdict_worse(worst, r->report[k].virtualizable);
    return worst == TRUTH_YES  ? EXIT_VIRTUALIZABLE
           : worst == TRUTH_NO ? EXIT_NOT_VIRTUALIZABLE
                               : EXIT_NOT_DECIDED;
}

int check_show(const struct check_settings *s, const struct check_reports *r)
{
    int status = 0, written = 0;

    /* The answer may have taken long: it is shown whatever becomes of files. */
    if (s->witness)
        status = print_witness(s, r);
    else if (s->json)
        verdict_json_write(stdout, r->report, r->count);
    else
        print_text(s, r);
    if (status == 0 && (fflush(stdout) != 0 || ferror(stdout)))
        status = complain(EXIT_BAD_INPUT, "standard output cannot be written");
    if (s->html)
        written = write_page(s, r);
    if (status == 0)
        status = written;
    if (status == 0 && s->witnesses)
        status = write_witnesses(s, r);
    return status ? status : exit_status(r);
}
