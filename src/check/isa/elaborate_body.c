/* Accesses and statements: what an instruction does becomes traps and guarded
   updates, in the order in which they are written. */
#include <string.h>

#include "check/isa/elaborate.h"

static const struct place no_place = { NULL, NULL, 0, 0 };

void elaborate_trap(struct elaborator *e, const char *name,
                    enum isa_trap_kind kind, const struct ast *condition)
{
    const struct ast *when = ast_and(e->pool, e->guard, condition);
    struct isa_trap *more;

    for (size_t i = 0; i < e->traps; i++)
        if (e->trap[i].when == when && !strcmp(e->trap[i].name, name) &&
            e->trap[i].kind == kind)
            return; /* the same access once more */
    if (when == ast_false(e->pool))
        return;
    more = isa_append(e->arena, e->trap, e->traps, sizeof *more);
    if (!more)
        return; /* the arena has failed: the next step says so */
    e->trap = more;
    e->trap[e->traps++] = (struct isa_trap){ name, kind, when };
}

/* Views: address and fault are functions of operand 0. */
static const struct ast *set_address(void *context, struct ast_pool *p,
                                     const struct ast *leaf,
                                     const struct ast *index)
{
    if (leaf->op == AST_OPERAND)
        return context;
    return leaf->op == AST_SELECT
               ? ast_select(p, leaf->element, leaf->side, index)
               : leaf;
}

static struct place select_view(struct elaborator *e, const struct node *n,
                                const struct isa_view *view)
{
    const struct node *index = n->first->next;
    const struct ast *address;
    struct place p = { view->array, NULL, view->array->width - 1, 0 };

    if (index->next)
        elaborate_error(e, n, "a view has one address");
    if (e->no_access)
        elaborate_error(e, n, "'%s' is a view, and %s", view->name,
                        e->no_access);
    address = elaborate_expr(e, index, view->width);
    if (e->failed)
        return no_place;
    elaborate_trap(
        e, view->trap, ISA_TRAP_MEMORY,
        ast_rewrite(e->pool, view->fault, set_address, (void *)address));
    p.index = ast_rewrite(e->pool, view->address, set_address, (void *)address);
    return p;
}

static struct place select_array(struct elaborator *e, const struct node *n,
                                 const struct symbol *symbol)
{
    struct place p = { symbol->element, NULL, symbol->element->width - 1, 0 };
    const struct node *index = n->first->next;
    const struct ast *part;

    for (unsigned i = 0; i < symbol->dimensions; i++, index = index->next) {
        if (!index) {
            elaborate_error(e, n,
                            "'%s' has %u dimensions: as many indexes "
                            "were expected",
                            symbol->name, symbol->dimensions);
            return no_place;
        }
        part = elaborate_expr(e, index, symbol->dimension[i]);
        p.index =
            p.index ? ast_binary(e->pool, AST_CONCAT, p.index, part) : part;
    }
    if (index)
        elaborate_error(e, index, "']' was expected: '%s' has %u dimension%s",
                        symbol->name, symbol->dimensions,
                        symbol->dimensions == 1 ? "" : "s");
    return e->failed ? no_place : p;
}

struct place elaborate_select(struct elaborator *e, const struct node *n)
{
    const struct node *base = n->first;
    const struct symbol *symbol = NULL;

    if (base->kind == NODE_NAME && !elaborate_bound(e, base->text))
        symbol = elaborate_find(e, base->text);
    if (symbol && symbol->kind == SYMBOL_VIEW)
        return select_view(e, n, symbol->view);
    if (symbol && symbol->kind == SYMBOL_ELEMENT && symbol->dimensions)
        return select_array(e, n, symbol);
    return no_place;
}

static struct place target_name(struct elaborator *e, const struct node *n)
{
    const struct symbol *symbol = elaborate_find(e, n->text);

    if (symbol && symbol->kind == SYMBOL_ELEMENT && !symbol->dimensions)
        return (struct place){ symbol->element, NULL,
                               symbol->element->width - 1, 0 };
    elaborate_error(e, n,
                    elaborate_bound(e, n->text)
                        ? "'%s' is a value: a state element was expected"
                    : symbol && symbol->dimensions
                        ? "'%s' is an array: an index in brackets was "
                          "expected"
                        : "'%s' is no state element that is declared above",
                    n->text);
    return no_place;
}

/* A part of what the first child names. */
static struct place target_part(struct elaborator *e, const struct node *n)
{
    struct place p = elaborate_target(e, n->first);
    unsigned hi = 0, lo = 0;

    if (!p.element || !(n->kind == NODE_FIELD
                            ? elaborate_field(e, n, &hi, &lo)
                            : elaborate_slice(e, n, p.hi - p.lo + 1, &hi, &lo)))
        return no_place;
    p.hi = p.lo + hi;
    p.lo += lo;
    return p;
}

struct place elaborate_target(struct elaborator *e, const struct node *n)
{
    struct place p = no_place;

    if (!elaborate_step(e, n))
        return no_place;
    if (n->kind == NODE_INDEX)
        p = elaborate_select(e, n);
    if (p.element || e->failed)
        return p;
    switch (n->kind) {
    case NODE_NAME:
        return target_name(e, n);
    case NODE_INDEX:
    case NODE_SLICE:
    case NODE_FIELD:
        e->depth++;
        p = target_part(e, n);
        e->depth--;
        return p;
    default:
        elaborate_error(e, n, "a state element was expected before ':='");
        return no_place;
    }
}

static void assign(struct elaborator *e, const struct node *n)
{
    struct place p = elaborate_target(e, n->first);
    const struct ast *value;
    struct isa_update *more;

    if (!p.element)
        return;
    value = elaborate_expr(e, n->last, p.hi - p.lo + 1);
    if (e->guard == ast_false(e->pool))
        return;
    more = isa_append(e->arena, e->update, e->updates, sizeof *more);
    if (!more)
        return; /* the arena has failed: the next step says so */
    e->update = more;
    e->update[e->updates++] =
        (struct isa_update){ p.element, e->guard, p.index, p.hi, p.lo, value };
}

static void trap(struct elaborator *e, const struct node *n)
{
    const struct ast *when = ast_true(e->pool);

    if (n->first->kind != NODE_NONE)
        when = elaborate_expr(e, n->first, 1);
    if (e->no_access)
        elaborate_error(e, n, "a trap cannot be taken here: %s", e->no_access);
    else
        elaborate_trap(e, n->text, n->number ? ISA_TRAP_MEMORY : ISA_TRAP,
                       when);
}

static void statement(struct elaborator *e, const struct node *n);

static void choice(struct elaborator *e, const struct node *n)
{
    const struct ast *c = elaborate_expr(e, n->first, 1);
    const struct ast *guard = e->guard;

    e->guard = ast_and(e->pool, guard, c);
    elaborate_block(e, n->first->next);
    e->guard = ast_and(e->pool, guard, ast_not(e->pool, c));
    if (n->last->kind == NODE_CHOICE)
        statement(e, n->last);
    else if (n->last->kind == NODE_BLOCK)
        elaborate_block(e, n->last);
    e->guard = guard;
}

/* The arguments are what the names of the parameters mean. */
static void parameters(struct elaborator *e, const struct symbol *callee,
                       const struct ast *const *value)
{
    size_t i = 0;

    e->visible = (size_t)(callee - e->symbol);
    e->scope = NULL;
    for (const struct node *p = callee->node->first->first; p; p = p->next)
        elaborate_bind(e, p, p->text, value[i++]);
}

#define MAX_PARAMETERS 16

static unsigned parameter_width(struct elaborator *e, const struct node *p)
{
    return (unsigned)elaborate_number(e, p->first, "a width", 1, 64);
}

void elaborate_arguments(struct elaborator *e, const struct symbol *callee,
                         const struct node *call)
{
    const struct ast *value[MAX_PARAMETERS];
    const struct node *a = call->first, *p;
    size_t n = 0;

    for (p = callee->node->first->first; p && n < MAX_PARAMETERS; n++) {
        if (!a) {
            elaborate_error(e, call,
                            "'%s' has more parameters: a value for "
                            "'%s' was expected",
                            callee->name, p->text);
            value[n] = ast_const(e->pool, parameter_width(e, p), 0);
        } else {
            value[n] = elaborate_expr(e, a, parameter_width(e, p));
            a = a->next;
        }
        p = p->next;
    }
    if (a)
        elaborate_error(e, a, "')' was expected: '%s' has %zu parameter%s",
                        callee->name, n, n == 1 ? "" : "s");
    parameters(e, callee, value);
}

void elaborate_unknowns(struct elaborator *e, const struct symbol *callee)
{
    const struct ast *value[MAX_PARAMETERS];
    unsigned n = 0;

    for (const struct node *p = callee->node->first->first; p; p = p->next) {
        if (n == MAX_PARAMETERS) {
            elaborate_error(e, p, "at most %d parameters were expected",
                            MAX_PARAMETERS);
            return;
        }
        value[n] = ast_extra(e->pool, n, parameter_width(e, p));
        n++;
    }
    parameters(e, callee, value);
}

static void action(struct elaborator *e, const struct node *n)
{
    const struct symbol *a = elaborate_find(e, n->text);
    const struct binding *scope = e->scope;
    size_t visible = e->visible;

    if (!a || a->kind != SYMBOL_ACTION) {
        elaborate_error(e, n,
                        a ? "'%s' is no action: an action or an assignment "
                            "was expected"
                          : "an action '%s' is not declared above",
                        n->text);
        return;
    }
    elaborate_arguments(e, a, n);
    if (!e->failed)
        elaborate_block(e, a->node->last);
    e->scope = scope;
    e->visible = visible;
}

static void statement(struct elaborator *e, const struct node *n)
{
    if (!elaborate_step(e, n))
        return;
    e->depth++;
    switch (n->kind) {
    case NODE_TRAP:
        trap(e, n);
        break;
    case NODE_LET:
        elaborate_bind(e, n, n->text, elaborate_expr(e, n->first, 0));
        break;
    case NODE_CHOICE:
        choice(e, n);
        break;
    case NODE_ASSIGN:
        assign(e, n);
        break;
    case NODE_CALL:
        action(e, n);
        break;
    default:
        elaborate_error(e, n, "a statement was expected here");
    }
    e->depth--;
}

void elaborate_block(struct elaborator *e, const struct node *block)
{
    const struct binding *scope = e->scope;

    for (const struct node *n = block->first; n && !e->failed; n = n->next)
        statement(e, n);
    e->scope = scope;
}
