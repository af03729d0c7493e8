/* Expressions: names, widths, and calls. elaborate_operator.c has the rest. */
#include <string.h>

#include "check/isa/elaborate_operator.h"

static const struct ast *nothing(struct elaborator *e, unsigned width)
{
    return ast_const(e->pool, width ? width : 1, 0);
}

static const struct ast *number(struct elaborator *e, const struct node *n,
                                uint64_t value, unsigned digits, unsigned width)
{
    if (!width)
        width = digits;
    if (!width)
        elaborate_error(e, n,
                        "how wide this number is cannot be told here: "
                        "bits(8, %llu) has 8 bits",
                        (unsigned long long)value);
    else if (value > MASK(width - 1, 0))
        elaborate_error(e, n, "%llu does not fit in bits(%u)",
                        (unsigned long long)value, width);
    else
        return ast_const(e->pool, width, value);
    return nothing(e, width);
}

/* Names that are no value, and what was expected in their place. */
static const struct ast *no_value(struct elaborator *e, const struct node *n,
                                  const struct symbol *symbol)
{
    static const char *const expected[] = {
        [SYMBOL_ELEMENT] = "an array: an index in brackets was expected",
        [SYMBOL_VIEW] = "a view: an address in brackets was expected",
        [SYMBOL_FUNCTION] = "a function: arguments in parentheses were "
                            "expected",
        [SYMBOL_ACTION] = "an action, which is a statement: a value was "
                          "expected",
    };

    if (symbol)
        elaborate_error(e, n, "'%s' is %s", n->text, expected[symbol->kind]);
    else
        elaborate_error(e, n, "'%s' is not declared above", n->text);
    return nothing(e, 0);
}

static const struct ast *name(struct elaborator *e, const struct node *n,
                              unsigned width)
{
    const struct ast *bound = elaborate_bound(e, n->text);
    const struct symbol *symbol;

    if (bound)
        return bound;
    if (!strcmp(n->text, "true") || !strcmp(n->text, "false"))
        return ast_const(e->pool, 1, n->text[0] == 't');
    if (!strcmp(n->text, "row") && e->in_family)
        return number(e, n, e->row, 0, width);
    if (!strcmp(n->text, "cause") && e->cause)
        return e->cause;
    if (!strcmp(n->text, "row") || !strcmp(n->text, "cause")) {
        elaborate_error(e, n, "'%s' is known only in %s", n->text,
                        n->text[0] == 'r' ? "an instruction" : "'on trap'");
        return nothing(e, width);
    }
    symbol = elaborate_find(e, n->text);
    if (symbol && symbol->kind == SYMBOL_CONST)
        return number(e, n, symbol->number, symbol->digits, width);
    if (symbol && symbol->kind == SYMBOL_VALUE)
        return ast_const(e->pool, symbol->width, symbol->number);
    if (symbol && symbol->kind == SYMBOL_ELEMENT && !symbol->dimensions)
        return ast_state(e->pool, symbol->element, 0);
    return no_value(e, n, symbol);
}

static const struct ast *call(struct elaborator *e, const struct node *n)
{
    const struct symbol *f = elaborate_find(e, n->text);
    const struct binding *scope = e->scope;
    size_t visible = e->visible;
    const struct ast *result;

    if (!f || f->kind != SYMBOL_FUNCTION) {
        elaborate_error(e, n,
                        f ? "'%s' is no function"
                          : "a function '%s' is not declared above",
                        n->text);
        return nothing(e, 0);
    }
    elaborate_arguments(e, f, n);
    result = elaborate_expr(e, f->node->last, 0);
    e->scope = scope;
    e->visible = visible;
    return result;
}

/* The element that has fields: name.FIELD, or name[i].FIELD of an array. */
static const struct symbol *fielded(struct elaborator *e,
                                    const struct node *base)
{
    bool indexed = base->kind == NODE_INDEX;
    const struct symbol *symbol;

    if (indexed)
        base = base->first;
    symbol = base->kind == NODE_NAME ? elaborate_find(e, base->text) : NULL;
    return symbol && symbol->kind == SYMBOL_ELEMENT &&
                   indexed == (symbol->dimensions > 0)
               ? symbol
               : NULL;
}

bool elaborate_field(struct elaborator *e, const struct node *n, unsigned *hi,
                     unsigned *lo)
{
    const struct symbol *symbol = fielded(e, n->first);
    const struct node *f = NULL;

    if (symbol) /* its width, dimensions, values, fields */
        f = symbol->node->first->next->next->next->first;
    while (f && strcmp(f->text, n->text) != 0)
        f = f->next;
    if (!f) {
        elaborate_error(e, n, "'%s' is not a field of what stands before it",
                        n->text);
        return false;
    }
    *hi = (unsigned)elaborate_number(e, f->first, "a bit number", 0,
                                     symbol->element->width - 1);
    *lo = f->last->kind == NODE_NONE
              ? *hi
              : (unsigned)elaborate_number(e, f->last, "the lower bit number",
                                           0, *hi);
    return !e->failed;
}

bool elaborate_slice(struct elaborator *e, const struct node *n, unsigned width,
                     unsigned *hi, unsigned *lo)
{
    const struct node *high = n->first->next;

    if (n->kind == NODE_INDEX && high->next) {
        elaborate_error(e, n, "this is no array: one bit number was expected");
        return false;
    }
    *hi = (unsigned)elaborate_number(
        e, high, "a bit number (to choose by value: (x >> n)[0])", 0,
        width - 1);
    *lo = n->kind == NODE_INDEX
              ? *hi
              : (unsigned)elaborate_number(e, high->next,
                                           "the lower bit number", 0, *hi);
    return !e->failed;
}

/* x[7:4], x[3], x.FIELD, array[i], view[a] */
static const struct ast *part(struct elaborator *e, const struct node *n)
{
    struct place p = { NULL, NULL, 0, 0 };
    const struct ast *base;
    unsigned hi, lo;

    if (n->kind == NODE_INDEX)
        p = elaborate_select(e, n);
    if (p.element && p.index)
        return ast_select(e->pool, p.element, 0, p.index);
    if (e->failed)
        return nothing(e, 0);
    base = elaborate_expr(e, n->first, 0);
    if (e->failed ||
        !(n->kind == NODE_FIELD ? elaborate_field(e, n, &hi, &lo)
                                : elaborate_slice(e, n, base->width, &hi, &lo)))
        return nothing(e, 0);
    return ast_extract(e->pool, base, hi, lo);
}

/* zero_extend(x, 32) and sign_extend(x, 32) */
static const struct ast *extend(struct elaborator *e, const struct node *n)
{
    const struct ast *a = elaborate_expr(e, n->first, 0);
    unsigned width = (unsigned)elaborate_number(
        e, n->last, "a width not below that of the value", a->width, 64);

    return ast_resize(e->pool, a, width, n->number == 1);
}

static const struct ast *sized(struct elaborator *e, const struct node *n)
{
    unsigned width = (unsigned)elaborate_number(e, n->first, "a width", 1, 64);
    uint64_t value = elaborate_number(e, n->last, "a value of this width", 0,
                                      MASK(width - 1, 0));

    return ast_const(e->pool, width, value);
}

static const struct ast *expr(struct elaborator *e, const struct node *n,
                              unsigned width)
{
    switch (n->kind) {
    case NODE_NUMBER:
        return number(e, n, n->number, n->digits, width);
    case NODE_NAME:
        return name(e, n, width);
    case NODE_CALL:
        return call(e, n);
    case NODE_INDEX:
    case NODE_SLICE:
    case NODE_FIELD:
        return part(e, n);
    case NODE_BITS:
        return sized(e, n);
    case NODE_EXTEND:
        return extend(e, n);
    case NODE_SIGNED:
        elaborate_error(e, n,
                        "signed(…) stands only beside < <= > >= / %% "
                        ">>");
        return nothing(e, width);
    default:
        return elaborate_operator(e, n, width);
    }
}

const struct ast *elaborate_expr(struct elaborator *e, const struct node *n,
                                 unsigned width)
{
    const struct ast *result;

    if (!elaborate_step(e, n))
        return nothing(e, width);
    e->depth++;
    result = expr(e, n, width);
    e->depth--;
    if (width && result->width != width) {
        elaborate_error(e, n, "this has %u bit%s where bits(%u) was expected",
                        result->width, result->width == 1 ? "" : "s", width);
        return nothing(e, width);
    }
    return result;
}
