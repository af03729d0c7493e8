/* The syntax of expressions. */
#include <string.h>

#include "check/isa/syntax.h"

/* Binary operators, from loosest to tightest. */
static const char *const levels[][6] = {
    { "||" },          { "&&" },       { "==", "!=", "<", "<=", ">", ">=" },
    { "@" },           { "|" },        { "^" },
    { "&" },           { "<<", ">>" }, { "+", "-" },
    { "*", "/", "%" },
};

#define LEVELS      (sizeof levels / sizeof *levels)
#define COMPARISONS 2

static bool operator_of(const struct parser *p, unsigned level)
{
    if (p->lexer.token.kind != TOKEN_SIGN)
        return false;
    for (unsigned i = 0; i < 6 && levels[level][i]; i++)
        if (!strcmp(p->lexer.token.text, levels[level][i]))
            return true;
    return false;
}

struct node *syntax_number(struct parser *p)
{
    struct node *n = syntax_node(p, NODE_NUMBER);
    const struct token *t = &p->lexer.token;

    if (t->kind == TOKEN_NUMBER) {
        n->number = t->number;
        n->digits = t->digits_width;
        lexer_next(&p->lexer);
    } else if (syntax_accept(p, "row")) {
        n->kind = NODE_NAME;
        n->text = "row";
    } else {
        n->kind = NODE_NAME;
        n->text = syntax_name(p, "a number, or the name of a constant,");
    }
    return n;
}

void syntax_arguments(struct parser *p, struct node *parent, const char *close)
{
    if (syntax_accept(p, close))
        return;
    do
        syntax_add(p, parent, syntax_expr(p));
    while (syntax_accept(p, ","));
    syntax_expect(p, close);
}

/* if c then x else y */
static struct node *parse_if(struct parser *p)
{
    struct node *n = syntax_node(p, NODE_IF);

    lexer_next(&p->lexer);
    syntax_add(p, n, syntax_expr(p));
    syntax_expect(p, "then");
    syntax_add(p, n, syntax_expr(p));
    syntax_expect(p, "else");
    syntax_add(p, n, syntax_expr(p));
    return n;
}

static struct node *parse_arm(struct parser *p)
{
    struct node *arm = syntax_node(p, NODE_ARM);
    struct node *patterns = syntax_node(p, NODE_LIST);

    if (!syntax_accept(p, "else"))
        do
            syntax_add(p, patterns, syntax_number(p));
        while (syntax_accept(p, ","));
    syntax_expect(p, "=>");
    syntax_add(p, arm, syntax_expr(p));
    for (struct node *n = patterns->first, *next; n; n = next) {
        next = n->next;
        syntax_add(p, arm, n);
    }
    return arm;
}

/* match e { 1, 2 => x, 3 => y, else => z } */
static struct node *parse_match(struct parser *p)
{
    struct node *n = syntax_node(p, NODE_MATCH), *arm;

    lexer_next(&p->lexer);
    syntax_add(p, n, syntax_expr(p));
    syntax_expect(p, "{");
    do {
        arm = parse_arm(p);
        syntax_add(p, n, arm);
        if (!syntax_accept(p, ","))
            break;
    } while (!syntax_is(p, "}") && arm->first && arm->first->next);
    syntax_expect(p, "}");
    return n;
}

/* What is written as a function: word(…) */
static struct node *parse_word(struct parser *p, enum node_kind kind,
                               uint64_t number)
{
    struct node *n = syntax_node(p, kind);

    n->number = number;
    lexer_next(&p->lexer);
    syntax_expect(p, "(");
    syntax_add(p, n, kind == NODE_BITS ? syntax_number(p) : syntax_expr(p));
    if (kind != NODE_SIGNED) {
        syntax_expect(p, ",");
        syntax_add(p, n, syntax_number(p));
    }
    syntax_expect(p, ")");
    return n;
}

static struct node *parse_name(struct parser *p)
{
    struct node *n = syntax_node(p, NODE_NAME);
    static const char *const words[] = { "true", "false", "row", "cause" };

    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (syntax_accept(p, words[i])) {
            n->text = words[i];
            return n;
        }
    n->text = syntax_name(p, "a value");
    if (syntax_accept(p, "(")) {
        n->kind = NODE_CALL;
        syntax_arguments(p, n, ")");
    }
    return n;
}

static struct node *parse_primary(struct parser *p)
{
    struct node *n;

    if (p->lexer.token.kind == TOKEN_NUMBER)
        return syntax_number(p);
    if (syntax_is(p, "if"))
        return parse_if(p);
    if (syntax_is(p, "match"))
        return parse_match(p);
    if (syntax_is(p, "bits"))
        return parse_word(p, NODE_BITS, 0);
    if (syntax_is(p, "signed"))
        return parse_word(p, NODE_SIGNED, 0);
    if (syntax_is(p, "zero_extend"))
        return parse_word(p, NODE_EXTEND, 0);
    if (syntax_is(p, "sign_extend"))
        return parse_word(p, NODE_EXTEND, 1);
    if (syntax_accept(p, "(")) {
        n = syntax_expr(p);
        syntax_expect(p, ")");
        return n;
    }
    return parse_name(p);
}

/* What follows in brackets: bits hi:lo, or indexes. */
static struct node *parse_brackets(struct parser *p, struct node *base)
{
    struct node *n = syntax_node(p, NODE_INDEX), *index;

    n->line = base->line;
    n->column = base->column;
    lexer_next(&p->lexer);
    syntax_add(p, n, base);
    index = syntax_expr(p);
    syntax_add(p, n, index);
    if (syntax_accept(p, ":")) {
        n->kind = NODE_SLICE;
        if (index->kind != NODE_NUMBER && index->kind != NODE_NAME)
            lexer_error(&p->lexer, index->line, index->column,
                        "the bits of a slice are numbers, as in x[7:4]");
        syntax_add(p, n, syntax_number(p));
    } else if (syntax_accept(p, ",")) {
        syntax_arguments(p, n, "]");
        return n;
    }
    syntax_expect(p, "]");
    return n;
}

static struct node *parse_postfix(struct parser *p)
{
    struct node *n = parse_primary(p), *base;

    for (;;) {
        base = n;
        if (syntax_is(p, "[")) {
            n = parse_brackets(p, base);
        } else if (syntax_is(p, ".")) {
            n = syntax_node(p, NODE_FIELD);
            lexer_next(&p->lexer);
            n->text = syntax_name(p, "the name of a field");
            syntax_add(p, n, base);
        } else {
            return n;
        }
    }
}

static struct node *parse_unary(struct parser *p)
{
    struct node *n;

    if (!syntax_is(p, "-") && !syntax_is(p, "~") && !syntax_is(p, "!"))
        return parse_postfix(p);
    n = syntax_node(p, NODE_UNARY);
    n->text = p->lexer.token.text;
    lexer_next(&p->lexer);
    if (syntax_enter(p))
        syntax_add(p, n, parse_unary(p));
    syntax_leave(p);
    return n;
}

static struct node *parse_binary(struct parser *p, unsigned level)
{
    struct node *n, *left;

    if (level == LEVELS)
        return parse_unary(p);
    n = parse_binary(p, level + 1);
    while (operator_of(p, level)) {
        left = n;
        n = syntax_node(p, NODE_BINARY);
        n->text = p->lexer.token.text;
        lexer_next(&p->lexer);
        syntax_add(p, n, left);
        syntax_add(p, n, parse_binary(p, level + 1));
        if (level == COMPARISONS && operator_of(p, level))
            syntax_error(p, "'&&', '||' or the end of the expression");
    }
    return n;
}

struct node *syntax_expr(struct parser *p)
{
    struct node *n = syntax_none(p);

    if (syntax_enter(p))
        n = parse_binary(p, 0);
    syntax_leave(p);
    return n;
}
