#include "debug/why_write.h"

#include <string.h>

/* The column of the lines' kinds. */
#define LABEL 13

/* ECMA-48, select graphic rendition. */
#define BOLD  "\033[1m"
#define FAINT "\033[2m"
#define PLAIN "\033[0m"

struct writer {
    const struct text_sink *out;
    bool colour;
};

/* Bytes of the first line of s that takes at most `room` columns: up to a space
   if there is one. */
static size_t first_line(const char *s, size_t room)
{
    size_t n = strlen(s);

    if (n <= room)
        return n;
    for (n = room; n > 0 && s[n] != ' '; n--)
        ;
    return n ? n : room;
}

/* A paragraph whose first line begins in column `at`, the others are indented
   by `indent`. All is ASCII, for why.c sees to that. */
static void wrap(const struct writer *w, const char *s, size_t at,
                 size_t indent)
{
    for (;;) {
        size_t n = first_line(s, WHY_COLUMNS - at);

        text_print(w->out, "%.*s\n", (int)n, s);
        s += n;
        s += strspn(s, " ");
        if (!*s)
            return;
        text_print(w->out, "%*s", (int)indent, "");
        at = indent;
    }
}

static void begin_paragraph(const struct writer *w, const struct why_line *line,
                            const struct why_line *before)
{
    bool heads = line->kind == WHY_MACHINE ||
                 (line->kind == WHY_STAGES &&
                  (before->kind != WHY_STAGES || before->level != line->level));

    if (before && heads)
        text_print(w->out, "\n");
}

/* Its kind stands in front of the first of several. */
static void write_labelled(const struct writer *w, const struct why_line *line,
                           const struct why_line *before)
{
    bool again =
        before && before->kind == line->kind && before->level == line->level;
    const char *label = again ? "" : why_kind_name((enum why_kind)line->kind);

    text_print(w->out, "%s%s%s%*s", w->colour ? FAINT : "", label,
               w->colour ? PLAIN : "", LABEL - (int)strlen(label), "");
    wrap(w, line->text, LABEL, LABEL);
}

static void write_line(const struct writer *w, const struct why_line *line,
                       const struct why_line *before)
{
    begin_paragraph(w, line, before);
    switch (line->kind) {
    case WHY_EVENT:
    case WHY_MACHINE:
        text_print(w->out, "%s", w->colour ? BOLD : "");
        wrap(w, line->text, 0, 2);
        text_print(w->out, "%s", w->colour ? PLAIN : "");
        break;
    case WHY_STAGES: /* columns */
        text_print(w->out, "%s\n", line->text);
        break;
    default:
        write_labelled(w, line, before);
    }
}

void why_write(const struct why *w, bool colour, const struct text_sink *out)
{
    const struct writer writer = { out, colour };

    for (size_t k = 0; k < w->lines; k++)
        write_line(&writer, &w->line[k], k ? &w->line[k - 1] : NULL);
}
