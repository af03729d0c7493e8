/* The syntax of statements. */
#include "check/isa/syntax.h"

static bool at_end(const struct parser *p)
{
    return p->lexer.token.kind == TOKEN_END;
}

static struct node *parse_trap(struct parser *p)
{
    struct node *n = syntax_node(p, NODE_TRAP);

    n->number = syntax_accept(p, "memory");
    syntax_expect(p, "trap");
    n->text = syntax_name(p, "the name of a trap");
    syntax_add(p, n,
               syntax_accept(p, "when") ? syntax_expr(p) : syntax_none(p));
    syntax_expect(p, ";");
    return n;
}

static struct node *parse_choice(struct parser *p)
{
    struct node *n = syntax_node(p, NODE_CHOICE);

    syntax_expect(p, "if");
    syntax_add(p, n, syntax_expr(p));
    syntax_add(p, n, syntax_block(p));
    if (!syntax_accept(p, "else"))
        syntax_add(p, n, syntax_none(p));
    else if (!syntax_is(p, "if"))
        syntax_add(p, n, syntax_block(p));
    else if (syntax_enter(p))
        syntax_add(p, n, parse_choice(p));
    else
        syntax_add(p, n, syntax_none(p));
    return n;
}

static struct node *parse_let(struct parser *p)
{
    struct node *n = syntax_node(p, NODE_LET);

    syntax_expect(p, "let");
    n->text = syntax_name(p, "a name");
    syntax_expect(p, "=");
    syntax_add(p, n, syntax_expr(p));
    syntax_expect(p, ";");
    return n;
}

/* An assignment or an action: both begin with a name. */
static struct node *parse_update(struct parser *p)
{
    struct node *n, *target;

    if (p->lexer.token.kind != TOKEN_NAME) {
        syntax_error(p, "a statement or '}'");
        return syntax_none(p);
    }
    target = syntax_expr(p);
    if (target->kind == NODE_CALL && syntax_accept(p, ";"))
        return target;
    n = syntax_node(p, NODE_ASSIGN);
    if (target->kind != NODE_NAME && target->kind != NODE_INDEX &&
        target->kind != NODE_SLICE && target->kind != NODE_FIELD)
        lexer_error(&p->lexer, target->line, target->column,
                    "a statement was expected here: name := value, say");
    syntax_expect(p, ":=");
    syntax_add(p, n, target);
    syntax_add(p, n, syntax_expr(p));
    syntax_expect(p, ";");
    return n;
}

static struct node *parse_statement(struct parser *p)
{
    if (syntax_is(p, "trap") || syntax_is(p, "memory"))
        return parse_trap(p);
    if (syntax_is(p, "let"))
        return parse_let(p);
    if (syntax_is(p, "if")) {
        unsigned depth = p->depth; /* an else-if enters without leaving */
        struct node *n = parse_choice(p);

        p->depth = depth;
        return n;
    }
    return parse_update(p);
}

void syntax_statements(struct parser *p, struct node *block)
{
    if (syntax_enter(p))
        while (!syntax_is(p, "}") && !at_end(p))
            syntax_add(p, block, parse_statement(p));
    syntax_leave(p);
    syntax_expect(p, "}");
}

struct node *syntax_block(struct parser *p)
{
    struct node *n = syntax_node(p, NODE_BLOCK);

    syntax_expect(p, "{");
    syntax_statements(p, n);
    return n;
}
