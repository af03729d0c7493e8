/*
 * Options as a table: each row says how an option is written and where its
 * value goes. `--name value` and `--name=value` both work.
 */
#ifndef POGO_CLI_OPTIONS_H
#define POGO_CLI_OPTIONS_H

#include <stdio.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/status.h"

enum option_kind {
    OPTION_FLAG,     /* bool; takes no value */
    OPTION_TEXT,     /* const char * */
    OPTION_LIST,     /* struct option_list; may be given several times */
    OPTION_NUMBER,   /* uint64_t, min..max; decimal, or 0x… */
    OPTION_SIZE,     /* uint64_t bytes, min..max; suffix K, M, G (1024s) */
    OPTION_SECONDS,  /* double, more than 0 */
    OPTION_CHOICE,   /* const char *, one of `choices` */
    OPTION_MAYBE,    /* const char *: one of `choices`, given with '=' only;
                        without a value, the first of them */
};

#define OPTION_LIST_MAX 16

struct option_list {
    const char *text[OPTION_LIST_MAX];
    unsigned count;
};

struct option {
    const char *name;     /* without the "--" */
    enum option_kind kind;
    size_t offset;        /* of the value in the struct given to the parser */
    const char *argument; /* how help names the value: "SIZE"; NULL: flag */
    const char *help;
    uint64_t min, max;
    const char *const *choices; /* ends with NULL */
};

/*
 * Reads argv[1] to argv[argc - 1] into `out`, whose defaults the caller has
 * set. Rows end with one whose name is NULL. Texts are borrowed from argv.
 * STATUS_BAD_ARGUMENT: e says what is wrong and what would be right; `command`
 * is named in it.
 */
enum status options_parse(const struct option *rows, const char *command,
                          int argc, char *const *argv, void *out,
                          struct error *e);

/* What is written as a number (decimal, or 0x…), or a size: false if it is not,
   or is too much for 64 bits. */
bool options_number(const char *text, uint64_t *out);
bool options_size(const char *text, uint64_t *out);

/* The rows, as help. */
void options_help(const struct option *rows, FILE *out);

#endif
