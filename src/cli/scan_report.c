#include "cli/scan_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_SIZE 160

/* The sites of one instruction: of all rules of one name. */
struct group {
    const struct scan_rule *rule; /* the first of them */
    enum insn_verdict class;
    uint64_t linear, guided, all;
};

struct groups {
    struct group *group;
    size_t count;
    uint16_t *of_site; /* for each site its group's index */
};

/* The order in which classes are told. */
static const enum insn_verdict classes[] = {
    VERDICT_VIOLATION,
    VERDICT_CONFIGURABLE,
    VERDICT_ALWAYS_TRAPS,
    VERDICT_PRIVILEGED,
};
#define CLASSES (sizeof classes / sizeof classes[0])

static const char *class_meaning(enum insn_verdict class)
{
    switch (class) {
    case VERDICT_VIOLATION:
        return "sensitive, and does not trap in user mode";
    case VERDICT_CONFIGURABLE:
        return "sensitive, and traps where a setting says so";
    case VERDICT_ALWAYS_TRAPS:
        return "traps in every mode";
    default:
        return "traps in user mode";
    }
}

static size_t group_of(struct groups *g, const struct scan_rule *rule,
                       bool umip)
{
    size_t k = 0;

    while (k < g->count && g->group[k].rule != rule &&
           strcmp(g->group[k].rule->name, rule->name) != 0)
        k++;
    if (k == g->count)
        g->group[g->count++] =
            (struct group){ .rule = rule, .class = scan_class(rule, umip) };
    return k;
}

static void free_groups(struct groups *g)
{
    free(g->group);
    free(g->of_site);
}

static bool make_groups(const struct scan_report *r, struct groups *g)
{
    const struct scan_sites *s = &r->found->sites;
    size_t rules =
        scan_rules(r->in->isa)->count + scan_rules(SCAN_THUMB)->count;

    *g = (struct groups){ .group = calloc(rules, sizeof *g->group),
                          .of_site = calloc(s->count + 1, sizeof *g->of_site) };
    if (!g->group || !g->of_site) {
        free_groups(g);
        return false;
    }
    for (size_t k = 0; k < s->count; k++) {
        size_t index = group_of(g, s->site[k].rule, r->umip);

        g->of_site[k] = (uint16_t)index;
        g->group[index].all++;
        g->group[index].linear += (s->site[k].ways & SCAN_LINEAR) != 0;
        g->group[index].guided += (s->site[k].ways & SCAN_GUIDED) != 0;
    }
    return true;
}

uint64_t scan_violations(const struct scan_report *r)
{
    const struct scan_sites *s = &r->found->sites;
    uint64_t sum = r->found->fixed_window != 0;

    for (size_t k = 0; k < s->count; k++)
        sum += scan_class(s->site[k].rule, r->umip) == VERDICT_VIOLATION;
    return sum;
}

/* "native_save_fl+0x1", or "". */
static void where(const struct scan_report *r, const struct scan_site *site,
                  char *buf, size_t size)
{
    uint64_t offset;
    const char *name = scan_symbol_find(r->in, site->address, &offset);

    buf[0] = '\0';
    if (name && offset)
        snprintf(buf, size, "%s+0x%" PRIx64, name, offset);
    else if (name)
        snprintf(buf, size, "%s", name);
}

static const char *way_name(const struct scan_report *r,
                            const struct scan_site *site)
{
    if (!r->found->guided || site->ways == (SCAN_LINEAR | SCAN_GUIDED))
        return "";
    return site->ways == SCAN_LINEAR ? "linear sweep only" : "by symbols only";
}

/* --- text --- */

static void text_site(const struct scan_report *r, struct scan_text *t,
                      const struct scan_site *site, FILE *out)
{
    char text[TEXT_SIZE], name[TEXT_SIZE];
    const char *way = way_name(r, site);

    scan_text(t, r->in, site, text, sizeof text);
    where(r, site, name, sizeof name);
    fprintf(out, "      0x%" PRIx64 " (file 0x%zx) %s%s%s%s%s%s\n",
            site->address, site->offset, name, name[0] ? ": " : "", text,
            way[0] ? "  [" : "", way, way[0] ? "]" : "");
}

static void text_group(const struct scan_report *r, const struct groups *g,
                       size_t index, struct scan_text *t, FILE *out)
{
    const struct group *group = &g->group[index];
    const struct scan_rule *rule = group->rule;
    uint64_t listed = 0;

    fprintf(out, "  %-24s %10" PRIu64, rule->name, group->linear);
    if (r->found->guided)
        fprintf(out, " %12" PRIu64, group->guided);
    fprintf(out, "   %s\n      cure: %s: %s (%s)\n", rule->why,
            scan_cure_name(rule->cure), rule->how, rule->source);
    for (size_t k = 0; k < r->found->sites.count && listed < r->sites; k++) {
        if (g->of_site[k] != index)
            continue;
        text_site(r, t, &r->found->sites.site[k], out);
        listed++;
    }
    if (listed && listed < group->all)
        fprintf(out, "      … %" PRIu64 " more\n", group->all - listed);
}

static void text_class(const struct scan_report *r, const struct groups *g,
                       enum insn_verdict class, struct scan_text *t, FILE *out)
{
    bool headed = false;

    for (size_t k = 0; k < g->count; k++) {
        if (g->group[k].class != class)
            continue;
        if (!headed)
            fprintf(out, "\n%s: %s\n", insn_verdict_name(class),
                    class_meaning(class));
        headed = true;
        text_group(r, g, k, t, out);
    }
}

static void text_row(const struct scan_report *r, const char *name,
                     uint64_t linear, uint64_t guided, FILE *out)
{
    fprintf(out, "  %-24s %10" PRIu64, name, linear);
    if (r->found->guided)
        fprintf(out, " %12" PRIu64, guided);
    putc('\n', out);
}

static void text_totals(const struct scan_report *r, FILE *out)
{
    const struct scan_figures *l = &r->found->linear,
                              *s = &r->found->by_symbols;

    fprintf(out, "  %-24s %10s%s\n", "", "linear",
            r->found->guided ? "   by symbols" : "");
    for (size_t k = 0; k < CLASSES; k++)
        text_row(r, insn_verdict_name(classes[k]), l->sites[classes[k]],
                 s->sites[classes[k]], out);
    text_row(r, "bytes of code", l->bytes, s->bytes, out);
    text_row(r, "bytes not decoded", l->undecoded, s->undecoded, out);
    if (l->padding)
        text_row(r, "bytes of padding", l->padding, s->padding, out);
    if (!r->found->guided)
        fputs("  There are no symbols: what is data in the code could not be "
              "told from it.\n",
              out);
}

static void text_verdict(const struct scan_report *r, FILE *out)
{
    uint64_t violations = scan_violations(r);

    fprintf(out, "%s: ", r->in->name);
    if (r->found->fixed_window)
        fprintf(out,
                "%" PRIu64 " bytes of code lie in kseg0 or kseg1, which "
                "no page table moves: every fetch there is location "
                "sensitive\n",
                r->found->fixed_window);
    else if (violations)
        fprintf(out,
                "%" PRIu64 " instructions are sensitive and do not trap "
                "in user mode\n",
                violations);
    else
        fputs("no instruction was found that is sensitive and does not trap "
              "in user mode\n",
              out);
    fprintf(out, "  %s, %s%s, code in %zu part%s, %zu functions named\n",
            r->in->format, scan_isa_name(r->in->isa),
            r->in->unpacked ? ", unpacked (offsets are within what came out)"
                            : "",
            r->in->codes, r->in->codes == 1 ? "" : "s", r->in->symbols);
}

bool scan_report_text(const struct scan_report *r, FILE *out)
{
    struct scan_text t = { { 0 } };
    struct groups g;

    if (!make_groups(r, &g))
        return false;
    text_verdict(r, out);
    text_totals(r, out);
    for (size_t k = 0; k < CLASSES; k++)
        text_class(r, &g, classes[k], &t, out);
    scan_text_free(&t);
    free_groups(&g);
    return true;
}

/* --- JSON --- */

static void json_site(const struct scan_report *r, struct scan_text *t,
                      const struct scan_site *site, struct report *json)
{
    char text[TEXT_SIZE], name[TEXT_SIZE], address[24];

    scan_text(t, r->in, site, text, sizeof text);
    where(r, site, name, sizeof name);
    snprintf(address, sizeof address, "0x%" PRIx64, site->address);
    report_item(json, address);
    report_number(json, "offset", site->offset);
    report_number(json, "length", site->length);
    report_text(json, "symbol", name);
    report_text(json, "text", text);
    report_text(json, "isa", scan_isa_name(site->isa));
    report_flag(json, "linear", site->ways & SCAN_LINEAR);
    report_flag(json, "by-symbols", site->ways & SCAN_GUIDED);
    report_end(json);
}

static void json_group(const struct scan_report *r, const struct groups *g,
                       size_t index, struct scan_text *t, struct report *json)
{
    const struct group *group = &g->group[index];
    uint64_t listed = 0;

    report_item(json, group->rule->name);
    report_text(json, "class", insn_verdict_name(group->class));
    report_text(json, "why", group->rule->why);
    report_text(json, "cure", scan_cure_name(group->rule->cure));
    report_text(json, "how", group->rule->how);
    report_text(json, "source", group->rule->source);
    report_number(json, "linear", group->linear);
    if (r->found->guided)
        report_number(json, "by-symbols", group->guided);
    report_list(json, "sites");
    for (size_t k = 0; k < r->found->sites.count && listed < r->sites; k++) {
        if (g->of_site[k] != index)
            continue;
        json_site(r, t, &r->found->sites.site[k], json);
        listed++;
    }
    report_list_end(json);
    report_end(json);
}

static void json_figures(const struct scan_figures *f, const char *name,
                         struct report *json)
{
    report_begin(json, name);
    for (size_t k = 0; k < CLASSES; k++)
        report_number(json, insn_verdict_name(classes[k]),
                      f->sites[classes[k]]);
    report_number(json, "bytes", f->bytes);
    report_number(json, "undecoded", f->undecoded);
    report_number(json, "padding", f->padding);
    report_end(json);
}

static void json_code(const struct scan_code *code, struct report *json)
{
    char address[24];

    snprintf(address, sizeof address, "0x%" PRIx64, code->address);
    report_item(json, code->name);
    report_text(json, "address", address);
    report_number(json, "offset", code->offset);
    report_number(json, "size", code->size);
    report_end(json);
}

static void json_head(const struct scan_report *r, struct report *json)
{
    report_text(json, "format", r->in->format);
    report_text(json, "isa", scan_isa_name(r->in->isa));
    report_flag(json, "unpacked", r->in->unpacked);
    report_list(json, "code");
    for (size_t k = 0; k < r->in->codes; k++)
        json_code(&r->in->code[k], json);
    report_list_end(json);
    report_number(json, "functions", r->in->symbols);
    report_number(json, "violations", scan_violations(r));
    report_number(json, "fixed-window", r->found->fixed_window);
    json_figures(&r->found->linear, "linear", json);
    if (r->found->guided)
        json_figures(&r->found->by_symbols, "by-symbols", json);
}

bool scan_report_json(const struct scan_report *r, struct report *json)
{
    struct scan_text t = { { 0 } };
    struct groups g;

    if (!make_groups(r, &g))
        return false;
    report_item(json, r->in->name);
    json_head(r, json);
    report_list(json, "instructions");
    for (size_t k = 0; k < g.count; k++)
        json_group(r, &g, k, &t, json);
    report_list_end(json);
    report_end(json);
    scan_text_free(&t);
    free_groups(&g);
    return true;
}
