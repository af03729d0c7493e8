/* Cuts the text of a description into tokens. */
#include "check/isa/lexer.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Longer signs come before their own beginnings. */
static const char *const signs[] = {
    ":=", "==", "!=", "<=", ">=", "<<", ">>", "&&", "||", "=>", "{", "}",
    "(",  ")",  "[",  "]",  ":",  ";",  ",",  ".",  "=",  "<",  ">", "+",
    "-",  "*",  "/",  "%",  "&",  "|",  "^",  "~",  "!",  "@",
};

static bool is_name(char c)
{
    return c == '_' || isalnum((unsigned char)c);
}

void lexer_error(struct lexer *l, unsigned line, unsigned column,
                 const char *format, ...)
{
    va_list arguments;

    if (l->failed)
        return;
    l->failed = true;
    l->token.kind = TOKEN_END;
    l->token.text = "";
    l->error->line = line;
    l->error->column = column;
    va_start(arguments, format);
    vsnprintf(l->error->text, sizeof l->error->text, format, arguments);
    va_end(arguments);
}

static void skip_space(struct lexer *l)
{
    for (; l->at < l->end; l->at++) {
        if (l->end - l->at >= 2 && l->at[0] == '/' && l->at[1] == '/')
            while (l->at < l->end && *l->at != '\n')
                l->at++;
        if (l->at == l->end || !isspace((unsigned char)*l->at))
            return;
        if (*l->at == '\n') {
            l->line++;
            l->line_start = l->at + 1;
        }
    }
}

static int digit_of(char c)
{
    if (isdigit((unsigned char)c))
        return c - '0';
    return isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
                                      : 99;
}

static void read_number(struct lexer *l, struct token *t)
{
    const char *from = l->at;
    unsigned base = 10, bits = 0;
    bool too_large = false, good = true;

    t->kind = TOKEN_NUMBER;
    if (l->end - l->at >= 2 && l->at[0] == '0')
        bits = l->at[1] == 'x' ? 4 : l->at[1] == 'b' ? 1 : 0;
    if (bits) {
        base = 1u << bits;
        l->at += 2;
        good = l->at < l->end && digit_of(*l->at) < (int)base;
    }
    for (; l->at < l->end && is_name(*l->at); l->at++) {
        unsigned digit = (unsigned)digit_of(*l->at);

        if (*l->at == '_' && base != 10)
            continue;
        good = good && digit < base;
        too_large = too_large || t->number > (UINT64_MAX - digit) / base;
        t->number = t->number * base + digit;
        t->digits_width += bits;
    }
    if (!good)
        lexer_error(l, t->line, t->column,
                    "'%.*s' is not a number: 12, 0x1f and 0b101 are",
                    (int)(l->at - from > 40 ? 40 : l->at - from), from);
    else if (too_large || t->digits_width > 64)
        lexer_error(l, t->line, t->column, "this number has more than 64 bits");
}

/* One string, appended to the token's text. */
static void read_string(struct lexer *l, struct token *t)
{
    const char *from = ++l->at;
    size_t had = t->text ? strlen(t->text) : 0;
    char *joined;

    while (l->at < l->end && *l->at != '"' && (unsigned char)*l->at >= ' ')
        l->at++;
    if (l->at == l->end || *l->at != '"') {
        lexer_error(l, l->line, (unsigned)(from - l->line_start),
                    "this string does not end on its line: '\"' was expected");
        return;
    }
    t->kind = TOKEN_STRING;
    joined = isa_alloc(l->arena, had + (size_t)(l->at - from) + 1);
    if (joined) {
        if (had)
            memcpy(joined, t->text, had);
        memcpy(joined + had, from, (size_t)(l->at - from));
    }
    t->text = joined;
    l->at++;
}

static void read_strings(struct lexer *l, struct token *t)
{
    do {
        read_string(l, t);
        if (l->failed || !t->text)
            return;
        skip_space(l);
    } while (l->at < l->end && *l->at == '"');
}

static void read_sign(struct lexer *l, struct token *t)
{
    t->kind = TOKEN_SIGN;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t n = strlen(signs[i]);

        if ((size_t)(l->end - l->at) >= n && !memcmp(l->at, signs[i], n)) {
            t->text = signs[i];
            l->at += n;
            return;
        }
    }
    if (isprint((unsigned char)*l->at))
        lexer_error(l, t->line, t->column,
                    "'%c' has no meaning in a description", *l->at);
    else
        lexer_error(l, t->line, t->column,
                    "a byte 0x%02x that is no text outside a comment",
                    (unsigned char)*l->at);
}

void lexer_next(struct lexer *l)
{
    struct token t = { TOKEN_END, "", 0, 0, 0, 0 };

    if (!l->failed)
        skip_space(l);
    t.line = l->line;
    t.column = (unsigned)(l->at - l->line_start) + 1;
    if (!l->failed && l->at < l->end) {
        const char *from = l->at;

        t.text = NULL;
        if (isdigit((unsigned char)*l->at)) {
            read_number(l, &t);
        } else if (*l->at == '"') {
            read_strings(l, &t);
        } else if (is_name(*l->at)) {
            t.kind = TOKEN_NAME;
            while (l->at < l->end && is_name(*l->at))
                l->at++;
            t.text = isa_text(l->arena, from, (size_t)(l->at - from));
        } else {
            read_sign(l, &t);
        }
    }
    if (isa_arena_failed(l->arena))
        lexer_error(l, 0, 0, "out of memory");
    if (l->failed) {
        t.kind = TOKEN_END;
        t.text = "";
    }
    if (t.kind == TOKEN_NUMBER)
        t.text = "";
    l->token = t;
}

void lexer_start(struct lexer *l, const char *text, size_t length,
                 struct isa_arena *arena, struct isa_error *error)
{
    *l = (struct lexer){ .at = text,
                         .end = text + length,
                         .line_start = text,
                         .line = 1,
                         .arena = arena,
                         .error = error };
    lexer_next(l);
}
