#include "cli/check_square.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/square.h"
#include "cli/cli.h"
#include "cli/hole_list.h"
#include "cli/host_console.h"
#include "cli/options.h"
#include "cli/report.h"
#include "host/cancel.h"
#include "isa/insn.h"

#define PROGRESS_NS UINT64_C(200000000)

struct square_settings {
    uint64_t seed, samples;
    double timeout;
    struct option_list hole;
    bool json;
};

#define AT(member) offsetof(struct square_settings, member)

static const struct option rows[] = {
    { "seed", OPTION_NUMBER, AT(seed), "N", "of all random states (1)", 0,
      UINT64_MAX, NULL },
    { "samples", OPTION_NUMBER, AT(samples), "N", "squares (200000)", 1,
      UINT64_MAX, NULL },
    { "timeout", OPTION_SECONDS, AT(timeout), "SECONDS",
      "end after that much host time, undecided", 0, 0, NULL },
    { "hole", OPTION_LIST, AT(hole), "NAME[,NAME]",
      "holes in the hardware of both; 'pogo check --list-holes' names them", 0,
      0, NULL },
    { "json", OPTION_FLAG, AT(json), NULL, "report as JSON", 0, 0, NULL },
    { NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

struct square_run {
    struct square_settings set;
    struct square_config config;
    struct square_result result;
    uint64_t start, said; /* host time */
    bool terminal;
};

static double seconds(const struct square_run *q)
{
    return (double)(host_time() - q->start) / 1e9;
}

static void say_progress(void *context, uint64_t done)
{
    struct square_run *q = context;
    uint64_t now = host_time();

    if (!q->terminal || now - q->said < PROGRESS_NS)
        return;
    q->said = now;
    fprintf(stderr,
            "\rpogo: %" PRIu64 " of %" PRIu64 " squares, %.0f s left"
            "\033[K",
            done, q->set.samples,
            seconds(q) * (double)(q->set.samples - done) / (double)done);
}

/* ---- in words ---- */

static const char *mode_name(uint64_t priv)
{
    static const char *const names[] = { "U", "S", "?", "M" };

    return names[priv & 3];
}

static void instruction(const struct square_result *r, char *buf, size_t size)
{
    const struct isa isa = isa_default();
    struct insn i;

    if (r->interrupt) {
        snprintf(buf, size, "interrupt %u and the handler's first instruction",
                 (unsigned)(r->interrupt & 63));
        return;
    }
    insn_decode(r->insn, &isa, &i);
    insn_format_text(&i, r->state.reg[REG_PC], buf, size);
}

static void first_difference(const struct square_parting *p, char *buf,
                             size_t size)
{
    if (p->registers)
        snprintf(buf, size,
                 "%s is 0x%" PRIx64 " bare and 0x%" PRIx64 " in a virtual "
                 "machine",
                 difference_name(&p->reg[0]), p->reg[0].value[0],
                 p->reg[0].value[1]);
    else if (p->ram_at)
        snprintf(buf, size, "the byte of RAM at 0x%" PRIx64 " differs",
                 p->ram_at);
    else
        snprintf(buf, size, "%s",
                 p->wait ? "one machine waits, the other does "
                           "not"
                         : "one machine ends, the other does "
                           "not");
}

static void sentence(const struct square_run *q, char *buf, size_t size)
{
    const struct square_result *r = &q->result;
    char insn[80], first[100];

    instruction(r, insn, sizeof insn);
    first_difference(&r->parting, first, sizeof first);
    switch (r->verdict) {
    case SQUARE_HOLDS:
        snprintf(buf, size,
                 "the square commutes: %" PRIu64 " states, the same "
                 "after one instruction bare and virtual",
                 r->squares);
        break;
    case SQUARE_BROKEN:
        snprintf(buf, size,
                 "the square does not commute: after %s in %s-mode %s", insn,
                 mode_name(r->state.reg[REG_PRIV]), first);
        break;
    default:
        snprintf(buf, size,
                 "not decided: ended after %" PRIu64 " of %" PRIu64 " squares",
                 r->squares, q->set.samples);
    }
}

static void value_row(struct report *r, const char *name, uint64_t v)
{
    char text[32];

    snprintf(text, sizeof text, "0x%016" PRIx64, v);
    report_text(r, name, text);
}

/* Of the state what is not zero: minimised, that is what matters. */
static void show_state(struct report *out, const struct square_state *s)
{
    report_begin(out, "state");
    report_text(out, "mode", mode_name(s->reg[REG_PRIV]));
    for (unsigned n = 1; n <= REG_RESERVATION; n++) {
        const struct difference_register d = { .number = n };

        if (n != REG_PRIV && s->reg[n] &&
            (n != REG_RESERVATION || s->reg[n] != RESERVATION_NONE))
            value_row(out, difference_name(&d), s->reg[n]);
    }
    for (unsigned n = 0; n < SQUARE_CSRS; n++)
        if (s->csr[n] && square_csr[n] != CSR_frm &&
            square_csr[n] != CSR_fflags)
            value_row(out, csr_name(square_csr[n]), s->csr[n]);
    if (s->lines)
        value_row(out, "interrupt lines", s->lines);
    report_end(out);
}

static void show_parting(struct report *out, const struct square_parting *p)
{
    char text[64];

    report_begin(out, "after it, bare | virtual");
    for (unsigned k = 0; k < p->registers && k < SQUARE_REGISTERS; k++) {
        snprintf(text, sizeof text, "0x%016" PRIx64 " | 0x%016" PRIx64,
                 p->reg[k].value[0], p->reg[k].value[1]);
        report_text(out, difference_name(&p->reg[k]), text);
    }
    if (p->wait)
        report_text(out, "waits", "one of them does");
    if (p->board)
        report_text(out, "the board", "one of them has asked to end or reset");
    if (p->ram_at)
        value_row(out, "RAM differs from", p->ram_at);
    report_end(out);
}

static void show_broken(struct report *out, const struct square_result *r)
{
    char text[80];

    instruction(r, text, sizeof text);
    report_begin(out, "counterexample");
    report_text(out, "instruction", text);
    if (!r->interrupt)
        value_row(out, "its bits", r->insn);
    report_flag(out, "minimised", r->minimised);
    show_state(out, &r->state);
    show_parting(out, &r->parting);
    report_end(out);
}

static void show(struct square_run *q)
{
    const struct square_result *r = &q->result;
    struct report out;
    char text[300];

    sentence(q, text, sizeof text);
    if (!q->set.json)
        printf("%s\n", text);
    out = report_open(stdout, q->set.json);
    if (q->set.json)
        report_text(&out, "verdict", text);
    report_number(&out, "seed", q->set.seed);
    report_number(&out, "squares", r->squares);
    report_number(&out, "in M-mode", r->modes[PRIV_M]);
    report_number(&out, "in S-mode", r->modes[PRIV_S]);
    report_number(&out, "in U-mode", r->modes[PRIV_U]);
    report_number(&out, "ended in a trap", r->traps);
    report_number(&out, "instructions of insn.def", r->rows);
    report_number(&out, "CSR numbers", r->csrs);
    if (r->verdict == SQUARE_BROKEN)
        show_broken(&out, r);
    report_real(&out, "seconds", seconds(q));
    report_text(&out, "commutes",
                r->verdict == SQUARE_HOLDS    ? "yes"
                : r->verdict == SQUARE_BROKEN ? "no"
                                              : "unknown");
    report_close(&out);
}

static int run(struct square_run *q)
{
    q->config.isa = isa_default();
    q->config.seed = q->set.seed;
    q->config.samples = q->set.samples;
    q->config.progress = say_progress;
    q->config.context = q;
    q->config.cancel = cancel_flag();
    q->terminal = isatty(STDERR_FILENO);
    q->start = q->said = host_time();
    cancel_on_signals(q->set.timeout);
    square_check(&q->config, &q->result);
    if (q->terminal)
        fputs("\r\033[K", stderr);
    if (q->result.verdict == SQUARE_FAILED)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    show(q);
    if (q->result.verdict == SQUARE_CANCELLED)
        return *cancel_flag() == SIGALRM ? EXIT_LIMIT : 128 + *cancel_flag();
    return q->result.verdict == SQUARE_HOLDS ? 0 : 1;
}

int check_square(int argc, char **argv)
{
    struct square_run *q = calloc(1, sizeof *q);
    struct error e;
    enum status s;
    int status;

    if (!q)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    q->set = (struct square_settings){ .seed = 1, .samples = 200000 };
    s = options_parse(rows, "check square", argc, argv, &q->set, &e);
    if (s == STATUS_OK)
        s = hole_options(&q->set.hole, &q->config.holes[0], &e);
    q->config.holes[1] = q->config.holes[0];
    status = s == STATUS_OK ? run(q) : complain(EXIT_USAGE, "%s", e.text);
    free(q);
    return status;
}

void help_check_square(FILE *out)
{
    fputs("usage: pogo check square [options]\n\nPuts a bare machine and a "
          "virtual one into the same random state, lets each execute\none "
          "instruction, and compares: Popek and Goldberg's homomorphism, with "
          "the monitor\nitself. docs/holes.md says more.\n\n",
          out);
    options_help(rows, out);
}
