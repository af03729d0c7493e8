/* Symbols, scopes, and numbers. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check/isa/elaborate.h"

#define MAX_STEPS   3000000
#define MAX_NESTING 1500

void elaborate_error(struct elaborator *e, const struct node *at,
                     const char *format, ...)
{
    va_list arguments;

    if (e->failed)
        return;
    e->failed = true;
    e->error->line = at ? at->line : 0;
    e->error->column = at ? at->column : 0;
    va_start(arguments, format);
    vsnprintf(e->error->text, sizeof e->error->text, format, arguments);
    va_end(arguments);
}

bool elaborate_step(struct elaborator *e, const struct node *at)
{
    if (isa_arena_failed(e->arena))
        elaborate_error(e, NULL, "out of memory");
    else if (ast_pool_failed(e->pool))
        elaborate_error(e, at,
                        "the description has grown too large here: %d "
                        "expressions at most",
                        AST_MAX_NODES);
    else if (++e->steps > MAX_STEPS)
        elaborate_error(e, at,
                        "functions and actions that use one another make too "
                        "much of this");
    else if (e->depth > MAX_NESTING)
        elaborate_error(e, at, "this is nested too deeply");
    return !e->failed;
}

struct symbol *elaborate_find(struct elaborator *e, const char *name)
{
    for (size_t i = 0; i < e->visible; i++)
        if (!strcmp(e->symbol[i].name, name))
            return &e->symbol[i];
    return NULL;
}

const struct ast *elaborate_bound(const struct elaborator *e, const char *name)
{
    for (const struct binding *b = e->scope; b; b = b->outer)
        if (!strcmp(b->name, name))
            return b->value;
    return NULL;
}

struct symbol *elaborate_declare(struct elaborator *e, const struct node *at,
                                 const char *name, enum symbol_kind kind)
{
    struct symbol *symbol =
        isa_append(e->arena, e->symbol, e->symbols, sizeof *symbol);
    const struct symbol *old = elaborate_find(e, name);

    if (old)
        elaborate_error(e, at, "'%s' is declared already, in line %u", name,
                        old->node->line);
    if (!symbol) {
        elaborate_error(e, NULL, "out of memory");
        return &e->spare;
    }
    e->symbol = symbol;
    symbol += e->symbols++;
    e->visible = e->symbols;
    *symbol = (struct symbol){ .kind = kind, .name = name, .node = at };
    return symbol;
}

void elaborate_bind(struct elaborator *e, const struct node *at,
                    const char *name, const struct ast *value)
{
    struct binding *b = isa_alloc(e->arena, sizeof *b);
    const struct symbol *symbol = elaborate_find(e, name);

    if (!b) {
        elaborate_error(e, NULL, "out of memory");
        return;
    }
    if (symbol)
        elaborate_error(e, at,
                        "'%s' is declared already, in line %u: a name means "
                        "one thing",
                        name, symbol->node->line);
    else if (elaborate_bound(e, name))
        elaborate_error(e, at, "'%s' is declared already in this block", name);
    *b = (struct binding){ name, value, e->scope };
    e->scope = b;
}

uint64_t elaborate_number(struct elaborator *e, const struct node *n,
                          const char *what, uint64_t min, uint64_t max)
{
    uint64_t value = n->number;
    const struct symbol *symbol;

    if (n->kind == NODE_NAME && !strcmp(n->text, "row") && e->in_family) {
        value = e->row;
    } else if (n->kind == NODE_NAME) {
        symbol = elaborate_find(e, n->text);
        if (!symbol ||
            (symbol->kind != SYMBOL_CONST && symbol->kind != SYMBOL_VALUE)) {
            elaborate_error(e, n,
                            "'%s' is no constant: %s was expected, which is a "
                            "number",
                            n->text, what);
            return min;
        }
        value = symbol->number;
    } else if (n->kind != NODE_NUMBER) {
        elaborate_error(e, n, "%s was expected, which is a number", what);
        return min;
    }
    if (value < min || value > max) {
        elaborate_error(e, n, "%s is %llu to %llu, not %llu", what,
                        (unsigned long long)min, (unsigned long long)max,
                        (unsigned long long)value);
        return min;
    }
    return value;
}
