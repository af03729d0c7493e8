/* What both parsers use: nodes, and looking at the current token. */
#include <stdio.h>
#include <string.h>

#include "check/isa/syntax.h"

#define MAX_NESTING 100
#define MAX_DEPTH   1000

/* Words that cannot be names. */
static const char *const words[] = {
    "if",   "then",   "else",     "match",       "true",   "false",
    "row",  "cause",  "bits",     "zero_extend", "signed", "sign_extend",
    "let",  "trap",   "memory",   "mode",        "state",  "guest",
    "view", "action", "function", "instruction",
};

struct node *syntax_node(struct parser *p, enum node_kind kind)
{
    struct node *n = isa_alloc(p->lexer.arena, sizeof *n);

    if (!n) {
        lexer_error(&p->lexer, 0, 0, "out of memory");
        n = &p->spare;
        memset(n, 0, sizeof *n);
    }
    n->kind = kind;
    n->line = p->lexer.token.line;
    n->column = p->lexer.token.column;
    n->depth = 1;
    n->text = "";
    return n;
}

struct node *syntax_none(struct parser *p)
{
    return syntax_node(p, NODE_NONE);
}

void syntax_add(struct parser *p, struct node *parent, struct node *child)
{
    if (parent == &p->spare || child == &p->spare)
        return;
    child->next = NULL;
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
    if (parent->depth <= child->depth)
        parent->depth = child->depth + 1;
    if (parent->depth > MAX_DEPTH)
        lexer_error(&p->lexer, parent->line, parent->column,
                    "this is too long: write it as several functions");
}

bool syntax_is(const struct parser *p, const char *text)
{
    const struct token *t = &p->lexer.token;

    return (t->kind == TOKEN_SIGN || t->kind == TOKEN_NAME) &&
           !strcmp(t->text, text);
}

bool syntax_accept(struct parser *p, const char *text)
{
    if (!syntax_is(p, text))
        return false;
    lexer_next(&p->lexer);
    return true;
}

void syntax_error(struct parser *p, const char *expected)
{
    const struct token *t = &p->lexer.token;

    if (t->kind == TOKEN_END)
        lexer_error(&p->lexer, t->line, t->column,
                    "the text ends where %s was expected", expected);
    else if (t->kind == TOKEN_NUMBER)
        lexer_error(&p->lexer, t->line, t->column,
                    "a number was found where %s was expected", expected);
    else if (t->kind == TOKEN_STRING)
        lexer_error(&p->lexer, t->line, t->column,
                    "a string was found where %s was expected", expected);
    else
        lexer_error(&p->lexer, t->line, t->column,
                    "'%.60s' was found where %s was expected", t->text,
                    expected);
}

void syntax_expect(struct parser *p, const char *text)
{
    char quoted[32];

    snprintf(quoted, sizeof quoted, "'%s'", text);
    if (!syntax_accept(p, text))
        syntax_error(p, quoted);
}

const char *syntax_name(struct parser *p, const char *what)
{
    const struct token *t = &p->lexer.token;
    const char *text = t->text;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (t->kind == TOKEN_NAME && !strcmp(text, words[i])) {
            lexer_error(&p->lexer, t->line, t->column,
                        "'%s' is a word of the language: %s was expected", text,
                        what);
            return "";
        }
    if (t->kind == TOKEN_NAME && strlen(text) > 64)
        lexer_error(&p->lexer, t->line, t->column,
                    "this name has more than 64 characters");
    if (t->kind != TOKEN_NAME) {
        syntax_error(p, what);
        return "";
    }
    lexer_next(&p->lexer);
    return text;
}

bool syntax_enter(struct parser *p)
{
    if (++p->depth <= MAX_NESTING)
        return true;
    lexer_error(&p->lexer, p->lexer.token.line, p->lexer.token.column,
                "this is nested too deeply: at most %d levels are read",
                MAX_NESTING);
    return false;
}

void syntax_leave(struct parser *p)
{
    p->depth--;
}
