/* Witnesses as text; docs of the format are in the header. */
#include "check/riscv/replay.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "check/riscv/bench.h"
#include "isa/hole.h"

#define LINE_SIZE 512

struct reader {
    struct replay *r;
    struct error *error;
    unsigned line;
    unsigned seen; /* of enum field */
};

enum field {
    FIELD_QUESTION = 1,
    FIELD_ISA = 2,
    FIELD_PROPERTY = 4,
    FIELD_WORD = 8,
    FIELD_ALL = 15
};

static enum status bad(const struct reader *in, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static enum status bad(const struct reader *in, const char *format, ...)
{
    va_list args;
    int n = snprintf(in->error->text, sizeof in->error->text,
                     "line %u: ", in->line);

    va_start(args, format);
    vsnprintf(in->error->text + n, sizeof in->error->text - (size_t)n, format,
              args);
    va_end(args);
    return STATUS_BAD_FORMAT;
}

static enum status read_question(struct reader *in, char *value)
{
    in->r->question = riscv_question_find(value);
    in->seen |= FIELD_QUESTION;
    return in->r->question
               ? STATUS_OK
               : bad(in, "there is no question '%.40s': 's-in-u' is one",
                     value);
}

static enum status read_without(struct reader *in, char *value)
{
    in->r->without = riscv_condition_find(value);
    return in->r->without < CONDITIONS
               ? STATUS_OK
               : bad(in, "there is no condition '%.40s': 'counteren' is one",
                     value);
}

static enum status read_isa(struct reader *in, char *value)
{
    uint64_t holes = in->r->isa.holes;
    size_t at;

    if (isa_parse(value, &in->r->isa, &at) != STATUS_OK)
        return bad(in, "the ISA string is not understood from '%.40s' on",
                   value + at);
    in->r->isa.holes = holes;
    in->seen |= FIELD_ISA;
    return STATUS_OK;
}

static enum status read_holes(struct reader *in, char *value)
{
    size_t at, length;

    if (hole_parse(value, &in->r->isa.holes, &at, &length) != STATUS_OK)
        return bad(in,
                   "there is no hole '%.40s': 'pogo check --list-holes' "
                   "lists them",
                   value + at);
    return STATUS_OK;
}

static enum status read_property(struct reader *in, char *value)
{
    unsigned p = PROPERTY_CONTROL;

    while (p < PROPERTY_USER && strcmp(property_name(p), value) != 0)
        p++;
    if (p == PROPERTY_USER)
        return bad(in,
                   "a witness cannot be of '%.40s': control-sensitive, "
                   "mode-sensitive, location-sensitive or state-sensitive "
                   "is meant",
                   value);
    in->r->finding.property = (uint8_t)p;
    in->seen |= FIELD_PROPERTY;
    return STATUS_OK;
}

static enum status read_word(struct reader *in, char *value)
{
    unsigned long long word;
    char *end;

    word = strtoull(value, &end, 0);
    if (*end || end == value || word > UINT32_MAX)
        return bad(in, "'%.40s' is no instruction word: 0x12000073 is one",
                   value);
    in->r->finding.word = (uint32_t)word;
    in->seen |= FIELD_WORD;
    return STATUS_OK;
}

/* NAME VALUE, or NAME VALUE0 VALUE1. */
static enum status read_state(struct reader *in, char *value)
{
    char *rest, *name = strtok_r(value, " ", &rest);
    char *text[2] = { strtok_r(NULL, " ", &rest), NULL };
    enum state_key k = name ? state_find(name) : STATE_KEYS;

    text[1] = text[0] ? strtok_r(NULL, " ", &rest) : NULL;
    if (k == STATE_KEYS)
        return bad(in, "there is no state '%.40s'", name ? name : "");
    if (!text[0] || (text[1] && strtok_r(NULL, " ", &rest)))
        return bad(in, "%s takes one value, or two: one a side", name);
    for (unsigned i = 0; i < 2; i++) {
        const char *of = text[i] ? text[i] : text[0];

        if (!state_value_parse(k, of, &in->r->finding.state[i].v[k]))
            return bad(in, "'%.40s' is no value of %s", of, name);
    }
    return STATUS_OK;
}

static const struct {
    const char *name;
    enum status (*read)(struct reader *in, char *value);
} fields[] = {
    { "question", read_question }, { "without", read_without },
    { "isa", read_isa },           { "holes", read_holes },
    { "property", read_property }, { "word", read_word },
    { "state", read_state },
};

static enum status read_field(struct reader *in, char *line)
{
    char *space = strchr(line, ' ');

    if (!space)
        return bad(in, "'%.40s' has no value", line);
    *space = '\0';
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (strcmp(fields[i].name, line) == 0)
            return fields[i].read(in, space + 1);
    return bad(in, "'%.40s' is none of the words a witness has", line);
}

/* The next line that says something, without its newline; NULL: no more. */
static char *next_line(struct reader *in, FILE *file, char *buf)
{
    while (fgets(buf, LINE_SIZE, file)) {
        in->line++;
        buf[strcspn(buf, "\r\n")] = '\0';
        if (buf[0] && buf[0] != '#')
            return buf;
    }
    return NULL;
}

static enum status read_end(struct reader *in)
{
    struct replay *r = in->r;

    if (in->seen != FIELD_ALL)
        return bad(in, "a witness has question, isa, property and word before "
                       "its end");
    if (!state_valid(&r->finding.state[0]) ||
        !state_valid(&r->finding.state[1]))
        return bad(in, "the state cannot be: mode and mstatus.MPP are U, S or "
                       "M, paging is bare, sv39, sv48 or sv57");
    if (r->without != CONDITIONS)
        r->isa.holes |= bench_holes(r->without);
    return STATUS_OK;
}

enum status replay_read(FILE *file, struct replay *r, unsigned *line,
                        struct error *error)
{
    struct reader in = { .r = r, .error = error, .line = *line };
    enum status status = STATUS_OK;
    char buf[LINE_SIZE], *text = next_line(&in, file, buf);

    *r = (struct replay){ .without = CONDITIONS };
    r->finding.state[0] = r->finding.state[1] = state_neutral();
    if (!text || strcmp(text, "pogo-witness 1") != 0)
        status = bad(&in, "a witness begins with 'pogo-witness 1'");
    while (status == STATUS_OK) {
        text = next_line(&in, file, buf);
        if (!text) {
            status = bad(&in, "the file ends before the witness's 'end'");
        } else if (strcmp(text, "end") == 0) {
            status = read_end(&in);
            break;
        } else {
            status = read_field(&in, text);
        }
    }
    *line = in.line;
    return status;
}

static void write_holes(FILE *out, uint64_t holes)
{
    const char *comma = "holes ";

    for (unsigned h = 0; h < HOLE_COUNT; h++) {
        if (!(holes >> h & 1))
            continue;
        fprintf(out, "%s%s", comma, hole_table[h].name);
        comma = ",";
    }
    if (holes)
        fputc('\n', out);
}

static void write_state(FILE *out, const struct finding *f)
{
    for (unsigned k = 0; k < STATE_KEYS; k++) {
        uint64_t v0 = f->state[0].v[k], v1 = f->state[1].v[k];
        char text[32];

        if (v0 == v1 && v0 == state_neutral_value(k))
            continue;
        state_value_text(k, v0, text, sizeof text);
        fprintf(out, "state %s %s", state_name(k), text);
        if (v0 != v1) {
            state_value_text(k, v1, text, sizeof text);
            fprintf(out, " %s", text);
        }
        fputc('\n', out);
    }
}

char *replay_text(const struct replay *r)
{
    char *text = NULL, isa[512];
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    isa_format(&r->isa, isa, sizeof isa);
    fprintf(out, "pogo-witness 1\nquestion %s\n", r->question->name);
    if (r->without != CONDITIONS)
        fprintf(out, "without %s\n", riscv_condition_row(r->without)->name);
    fprintf(out, "isa %s\n", isa);
    write_holes(out, r->isa.holes);
    fprintf(out, "property %s\nword 0x%08x\n",
            property_name(r->finding.property), r->finding.word);
    write_state(out, &r->finding);
    fputs("end\n", out);
    return fclose(out) == 0 ? text : NULL;
}

enum status replay_run(const struct replay *r, struct twin *t, bool *shows)
{
    *t = (struct twin){ .lab = { lab_new(&r->isa), lab_new(&r->isa) } };
    if (!t->lab[0] || !t->lab[1]) {
        replay_free(t);
        return STATUS_NO_MEMORY;
    }
    *shows = twin_shows(t, &r->finding, r->without);
    return STATUS_OK;
}

void replay_free(struct twin *t)
{
    lab_free(t->lab[0]);
    lab_free(t->lab[1]);
    t->lab[0] = t->lab[1] = NULL;
}

void replay_insn_text(uint32_t word, const struct isa *isa, char *buf,
                      size_t size)
{
    struct insn i;

    insn_decode(word, isa, &i);
    if (i.op == INSN_illegal)
        snprintf(buf, size, i.length == 2 ? ".insn 0x%04x" : ".insn 0x%08x",
                 i.raw);
    else
        insn_format_text(&i, GUEST_BASE + 4096 - i.length, buf, size);
}
