/*
 * `pogo check [TARGET] [options]`: are Popek and Goldberg's conditions met? The
 * exit status is 0 where the answer is virtualizable, 1 where it is not, 2
 * where it is unknown, of several answers the worst's; 64, 65, 125 as
 * everywhere. docs/check.md.
 */
#ifndef POGO_CLI_CHECK_H
#define POGO_CLI_CHECK_H

#include "check/verdict.h"
#include "cli/cli.h"
#include "cli/options.h"

enum {
    EXIT_VIRTUALIZABLE = 0,
    EXIT_NOT_VIRTUALIZABLE = 1,
    EXIT_NOT_DECIDED = 2,
};

/* Targets that are commands of their own: cli.h. */
extern const struct command check_parts[];

/* What the options say. */
struct check_settings {
    const char *const *file; /* what stands beside the options, `files` of
                                them: the target, and what it takes */
    unsigned files;

    /* of our own machine */
    struct option_list question, hole;
    const char *shard; /* "K/N" */
    bool exhaustive, list_holes, list_questions;
    uint64_t samples, stride, jobs;

    /* of a description */
    const char *variant;
    double time_limit; /* seconds; 0: the default */
    bool no_proofs;

    /* of both */
    uint64_t seed;
    bool all, json;
    const char *html, *witnesses;
    uint64_t witness; /* from 1; 0: none */
};

/* Answers, as they come in; check_reports_free() frees them all. */
struct check_reports {
    struct verdict_report *report;
    size_t count;
};

/* A place for one more, empty; NULL: this host is out of memory. */
struct verdict_report *check_reports_add(struct check_reports *r);
void check_reports_free(struct check_reports *r);

/*
 * The checkers, each behind the one door. They add to *out, return 0, or
 * complain and return an exit status.
 */
int check_riscv(const struct check_settings *s, struct check_reports *out);
int check_isa(const struct check_settings *s, struct check_reports *out);
/* Says why isa_check or theorem_prove failed; returns the exit status. */
int complain_of_check(enum status status);

/* `--shard`: writes a part of one question's check to standard output. */
int check_riscv_part(const struct check_settings *s);
/* `merge FILE…`: adds parts up. */
int check_merge(const struct check_settings *s, struct check_reports *out);
/* `--list-questions` */
void check_list_questions(FILE *out);

/* Shows the answers as `s` asks for, and returns the exit status. */
int check_show(const struct check_settings *s, const struct check_reports *r);

#endif
