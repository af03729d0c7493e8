/* What a description declares: guests, views, functions, instructions. */
#include <string.h>

#include "check/isa/elaborate.h"

#define MAX_VIEW_WIDTH 8

static struct isa_mode *find_mode(struct elaborator *e, const struct node *n)
{
    for (size_t i = 0; i < e->model->modes; i++)
        if (!strcmp(e->mode[i].name, n->text))
            return &e->mode[i];
    elaborate_error(e, n, "'%s' is no mode that is declared above", n->text);
    return NULL;
}

void elaborate_guest(struct elaborator *e, const struct node *n)
{
    struct isa_mode *mode = find_mode(e, n), *real;

    real = e->failed ? NULL : find_mode(e, n->first);
    if (!mode || !real)
        return;
    if (mode->is_guest)
        elaborate_error(e, n, "what '%s' runs as is said already", n->text);
    if (!e->mode_line)
        e->model->top = (size_t)(mode - e->mode);
    e->mode_line = n->line;
    mode->is_guest = true;
    mode->real = real->value;
    real->is_real = real->is_real || real != mode;
}

/* What a view has to have if the guest knows its memory by it. */
static void check_guest_view(struct elaborator *e, const struct node *n,
                             const struct isa_view *view)
{
    const struct isa_model *m = e->model;

    if (m->guest_view)
        elaborate_error(e, n, "'%s' is the guest view already",
                        m->guest_view->name);
    if (view->array->role != ISA_MEMORY)
        elaborate_error(e, n,
                        "a guest view shows the memory, and '%s' is of "
                        "another role",
                        view->array->name);
    if (view->width > MAX_VIEW_WIDTH)
        elaborate_error(e, n->first->first,
                        "an address of the guest view has at most %d bits: "
                        "describe a small instance",
                        MAX_VIEW_WIDTH);
}

/* Address and fault, as functions of operand 0. */
static void view_parts(struct elaborator *e, const struct node *n,
                       struct isa_view *view)
{
    const struct node *parameter = n->first->first, *fault = n->last;
    const struct node *target = n->first->next;
    const struct binding *scope = e->scope;
    struct place p;

    view->width =
        (unsigned)elaborate_number(e, parameter->first, "a width", 1, 64);
    e->no_access = "cannot be used in the description of another";
    elaborate_bind(e, parameter, parameter->text,
                   ast_operand(e->pool, 0, view->width));
    p = elaborate_select(e, target);
    if (!p.element)
        elaborate_error(e, target, "an element of an array was expected");
    view->array = p.element;
    view->address = p.index;
    view->fault = fault->kind == NODE_NONE ? ast_false(e->pool)
                                           : elaborate_expr(e, fault->first, 1);
    view->trap = fault->kind == NODE_NONE ? n->text : fault->text;
    e->no_access = NULL;
    e->scope = scope;
}

void elaborate_view(struct elaborator *e, const struct node *n)
{
    const struct node *parameter = n->first->first;
    struct isa_view *view = isa_alloc(e->arena, sizeof *view);
    struct isa_view **more =
        isa_append(e->arena, e->view, e->model->views, sizeof *more);

    if (!view || !more)
        return;
    e->view = more;
    view->name = n->text;
    if (!parameter || parameter->next) {
        elaborate_error(e, n, "a view has one parameter, the address");
        return;
    }
    view_parts(e, n, view);
    if (n->number && !e->failed)
        check_guest_view(e, n, view);
    if (e->failed)
        return;
    if (n->number)
        e->model->guest_view = view;
    more[e->model->views++] = view;
    elaborate_declare(e, n, n->text, SYMBOL_VIEW)->view = view;
}

/* A body with nothing in it, reached always. */
static void start_body(struct elaborator *e)
{
    e->guard = ast_true(e->pool);
    e->trap = NULL;
    e->update = NULL;
    e->traps = e->updates = 0;
    e->scope = NULL;
}

void elaborate_function(struct elaborator *e, const struct node *n)
{
    bool action = n->kind == NODE_ACTION;
    const struct symbol *symbol = elaborate_declare(
        e, n, n->text, action ? SYMBOL_ACTION : SYMBOL_FUNCTION);
    size_t visible = e->visible;

    start_body(e);
    e->in_family = true;
    e->row = 0;
    elaborate_unknowns(e, symbol);
    if (!e->failed && action)
        elaborate_block(e, n->last);
    else if (!e->failed)
        elaborate_expr(e, n->last, 0);
    e->visible = visible;
    e->in_family = false;
    e->scope = NULL;
}

static void texts(struct elaborator *e, struct isa_insn *insn,
                  const struct node *list)
{
    const char **place[TEXTS] = { [TEXT_ENCODING] = &insn->encoding,
                                  [TEXT_LISTED] = &insn->listed,
                                  [TEXT_NOTE] = &insn->note,
                                  [TEXT_CURE] = &insn->cure };

    for (const struct node *t = list->first; t; t = t->next) {
        if (*place[t->number])
            elaborate_error(e, t, "this text is given twice");
        *place[t->number] = t->text;
    }
}

static void operands(struct elaborator *e, struct isa_insn *insn,
                     const struct node *list)
{
    struct isa_operand *operand =
        isa_alloc(e->arena, ISA_MAX_OPERANDS * sizeof *operand);

    if (!operand)
        return;
    insn->operand = operand;
    for (const struct node *p = list->first; p; p = p->next) {
        unsigned width =
            (unsigned)elaborate_number(e, p->first, "a width", 1, 64);

        if (insn->operands == ISA_MAX_OPERANDS) {
            elaborate_error(e, p, "at most %d operands were expected",
                            ISA_MAX_OPERANDS);
            return;
        }
        operand[insn->operands] = (struct isa_operand){ p->text, width };
        elaborate_bind(e, p, p->text,
                       ast_operand(e->pool, (unsigned)insn->operands, width));
        insn->operands++;
    }
}

static void trap_names(struct elaborator *e)
{
    struct isa_model *m = e->model;
    const char **more;
    size_t k;

    for (size_t i = 0; i < e->traps; i++) {
        for (k = 0; k < m->trap_names &&
                    strcmp(m->trap_name[k], e->trap[i].name) != 0;)
            k++;
        if (k < m->trap_names)
            continue;
        more = isa_append(e->arena, e->trap_name, m->trap_names, sizeof *more);
        if (!more)
            return;
        e->trap_name = more;
        m->trap_name = more;
        more[m->trap_names++] = e->trap[i].name;
    }
}

/* One row of a family: `list` is that of titles, operands, …. */
static void row(struct elaborator *e, const struct node *title,
                const struct node *list)
{
    struct isa_model *m = e->model;
    struct isa_insn *more =
                        isa_append(e->arena, e->insn, m->insns, sizeof *more),
                    *insn;

    if (!more)
        return;
    e->insn = more;
    m->insn = more;
    for (size_t i = 0; i < m->insns; i++)
        if (!strcmp(more[i].name, title->text))
            elaborate_error(e, title,
                            "the instruction '%s' is described already, in "
                            "line %u",
                            title->text, more[i].line);
    insn = &more[m->insns++];
    memset(insn, 0, sizeof *insn);
    insn->name = title->text;
    insn->line = title->line;
    start_body(e);
    if (e->step)
        elaborate_block(e, e->step->first);
    operands(e, insn, list->next);
    texts(e, insn, list->next->next->next);
    if (!e->failed)
        elaborate_block(e, list->next->next->next->next);
    insn->body = (struct isa_body){ e->trap, e->traps, e->update, e->updates };
    trap_names(e);
}

void elaborate_instruction(struct elaborator *e, const struct node *n)
{
    const struct node *titles = n->first, *feature = titles->next->next;
    const struct symbol *symbol;

    if (feature->kind != NODE_NONE) {
        symbol = elaborate_find(e, feature->text);
        if (!symbol || !symbol->feature) {
            elaborate_error(e, feature, "'%s' is no feature", feature->text);
            return;
        }
        if (!symbol->number)
            return;
    }
    e->in_family = true;
    e->row = 0;
    for (const struct node *t = titles->first; t && !e->failed;
         t = t->next, e->row++)
        row(e, t, titles);
    e->in_family = false;
}

void elaborate_on_trap(struct elaborator *e)
{
    start_body(e);
    e->no_access = "this is within 'on trap', where nothing can trap";
    e->cause = ast_operand(e->pool, 0, ISA_CAUSE_WIDTH);
    elaborate_block(e, e->on_trap->first);
    e->no_access = NULL;
    e->cause = NULL;
    e->model->on_trap = (struct isa_body){ NULL, 0, e->update, e->updates };
    if (e->model->trap_names > 1u << ISA_CAUSE_WIDTH)
        elaborate_error(e, e->on_trap, "there are more than %u traps' names",
                        1u << ISA_CAUSE_WIDTH);
}
