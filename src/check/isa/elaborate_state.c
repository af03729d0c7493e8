/* What a description declares: state elements and modes. */
#include <string.h>

#include "check/isa/elaborate.h"
#include "check/isa/properties.h"

#define MAX_INDEX_WIDTH 16
#define MAX_STATE_WORDS (1u << 20)
#define MAX_SETTINGS    32
#define MAX_MODES       32

static unsigned log2_of(struct elaborator *e, const struct node *n)
{
    uint64_t length = elaborate_number(e, n, "a length", 2, 65536);
    unsigned width = 0;

    if (length & (length - 1))
        elaborate_error(e, n,
                        "a length is a power of two, so that every index "
                        "hits: %llu is none",
                        (unsigned long long)length);
    while ((UINT64_C(1) << width) < length)
        width++;
    return width;
}

static void dimensions(struct elaborator *e, struct symbol *symbol,
                       const struct node *list)
{
    struct isa_element *element = symbol->element;
    unsigned width;

    for (const struct node *d = list->first; d; d = d->next) {
        bool bank = d->kind == NODE_NAME && !strcmp(d->text, "mode");

        if (symbol->dimensions == MAX_DIMENSIONS) {
            elaborate_error(e, d, "at most %d dimensions were expected",
                            MAX_DIMENSIONS);
            return;
        }
        if (bank && (!e->model->mode || d != list->first)) {
            elaborate_error(e, d,
                            e->model->mode
                                ? "'mode' was expected as the first dimension"
                                : "the mode is declared before what is "
                                  "banked by it");
            return;
        }
        width = bank ? e->model->mode->width : log2_of(e, d);
        if (bank)
            element->bank_width = width;
        symbol->dimension[symbol->dimensions++] = width;
        element->index_width += width;
    }
    if (element->index_width > MAX_INDEX_WIDTH)
        elaborate_error(e, list->first,
                        "'%s' has more than %d elements: describe a smaller "
                        "instance",
                        symbol->name, 1 << MAX_INDEX_WIDTH);
}

static void add_mode(struct elaborator *e, const struct node *n,
                     const char *name, uint64_t value)
{
    struct isa_mode *mode =
        isa_append(e->arena, e->mode, e->model->modes, sizeof *mode);

    if (!mode)
        return;
    e->mode = mode;
    for (size_t i = 0; i < e->model->modes; i++)
        if (mode[i].value == value)
            elaborate_error(e, n, "two modes have the value %llu",
                            (unsigned long long)value);
    if (e->model->modes == MAX_MODES)
        elaborate_error(e, n, "at most %d modes were expected", MAX_MODES);
    mode[e->model->modes++] =
        (struct isa_mode){ name, value, false, value, false };
}

static void values(struct elaborator *e, const struct isa_element *element,
                   const struct node *list)
{
    struct symbol *symbol;
    uint64_t value;

    for (const struct node *v = list->first; v; v = v->next) {
        value = elaborate_number(e, v->first, "a value", 0,
                                 MASK(element->width - 1, 0));
        symbol = elaborate_declare(e, v, v->text, SYMBOL_VALUE);
        symbol->number = value;
        symbol->width = element->width;
        if (element->role == ISA_MODE)
            add_mode(e, v, v->text, value);
    }
}

static void check_fields(struct elaborator *e, const struct symbol *symbol,
                         const struct node *list)
{
    for (const struct node *f = list->first; f; f = f->next) {
        uint64_t hi = elaborate_number(e, f->first, "a bit number", 0,
                                       symbol->element->width - 1);

        if (f->last->kind != NODE_NONE)
            elaborate_number(e, f->last, "the lower bit number", 0, hi);
        for (const struct node *g = list->first; g != f; g = g->next)
            if (!strcmp(f->text, g->text))
                elaborate_error(e, f, "the field '%s' is declared already",
                                f->text);
    }
}

/* What only some roles have. */
static void check_role(struct elaborator *e, const struct node *n,
                       struct isa_element *element)
{
    const struct node *values_of = n->first->next->next, *pinned = n->last;
    struct isa_model *m = e->model;

    if ((pinned->kind != NODE_NONE) != (element->role == ISA_SETTING))
        elaborate_error(e, n,
                        element->role == ISA_SETTING
                            ? "'= number' was expected: the value at which "
                              "the monitor holds the setting '%s'"
                            : "only a setting is held at a value: '%s' is "
                              "none",
                        element->name);
    if (element->role == ISA_SETTING) {
        element->pinned = elaborate_number(e, pinned, "a setting's value", 0,
                                           MASK(element->width - 1, 0));
        element->setting = isa_settings(m) - 1;
        if (element->index_width || element->setting == MAX_SETTINGS)
            elaborate_error(e, n,
                            "settings are scalars, and at most %d were "
                            "expected",
                            MAX_SETTINGS);
    }
    if (element->role == ISA_MEMORY && m->memory)
        elaborate_error(e, n, "'%s' is the memory already", m->memory->name);
    if (element->role == ISA_MEMORY && !element->index_width)
        elaborate_error(e, n, "memory is an array: bits(8)[8], say");
    if (element->role == ISA_MODE && m->mode)
        elaborate_error(e, n, "'%s' is the mode already", m->mode->name);
    if (element->role == ISA_MODE &&
        (element->index_width || !values_of->first || !values_of->first->next))
        elaborate_error(e, n,
                        "the mode is a scalar with two or more values: "
                        "values { supervisor = 0, user = 1 }, say");
}

void elaborate_element(struct elaborator *e, const struct node *n)
{
    const struct node *width = n->first, *list = width->next;
    struct isa_element *element = isa_alloc(e->arena, sizeof *element);
    struct isa_model *m = e->model;
    struct isa_element **more;
    struct symbol *symbol;

    more = isa_append(e->arena, e->element, m->elements, sizeof *more);
    if (!element || !more)
        return;
    e->element = more;
    m->element = more;
    element->name = n->text;
    element->role = (enum isa_role)n->number;
    element->width = (unsigned)elaborate_number(e, width, "a width", 1, 64);
    symbol = elaborate_declare(e, n, n->text, SYMBOL_ELEMENT);
    symbol->element = element;
    dimensions(e, symbol, list);
    check_fields(e, symbol, list->next->next);
    element->number = (unsigned)m->elements;
    element->offset = (unsigned)m->state_words;
    if (e->failed)
        return;
    more[m->elements++] = element;
    m->state_words += isa_element_length(element);
    if (m->state_words > MAX_STATE_WORDS)
        elaborate_error(e, n,
                        "the state has more than %u values: describe a "
                        "smaller instance",
                        MAX_STATE_WORDS);
    check_role(e, n, element);
    if (element->role == ISA_MODE && !e->failed)
        m->mode = element;
    if (element->role == ISA_MEMORY && !e->failed)
        m->memory = element;
    values(e, element, list->next);
}
