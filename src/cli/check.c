/* pogo check: the command line, and who answers it. */
#include "cli/check.h"

#include <stdlib.h>
#include <string.h>

#include "cli/check_square.h"
#include "cli/check_theorem.h"
#include "cli/hole_list.h"

const struct command check_parts[] = {
    { "square", "the monitor against the bare machine, instruction by "
                "instruction", check_square, help_check_square, NULL },
    { "theorem", "Theorem 1 itself, on the paper's machine with a monitor",
      check_theorem, help_check_theorem, NULL },
    { NULL, NULL, NULL, NULL, NULL },
};

#define AT(member) offsetof(struct check_settings, member)

static const struct option rows[] = {
    { "question", OPTION_LIST, AT(question), "QUESTION",
      "what to ask of our own machine: s-in-u (the default), m-in-u, m-in-s, "
      "all; without=CONDITION",
      0, 0, NULL },
    { "list-questions", OPTION_FLAG, AT(list_questions), NULL,
      "list the questions and the conditions, and end", 0, 0, NULL },
    { "hole", OPTION_LIST, AT(hole), "NAME[,NAME]",
      "holes in the hardware of our own machine", 0, 0, NULL },
    { "list-holes", OPTION_FLAG, AT(list_holes), NULL,
      "list the holes, one a line, and end", 0, 0, NULL },
    { "exhaustive", OPTION_FLAG, AT(exhaustive), NULL,
      "all 2^32 instruction words of our own machine", 0, 0, NULL },
    { "samples", OPTION_NUMBER, AT(samples), "N",
      "words to try of each instruction in each state", 1, 1000000, NULL },
    { "stride", OPTION_NUMBER, AT(stride), "N",
      "only every Nth state of the lattice: a quick look", 1, 1000000, NULL },
    { "jobs", OPTION_NUMBER, AT(jobs), "N",
      "threads (default: as many as there are processors)", 1, 1024, NULL },
    { "shard", OPTION_TEXT, AT(shard), "K/N",
      "do the K-th of N parts of one question, and write it to standard "
      "output for 'merge'",
      0, 0, NULL },
    { "variant", OPTION_TEXT, AT(variant), "NAME",
      "the machine of that name in FILE.isa (default: the first)", 0, 0, NULL },
    { "time-limit", OPTION_SECONDS, AT(time_limit), "SECONDS",
      "of FILE.isa: what is not decided by then is unknown (60)", 0, 0, NULL },
    { "no-proofs", OPTION_FLAG, AT(no_proofs), NULL,
      "of FILE.isa: search for witnesses only, prove nothing", 0, 0, NULL },
    { "seed", OPTION_NUMBER, AT(seed), "N", "seed of sampled states (1)", 0,
      UINT64_MAX, NULL },
    { "all", OPTION_FLAG, AT(all), NULL,
      "a row for each instruction, and all witnesses in full", 0, 0, NULL },
    { "json", OPTION_FLAG, AT(json), NULL, "the answer as one JSON object", 0,
      0, NULL },
    { "html", OPTION_TEXT, AT(html), "FILE",
      "the answer as a page, into the file", 0, 0, NULL },
    { "witness", OPTION_NUMBER, AT(witness), "N",
      "only witness N, for 'pogo replay-witness'", 1, 1000000, NULL },
    { "witnesses", OPTION_TEXT, AT(witnesses), "DIR",
      "write each witness into a file of its own in DIR", 0, 0, NULL },
    { 0 },
};

/* ---- targets ---- */

enum target {
    TARGET_RISCV = 1,
    TARGET_MODEL = 2,
    TARGET_MERGE = 4,
};

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);

    return n > m && strcmp(s + n - m, end) == 0;
}

/* 0: it is none, and that has been said. */
static unsigned target_of(const struct check_settings *s)
{
    unsigned target = s->files == 0                      ? TARGET_RISCV
                      : strcmp(s->file[0], "riscv") == 0 ? TARGET_RISCV
                      : strcmp(s->file[0], "merge") == 0 ? TARGET_MERGE
                      : ends_with(s->file[0], ".isa")    ? TARGET_MODEL
                                                         : 0;

    if (target == 0)
        complain(EXIT_USAGE,
                 "check has no target '%s': it takes riscv, a description "
                 "(FILE.isa), merge or square",
                 s->file[0]);
    else if (target == TARGET_MERGE && s->files < 2)
        complain(EXIT_USAGE, "merge what? Name the files that 'pogo check "
                             "--shard' has written");
    else if (target != TARGET_MERGE && s->files > 1)
        complain(EXIT_USAGE, "check takes one target, not also '%s'",
                 s->file[1]);
    else
        return target;
    return 0;
}

/* Does each option that is given mean something for the target? If not, says
   so. */
static bool options_fit(const struct check_settings *s, unsigned target)
{
    bool shard = s->shard != NULL;
    const struct {
        const char *name;
        bool given;
        unsigned targets;
    } fits[] = {
        { "question", s->question.count > 0, TARGET_RISCV },
        { "hole", s->hole.count > 0, TARGET_RISCV },
        { "exhaustive", s->exhaustive, TARGET_RISCV },
        { "samples", s->samples > 0, TARGET_RISCV },
        { "stride", s->stride > 0, TARGET_RISCV },
        { "jobs", s->jobs > 0, TARGET_RISCV },
        { "shard", shard, TARGET_RISCV },
        { "variant", s->variant != NULL, TARGET_MODEL },
        { "time-limit", s->time_limit > 0, TARGET_MODEL },
        { "no-proofs", s->no_proofs, TARGET_MODEL },
    };

    for (size_t k = 0; k < sizeof fits / sizeof *fits; k++) {
        if (!fits[k].given || (fits[k].targets & target))
            continue;
        complain(EXIT_USAGE, "--%s is for %s, not for '%s'", fits[k].name,
                 fits[k].targets == TARGET_RISCV ? "our own machine (riscv)"
                                                 : "descriptions (FILE.isa)",
                 s->files ? s->file[0] : "riscv");
        return false;
    }
    if (shard && (s->json || s->html || s->all || s->witness || s->witnesses)) {
        complain(EXIT_USAGE, "--shard writes a part, and no answer yet: give "
                             "--json, --html, --all and --witness to 'pogo "
                             "check merge'");
        return false;
    }
    return true;
}

static int answer(const struct check_settings *s, unsigned target)
{
    struct check_reports r = { 0 };
    int status;

    if (s->shard)
        return check_riscv_part(s);
    status = target == TARGET_RISCV   ? check_riscv(s, &r)
             : target == TARGET_MODEL ? check_isa(s, &r)
                                      : check_merge(s, &r);
    if (status == 0)
        status = check_show(s, &r);
    check_reports_free(&r);
    return status;
}

/* ---- the command line ---- */

/* Does the argument take the next one as its value? */
static bool takes_next(const char *argument)
{
    for (const struct option *o = rows; o->name; o++)
        if (strcmp(o->name, argument + 2) == 0)
            return o->kind != OPTION_FLAG && o->kind != OPTION_MAYBE;
    return false;
}

/* Divides argv into options, `rest` (with argv[0]), and all else, `file`. */
static int divide(int argc, char **argv, char **rest, const char **file,
                  unsigned *files)
{
    int n = 0;

    rest[n++] = argv[0];
    *files = 0;
    for (int k = 1; k < argc; k++) {
        if (strncmp(argv[k], "--", 2) != 0) {
            file[(*files)++] = argv[k];
            continue;
        }
        rest[n++] = argv[k];
        if (takes_next(argv[k]) && k + 1 < argc)
            rest[n++] = argv[++k];
    }
    return n;
}

static int run(struct check_settings *s, int argc, char **argv)
{
    struct error e;
    unsigned target;

    if (options_parse(rows, "check", argc, argv, s, &e) != STATUS_OK)
        return complain(EXIT_USAGE, "%s", e.text);
    if (s->list_holes || s->list_questions) {
        if (s->list_holes)
            hole_list(stdout);
        if (s->list_questions)
            check_list_questions(stdout);
        return 0;
    }
    target = target_of(s);
    if (target == 0 || !options_fit(s, target))
        return EXIT_USAGE;
    return answer(s, target);
}

int command_check(int argc, char **argv)
{
    struct check_settings s = { .seed = 1 };
    char **rest;
    const char **file;
    int status;

    if (argc > 1 && command_find(check_parts, argv[1]))
        return command_find(check_parts, argv[1])->run(argc - 1, argv + 1);
    rest = calloc((size_t)argc + 1, sizeof *rest);
    file = calloc((size_t)argc + 1, sizeof *file);
    if (rest && file) {
        int n = divide(argc, argv, rest, file, &s.files);

        s.file = file;
        status = run(&s, n, rest);
    } else {
        status = complain(EXIT_INTERNAL, "this host is out of memory");
    }
    free(rest);
    free(file);
    return status;
}

void help_check(FILE *out)
{
    fputs("\nusage: pogo check [riscv] [options]   our own machine\n"
          "       pogo check FILE.isa [options]  a described ISA "
          "(docs/isa-language.md)\n"
          "       pogo check merge FILE... [options]\n"
          "                                      parts that --shard has "
          "written\n"
          "       pogo check square [options]    the monitor against the bare "
          "machine\n"
          "       pogo check theorem             Theorem 1 itself\n\n"
          "Is it virtualizable, by Popek and Goldberg? The exit status is 0 if "
          "so, 1 if not,\n2 if unknown. docs/check.md says more.\n\n",
          out);
    options_help(rows, out);
}
