#include "cli/equivalence_report.h"

#include <inttypes.h>
#include <string.h>

#define TEXT_MAX       320
#define CONSOLE_BEFORE 40 /* bytes shown of a console that differs … */
#define CONSOLE_AFTER  20 /* … before and from where it does */

static const char *verdict_text(const struct equivalence *f)
{
    return f->verdict == EQUIVALENT                    ? "holds"
           : f->verdict == NOT_EQUIVALENT || f->differ ? "does not hold"
                                                       : "not decided";
}

static const char *end_text(enum run_end end)
{
    return end == RUN_FINISHED ? "stopped the machine"
           : end == RUN_RESET  ? "asked for a reset"
           : end == RUN_IDLE   ? "waits for ever"
                               : "runs";
}

/* A line for people; in JSON a group with the name and the text. */
static void line(struct report *r, const char *name, const char *text)
{
    if (!r->json) {
        fprintf(r->out, "%*s%s\n", 2 * (int)r->depth, "", text);
        return;
    }
    report_item(r, name);
    report_text(r, "text", text);
    report_end(r);
}

/* A list of things on both sides. */
static void both_list(struct report *r, const char *name)
{
    char heading[40];

    snprintf(heading, sizeof heading, "%s, bare | virtual", name);
    report_list(r, r->json ? name : heading);
}

/* The same thing on both sides, on one line for people. */
static void both(struct report *r, const char *name, const char *bare,
                 const char *virtual)
{
    if (!r->json) {
        fprintf(r->out, "%*s%-*s %s | %s\n", 2 * (int)r->depth, "", 24, name,
                bare, virtual);
        return;
    }
    report_item(r, name);
    report_text(r, "bare", bare);
    report_text(r, "virtual", virtual);
    report_end(r);
}

static void both_hex(struct report *r, const char *name, const uint64_t v[2])
{
    char text[2][24];

    for (unsigned k = 0; k < 2; k++)
        snprintf(text[k], sizeof text[k], "0x%016" PRIx64, v[k]);
    both(r, name, text[0], text[1]);
}

static void instruction(const struct exit_log *names, uint32_t insn,
                        uint64_t pc, char *text, size_t size)
{
    if (insn)
        disassemble(names->disassembler, insn, pc, text, size);
    else
        snprintf(text, size, "(cannot be read)");
}

/* "M 0x80000010 <start+0x10> csrr a0, mhartid" */
static void place(const struct exit_log *names, uint8_t priv, uint64_t pc,
                  uint32_t insn, char *text)
{
    const struct symbol_place at = { .va = pc };
    char symbol[80], code[80];

    symbol_sets_format(names->symbols, at, symbol, sizeof symbol);
    instruction(names, insn, pc, code, sizeof code);
    snprintf(text, TEXT_MAX, "%s 0x%" PRIx64 " <%s> %s", exit_log_mode(priv),
             pc, symbol, code);
}

static void next_place(const struct exit_log *names, const struct side *s,
                       unsigned hart, char *text)
{
    uint64_t pc = s->machine->ops->reg_get(s->machine, hart, REG_PC);
    uint64_t priv = s->machine->ops->reg_get(s->machine, hart, REG_PRIV);

    place(names, (uint8_t)priv, pc,
          machine_fetch(s->machine, s->board, hart, (enum priv)priv, pc), text);
}

static void report_place(struct report *r, const struct equivalence *f,
                         const struct exit_log *names)
{
    char text[2][TEXT_MAX];

    if (!f->located)
        return;
    place(names, f->priv, f->pc, f->insn, text[0]);
    report_number(r, "hart", f->hart);
    report_text(r, "first instruction that differs", text[0]);
    if (f->interrupt)
        report_text(r, "interrupted there, so the handler's",
                    cause_name(f->interrupt));
    for (unsigned k = 0; k < 2; k++)
        next_place(names, &f->side[k], f->hart, text[k]);
    report_text(r, "next, bare", text[0]);
    report_text(r, "next, virtual", text[1]);
}

static void report_registers(struct report *r, const struct difference *d)
{
    unsigned shown = d->registers < DIFFERENCE_REGISTERS ? d->registers
                                                         : DIFFERENCE_REGISTERS;

    report_number(r, "registers that differ", d->registers);
    if (shown == 0 && !r->json)
        return;
    both_list(r, "registers");
    for (unsigned k = 0; k < shown; k++) {
        char name[40];

        snprintf(name, sizeof name, "hart %u %s", d->reg[k].hart,
                 difference_name(&d->reg[k]));
        both_hex(r, name, d->reg[k].value);
    }
    report_list_end(r);
}

static void report_memory(struct report *r, const struct difference *d)
{
    unsigned shown = d->words < DIFFERENCE_WORDS ? d->words : DIFFERENCE_WORDS;

    report_number(r, "RAM pages that differ", d->pages);
    report_number(r, "RAM words that differ", d->words);
    if (shown == 0 && !r->json)
        return;
    both_list(r, "RAM words");
    for (unsigned k = 0; k < shown; k++) {
        char name[40];

        snprintf(name, sizeof name, "0x%" PRIx64, d->word[k].address);
        both_hex(r, name, d->word[k].value);
    }
    report_list_end(r);
}

/* The output around byte `at`, as a C string has it. */
static void excerpt(const struct side_output *o, size_t at, char *text)
{
    size_t from = at > CONSOLE_BEFORE ? at - CONSOLE_BEFORE : 0;
    char *end = text;

    *end = '\0';
    for (size_t k = from; k < o->size && k < at + CONSOLE_AFTER; k++) {
        uint8_t c = o->bytes[k];
        bool plain = c >= ' ' && c < 127 && c != '\\';

        end += sprintf(end,
                       c == '\n'   ? "\\n"
                       : c == '\r' ? "\\r"
                       : plain     ? "%c"
                                   : "\\x%02x",
                       c);
    }
}

static void report_outside(struct report *r, const struct equivalence *f,
                           const struct difference *d)
{
    if (d->console) {
        char text[2][TEXT_MAX];

        report_number(r, "console differs from byte", d->console_at);
        for (unsigned k = 0; k < 2; k++)
            excerpt(f->side[k].output, d->console_at, text[k]);
        report_list(r, "console");
        line(r, "bare", text[0]);
        line(r, "virtual", text[1]);
        report_list_end(r);
    }
    if (d->disk >= 0) {
        report_number(r, "disk that differs", (uint64_t)d->disk);
        report_number(r, "in sector", d->disk_at);
    }
}

static void report_exits(struct report *r, const struct equivalence *f,
                         const struct exit_log *names)
{
    const struct equivalence_exits *x = &f->exits[1];
    uint64_t n = x->taken < EQUIVALENCE_EXITS ? x->taken : EQUIVALENCE_EXITS;

    if (!f->side[1].vm)
        return;
    report_list(r, "last exits");
    for (uint64_t k = x->taken - n; k < x->taken; k++) {
        char text[EXIT_LOG_LINE];

        exit_log_format(names, f->side[1].vm, &x->exit[k % EQUIVALENCE_EXITS],
                        text, sizeof text);
        line(r, "exit", text);
    }
    report_list_end(r);
}

static const char *how_located(const struct equivalence *f,
                               const struct difference *d)
{
    return f->located ? "after one instruction"
           : difference_none(d)
               ? "not again: a second run did not repeat the first"
           : d->registers == 0 && d->words == 0 && d->disk >= 0
               ? "on a disk, when the guests had ended"
               : "before any instruction, or not located";
}

static void report_difference(struct report *r, struct equivalence *f,
                              const struct exit_log *names)
{
    struct difference d;

    difference_find(f->side, &d);
    report_begin(r, "difference");
    report_text(r, "seen", how_located(f, &d));
    report_place(r, f, names);
    report_number(r, "count, bare", d.count[0]);
    report_number(r, "count, virtual", d.count[1]);
    report_registers(r, &d);
    report_memory(r, &d);
    report_outside(r, f, &d);
    report_exits(r, f, names);
    report_end(r);
}

void equivalence_report(struct report *r, struct equivalence *f,
                        const struct exit_log *names)
{
    report_text(r, "equivalence", verdict_text(f));
    report_number(r, "comparisons", f->compared);
    report_number(r, "resets", f->resets);
    report_number(r, "equal up to count", f->count);
    report_hash(r, "hash of both there", f->hash);
    report_text(r, "the guest there", end_text(f->end));
    if (f->end == RUN_FINISHED)
        report_number(r, "with exit status", (uint64_t)f->status);
    if (f->verdict == EQUIVALENCE_CANCELLED && f->differ)
        report_text(r, "difference", "seen after that, and not located");
    if (f->verdict == NOT_EQUIVALENT)
        report_difference(r, f, names);
}
