#include "ui/verdict_html.h"

#include "check/verdict_view.h"
#include "ui/svg.h"
#include "ui/verdict_html_inside.h"

void html_text(FILE *out, const char *before, const char *text,
               const char *after)
{
    if (!text)
        return;
    fputs(before, out);
    svg_escape(out, text);
    fputs(after, out);
}

const char *html_sign(enum truth t)
{
    return t == TRUTH_YES ? "✓" : t == TRUTH_NO ? "✗" : "?";
}

void html_witness_href(const struct html_report *h, int index)
{
    fprintf(h->out, "#r%zuw%d", h->number, index + 1);
}

/* ---- theorems and conditions ---- */

static void condition(const struct html_report *h,
                      const struct condition_result *c)
{
    if (!c->name)
        return;
    fprintf(h->out, "<li class=\"%s\"><span class=\"sign\">%s</span> <span><b>",
            truth_name(c->holds), html_sign(c->holds));
    svg_escape(h->out, c->name);
    fprintf(h->out, ": %s.</b>",
            c->holds == TRUTH_YES  ? "holds"
            : c->holds == TRUTH_NO ? "does not hold"
                                   : "not decided");
    if (c->sentence && !verdict_is_reason(h->r, c->sentence))
        html_text(h->out, " ", c->sentence, "");
    if (verdict_witness(h->r, c->witness)) {
        fputs(" <a href=\"", h->out);
        html_witness_href(h, c->witness);
        fprintf(h->out, "\">Witness %d</a>", c->witness + 1);
    } else if (c->evidence != EVIDENCE_NONE) {
        fprintf(h->out, " <i>(%s)</i>", evidence_name(c->evidence));
    }
    fputs("</span></li>\n", h->out);
}

static void theorems(const struct html_report *h)
{
    fputs("<h2>Theorems</h2>\n<ul class=\"facts\">\n", h->out);
    for (unsigned k = 0; k < 3; k++)
        condition(h, &h->r->theorem[k]);
    fputs("</ul>\n", h->out);
}

static void conditions(const struct html_report *h)
{
    if (!h->r->conditions)
        return;
    fputs("<h2>Conditions</h2>\n<ul class=\"facts\">\n", h->out);
    for (size_t k = 0; k < h->r->conditions; k++)
        condition(h, &h->r->condition[k]);
    fputs("</ul>\n", h->out);
}

/* ---- the verdict ---- */

static void counts(const struct html_report *h)
{
    size_t count[VERDICT_VERDICTS];

    verdict_count(h->r, count);
    fputs("<ul class=\"counts\">\n", h->out);
    for (unsigned k = 0; k < VERDICT_VERDICTS; k++) {
        enum insn_verdict v = verdict_order[k];

        if (count[v])
            fprintf(h->out, "<li class=\"v-%s\"><b>%zu</b> %s</li>\n",
                    insn_verdict_name(v), count[v], verdict_class_heading(v));
    }
    fputs("</ul>\n", h->out);
}

static void report(const struct html_report *h)
{
    char basis[256];
    enum truth t = h->r->virtualizable;

    fprintf(h->out,
            "<section id=\"r%zu\">\n<div class=\"verdict %s\">"
            "<p><span class=\"sign\">%s</span> %s</p>\n",
            h->number, truth_name(t), html_sign(t), verdict_outcome(t));
    html_text(h->out, "<h1>", h->r->subject, "</h1>\n");
    html_text(h->out, "<p class=\"question\">", h->r->question, "</p>\n");
    html_text(h->out, "<p>", verdict_sentence(h->r), "</p>\n");
    fputs("</div>\n", h->out);
    counts(h);
    theorems(h);
    html_matrix(h);
    conditions(h);
    html_witnesses(h);
    verdict_basis(h->r, basis, sizeof basis);
    html_text(h->out, "<p class=\"basis\">", basis, "</p>\n");
    fputs("</section>\n", h->out);
}

/* Where there are several reports: what was asked, what came out. */
static void contents(FILE *out, const struct verdict_report *r, size_t n)
{
    fputs("<nav><ul class=\"facts\">\n", out);
    for (size_t k = 0; k < n; k++) {
        enum truth t = r[k].virtualizable;

        fprintf(out,
                "<li class=\"%s\"><span class=\"sign\">%s</span> "
                "<a href=\"#r%zu\">",
                truth_name(t), html_sign(t), k + 1);
        svg_escape(out, r[k].subject);
        fprintf(out, ": %s</a></li>\n", verdict_outcome(t));
    }
    fputs("</ul></nav>\n", out);
}

void verdict_html_write(FILE *out, const struct verdict_report *r, size_t n)
{
    html_head(out, r[0].subject);
    fputs("<body>\n<main>\n", out);
    if (n > 1)
        contents(out, r, n);
    for (size_t k = 0; k < n; k++) {
        const struct html_report h = { .out = out,
                                       .r = &r[k],
                                       .number = k + 1,
                                       .mixed = verdict_is_mixed(&r[k]) };

        report(&h);
    }
    fputs("<footer>Made by <code>pogo check --html</code>: the conditions of "
          "Popek and Goldberg (CACM 17(7), 1974), as docs/check.md "
          "generalises them.</footer>\n</main>\n",
          out);
    html_script(out);
    fputs("</body>\n</html>\n", out);
}
