/* The matrix of instructions and properties: a table for each class. */
#include <string.h>

#include "check/verdict_view.h"
#include "ui/svg.h"
#include "ui/verdict_html_inside.h"

/* A class with more rows than this is folded, unless it is what matters. */
#define OPEN_ROWS 60

/* A property by its letter, and by a word where there is room. */
static const struct {
    const char *letter, *word;
} columns[] = {
    [PROPERTY_PRIVILEGED] = { "P", "privileged" },
    [PROPERTY_ALWAYS_TRAPS] = { "T", "always traps" },
    [PROPERTY_CONTROL] = { "C", "control" },
    [PROPERTY_MODE] = { "M", "mode" },
    [PROPERTY_LOCATION] = { "L", "location" },
    [PROPERTY_OTHER] = { "S", "other state" },
    [PROPERTY_USER] = { "U", "in user mode" },
};

static const char *class_sign(enum insn_verdict v)
{
    static const char *const signs[] = {
        [VERDICT_PRIVILEGED] = "✓", [VERDICT_ALWAYS_TRAPS] = "↑",
        [VERDICT_INNOCUOUS] = "○",  [VERDICT_CONFIGURABLE] = "±",
        [VERDICT_VIOLATION] = "✗",  [VERDICT_UNDECIDED] = "?",
    };

    return signs[v];
}

static void cell(const struct html_report *h, const struct property_result *c,
                 enum property p)
{
    bool link = verdict_witness(h->r, c->witness) != NULL;
    const char *element = link ? "a" : "span";

    fprintf(h->out, "<td class=\"%s\"><%s", truth_name(c->truth), element);
    if (link) {
        fputs(" href=\"", h->out);
        html_witness_href(h, c->witness);
        fputs("\"", h->out);
    }
    fprintf(h->out, " title=\"%s: %s (%s", property_name(p),
            truth_name(c->truth), evidence_name(c->evidence));
    if (link)
        fprintf(h->out, " %d", c->witness + 1);
    fprintf(h->out, ")\">%s%s</%s></td>",
            c->truth == TRUTH_YES  ? columns[p].letter
            : c->truth == TRUTH_NO ? "·"
                                   : "?",
            h->mixed && c->evidence == EVIDENCE_SAMPLED ? "~" : "", element);
}

static bool ends_sentence(const char *s)
{
    return !s || !*s || s[strlen(s) - 1] == '.';
}

static void row(const struct html_report *h, const struct insn_result *i)
{
    html_text(h->out, "<tr><th scope=\"row\"><code>", i->name, "</code>");
    html_text(h->out, "<small>", i->encoding, "</small>");
    fputs("</th>", h->out);
    for (unsigned p = 0; p < PROPERTIES; p++)
        cell(h, &i->property[p], (enum property)p);
    fputs("</tr>\n", h->out);
    if (!i->reason && !i->cure)
        return;
    fprintf(h->out, "<tr class=\"note\"><td colspan=\"%d\">", PROPERTIES + 1);
    html_text(h->out, "", i->reason, ends_sentence(i->reason) ? "" : ".");
    html_text(h->out, " <b>Cure:</b> ", i->cure, "");
    fputs("</td></tr>\n", h->out);
}

static void table(const struct html_report *h, enum insn_verdict v)
{
    fputs("<table class=\"matrix\"><thead><tr><th scope=\"col\">instruction"
          "</th>",
          h->out);
    for (unsigned p = 0; p < PROPERTIES; p++)
        fprintf(h->out, "<th scope=\"col\" title=\"%s\">%s<span>%s</span></th>",
                verdict_property_meaning((enum property)p), columns[p].letter,
                columns[p].word);
    fputs("</tr></thead>\n<tbody>\n", h->out);
    for (size_t k = 0; k < h->r->insns; k++)
        if (h->r->insn[k].verdict == v)
            row(h, &h->r->insn[k]);
    fputs("</tbody></table>\n", h->out);
}

static void class_table(const struct html_report *h, enum insn_verdict v,
                        size_t count)
{
    bool open =
        verdict_is_notable(v) || (v != VERDICT_INNOCUOUS && count <= OPEN_ROWS);

    if (count == 0)
        return;
    fprintf(h->out,
            "<details class=\"class v-%s\"%s><summary><span class=\"sign\">"
            "%s</span> %s (%zu)</summary>\n<p class=\"meaning\">%s</p>\n",
            insn_verdict_name(v), open ? " open" : "", class_sign(v),
            verdict_class_heading(v), count, verdict_class_meaning(v));
    table(h, v);
    fputs("</details>\n", h->out);
}

static void legend(const struct html_report *h)
{
    fputs("<details class=\"legend\"><summary>How to read it</summary>\n<dl>\n",
          h->out);
    for (unsigned p = 0; p < PROPERTIES; p++)
        fprintf(h->out, "<dt>%s</dt><dd>%s: %s</dd>\n", columns[p].letter,
                property_name((enum property)p),
                verdict_property_meaning((enum property)p));
    fputs("<dt>·</dt><dd>no</dd>\n<dt>?</dt><dd>not decided</dd>\n"
          "<dt><u>M</u></dt><dd>a frame and a line below: opens a witness, two "
          "states that show it</dd>\n",
          h->out);
    if (h->mixed)
        fputs("<dt>~</dt><dd>so in all states tried, not proved</dd>\n",
              h->out);
    fputs("</dl></details>\n", h->out);
}

void html_matrix(const struct html_report *h)
{
    size_t count[VERDICT_VERDICTS];

    verdict_count(h->r, count);
    fputs("<h2>Instructions</h2>\n", h->out);
    legend(h);
    for (unsigned k = 0; k < VERDICT_VERDICTS; k++)
        class_table(h, verdict_order[k], count[verdict_order[k]]);
}
