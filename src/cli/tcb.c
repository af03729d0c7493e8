/* pogo tcb: the trusted computing base, counted. */
#include "cli/tcb.h"

#include <inttypes.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/report.h"

struct tcb {
    bool json;
};

static const struct option options[] = {
    { "json", OPTION_FLAG, offsetof(struct tcb, json), NULL,
      "as one JSON object", 0, 0, NULL },
    { NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

/* All layers that are trusted, added up. */
static struct tcb_layer trusted(void)
{
    struct tcb_layer sum = { .name = "trusted" };

    for (const struct tcb_layer *l = tcb_layers; l->name; l++) {
        if (!l->trusted)
            continue;
        sum.files += l->files;
        sum.code += l->code;
        sum.lines += l->lines;
        sum.text += l->text;
        sum.rodata += l->rodata;
        sum.data += l->data;
    }
    return sum;
}

static void print_row(const struct tcb_layer *l, const char *is_trusted)
{
    printf("%-16s %-8s %6u %7u %7u %9" PRIu64 " %9" PRIu64 " %9" PRIu64 "\n",
           l->name, is_trusted, l->files, l->code, l->lines, l->text, l->rodata,
           l->data);
}

static void print_text(void)
{
    const struct tcb_layer sum = trusted();

    printf("%-16s %-8s %6s %7s %7s %9s %9s %9s\n", "layer", "trusted", "files",
           "code", "lines", ".text", ".rodata", ".data");
    for (const struct tcb_layer *l = tcb_layers; l->name; l++)
        print_row(l, l->trusted ? "yes" : "no");
    print_row(&sum, "");
    puts("\ncode: lines without comments and blank ones. Sections in bytes of "
         "this build.");
    for (const struct tcb_layer *l = tcb_layers; l->name; l++)
        printf("\n%s: %s.\n  %s\n  Rests on it: %s.\n", l->name, l->what,
               l->why, l->property);
    puts("\nBesides: the C library, libfdt, libelf, zlib, the compiler and the "
         "host below. The\ncore and the rules are freestanding: bare metal "
         "needs no "
         "more of them.");
}

static void report_layer(struct report *r, const struct tcb_layer *l)
{
    report_number(r, "files", l->files);
    report_number(r, "code", l->code);
    report_number(r, "lines", l->lines);
    report_number(r, "text", l->text);
    report_number(r, "rodata", l->rodata);
    report_number(r, "data", l->data);
}

static void print_json(void)
{
    const struct tcb_layer sum = trusted();
    struct report r = report_open(stdout, true);

    report_list(&r, "layers");
    for (const struct tcb_layer *l = tcb_layers; l->name; l++) {
        report_item(&r, l->name);
        report_text(&r, "what", l->what);
        report_text(&r, "why", l->why);
        report_text(&r, "property", l->property);
        report_flag(&r, "trusted", l->trusted);
        report_layer(&r, l);
        report_end(&r);
    }
    report_list_end(&r);
    report_begin(&r, "trusted");
    report_layer(&r, &sum);
    report_end(&r);
    report_close(&r);
}

int command_tcb(int argc, char **argv)
{
    struct tcb t = { false };
    struct error e;

    if (options_parse(options, "tcb", argc, argv, &t, &e) != STATUS_OK)
        return complain(EXIT_USAGE, "%s", e.text);
    if (t.json)
        print_json();
    else
        print_text();
    return 0;
}

void help_tcb(FILE *out)
{
    fputs("\nusage: pogo tcb [--json]\n\n", out);
    options_help(options, out);
}
