/*
 * pogo replay-witness: runs a witness of pogo check again, on both sides, and
 * shows what was varied, the state before and after, and where they part.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check/riscv/replay.h"
#include "check/riscv/say.h"
#include "cli/cli.h"

void help_replay_witness(FILE *out)
{
    fputs("usage: pogo replay-witness FILE\n"
          "\n"
          "Runs the witness in FILE (- is standard input), as pogo check "
          "writes it, on both\nof its sides, one instruction each, and shows "
          "where they part.\n"
          "The status is 0 if it shows what it says, 1 if it does not.\n",
          out);
}

static const char *side_text(const char *text)
{
    return text ? text : "";
}

/* A line for each piece of state: what it was, and what it has become. */
static void print_items(const struct witness *w, bool both)
{
    printf("  %-16s %-20s %-20s", "", both ? "side 0" : "before",
           both ? "side 1" : "after");
    puts("");
    for (size_t i = 0; i < w->items; i++) {
        const struct witness_item *item = &w->item[i];

        printf("%c %-16s %-20s %-20s\n", item->varied ? '~' : ' ', item->name,
               side_text(item->before[0]),
               side_text(both ? item->before[1] : item->after[0]));
    }
}

static void print_after(const struct witness *w)
{
    puts("\nafter:");
    for (size_t i = 0; i < w->items; i++) {
        const struct witness_item *item = &w->item[i];
        const char *a = item->after[0] ? item->after[0] : item->before[0];
        const char *b = item->after[1] ? item->after[1] : item->before[1];

        if (item->after[0] || item->after[1] || item->differs)
            printf("%c %-16s %-20s %-20s\n", item->differs ? '!' : ' ',
                   item->name, side_text(a), side_text(b));
    }
}

static void print_replay(const struct replay *r, const struct witness *w)
{
    bool both = r->finding.property != PROPERTY_CONTROL;
    char isa[512];

    isa_format(&r->isa, isa, sizeof isa);
    printf("%s\n%s: %s\n\n", w->sentence, property_name(r->finding.property),
           w->text);
    printf("question %s (%s), on %s\n", r->question->name, r->question->subject,
           isa);
    if (r->without != CONDITIONS)
        printf("the host lacks: %s\n", riscv_condition_row(r->without)->title);
    puts(both ? "\nbefore (~ is what the sides differ in):"
              : "\nbefore and after:");
    print_items(w, both);
    if (both)
        print_after(w);
}

/* Runs it as it stands; what is printed is the least of it that shows. */
static int replay(struct replay *r)
{
    struct verdict_report report = { .arena = verdict_arena_new() };
    struct witness w;
    struct twin t;
    bool shows = false, said = false;

    if (report.arena && replay_run(r, &t, &shows) == STATUS_OK) {
        said = shows && say_witness(r, &t, "", report.arena, &w);
        if (said)
            print_replay(r, &w);
        replay_free(&t);
    }
    verdict_free(&report);
    if (!shows)
        puts("On this machine the witness does not show what it says: the two "
             "sides do not part.");
    return !shows ? 1 : said ? 0 : complain(EXIT_INTERNAL, "out of memory");
}

int command_replay_witness(int argc, char **argv)
{
    struct error error;
    struct replay r;
    unsigned line = 0;
    enum status status;
    FILE *file;

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        help_replay_witness(stdout);
        return 0;
    }
    if (argc != 2)
        return complain(EXIT_USAGE, "replay-witness takes one file, as pogo "
                                    "check writes it");
    file = strcmp(argv[1], "-") == 0 ? stdin : fopen(argv[1], "r");
    if (!file)
        return complain(EXIT_BAD_INPUT, "cannot read %s: %s", argv[1],
                        strerror(errno));
    status = replay_read(file, &r, &line, &error);
    if (file != stdin)
        fclose(file);
    if (status != STATUS_OK)
        return complain(EXIT_BAD_INPUT, "%s: %s", argv[1], error.text);
    return replay(&r);
}
