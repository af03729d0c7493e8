/* Witnesses: what was varied, and where the results differ, side by side. */
#include <string.h>

#include "check/verdict_view.h"
#include "ui/svg.h"
#include "ui/verdict_html_inside.h"

static bool has_two_sides(const struct witness *w)
{
    for (size_t k = 0; k < w->items; k++)
        if (w->item[k].before[1] || w->item[k].after[1])
            return true;
    return false;
}

/* The state before, and after it if the instruction changes it. */
static void side(FILE *out, const struct witness_item *i, unsigned n)
{
    const char *before = i->before[n], *after = i->after[n];

    fputs("<td>", out);
    html_text(out, "<code>", before, "</code>");
    if (after && (!before || strcmp(before, after) != 0))
        html_text(out, " <span class=\"arrow\">→</span> <code>", after,
                  "</code>");
    else if (i->differs && before)
        fputs(" <small>stays</small>", out);
    fputs("</td>", out);
}

static void item(FILE *out, const struct witness_item *i, bool two)
{
    fprintf(out, "<tr class=\"%s%s\"><th scope=\"row\"><code>",
            i->varied ? "varied " : "", i->differs ? "differs" : "");
    svg_escape(out, i->name);
    fprintf(out, "</code>%s%s</th>",
            i->varied ? " <span class=\"mark\">◆ varied</span>" : "",
            i->differs ? " <span class=\"mark\">✗ differs</span>" : "");
    for (unsigned n = 0; n <= (two ? 1 : 0); n++)
        side(out, i, n);
    fputs("</tr>\n", out);
}

static void states(FILE *out, const struct witness *w)
{
    bool two = has_two_sides(w);

    if (w->items == 0)
        return;
    fprintf(out,
            "<table class=\"states\"><thead><tr><th>before → after</th>%s</tr>"
            "</thead>\n<tbody>\n",
            two ? "<th scope=\"col\">state 1</th><th scope=\"col\">state 2</th>"
                : "<th scope=\"col\">state</th>");
    for (size_t k = 0; k < w->items; k++)
        item(out, &w->item[k], two);
    fputs("</tbody></table>\n", out);
}

static void witness(const struct html_report *h, size_t index)
{
    const struct witness *w = &h->r->witness[index];

    fprintf(h->out, "<article id=\"r%zuw%zu\">\n<h3>Witness %zu: <code>",
            h->number, index + 1, index + 1);
    svg_escape(h->out, w->insn);
    fprintf(h->out, "</code>, %s</h3>\n<p>", property_name(w->property));
    svg_escape(h->out, w->sentence ? w->sentence
                                   : verdict_property_meaning(w->property));
    fputs("</p>\n", h->out);
    if (w->text && strcmp(w->text, w->insn) != 0)
        html_text(h->out, "<p><code>", w->text, "</code></p>\n");
    states(h->out, w);
    html_text(h->out,
              "<details><summary>as <code>pogo replay-witness</code> reads "
              "it</summary><pre>",
              w->replay, "</pre></details>\n");
    fputs("</article>\n", h->out);
}

void html_witnesses(const struct html_report *h)
{
    if (h->r->witnesses == 0)
        return;
    fputs("<h2>Witnesses</h2>\n", h->out);
    for (size_t k = 0; k < h->r->witnesses; k++)
        witness(h, k);
}
