#include "ui/page_tables_svg.h"

#include <stdlib.h>

#include "ui/svg.h"

typedef unsigned long long ull;

#define ROWS   PAGE_TABLES_SVG_ROWS
#define FRAMES (ROWS * (1 + PAGE_TABLES_SPACES))

/* A run of host pages, with guest memory in it or none (hpa 0). */
struct frame {
    uint64_t hpa, gpa, size;
    bool backed;
};

struct picture {
    const struct page_tables *t;
    FILE *out;
    struct page_tables_row row[ROWS];
    unsigned rows;
    uint64_t left_out;
    struct frame frame[FRAMES];
    unsigned frames;
};

/* ---- what is drawn ---- */

static bool contains(const struct frame *f, uint64_t hpa)
{
    return f->backed && hpa >= f->hpa && hpa - f->hpa < f->size;
}

static void add_frame(struct picture *p, struct frame f)
{
    for (unsigned k = 0; k < p->frames; k++) {
        struct frame *old = &p->frame[k];

        if (f.backed ? contains(old, f.hpa)
                     : !old->backed && old->gpa == f.gpa) {
            if (f.size > old->size)
                old->size = f.size;
            return;
        }
    }
    p->frame[p->frames++] = f;
}

/* The page that a shadow leaf maps, which the guest's PTE may no more name. */
static void add_shadow_frame(struct picture *p, uint64_t hpa, uint64_t size)
{
    struct frame f = { .hpa = hpa, .size = size, .backed = true };

    if (!p2m_reverse(&p->t->vm->monitor.p2m, hpa, &f.gpa))
        f.gpa = p->t->vm->monitor.p2m.rom_gpa;
    add_frame(p, f);
}

static void collect(void *context, const struct page_tables_row *r)
{
    struct picture *p = context;

    if (r->kind == ROW_POINTER)
        return;
    if (p->rows == ROWS) {
        p->left_out++;
        return;
    }
    p->row[p->rows++] = *r;
    if (r->kind != ROW_INVALID)
        add_frame(p, (struct frame){ .hpa = r->hpa,
                                     .gpa = r->pa,
                                     .size = r->size,
                                     .backed = r->backed > 0 });
    for (unsigned k = 0; k < p->t->spaces; k++)
        if (r->shadow[k].leaves > 0)
            add_shadow_frame(p, r->shadow[k].hpa,
                             r->shadow[k].leaves * PAGE_SIZE);
}

static int by_address(const void *a, const void *b)
{
    const struct frame *x = a, *y = b;

    if (x->backed != y->backed)
        return x->backed ? 1 : -1;
    return x->gpa < y->gpa ? -1 : x->gpa > y->gpa;
}

/* ---- drawing ---- */

#define ROW_HEIGHT 24
#define BOX_HEIGHT 18
#define TOP        112

struct column {
    unsigned x, width;
};
static const struct column guest = { 20, 372 };
static const struct column p2m = { 520, 372 };
static const struct column shadow = { 1020, 330 };
#define WIDTH 1370

/* The middle of row n. */
static unsigned line_at(unsigned n)
{
    return TOP + n * ROW_HEIGHT + ROW_HEIGHT / 2;
}

static void box(FILE *out, const struct column *c, unsigned y,
                const char *class)
{
    fprintf(out,
            "<rect class=\"%s\" x=\"%u\" y=\"%u\" width=\"%u\" "
            "height=\"%d\" rx=\"3\"/>\n<text x=\"%u\" y=\"%u\">",
            class, c->x, y - BOX_HEIGHT / 2, c->width, BOX_HEIGHT, c->x + 6,
            y + 4);
}

static void link_between(FILE *out, const struct column *from, unsigned y,
                         const struct column *to, unsigned to_y,
                         const char *class)
{
    unsigned a = from->x + from->width, b = to->x, bend = (b - a) / 2;

    fprintf(out, "<path class=\"%s\" d=\"M%u %u C%u %u %u %u %u %u\"/>\n",
            class, a, y, a + bend, y, b - bend, to_y, b, to_y);
}

/* Bytes as "4K", "2M", "1G". */
static void size_text(uint64_t size, char *buf, size_t n)
{
    static const char units[] = "KMGT";
    unsigned unit = 0;

    for (size >>= 10; size >= 1024 && size % 1024 == 0 && units[unit + 1];
         size >>= 10)
        unit++;
    snprintf(buf, n, "%llu%c", (ull)size, units[unit]);
}

static int frame_of_row(const struct picture *p,
                        const struct page_tables_row *r)
{
    for (unsigned k = 0; k < p->frames; k++)
        if (r->backed ? contains(&p->frame[k], r->hpa)
                      : !p->frame[k].backed && p->frame[k].gpa == r->pa)
            return (int)k;
    return -1;
}

static void draw_guest(const struct picture *p, unsigned n)
{
    const struct page_tables_row *r = &p->row[n];
    char flags[PAGE_TABLES_FLAGS], size[24];
    int frame = r->kind == ROW_INVALID ? -1 : frame_of_row(p, r);

    page_tables_flags(r->pte, flags);
    size_text(r->size, size, sizeof size);
    if (frame >= 0)
        link_between(p->out, &guest, line_at(n), &p2m, line_at((unsigned)frame),
                     "maps");
    box(p->out, &guest, line_at(n), r->kind == ROW_INVALID ? "none" : "guest");
    if (r->kind == ROW_BARE)
        fprintf(p->out, "pa 0x%016llx %6s", (ull)r->va, size);
    else
        fprintf(p->out, "va 0x%016llx %6s  %s", (ull)r->va, size,
                r->kind == ROW_INVALID ? "invalid" : flags);
    if (r->kind == ROW_LEAF && r->last > r->first)
        fprintf(p->out, " x%u", r->last - r->first + 1);
    fputs("</text>\n", p->out);
}

static void draw_frame(const struct picture *p, unsigned n)
{
    const struct frame *f = &p->frame[n];

    box(p->out, &p2m, line_at(n), f->backed ? "frame" : "none");
    if (f->backed)
        fprintf(p->out, "gpa 0x%010llx &#8594; hpa 0x%010llx</text>\n",
                (ull)f->gpa, (ull)f->hpa);
    else
        fprintf(p->out, "gpa 0x%010llx: no memory there</text>\n", (ull)f->gpa);
}

/* The leaves of one space for one row, in line `n` of the last column. */
static void draw_shadow(const struct picture *p, unsigned n, unsigned space,
                        const struct page_tables_row *r)
{
    const struct page_tables_shadow *s = &r->shadow[space];
    char view[16], rights[4];
    unsigned frame = 0;

    while (frame < p->frames && !contains(&p->frame[frame], s->hpa))
        frame++;
    page_tables_view(p->t->space[space].view, view, sizeof view);
    page_tables_rights(s->rights, rights);
    if (frame < p->frames)
        link_between(p->out, &p2m, line_at(frame), &shadow, line_at(n),
                     s->stale ? "maps stale" : "maps");
    box(p->out, &shadow, line_at(n), s->stale ? "shadow stale" : "shadow");
    fprintf(p->out, "%s 0x%016llx %s", view, (ull)r->va, rights);
    if (r->size > PAGE_SIZE)
        fprintf(p->out, " %llu/%llu", (ull)s->leaves,
                (ull)(r->size / PAGE_SIZE));
    fprintf(p->out, "%s</text>\n", s->stale ? " stale" : "");
}

static unsigned draw_shadows(const struct picture *p)
{
    unsigned line = 0;

    for (unsigned k = 0; k < p->t->spaces; k++)
        for (unsigned n = 0; n < p->rows; n++)
            if (p->row[n].shadow[k].leaves > 0)
                draw_shadow(p, line++, k, &p->row[n]);
    return line;
}

static unsigned shadow_lines(const struct picture *p)
{
    unsigned lines = 0;

    for (unsigned k = 0; k < p->t->spaces; k++)
        for (unsigned n = 0; n < p->rows; n++)
            lines += p->row[n].shadow[k].leaves > 0;
    return lines;
}

static const char style[] =
    "<style>\n"
    "text { font: 12px monospace; fill: #222; }\n"
    ".title { font: bold 16px sans-serif; }\n"
    ".head { font: bold 13px sans-serif; }\n"
    ".note { font: 12px sans-serif; fill: #555; }\n"
    "rect { stroke: #667; stroke-width: 1; }\n"
    ".guest { fill: #dce9f7; }\n"
    ".frame { fill: #eee; }\n"
    ".shadow { fill: #ddf0dc; }\n"
    "rect.stale { fill: #f8d7d5; stroke: #b00; }\n"
    ".none { fill: #fff; stroke-dasharray: 4 3; }\n"
    ".maps { fill: none; stroke: #8899aa; stroke-width: 1.2; }\n"
    "path.stale { stroke: #b00; stroke-dasharray: 5 3; }\n"
    "</style>\n";

static void head(const struct picture *p, const struct column *c,
                 const char *text, const char *note)
{
    fprintf(p->out,
            "<text class=\"head\" x=\"%u\" y=\"%d\">%s</text>\n"
            "<text class=\"note\" x=\"%u\" y=\"%d\">%s</text>\n",
            c->x, TOP - 40, text, c->x, TOP - 22, note);
}

static void draw(const struct picture *p, const char *title)
{
    unsigned lines = shadow_lines(p);

    lines = lines > p->frames ? lines : p->frames;
    lines = lines > p->rows ? lines : p->rows;
    fprintf(p->out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
            "height=\"%u\" xml:space=\"preserve\">\n%s<rect width=\"100%%\" "
            "height=\"100%%\" "
            "style=\"fill:#fff;stroke:none\"/>\n",
            WIDTH, line_at(lines + 1), style);
    svg_text(p->out, 20, 30, "title", title);
    head(p, &guest,
         p->t->levels ? "the guest's page table"
                      : "addresses as "
                        "the guest uses them",
         p->t->levels ? "virtual address, size, flags"
                      : "they are physical: no page table");
    head(p, &p2m, "p2m", "guest-physical to host-physical");
    head(p, &shadow, "the shadow",
         "view, virtual address, rights; pages "
         "filled");
    for (unsigned n = 0; n < p->rows; n++)
        draw_guest(p, n);
    draw_shadows(p);
    for (unsigned n = 0; n < p->frames; n++)
        draw_frame(p, n);
    fprintf(p->out,
            "<text class=\"note\" x=\"20\" y=\"%u\">Red: stale, the "
            "guest's table no longer says so and no fence has come since.",
            line_at(lines) + 8);
    if (p->left_out > 0)
        fprintf(p->out, " %llu more rows of the guest's table are not drawn.",
                (ull)p->left_out);
    fputs("</text>\n</svg>\n", p->out);
}

enum status page_tables_svg(const struct page_tables *t, const char *title,
                            FILE *out)
{
    struct picture *p = calloc(1, sizeof *p);

    if (!p)
        return STATUS_NO_MEMORY;
    p->t = t;
    p->out = out;
    page_tables_read(t, true, collect, p);
    qsort(p->frame, p->frames, sizeof p->frame[0], by_address);
    draw(p, title);
    free(p);
    return fflush(out) == 0 && !ferror(out) ? STATUS_OK : STATUS_IO;
}
