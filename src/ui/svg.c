#include "ui/svg.h"

#include <math.h>
#include <string.h>

/* Text by its part in a picture, and where it is anchored; then lines. */
static const char style[] =
    "<style>\n"
    "text { font-family: \"Helvetica Neue\", Arial, \"DejaVu Sans\", "
    "sans-serif; fill: #1f2733; }\n"
    ".title { font-size: 24px; font-weight: bold; }\n"
    ".verdict { font-size: 15px; fill: #3d4654; }\n"
    ".heading { font-size: 14px; font-weight: bold; }\n"
    ".entry { font-size: 13px; }\n"
    ".label, .axis { font-size: 13px; fill: #5a6372; }\n"
    ".end { text-anchor: end; }\n"
    ".middle { text-anchor: middle; }\n"
    ".frame { fill: #f7f8fa; }\n"
    ".grid { stroke: #1f2733; stroke-opacity: 0.13; }\n"
    ".tick { stroke: #5a6372; }\n"
    ".limit { stroke: #c0392b; stroke-dasharray: 6 4; }\n"
    ".hover { fill: #ffffff; fill-opacity: 0; }\n"
    ".hover rect:hover { fill-opacity: 0.35; }\n"
    "</style>\n";

void svg_begin(FILE *out, unsigned width, unsigned height)
{
    fprintf(out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" "
            "height=\"%u\" viewBox=\"0 0 %u %u\">\n%s"
            "<rect width=\"%u\" height=\"%u\" fill=\"#ffffff\"/>\n",
            width, height, width, height, style, width, height);
}

void svg_end(FILE *out)
{
    fputs("</svg>\n", out);
}

void svg_escape(FILE *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '&')
            fputs("&amp;", out);
        else if (c == '<')
            fputs("&lt;", out);
        else if (c == '>')
            fputs("&gt;", out);
        else if (c == '"')
            fputs("&quot;", out);
        else
            putc(c < 0x20 || c == 0x7f ? ' ' : c, out);
    }
}

void svg_text(FILE *out, double x, double y, const char *style,
              const char *text)
{
    fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, style);
    svg_escape(out, text);
    fputs("</text>\n", out);
}

/* Bytes of the first line of `text`; a character of UTF-8 is not divided. */
static size_t first_line(const char *text, unsigned width)
{
    size_t n = 0, space = 0;

    for (unsigned used = 0; text[n]; n++) {
        if (((unsigned char)text[n] & 0xc0) != 0x80 && used++ == width)
            return space ? space : n;
        if (text[n] == ' ')
            space = n;
    }
    return n;
}

unsigned svg_paragraph(FILE *out, double x, double y, double leading,
                       unsigned width, unsigned lines, const char *style,
                       const char *text)
{
    unsigned done = 0;

    while (*text && done < lines) {
        size_t n = first_line(text, width);
        bool cut = done + 1 == lines && text[n];
        char line[512];

        snprintf(line, sizeof line, "%.*s%s", (int)n, text, cut ? " …" : "");
        svg_text(out, x, y + done * leading, style, line);
        text += n;
        text += strspn(text, " ");
        done++;
    }
    return done;
}

double svg_step(double span, unsigned parts)
{
    double least = span / parts, power;

    if (!(span > 0))
        return 1;
    power = pow(10, floor(log10(least)));
    if (least <= power)
        return power;
    return least <= 2 * power   ? 2 * power
           : least <= 5 * power ? 5 * power
                                : 10 * power;
}

#define LARGEST 999999999.0 /* of the largest unit */

/* v, in units of 1000^k, with three digits. */
static const char *scaled(double v, const char *const *units, unsigned n,
                          char *buf)
{
    unsigned k = 0;

    while (v >= 999.5 && k + 1 < n) {
        v /= 1000;
        k++;
    }
    if (v > LARGEST)
        v = LARGEST;
    snprintf(buf, SVG_NUMBER, v < 1000 ? "%.3g%s%s" : "%.0f%s%s", v,
             *units[k] ? " " : "", units[k]);
    return buf;
}

const char *svg_number(double v, char *buf)
{
    static const char *const units[] = { "", "k", "M", "G", "T" };

    return scaled(v, units, sizeof units / sizeof *units, buf);
}

const char *svg_time(double ns, char *buf)
{
    static const char *const units[] = { "ns", "µs", "ms", "s" };

    return scaled(ns, units, sizeof units / sizeof *units, buf);
}
