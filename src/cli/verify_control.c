/* pogo verify control: hostile guests beside a well-behaved one. */
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check/control.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/verify.h"
#include "firmware.h"
#include "host/cancel.h"

#define NEIGHBOUR_MEMORY (UINT64_C(8) << 20)
#define HANG_SECONDS     60

struct settings {
    uint64_t seed, exits;
    const char *audit, *attack;
    bool list, json, trace;
};

#define AT(member) offsetof(struct settings, member)

static const struct option rows[] = {
    { "seed", OPTION_NUMBER, AT(seed), "N", "seed of the first round (1)", 0,
      UINT64_MAX, NULL },
    { "exits", OPTION_NUMBER, AT(exits), "N",
      "go on until hostile guests have made N exits (500000)", 1, UINT64_MAX,
      NULL },
    { "audit", OPTION_TEXT, AT(audit), "every|N",
      "audit after every exit, or after each Nth (200)", 0, 0, NULL },
    { "attack", OPTION_TEXT, AT(attack), "NAME",
      "only this attack; --list names them", 0, 0, NULL },
    { "list", OPTION_FLAG, AT(list), NULL, "list the attacks and end", 0, 0,
      NULL },
    { "trace", OPTION_FLAG, AT(trace), NULL,
      "name each seed and attack on standard error when it begins", 0, 0,
      NULL },
    { "json", OPTION_FLAG, AT(json), NULL, "report as JSON", 0, 0, NULL },
    { 0 },
};

/* ---- a process of its own ---- */

/*
 * The check runs in a child, on memory that both have: a monitor that crashes
 * or does not come back is a finding too, and this process lives to tell the
 * seed. Waits for the child's end; what of it is told in `c`.
 */
static void wait_for(pid_t child, struct control *c)
{
    const struct timespec moment = { .tv_nsec = 10000000 };
    unsigned long long seen = 0;
    unsigned idle = 0; /* moments without a beat */
    int status;

    while (waitpid(child, &status, WNOHANG) == 0) {
        unsigned long long beats = atomic_load(&c->beats);

        idle = beats == seen ? idle + 1 : 0;
        seen = beats;
        if (idle == HANG_SECONDS * 100) {
            c->verdict = CONTROL_BROKEN;
            finding_note(&c->finding, "the monitor does not come back", 0, 0,
                         0);
            kill(child, SIGKILL);
        }
        nanosleep(&moment, NULL);
    }
    if (c->finding.what || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
        return;
    c->verdict = CONTROL_BROKEN;
    finding_note(&c->finding, "the monitor has crashed", 0, 0,
                 (uint64_t)status);
}

static bool run_child(const struct control_config *config, struct control *c)
{
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child < 0)
        return false;
    if (child == 0) {
        control_check(config, c);
        exit(0);
    }
    wait_for(child, c);
    return true;
}

/* ---- the report ---- */

static void list_attacks(void)
{
    size_t n;
    const struct attack *a = attacks(&n);

    for (; n > 0; n--, a++)
        printf("%-16s %s\n", a->name, a->tries);
}

static void report_attacks(struct report *r, const struct control *c)
{
    size_t n;
    const struct attack *a = attacks(&n);

    report_list(r, "attacks");
    for (size_t k = 0; k < n; k++) {
        if (c->by_attack[k].lives == 0)
            continue;
        report_item(r, a[k].name);
        report_number(r, "lives", c->by_attack[k].lives);
        report_number(r, "exits", c->by_attack[k].exits);
        report_number(r, "instructions", c->by_attack[k].instructions);
        report_end(r);
    }
    report_list_end(r);
}

/* How to see it again. */
static void report_failure(struct report *r, const struct control *c,
                           const struct settings *s)
{
    char again[160];

    report_text(r, "broken", c->finding.what);
    report_text(r, "by", c->finding.vm ? "the neighbour" : "the hostile guest");
    report_hash(r, "address", c->finding.va);
    report_hash(r, "value", c->finding.value);
    report_number(r, "seed", c->seed);
    report_text(r, "attack", c->attack ? c->attack->name : "none yet");
    report_number(r, "count", c->count);
    snprintf(again, sizeof again,
             "pogo verify control --seed %" PRIu64 " --audit %s%s%s", c->seed,
             s->audit, s->attack ? " --attack " : "",
             s->attack ? s->attack : "");
    report_text(r, "repeat with", again);
}

/* 1234567 as 1,234,567. */
static const char *grouped(uint64_t v, char *buf, size_t size)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRIu64, v);
    size_t at = 0;

    for (int k = 0; k < n && at + 2 < size; k++) {
        if (k > 0 && (n - k) % 3 == 0)
            buf[at++] = ',';
        buf[at++] = digits[k];
    }
    buf[at] = '\0';
    return buf;
}

static void print_verdict(const struct control *c, const struct settings *s)
{
    char exits[32], instructions[32];
    unsigned tried = 0;

    for (unsigned k = 0; k < CONTROL_MAX_ATTACKS; k++)
        tried += c->by_attack[k].lives > 0;
    printf("%s: %s exits, %s instructions, %u attacks, seeds %" PRIu64
           " to %" PRIu64 "; the neighbour's hash %016" PRIx64 "\n",
           c->verdict == CONTROL_HELD        ? "held"
           : c->verdict == CONTROL_CANCELLED ? "held as far as tried"
                                             : "broken",
           grouped(c->exits, exits, sizeof exits),
           grouped(c->instructions, instructions, sizeof instructions), tried,
           s->seed, c->verdict == CONTROL_HELD ? c->seed - 1 : c->seed,
           c->neighbour_hash);
}

static void report(const struct control *c, const struct settings *s)
{
    struct report r = report_open(stdout, s->json);

    report_attacks(&r, c);
    report_number(&r, "exits", c->exits);
    report_number(&r, "instructions", c->instructions);
    report_number(&r, "audits", c->audits);
    report_number(&r, "turns", c->switches);
    report_number(&r, "rounds", c->seeds);
    report_number(&r, "first seed", s->seed);
    report_hash(&r, "neighbour's hash", c->neighbour_hash);
    report_number(&r, "neighbour's count", c->neighbour_count);
    report_flag(&r, "holds", c->verdict != CONTROL_BROKEN);
    if (c->verdict == CONTROL_BROKEN)
        report_failure(&r, c, s);
    report_close(&r);
    if (!s->json)
        print_verdict(c, s);
}

/* ---- the command ---- */

static void trace(void *context, uint64_t seed, const struct attack *a)
{
    (void)context;
    fprintf(stderr, "seed %" PRIu64 ": %s\n", seed, a->name);
}

/* "every", or a number from 1 on. */
static bool audit_interval(const char *text, uint64_t *n)
{
    char *end;

    if (strcmp(text, "every") == 0) {
        *n = 1;
        return true;
    }
    *n = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && *n > 0;
}

static int exit_status(const struct control *c)
{
    switch (c->verdict) {
    case CONTROL_HELD:
        return EXIT_HOLDS;
    case CONTROL_CANCELLED:
        return EXIT_LIMIT;
    case CONTROL_BROKEN:
        return EXIT_DOES_NOT_HOLD;
    default:
        return complain(EXIT_INTERNAL,
                        "this host has not enough memory for "
                        "the machines, or the embedded guest does not run");
    }
}

static int check(const struct settings *s, struct control_config *config)
{
    const struct image bios =
        image_of("Pogo's own firmware", firmware_sbi, firmware_sbi_size);
    const struct image kernel =
        image_of("the embedded guest", guest_kernel, guest_kernel_size);
    struct control *c = mmap(NULL, sizeof *c, PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status;

    if (c == MAP_FAILED)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    config->neighbour =
        (struct boot_options){ .bios = &bios, .kernel = &kernel };
    config->neighbour_memory = NEIGHBOUR_MEMORY;
    config->cancel = cancel_flag();
    cancel_on_signals(0);
    if (!run_child(config, c))
        return complain(EXIT_INTERNAL, "this host gives no second process");
    status = exit_status(c);
    if (status != EXIT_INTERNAL)
        report(c, s);
    munmap(c, sizeof *c);
    return status;
}

int verify_control(int argc, char **argv)
{
    struct settings s = { .seed = 1, .exits = 500000, .audit = "200" };
    struct control_config config = { 0 };
    struct error e;

    if (options_parse(rows, "verify control", argc, argv, &s, &e) != STATUS_OK)
        return complain(EXIT_USAGE, "%s", e.text);
    if (s.list) {
        list_attacks();
        return 0;
    }
    config.seed = s.seed;
    config.exits = s.exits;
    config.began = s.trace ? trace : NULL;
    if (!audit_interval(s.audit, &config.audit))
        return complain(EXIT_USAGE,
                        "--audit '%s' is neither 'every' nor a "
                        "number from 1 on",
                        s.audit);
    if (s.attack && !(config.attack = attack_find(s.attack)))
        return complain(EXIT_USAGE,
                        "--attack '%s' is no attack: --list names "
                        "them",
                        s.attack);
    return check(&s, &config);
}

void help_verify_control(FILE *out)
{
    options_help(rows, out);
}
