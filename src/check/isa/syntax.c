/* The syntax of items. */
#include "check/isa/syntax.h"

#include <string.h>

static bool at_end(const struct parser *p)
{
    return p->lexer.token.kind == TOKEN_END;
}

static const char *parse_string(struct parser *p, const char *what)
{
    const char *text = p->lexer.token.text;

    if (p->lexer.token.kind != TOKEN_STRING) {
        syntax_error(p, what);
        return "";
    }
    lexer_next(&p->lexer);
    return text;
}

/* name = number */
static struct node *parse_setting(struct parser *p, enum node_kind kind)
{
    struct node *n = syntax_node(p, kind);

    n->text = syntax_name(p, "a name");
    syntax_expect(p, "=");
    syntax_add(p, n, syntax_number(p));
    return n;
}

/* The width of "bits(number)". */
static struct node *parse_width(struct parser *p)
{
    struct node *n;

    syntax_expect(p, "bits");
    syntax_expect(p, "(");
    n = syntax_number(p);
    syntax_expect(p, ")");
    return n;
}

static struct node *parse_parameters(struct parser *p)
{
    struct node *list = syntax_node(p, NODE_LIST), *n;

    syntax_expect(p, "(");
    if (syntax_accept(p, ")"))
        return list;
    do {
        n = syntax_node(p, NODE_PARAMETER);
        n->text = syntax_name(p, "the name of a parameter");
        syntax_expect(p, ":");
        syntax_add(p, n, parse_width(p));
        syntax_add(p, list, n);
    } while (syntax_accept(p, ","));
    syntax_expect(p, ")");
    return list;
}

/* Items. Each is called with its first word read. */

static struct node *parse_text_item(struct parser *p, enum node_kind kind)
{
    struct node *n = syntax_node(p, kind);

    n->text = parse_string(p, "a string");
    syntax_expect(p, ";");
    return n;
}

static struct node *parse_number_item(struct parser *p, enum node_kind kind)
{
    struct node *n = parse_setting(p, kind);

    syntax_expect(p, ";");
    return n;
}

static struct node *parse_guest(struct parser *p)
{
    struct node *n = syntax_node(p, NODE_GUEST), *real;

    n->text = syntax_name(p, "'view' or the name of a mode");
    syntax_expect(p, "runs");
    syntax_expect(p, "as");
    real = syntax_node(p, NODE_NAME);
    real->text = syntax_name(p, "the name of a mode");
    syntax_add(p, n, real);
    syntax_expect(p, ";");
    return n;
}

static struct node *parse_variant(struct parser *p)
{
    struct node *n = syntax_node(p, NODE_VARIANT), *title;

    n->text = parse_string(p, "the variant's name as a string");
    title = syntax_none(p);
    if (syntax_accept(p, "title")) {
        title->kind = NODE_TEXT;
        title->text = parse_string(p, "a string");
    }
    syntax_add(p, n, title);
    syntax_expect(p, "{");
    while (!syntax_is(p, "}") && !at_end(p))
        syntax_add(p, n,
                   syntax_accept(p, "guest")
                       ? parse_guest(p)
                       : parse_number_item(p, NODE_CONST));
    syntax_expect(p, "}");
    return n;
}

static const char *const roles[ISA_ROLES] = {
    [ISA_GUEST] = "guest",     [ISA_MEMORY] = "memory",   [ISA_OWNED] = "owned",
    [ISA_SETTING] = "setting", [ISA_MAPPING] = "mapping", [ISA_MODE] = "mode",
};

const char *isa_role_name(enum isa_role r)
{
    return roles[r];
}

/* [number or mode, …] */
static struct node *parse_dimensions(struct parser *p)
{
    struct node *list = syntax_node(p, NODE_LIST), *n;

    if (!syntax_accept(p, "["))
        return list;
    do {
        n = syntax_node(p, NODE_NAME);
        n->text = "mode";
        syntax_add(p, list, syntax_accept(p, "mode") ? n : syntax_number(p));
    } while (syntax_accept(p, ","));
    syntax_expect(p, "]");
    return list;
}

static struct node *parse_field(struct parser *p)
{
    struct node *n = parse_setting(p, NODE_BITS_OF);

    syntax_add(p, n, syntax_accept(p, ":") ? syntax_number(p) : syntax_none(p));
    return n;
}

/* values { … } or fields { … } */
static struct node *parse_names(struct parser *p, const char *word)
{
    struct node *list = syntax_node(p, NODE_LIST);
    bool fields = word[0] == 'f';

    if (!syntax_accept(p, word))
        return list;
    syntax_expect(p, "{");
    do
        syntax_add(p, list,
                   fields ? parse_field(p) : parse_setting(p, NODE_CONST));
    while (syntax_accept(p, ",") && !syntax_is(p, "}"));
    syntax_expect(p, "}");
    return list;
}

static struct node *parse_element(struct parser *p)
{
    struct node *n = syntax_node(p, NODE_ELEMENT);
    unsigned role = 0;

    while (role < ISA_ROLES && !syntax_accept(p, roles[role]))
        role++;
    if (role == ISA_ROLES)
        syntax_error(p, "'guest', 'memory', 'owned', 'setting', 'mapping', "
                        "'mode' or '}'");
    n->number = role;
    n->line = p->lexer.token.line;
    n->column = p->lexer.token.column;
    n->text = syntax_name(p, "a name");
    syntax_expect(p, ":");
    syntax_add(p, n, parse_width(p));
    syntax_add(p, n, parse_dimensions(p));
    syntax_add(p, n, parse_names(p, "values"));
    syntax_add(p, n, parse_names(p, "fields"));
    syntax_add(p, n, syntax_accept(p, "=") ? syntax_number(p) : syntax_none(p));
    syntax_expect(p, ";");
    return n;
}

static void parse_state(struct parser *p, struct node *items)
{
    syntax_expect(p, "{");
    while (!syntax_is(p, "}") && !at_end(p))
        syntax_add(p, items, parse_element(p));
    syntax_expect(p, "}");
}

static struct node *parse_view(struct parser *p, bool of_guest)
{
    struct node *n = syntax_node(p, NODE_VIEW), *target, *fault;

    n->text = syntax_name(p, "the name of a view");
    n->number = of_guest;
    syntax_add(p, n, parse_parameters(p));
    syntax_expect(p, "=");
    target = syntax_expr(p);
    if (target->kind != NODE_INDEX)
        lexer_error(&p->lexer, target->line, target->column,
                    "an element of an array was expected: E[base + a], say");
    syntax_add(p, n, target);
    fault = syntax_none(p);
    if (syntax_accept(p, "faults")) {
        fault->kind = NODE_TRAP;
        fault->text = syntax_name(p, "the name of a trap");
        syntax_expect(p, "when");
        syntax_add(p, fault, syntax_expr(p));
    }
    syntax_add(p, n, fault);
    syntax_expect(p, ";");
    return n;
}

static struct node *parse_function(struct parser *p, bool action)
{
    struct node *n = syntax_node(p, action ? NODE_ACTION : NODE_FUNCTION);

    n->text = syntax_name(p, "a name");
    syntax_add(p, n, parse_parameters(p));
    if (action) {
        syntax_add(p, n, syntax_block(p));
        return n;
    }
    syntax_expect(p, "=");
    syntax_add(p, n, syntax_expr(p));
    syntax_expect(p, ";");
    return n;
}

static struct node *parse_title(struct parser *p)
{
    struct node *n = syntax_node(p, NODE_NAME);

    n->text = p->lexer.token.kind == TOKEN_STRING
                  ? parse_string(p, "a name")
                  : syntax_name(p, "a name or a string");
    return n;
}

/* encoding, listed, note, cure, in any order */
static struct node *parse_texts(struct parser *p)
{
    static const char *const names[TEXTS] = {
        [TEXT_ENCODING] = "encoding",
        [TEXT_LISTED] = "listed",
        [TEXT_NOTE] = "note",
        [TEXT_CURE] = "cure",
    };
    struct node *list = syntax_node(p, NODE_LIST), *n;
    unsigned i;

    for (;;) {
        for (i = 0; i < TEXTS && !syntax_accept(p, names[i]);)
            i++;
        if (i == TEXTS)
            return list;
        n = parse_text_item(p, NODE_TEXT);
        n->number = i;
        syntax_add(p, list, n);
    }
}

static struct node *parse_instruction(struct parser *p)
{
    struct node *n = syntax_node(p, NODE_INSTRUCTION), *part;

    part = syntax_node(p, NODE_LIST);
    do
        syntax_add(p, part, parse_title(p));
    while (syntax_accept(p, ","));
    syntax_add(p, n, part);
    syntax_add(p, n,
               syntax_is(p, "(") ? parse_parameters(p)
                                 : syntax_node(p, NODE_LIST));
    part = syntax_none(p);
    if (syntax_accept(p, "requires")) {
        part = syntax_node(p, NODE_NAME);
        part->text = syntax_name(p, "the name of a feature");
    }
    syntax_add(p, n, part);
    syntax_expect(p, "{");
    syntax_add(p, n, parse_texts(p));
    part = syntax_node(p, NODE_BLOCK);
    syntax_statements(p, part);
    syntax_add(p, n, part);
    return n;
}

static struct node *parse_simple_block(struct parser *p, enum node_kind kind)
{
    struct node *n = syntax_node(p, kind);

    syntax_add(p, n, syntax_block(p));
    return n;
}

static struct node *parse_assume(struct parser *p)
{
    struct node *n = syntax_node(p, NODE_ASSUME);

    syntax_add(p, n, syntax_expr(p));
    syntax_expect(p, ";");
    return n;
}

/* NULL: the current word begins no item. */
static struct node *parse_item(struct parser *p)
{
    if (syntax_accept(p, "source"))
        return parse_text_item(p, NODE_SOURCE);
    if (syntax_accept(p, "const"))
        return parse_number_item(p, NODE_CONST);
    if (syntax_accept(p, "feature"))
        return parse_number_item(p, NODE_FEATURE);
    if (syntax_accept(p, "variant"))
        return parse_variant(p);
    if (syntax_accept(p, "guest"))
        return syntax_accept(p, "view") ? parse_view(p, true) : parse_guest(p);
    if (syntax_accept(p, "assume"))
        return parse_assume(p);
    if (syntax_accept(p, "view"))
        return parse_view(p, false);
    if (syntax_accept(p, "function"))
        return parse_function(p, false);
    if (syntax_accept(p, "action"))
        return parse_function(p, true);
    if (syntax_accept(p, "step"))
        return parse_simple_block(p, NODE_STEP);
    if (syntax_accept(p, "on")) {
        syntax_expect(p, "trap");
        return parse_simple_block(p, NODE_ON_TRAP);
    }
    if (syntax_accept(p, "instruction"))
        return parse_instruction(p);
    return NULL;
}

struct node *syntax_parse(struct parser *p)
{
    struct node *items = syntax_node(p, NODE_LIST), *item;

    syntax_expect(p, "isa");
    syntax_add(p, items, parse_text_item(p, NODE_ISA));
    while (!at_end(p)) {
        if (syntax_accept(p, "state")) {
            parse_state(p, items);
            continue;
        }
        item = parse_item(p);
        if (item)
            syntax_add(p, items, item);
        else
            syntax_error(p, "an item ('state', 'instruction', 'function', "
                            "'guest', …) or the end");
    }
    return items;
}
