#include "ui/exits_svg.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "ui/svg.h"

/*
 * The page, in pixels:
 *
 *      title, verdict
 *      +------------------------------+   legend
 *      | exits by class               |
 *      +------------------------------+
 *      | share run directly           |
 *      +------------------------------+   one scale of counts for both
 *      host time  [======|==|=|       ]
 */
enum {
    WIDTH = 1280,
    HEIGHT = 800,
    LEFT = 92,
    RIGHT = 950,
    EXITS_TOP = 150,
    EXITS_BOTTOM = 450,
    SHARE_TOP = 490,
    SHARE_BOTTOM = 610,
    TIME_TOP = 706,
    TIME_BOTTOM = 736,
    LEGEND = 985,        /* its left edge */
    LEGEND_EXITS = 1185, /* right edges of its columns */
    LEGEND_TIME = 1262,
    LEGEND_ROW = 26,
};

#define MILLION       1e6
#define DIRECT_COLOUR "#4a5568"
#define OTHER_COLOUR  "#b9bec7"

static const char *const colours[EXIT_CLASSES] = {
    [EXIT_CLASS_CSR] = "#332288",       [EXIT_CLASS_RETURN] = "#88ccee",
    [EXIT_CLASS_FENCE] = "#44aa99",     [EXIT_CLASS_FILL] = "#ddcc77",
    [EXIT_CLASS_DEVICE] = "#cc6677",    [EXIT_CLASS_MEMORY] = "#aa4499",
    [EXIT_CLASS_ECALL] = "#117733",     [EXIT_CLASS_EXCEPTION] = "#882255",
    [EXIT_CLASS_INTERRUPT] = "#999933",
};

struct picture {
    FILE *out;
    const struct efficiency *e;
    const struct series *s;
    unsigned order[EXIT_CLASSES]; /* classes that occurred, most exits first */
    unsigned classes;
    double highest; /* exits per million counts: the scale's end */
    double lowest;  /* percent: the other scale's begin */
    bool idle;      /* in some interval nothing was executed */
    double at_least;
};

/* ---- scales ---- */

static double x_of(const struct picture *p, double interval)
{
    unsigned n = p->s->length ? p->s->length : 1;

    return LEFT + (RIGHT - LEFT) * interval / n;
}

static double y_of_exits(const struct picture *p, double rate)
{
    return EXITS_BOTTOM - (EXITS_BOTTOM - EXITS_TOP) * rate / p->highest;
}

static double y_of_share(const struct picture *p, double share)
{
    return SHARE_BOTTOM -
           (SHARE_BOTTOM - SHARE_TOP) * (share - p->lowest) / (100 - p->lowest);
}

/* Exits of the first `classes` classes of the order, per million counts. */
static double rate(const struct picture *p, unsigned interval, unsigned classes)
{
    uint64_t n = 0;

    for (unsigned c = 0; c < classes; c++)
        n += p->s->interval[interval].exits[p->order[c]];
    return MILLION * (double)n / (double)p->s->width;
}

/* Percent; less than 0: no instruction was executed. */
static double share(const struct interval *i)
{
    uint64_t all = i->direct + i->emulated;

    return all ? 100.0 * (double)i->direct / (double)all : -1;
}

static void choose_order(struct picture *p)
{
    for (unsigned c = 0; c < EXIT_CLASSES; c++) {
        uint64_t exits = p->e->class[c].exits;
        unsigned at = p->classes;

        if (!exits)
            continue;
        for (; at > 0 && p->e->class[p->order[at - 1]].exits < exits; at--)
            p->order[at] = p->order[at - 1];
        p->order[at] = c;
        p->classes++;
    }
}

static void choose_scales(struct picture *p)
{
    double most = 0, least = 100, step;

    for (unsigned k = 0; k < p->s->length; k++) {
        double r = rate(p, k, p->classes), s = share(&p->s->interval[k]);

        most = r > most ? r : most;
        least = s >= 0 && s < least ? s : least;
        p->idle |= s < 0;
    }
    step = svg_step(most, 6);
    p->highest = most > 0 ? step * ceil(most / step) : 1;
    /* What is asked for is always to be seen. */
    if (p->at_least < least)
        least = p->at_least;
    step = svg_step(100 - least, 4);
    p->lowest = least < 100 ? 100 - step * ceil((100 - least) / step) : 99;
    if (p->lowest < 0)
        p->lowest = 0;
}

/* ---- frames and axes ---- */

static void frame(struct picture *p, double top, double bottom,
                  const char *heading)
{
    fprintf(p->out,
            "<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" "
            "class=\"frame\"/>\n",
            LEFT, top, RIGHT - LEFT, bottom - top);
    svg_text(p->out, LEFT, top - 10, "heading", heading);
}

static void grid_line(struct picture *p, double y, const char *label)
{
    fprintf(p->out,
            "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" "
            "class=\"grid\"/>\n",
            LEFT, y, RIGHT, y);
    svg_text(p->out, LEFT - 9, y + 4.5, "label end", label);
}

static void exits_axis(struct picture *p)
{
    double step = svg_step(p->highest, 6);
    char text[SVG_NUMBER];

    for (unsigned k = 0; step * k <= p->highest * 1.001; k++)
        grid_line(p, y_of_exits(p, step * k), svg_number(step * k, text));
}

static void share_axis(struct picture *p)
{
    double step = svg_step(100 - p->lowest, 4);
    char text[SVG_NUMBER + 8];

    for (unsigned k = 0; 100 - step * k >= p->lowest - step / 100; k++) {
        snprintf(text, sizeof text, "%.6g %%", 100 - step * k);
        grid_line(p, y_of_share(p, 100 - step * k), text);
    }
}

static void count_axis(struct picture *p)
{
    double all = (double)p->s->width * p->s->length;
    double step = svg_step(all, 8);
    char text[SVG_NUMBER];

    for (unsigned k = 0; step * k <= all; k++) {
        double x = x_of(p, step * k / (double)p->s->width);

        fprintf(p->out,
                "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" "
                "class=\"tick\"/>\n",
                x, SHARE_BOTTOM, x, SHARE_BOTTOM + 6);
        svg_text(p->out, x, SHARE_BOTTOM + 22, "label middle",
                 svg_number(step * k, text));
    }
    svg_text(p->out, (LEFT + RIGHT) / 2.0, SHARE_BOTTOM + 44, "axis middle",
             "instructions executed, and time idle (count)");
}

/* ---- the two panels ---- */

/* From the bottom to what the first `classes` classes amount to: those with
   fewer are drawn over it. */
static void stack(struct picture *p, unsigned classes)
{
    fprintf(p->out, "<path fill=\"%s\" d=\"M%d %d",
            colours[p->order[classes - 1]], LEFT, EXITS_BOTTOM);
    for (unsigned k = 0; k < p->s->length; k++)
        fprintf(p->out, "V%.1fH%.1f", y_of_exits(p, rate(p, k, classes)),
                x_of(p, k + 1));
    fprintf(p->out, "V%dZ\"><title>", EXITS_BOTTOM);
    svg_escape(p->out, exit_class_name(p->order[classes - 1]));
    fputs("</title></path>\n", p->out);
}

static void exits_panel(struct picture *p)
{
    char heading[80], text[SVG_NUMBER];

    snprintf(heading, sizeof heading,
             "Exits per million counts (a step: %s counts)",
             svg_number((double)p->s->width, text));
    frame(p, EXITS_TOP, EXITS_BOTTOM, heading);
    exits_axis(p);
    for (unsigned n = p->classes; n > 0; n--)
        stack(p, n);
}

/* An area for each row of intervals in which something was executed. */
static void share_area(struct picture *p)
{
    bool open = false;

    fputs("<path fill=\"" DIRECT_COLOUR "\" fill-opacity=\"0.55\" d=\"",
          p->out);
    for (unsigned k = 0; k < p->s->length; k++) {
        double v = share(&p->s->interval[k]);

        if (v < 0 && open)
            fprintf(p->out, "V%dZ", SHARE_BOTTOM);
        else if (v >= 0 && !open)
            fprintf(p->out, "M%.1f %d", x_of(p, k), SHARE_BOTTOM);
        open = v >= 0;
        if (open)
            fprintf(p->out, "V%.1fH%.1f", y_of_share(p, v), x_of(p, k + 1));
    }
    if (open)
        fprintf(p->out, "V%dZ", SHARE_BOTTOM);
    fputs("\"/>\n", p->out);
}

static void share_panel(struct picture *p)
{
    double y = y_of_share(p, p->at_least);
    char text[40];

    frame(p, SHARE_TOP, SHARE_BOTTOM,
          p->idle ? "Instructions that ran directly "
                    "(blank: the guest was idle)"
                  : "Instructions that ran directly");
    share_area(p);
    share_axis(p);
    fprintf(p->out,
            "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" "
            "class=\"limit\"/>\n",
            LEFT, y, RIGHT + 6, y);
    snprintf(text, sizeof text, "at least %.6g %% in all", p->at_least);
    svg_text(p->out, RIGHT + 10, y + 4.5, "label", text);
}

/* What a browser shows over an interval. */
static void interval_title(struct picture *p, unsigned k)
{
    const struct interval *i = &p->s->interval[k];
    char from[SVG_NUMBER], to[SVG_NUMBER], n[SVG_NUMBER];

    fprintf(p->out, "<title>counts %s to %s",
            svg_number((double)p->s->width * k, from),
            svg_number((double)p->s->width * (k + 1), to));
    if (share(i) >= 0)
        fprintf(p->out, "\n%.3f %% direct", share(i));
    for (unsigned c = 0; c < p->classes; c++)
        if (i->exits[p->order[c]]) {
            fprintf(p->out, "\n%s ",
                    svg_number((double)i->exits[p->order[c]], n));
            svg_escape(p->out, exit_class_name(p->order[c]));
        }
    fputs("</title>", p->out);
}

static void interval_titles(struct picture *p)
{
    fputs("<g class=\"hover\">\n", p->out);
    for (unsigned k = 0; k < p->s->length; k++) {
        fprintf(p->out,
                "<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\">",
                x_of(p, k), EXITS_TOP, x_of(p, k + 1) - x_of(p, k),
                SHARE_BOTTOM - EXITS_TOP);
        interval_title(p, k);
        fputs("</rect>\n", p->out);
    }
    fputs("</g>\n", p->out);
}

/* ---- legend, and where the time went ---- */

static void legend_row(struct picture *p, double y, const char *colour,
                       const char *name, const char *exits, uint64_t ticks)
{
    char text[SVG_NUMBER];

    fprintf(p->out,
            "<rect x=\"%d\" y=\"%.1f\" width=\"15\" height=\"15\" "
            "fill=\"%s\"/>\n",
            LEGEND, y - 12, colour);
    svg_text(p->out, LEGEND + 24, y, "entry", name);
    svg_text(p->out, LEGEND_EXITS, y, "entry end", exits);
    svg_text(p->out, LEGEND_TIME, y, "entry end",
             svg_time((double)efficiency_ns(p->e, ticks), text));
}

static void legend(struct picture *p)
{
    const struct efficiency *e = p->e;
    double y = EXITS_TOP + 12;
    char text[SVG_NUMBER];

    svg_text(p->out, LEGEND, y, "heading", "Exits to the monitor");
    svg_text(p->out, LEGEND_EXITS, y, "label end", "exits");
    svg_text(p->out, LEGEND_TIME, y, "label end", "host time");
    for (unsigned c = p->classes; c-- > 0;) {
        const struct tally *t = &e->class[p->order[c]];

        y += LEGEND_ROW;
        legend_row(p, y, colours[p->order[c]], exit_class_name(p->order[c]),
                   svg_number((double)t->exits, text), t->ticks);
    }
    y += LEGEND_ROW + 12;
    legend_row(p, y, DIRECT_COLOUR, "guest, directly", "", e->direct);
    legend_row(p, y + LEGEND_ROW, OTHER_COLOUR, "board, consoles, rest", "",
               e->monitor + e->outside);
}

/* One part of the bar of time, from x on; returns where it ends. */
static double time_part(struct picture *p, double x, uint64_t ticks,
                        uint64_t all, const char *colour, const char *name)
{
    double part = all ? (double)ticks / (double)all : 0;
    double width = (RIGHT - LEFT) * part;
    char percent[32];

    snprintf(percent, sizeof percent, "%.3g %%", 100 * part);
    fprintf(p->out,
            "<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" "
            "fill=\"%s\"><title>",
            x, TIME_TOP, width, TIME_BOTTOM - TIME_TOP, colour);
    svg_escape(p->out, name);
    fprintf(p->out, ": %s</title></rect>\n", percent);
    if (width > 60)
        svg_text(p->out, x + width / 2, TIME_BOTTOM + 18, "label middle",
                 percent);
    return x + width;
}

static void time_bar(struct picture *p)
{
    const struct efficiency *e = p->e;
    uint64_t rest = e->monitor + e->outside;
    uint64_t all = e->direct + rest + efficiency_exits(e).ticks;
    double x = LEFT;
    bool busy = (double)e->processor_ns < 0.9 * (double)efficiency_total_ns(e);
    char heading[160], text[SVG_NUMBER];

    snprintf(heading, sizeof heading,
             "Where the host's time went: %s (without what measuring took), "
             "%.1f %% of it in exits%s",
             svg_time((double)efficiency_ns(e, all), text),
             all ? 100.0 * (double)efficiency_exits(e).ticks / (double)all
                 : 0.0,
             busy ? "; inexact: the host was busy with other work" : "");
    svg_text(p->out, LEFT, TIME_TOP - 10, "heading", heading);
    x = time_part(p, x, e->direct, all, DIRECT_COLOUR, "guest, directly");
    for (unsigned c = 0; c < p->classes; c++)
        x = time_part(p, x, e->class[p->order[c]].ticks, all,
                      colours[p->order[c]], exit_class_name(p->order[c]));
    time_part(p, x, rest, all, OTHER_COLOUR, "board, consoles, rest");
}

/* ---- the page ---- */

void exits_svg_write(FILE *out, const struct exits_picture *picture)
{
    struct picture p = { .out = out,
                         .e = picture->efficiency,
                         .s = &picture->efficiency->series,
                         .at_least = picture->at_least };

    choose_order(&p);
    choose_scales(&p);
    svg_begin(out, WIDTH, HEIGHT);
    svg_paragraph(out, LEFT, 46, 0, 85, 1, "title", picture->title);
    svg_paragraph(out, LEFT, 76, 20, 150, 2, "verdict", picture->verdict);
    exits_panel(&p);
    share_panel(&p);
    count_axis(&p);
    time_bar(&p);
    legend(&p);
    interval_titles(&p);
    svg_end(out);
}
