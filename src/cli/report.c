#include "cli/report.h"

typedef unsigned long long ull;

#define NAME_WIDTH 40

/* RFC 8259, section 7. */
static void json_string(FILE *out, const char *s)
{
    putc('"', out);
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;

        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < 0x20)
            fprintf(out, "\\u%04x", c);
        else
            putc(c, out);
    }
    putc('"', out);
}

static void comma(struct report *r)
{
    if (!r->first)
        putc(',', r->out);
    r->first = false;
}

static void key(struct report *r, const char *name)
{
    int indent = 2 * (int)r->depth;

    if (r->json) {
        comma(r);
        json_string(r->out, name);
        putc(':', r->out);
    } else {
        fprintf(r->out, "%*s%-*s ", indent, "", NAME_WIDTH - indent, name);
    }
}

static void heading(struct report *r, const char *name)
{
    fprintf(r->out, "%*s%s:\n", 2 * (int)r->depth, "", name);
}

static void open_with(struct report *r, char bracket)
{
    if (r->json)
        putc(bracket, r->out);
    r->first = true;
    r->depth++;
}

static void close_with(struct report *r, char bracket)
{
    if (r->json)
        putc(bracket, r->out);
    r->first = false;
    r->depth--;
}

struct report report_open(FILE *out, bool json)
{
    struct report r = { .out = out, .json = json, .first = true };

    if (json)
        putc('{', out);
    return r;
}

void report_close(struct report *r)
{
    if (r->json)
        fputs("}\n", r->out);
}

void report_begin(struct report *r, const char *name)
{
    if (r->json)
        key(r, name);
    else
        heading(r, name);
    open_with(r, '{');
}

void report_end(struct report *r)
{
    close_with(r, '}');
}

void report_list(struct report *r, const char *name)
{
    if (r->json)
        key(r, name);
    else
        heading(r, name);
    open_with(r, '[');
}

void report_item(struct report *r, const char *name)
{
    if (r->json)
        comma(r);
    else
        heading(r, name);
    open_with(r, '{');
    if (r->json)
        report_text(r, "name", name);
}

void report_list_end(struct report *r)
{
    close_with(r, ']');
}

void report_number(struct report *r, const char *name, uint64_t v)
{
    key(r, name);
    fprintf(r->out, r->json ? "%llu" : "%20llu\n", (ull)v);
}

void report_real(struct report *r, const char *name, double v)
{
    key(r, name);
    fprintf(r->out, r->json ? "%.6f" : "%20.3f\n", v);
}

void report_text(struct report *r, const char *name, const char *v)
{
    key(r, name);
    if (r->json)
        json_string(r->out, v);
    else
        fprintf(r->out, "%20s\n", v);
}

void report_hash(struct report *r, const char *name, uint64_t v)
{
    char text[17];

    snprintf(text, sizeof text, "%016llx", (ull)v);
    report_text(r, name, text);
}

void report_flag(struct report *r, const char *name, bool v)
{
    key(r, name);
    if (r->json)
        fputs(v ? "true" : "false", r->out);
    else
        fprintf(r->out, "%20s\n", v ? "yes" : "no");
}
