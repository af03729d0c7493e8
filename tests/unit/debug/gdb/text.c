#include "debug/gdb/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void put(void *text, const char *s, size_t n)
{
    struct text *t = text;

    t->s = realloc(t->s, t->n + n + 1);
    assert_non_null(t->s);
    memcpy(t->s + t->n, s, n);
    t->n += n;
    t->s[t->n] = '\0';
}

struct text_sink text_sink(struct text *t)
{
    return (struct text_sink){ put, t };
}

void text_free(struct text *t)
{
    free(t->s);
    *t = (struct text){ 0 };
}

#define DEEP 16

/* From a name on: how long it is. */
static size_t name_length(const char *s)
{
    return strspn(s, "abcdefghijklmnopqrstuvwxyz-");
}

static void check_entity(const char *s)
{
    static const char *const known[] = { "&lt;", "&gt;", "&amp;", "&quot;",
                                         "&apos;" };

    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (strncmp(s, known[k], strlen(known[k])) == 0)
            return;
    fail_msg("a stray &: %.20s", s);
}

/* The end of a tag that begins at s: where its > is, outside of quotes. */
static const char *tag_end(const char *s)
{
    bool quoted = false;

    for (s++; *s && (quoted || *s != '>'); s++) {
        quoted ^= *s == '"';
        assert_true(*s != '<');
    }
    assert_true(*s == '>');
    return s;
}

void text_is_xml(const struct text *t)
{
    const char *open[DEEP];
    unsigned depth = 0, elements = 0;

    assert_non_null(t->s);
    assert_int_equal(strlen(t->s), t->n);
    assert_int_equal(strncmp(t->s, "<?xml version=\"1.0\"?>", 21), 0);
    for (const char *s = t->s; *s; s++) {
        const char *end;

        if (*s == '&')
            check_entity(s);
        assert_true(*s != '>' && ((unsigned char)*s >= ' ' || *s == '\n'));
        if (*s != '<')
            continue;
        end = tag_end(s);
        if (s[1] == '/') {
            size_t n = name_length(s + 2);

            assert_true(depth > 0 && n == name_length(open[depth - 1]));
            assert_int_equal(strncmp(open[--depth], s + 2, n), 0);
        } else if (s[1] != '?' && s[1] != '!') {
            assert_true(depth > 0 || elements == 0); /* one root */
            elements++;
            assert_true(name_length(s + 1) > 0 && depth < DEEP);
            if (end[-1] != '/')
                open[depth++] = s + 1;
        }
        s = end;
    }
    assert_int_equal(depth, 0);
    assert_true(elements > 0);
}
