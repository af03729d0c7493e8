/*
 * A part as text, for other processes and computers to add up:
 *
 *     pogo-check-part 1
 *     question s-in-u            and without, isa, holes: as witnesses have
 * them numbers SEED SAMPLES STRIDE SHARDS SWEEPS SECONDS SWEEPS: 1, of all
 * words, 2, of none but the lattice's share 3                    a line for
 * each that is in it, from 1 group sfence.vma           for each group of which
 * anything is known counts …                   of struct tally, in its order
 *     finding N ORDER            followed by a witness (replay.h)
 *     end-of-part
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check/riscv/part.h"
#include "check/riscv/replay.h"
#include "isa/hole.h"

#define LINE_SIZE 1024
#define COUNTS    (4 + 2 * SIDES + 4 * KNOBS)

/* All figures of a tally, in the file's order. */
static void tally_counts(struct tally *t, uint64_t *count[COUNTS])
{
    unsigned n = 0;

    count[n++] = &t->states;
    count[n++] = &t->encodings;
    count[n++] = &t->sensitive;
    count[n++] = &t->user_sensitive;
    for (unsigned s = 0; s < SIDES; s++) {
        count[n++] = &t->retired[s];
        count[n++] = &t->trapped[s];
    }
    for (unsigned k = 0; k < KNOBS; k++) {
        count[n++] = &t->host[k].seen;
        count[n++] = &t->host[k].retired;
        count[n++] = &t->user[k].seen;
        count[n++] = &t->user[k].retired;
    }
}

static bool write_finding(const struct riscv_part *p, unsigned which,
                          const struct finding *f, FILE *file)
{
    struct replay r = { p->question, p->without, p->isa, *f };
    char *text = replay_text(&r);

    if (!text)
        return false;
    fprintf(file, "finding %u %" PRIu64 "\n%s", which, f->order, text);
    free(text);
    return true;
}

static bool write_group(const struct riscv_part *p, unsigned g, FILE *file)
{
    struct tally t = p->tally[g];
    uint64_t *count[COUNTS];

    tally_counts(&t, count);
    fprintf(file, "group %s\ncounts", p->groups.group[g].name);
    for (unsigned i = 0; i < COUNTS; i++)
        fprintf(file, " %" PRIu64, *count[i]);
    fputc('\n', file);
    for (unsigned i = 0; i < FINDINGS; i++)
        if (t.finding[i] && !write_finding(p, i, t.finding[i], file))
            return false;
    return true;
}

static void write_head(const struct riscv_part *p, FILE *file)
{
    char isa[512];

    isa_format(&p->isa, isa, sizeof isa);
    fprintf(file, "pogo-check-part 1\nquestion %s\n", p->question->name);
    fprintf(file, "without %s\n",
            p->without == CONDITIONS ? "none"
                                     : riscv_condition_row(p->without)->name);
    fprintf(file, "isa %s\nholes %" PRIu64 "\n", isa, p->isa.holes);
    fprintf(file, "numbers %" PRIu64 " %u %u %u %u %.3f\n", p->seed, p->samples,
            p->stride, p->shards, p->exhaustive + 2u * p->lattice_only,
            p->seconds);
    for (unsigned i = 0; i < p->shards; i++)
        if (part_has(p, i))
            fprintf(file, "share %u\n", i + 1);
}

enum status riscv_part_write(const struct riscv_part *part, FILE *file)
{
    write_head(part, file);
    for (unsigned g = 0; g < part->groups.n; g++) {
        if (part->tally[g].states + part->tally[g].encodings == 0)
            continue;
        if (!write_group(part, g, file))
            return STATUS_NO_MEMORY;
    }
    fputs("end-of-part\n", file);
    if (fflush(file) != 0 || ferror(file)) {
        errno = errno ? errno : EIO;
        return STATUS_IO;
    }
    return STATUS_OK;
}

struct reader {
    FILE *file;
    struct error *error;
    unsigned line;
    struct isa isa; /* of the head */
    struct riscv_part *part;
    struct tally *tally; /* of the group under way */
};

static enum status bad(const struct reader *in, const char *text)
{
    snprintf(in->error->text, sizeof in->error->text, "line %u: %s", in->line,
             text);
    return STATUS_BAD_FORMAT;
}

static bool next_line(struct reader *in, char *buf)
{
    if (!fgets(buf, LINE_SIZE, in->file))
        return false;
    in->line++;
    buf[strcspn(buf, "\n")] = '\0';
    return true;
}

/* The value on a line that begins with `name` and a blank, or NULL. */
static char *value_of(char *line, const char *name)
{
    size_t n = strlen(name);

    return strncmp(line, name, n) == 0 && line[n] == ' ' ? line + n + 1 : NULL;
}

static char *expect(struct reader *in, char *buf, const char *name)
{
    return next_line(in, buf) ? value_of(buf, name) : NULL;
}

/* The lines before `numbers`. */
static enum status read_machine(struct reader *in, struct riscv_check_config *c)
{
    char buf[LINE_SIZE], *v = expect(in, buf, "question");
    size_t at;

    c->question = v ? riscv_question_find(v) : NULL;
    if (!c->question)
        return bad(in, "'question' and one that there is are expected");
    v = expect(in, buf, "without");
    c->without = v ? riscv_condition_find(v) : CONDITIONS;
    if (!v || (c->without == CONDITIONS && strcmp(v, "none") != 0))
        return bad(in, "'without' and a condition, or 'none', are expected");
    v = expect(in, buf, "isa");
    if (!v || isa_parse(v, &in->isa, &at) != STATUS_OK)
        return bad(in, "'isa' and an ISA string are expected");
    v = expect(in, buf, "holes");
    in->isa.holes = v ? strtoull(v, NULL, 10) : 0;
    return v ? STATUS_OK : bad(in, "'holes' and a number are expected");
}

static enum status read_head(struct reader *in)
{
    struct riscv_check_config c = { .isa = &in->isa };
    enum status status;
    char buf[LINE_SIZE], *v;
    double seconds;
    unsigned sweeps;

    if (!next_line(in, buf) || strcmp(buf, "pogo-check-part 1") != 0)
        return bad(in, "a part begins with 'pogo-check-part 1'");
    status = read_machine(in, &c);
    if (status != STATUS_OK)
        return status;
    v = expect(in, buf, "numbers");
    if (!v ||
        sscanf(v, "%" SCNu64 " %u %u %u %u %lf", &c.seed, &c.samples, &c.stride,
               &c.shards, &sweeps, &seconds) != 6 ||
        c.shards < 1 || c.shards > SHARDS_MAX)
        return bad(in, "'numbers' and six of them are expected");
    c.exhaustive = sweeps & 1;
    c.lattice_only = sweeps & 2;
    in->part = part_new(&c);
    if (!in->part)
        return bad(in, "out of memory");
    in->part->seconds = seconds;
    return STATUS_OK;
}

static enum status read_share(struct reader *in, const char *value)
{
    unsigned long share = strtoul(value, NULL, 10);

    if (share < 1 || share > in->part->shards)
        return bad(in, "there is no such share");
    in->part->have[(share - 1) / 8] |= (uint8_t)BIT((share - 1) % 8);
    return STATUS_OK;
}

static enum status read_group(struct reader *in, const char *name)
{
    const struct groups *g = &in->part->groups;

    for (unsigned i = 0; i < g->n; i++) {
        if (strcmp(g->group[i].name, name) == 0) {
            in->tally = &in->part->tally[i];
            return STATUS_OK;
        }
    }
    return bad(in, "the machine has no such group of instructions");
}

static enum status read_counts(struct reader *in, const char *value)
{
    uint64_t *count[COUNTS];
    char *end;

    tally_counts(in->tally, count);
    for (unsigned i = 0; i < COUNTS; i++) {
        *count[i] = strtoull(value, &end, 10);
        if (end == value)
            return bad(in, "there are figures missing");
        value = end;
    }
    return STATUS_OK;
}

static enum status read_finding(struct reader *in, const char *value)
{
    struct replay r;
    enum status status;
    unsigned which;
    uint64_t order;

    if (sscanf(value, "%u %" SCNu64, &which, &order) != 2 || which >= FINDINGS)
        return bad(in, "'finding' has two numbers");
    status = replay_read(in->file, &r, &in->line, in->error);
    if (status != STATUS_OK)
        return status;
    r.finding.order = order;
    return tally_keep(in->tally, which, &r.finding) ? STATUS_OK
                                                    : bad(in, "out of memory");
}

static enum status read_body_line(struct reader *in, char *line)
{
    char *v;

    if ((v = value_of(line, "share")))
        return read_share(in, v);
    if ((v = value_of(line, "group")))
        return read_group(in, v);
    if (in->tally && (v = value_of(line, "counts")))
        return read_counts(in, v);
    if (in->tally && (v = value_of(line, "finding")))
        return read_finding(in, v);
    return bad(in, "share, group, counts or finding is expected");
}

enum status riscv_part_read(FILE *file, struct riscv_part **part,
                            struct error *error)
{
    struct reader in = { .file = file, .error = error };
    enum status status = read_head(&in);
    char buf[LINE_SIZE];

    while (status == STATUS_OK) {
        if (!next_line(&in, buf))
            status = bad(&in, "the file ends before 'end-of-part'");
        else if (strcmp(buf, "end-of-part") == 0)
            break;
        else
            status = read_body_line(&in, buf);
    }
    *part = status == STATUS_OK ? in.part : NULL;
    if (status != STATUS_OK)
        riscv_part_free(in.part);
    return status;
}
