/* The three tables as text, in the shape of xv6's vmprint(). */
#include "debug/page_tables.h"

#include <stdarg.h>
#include <stdio.h>

typedef unsigned long long ull;

/* Text that grows in a buffer. */
struct text {
    char *buf;
    size_t size, length;
};

static void add(struct text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(struct text *t, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(t->buf + t->length, t->size - t->length, format, args);
    va_end(args);
    if (n > 0)
        t->length += (size_t)n;
    if (t->length >= t->size)
        t->length = t->size - 1;
}

static void pad_to(struct text *t, size_t column)
{
    if (t->length < column)
        add(t, "%*s", (int)(column - t->length), "");
}

static const char *mode_name(uint64_t priv)
{
    static const char *const names[] = { "U", "S", "?", "M" };

    return names[priv & 3];
}

void page_tables_view(uint8_t view, char *buf, size_t size)
{
    struct text t = { buf, size, 0 };

    add(&t, "%s", mode_name(field_get(view, VIEW_FETCH)));
    if (view_is_split(view))
        add(&t, "+MPRV");
    add(&t, "%s%s", view & VIEW_SUM ? "+SUM" : "",
        view & VIEW_MXR ? "+MXR" : "");
}

void page_tables_flags(uint64_t pte, char buf[PAGE_TABLES_FLAGS])
{
    static const char letters[] = "RWXUGAD";

    for (unsigned k = 0; letters[k]; k++)
        buf[k] = pte & PTE_R << k ? letters[k] : '-';
    buf[PAGE_TABLES_FLAGS - 1] = '\0';
}

void page_tables_p2m(const struct vm *vm, uint64_t pa,
                     char buf[PAGE_TABLES_ADDRESS])
{
    uint64_t hpa;
    bool writable;

    if (pa && p2m_lookup(&vm->monitor.p2m, pa, &hpa, &writable))
        snprintf(buf, PAGE_TABLES_ADDRESS, "%#llx", (unsigned long long)hpa);
    else
        snprintf(buf, PAGE_TABLES_ADDRESS, "-");
}

void page_tables_rights(unsigned rights, char buf[4])
{
    buf[0] = rights & ACCESS_LOAD ? 'r' : '-';
    buf[1] = rights & ACCESS_STORE ? 'w' : '-';
    buf[2] = rights & ACCESS_FETCH ? 'x' : '-';
    buf[3] = '\0';
}

/* Where the columns begin. */
static size_t guest_width(const struct page_tables *t)
{
    /* " .." a level, "0-511:", pte and pa */
    return 3 * t->levels + sizeof " 511-511: pte 0x0123456789abcdef pa "
                                  "0x0123456789abcdef ";
}
#define FLAGS_WIDTH   sizeof "RWXUGAD x512 "
#define ADDRESS_WIDTH sizeof "0x0123456789abcdef "
#define BARE_WIDTH    sizeof "0x0123456789abcdef-0x0123456789abcdef "

static size_t p2m_column(const struct page_tables *t)
{
    return t->levels ? guest_width(t) + FLAGS_WIDTH + ADDRESS_WIDTH
                     : BARE_WIDTH;
}

void page_tables_heading(const struct page_tables *t, char *buf, size_t size)
{
    struct text x = { buf, size, 0 };

    add(&x, "%s", t->levels ? "guest" : "guest-physical");
    if (t->levels) {
        pad_to(&x, guest_width(t) + FLAGS_WIDTH);
        add(&x, "va");
    }
    pad_to(&x, p2m_column(t));
    add(&x, "p2m");
    pad_to(&x, p2m_column(t) + ADDRESS_WIDTH);
    add(&x, "shadow");
}

/* " .. ..0: pte 0x… pa 0x…  RWXUGAD x8  0x…" */
static void add_guest(struct text *x, const struct page_tables *t,
                      const struct page_tables_row *r)
{
    char flags[PAGE_TABLES_FLAGS];

    for (unsigned k = 0; k <= r->depth; k++)
        add(x, " ..");
    add(x, r->last > r->first ? "%u-%u:" : "%u:", r->first, r->last);
    add(x, " pte 0x%016llx pa 0x%016llx", (ull)r->pte, (ull)r->pa);
    if (r->kind == ROW_POINTER)
        return;
    pad_to(x, guest_width(t));
    page_tables_flags(r->pte, flags);
    add(x, "%s", r->kind == ROW_INVALID ? "invalid" : flags);
    if (r->last > r->first)
        add(x, " x%u", r->last - r->first + 1);
    pad_to(x, guest_width(t) + FLAGS_WIDTH);
    add(x, "0x%016llx", (ull)r->va);
}

static void add_p2m(struct text *x, const struct page_tables_row *r)
{
    uint64_t pages = r->size / PAGE_SIZE;

    if (r->backed == 0)
        add(x, "-");
    else
        add(x, "0x%016llx", (ull)r->hpa);
    if (r->backed > 0 && r->backed < pages)
        add(x, " (%llu of %llu pages)", (ull)r->backed, (ull)pages);
    if (r->scattered)
        add(x, " scattered");
}

/* "S 0x… rwx", "S 14 of 512", and how many are stale. */
static void add_space(struct text *x, const struct page_tables_space *sp,
                      const struct page_tables_shadow *s, uint64_t pages)
{
    char view[16], rights[4];

    page_tables_view(sp->view, view, sizeof view);
    page_tables_rights(s->rights, rights);
    if (s->leaves == pages)
        add(x, "%s 0x%016llx %s", view, (ull)s->hpa, rights);
    else
        add(x, "%s %llu of %llu", view, (ull)s->leaves, (ull)pages);
    if (s->stale > 0 && s->stale < s->leaves)
        add(x, ", %llu", (ull)s->stale);
    if (s->stale > 0)
        add(x, " stale");
}

static void add_shadow(struct text *x, const struct page_tables *t,
                       const struct page_tables_row *r)
{
    const char *separator = "";

    for (unsigned k = 0; k < t->spaces; k++) {
        if (r->shadow[k].leaves == 0)
            continue;
        add(x, "%s", separator);
        add_space(x, &t->space[k], &r->shadow[k], r->size / PAGE_SIZE);
        separator = "; ";
    }
    if (!separator[0])
        add(x, "-");
}

void page_tables_format(const struct page_tables *t,
                        const struct page_tables_row *r, char *buf, size_t size)
{
    struct text x = { buf, size, 0 };

    if (r->kind == ROW_BARE)
        add(&x, "0x%016llx-0x%016llx", (ull)r->va, (ull)(r->va + r->size - 1));
    else
        add_guest(&x, t, r);
    if (r->kind == ROW_POINTER)
        return;
    pad_to(&x, p2m_column(t));
    add_p2m(&x, r);
    add(&x, " ");
    pad_to(&x, p2m_column(t) + ADDRESS_WIDTH);
    add_shadow(&x, t, r);
}
