/* From text to model: the order of things, variants, and what must be there. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/isa/elaborate.h"
#include "check/isa/properties.h"

#define MAX_FILE (1u << 20)

static const struct node *find_item(const struct node *items,
                                    enum node_kind kind, const char *text)
{
    for (const struct node *n = items->first; n; n = n->next)
        if (n->kind == kind && (!text || !strcmp(n->text, text)))
            return n;
    return NULL;
}

static void add_variant(struct elaborator *e, struct isa_variant **list,
                        const char *name, const char *title)
{
    struct isa_variant *more =
        isa_append(e->arena, *list, e->model->variants, sizeof *more);

    if (!more)
        return;
    *list = more;
    e->model->variant = more;
    more[e->model->variants++] = (struct isa_variant){ name, title };
}

/* Lists the variants; returns the selected one's node, NULL for the first. */
static const struct node *select_variant(struct elaborator *e,
                                         const struct node *items,
                                         const char *name)
{
    struct isa_variant *list = NULL;
    const struct node *selected = NULL;
    bool found = !name || !strcmp(name, "default");
    struct isa_model *m = e->model;

    m->name = items->first->text;
    add_variant(e, &list, "default", m->name);
    for (const struct node *n = items->first; n; n = n->next) {
        const struct node *title = n->first;

        if (n->kind != NODE_VARIANT)
            continue;
        for (size_t i = 0; i < m->variants; i++)
            if (!strcmp(list[i].name, n->text))
                elaborate_error(e, n, "there is a variant \"%s\" already",
                                n->text);
        if (!found && !strcmp(name, n->text)) {
            selected = n;
            found = true;
            m->selected = m->variants;
        }
        add_variant(e, &list, n->text,
                    title->kind == NODE_TEXT ? title->text : n->text);
    }
    if (!isa_arena_failed(e->arena) && found)
        m->name = list[m->selected].title;
    else if (!found)
        m->selected = m->variants; /* there is none: no_such_variant() */
    return selected;
}

static void no_such_variant(struct isa_error *error, const char *name,
                            const struct isa_model *m)
{
    size_t used = (size_t)snprintf(error->text, sizeof error->text,
                                   "there is no variant \"%.60s\", but", name);

    error->line = error->column = 0;
    for (size_t i = 0; i < m->variants && used < sizeof error->text; i++)
        used +=
            (size_t)snprintf(error->text + used, sizeof error->text - used,
                             "%s \"%.40s\"", i ? "," : "", m->variant[i].name);
}

/* Of every variant: that it sets features. Of the selected one: its values. */
static void feature(struct elaborator *e, const struct node *n,
                    const struct node *selected)
{
    struct symbol *symbol = elaborate_declare(e, n, n->text, SYMBOL_CONST);
    bool is_feature = n->kind == NODE_FEATURE;

    symbol->feature = is_feature;
    symbol->digits = is_feature ? 0 : n->first->digits;
    symbol->number =
        elaborate_number(e, n->first, is_feature ? "a feature" : "a constant",
                         0, is_feature ? 1 : UINT64_MAX);
    if (!is_feature || !selected)
        return;
    for (const struct node *v = selected->first->next; v; v = v->next)
        if (v->kind == NODE_CONST && !strcmp(v->text, n->text))
            symbol->number = elaborate_number(e, v->first, "a feature", 0, 1);
}

static void check_variant(struct elaborator *e, const struct node *n)
{
    const struct symbol *symbol;

    for (const struct node *v = n->first->next; v; v = v->next) {
        if (v->kind != NODE_CONST)
            continue;
        symbol = elaborate_find(e, v->text);
        if (!symbol || !symbol->feature)
            elaborate_error(e, v, "'%s' is no feature that is declared above",
                            v->text);
    }
}

static bool has_guests(const struct node *variant)
{
    return variant && find_item(variant, NODE_GUEST, NULL);
}

static void assume(struct elaborator *e, const struct node *n)
{
    e->no_access = "cannot be used in an assumption";
    e->guard = ast_true(e->pool);
    e->model->assume =
        ast_and(e->pool, e->model->assume, elaborate_expr(e, n->first, 1));
    e->no_access = NULL;
}

/* `step` and `on trap` are kept, and looked at with instructions. */
static void keep(struct elaborator *e, const struct node *n)
{
    const struct node **place = n->kind == NODE_STEP ? &e->step : &e->on_trap;

    if (*place)
        elaborate_error(e, n, "this is described already, in line %u",
                        (*place)->line);
    if (n->kind == NODE_STEP && e->model->insns)
        elaborate_error(e, n, "'step' comes before the instructions");
    *place = n;
}

static void source(struct elaborator *e, const struct node *n)
{
    if (e->model->source)
        elaborate_error(e, n, "the source is named already");
    e->model->source = n->text;
}

static void item(struct elaborator *e, const struct node *n,
                 const struct node *selected)
{
    static void (*const elaborators[])(struct elaborator *,
                                       const struct node *) = {
        [NODE_SOURCE] = source,
        [NODE_VARIANT] = check_variant,
        [NODE_ELEMENT] = elaborate_element,
        [NODE_GUEST] = elaborate_guest,
        [NODE_ASSUME] = assume,
        [NODE_VIEW] = elaborate_view,
        [NODE_FUNCTION] = elaborate_function,
        [NODE_ACTION] = elaborate_function,
        [NODE_STEP] = keep,
        [NODE_ON_TRAP] = keep,
        [NODE_INSTRUCTION] = elaborate_instruction,
    };

    if (n->kind == NODE_CONST || n->kind == NODE_FEATURE)
        feature(e, n, selected);
    else if (n->kind == NODE_GUEST && has_guests(selected))
        return;                   /* the variant's stand in their place */
    else if (n->kind != NODE_ISA) /* the title was looked at before */
        elaborators[n->kind](e, n);
}

/* The mode has one of the named values. */
static void assume_mode(struct elaborator *e)
{
    struct isa_model *m = e->model;
    const struct ast *known = ast_false(e->pool);
    const struct ast *mode = ast_state(e->pool, m->mode, 0);

    if (m->modes < (size_t)1 << (m->mode->width < 16 ? m->mode->width : 16)) {
        for (size_t i = 0; i < m->modes; i++)
            known = ast_or(e->pool, known,
                           ast_eq(e->pool, mode,
                                  ast_const(e->pool, m->mode->width,
                                            m->mode_value[i].value)));
        m->assume = ast_and(e->pool, m->assume, known);
    }
}

/* A mode that runs another and of which nothing is said runs as itself. */
static bool settle_modes(struct elaborator *e)
{
    bool found = false;

    e->model->mode_value = e->mode;
    for (size_t i = 0; i < e->model->modes; i++) {
        if (e->mode[i].is_real)
            e->mode[i].is_guest = found = true;
    }
    return found;
}

static void finish(struct elaborator *e)
{
    struct isa_view *list;

    if (!e->model->mode) {
        elaborate_error(e, NULL, "no state element has the role 'mode'");
        return;
    }
    if (!settle_modes(e)) {
        elaborate_error(e, NULL,
                        "no mode is said to run as another: 'guest "
                        "supervisor runs as user;' was expected");
        return;
    }
    assume_mode(e);
    if (e->on_trap)
        elaborate_on_trap(e);
    if (!e->model->insns)
        elaborate_error(e, NULL, "no instruction is described");
    list = isa_alloc(e->arena, (e->model->views + 1) * sizeof *list);
    for (size_t i = 0; list && i < e->model->views; i++) {
        list[i] = *e->view[i];
        if (e->model->guest_view == e->view[i])
            e->model->guest_view = &list[i];
    }
    e->model->view = list;
}

static void elaborate(struct elaborator *e, const struct node *items,
                      const struct node *selected)
{
    for (const struct node *n = items->first; n && !e->failed; n = n->next)
        item(e, n, selected);
    for (const struct node *n = has_guests(selected) ? selected->first : NULL;
         n && !e->failed; n = n->next)
        if (n->kind == NODE_GUEST)
            elaborate_guest(e, n);
    if (!e->failed)
        finish(e);
    if (elaborate_step(e, NULL)) /* notices failed memory */
        e->model->pool = e->pool;
}

static enum status parse(struct isa_model *m, const char *bytes, size_t length,
                         const char *variant, struct isa_error *error)
{
    struct parser *p = isa_alloc(m->arena, sizeof *p);
    struct elaborator *e = isa_alloc(m->arena, sizeof *e);
    const struct node *items, *selected;

    if (!p || !e)
        return STATUS_NO_MEMORY;
    lexer_start(&p->lexer, bytes, length, m->arena, error);
    items = syntax_parse(p);
    *e = (struct elaborator){ .model = m,
                              .pool = m->pool,
                              .arena = m->arena,
                              .error = error,
                              .failed = p->lexer.failed };
    m->assume = e->guard = ast_true(m->pool);
    if (!e->failed) {
        selected = select_variant(e, items, variant);
        if (!e->failed && m->selected == m->variants) {
            no_such_variant(error, variant, m);
            return STATUS_BAD_ARGUMENT;
        }
        elaborate(e, items, selected);
    }
    if (isa_arena_failed(m->arena) || ast_pool_failed(m->pool))
        return STATUS_NO_MEMORY;
    return e->failed ? STATUS_BAD_FORMAT : STATUS_OK;
}

enum status isa_model_parse(const char *file, const char *text_bytes,
                            size_t length, const char *variant,
                            struct isa_model **model, struct isa_error *error)
{
    struct isa_model *m = calloc(1, sizeof *m);
    enum status s = STATUS_NO_MEMORY;
    struct isa_error first = { 0, 0, "out of memory" };

    if (m) {
        m->arena = isa_arena_new();
        m->pool = ast_pool_new();
    }
    if (m && m->arena && m->pool) {
        m->file = isa_text(m->arena, file, strlen(file));
        s = parse(m, text_bytes, length, variant, &first);
    }
    if (s != STATUS_OK) {
        isa_model_free(m);
        *error = first;
        return s;
    }
    *model = m;
    return STATUS_OK;
}

static enum status read_file(FILE *f, const char *file, const char *variant,
                             struct isa_model **model, struct isa_error *error)
{
    char *bytes = malloc(MAX_FILE + 1);
    size_t length = bytes ? fread(bytes, 1, MAX_FILE + 1, f) : 0;
    enum status s;

    *error = (struct isa_error){ 0, 0, "out of memory" };
    if (!bytes)
        return STATUS_NO_MEMORY;
    if (ferror(f)) {
        s = STATUS_IO;
        snprintf(error->text, sizeof error->text, "cannot be read: %s",
                 strerror(errno));
    } else if (length > MAX_FILE) {
        s = STATUS_BAD_FORMAT;
        snprintf(error->text, sizeof error->text,
                 "is larger than the %u bytes that a description may have",
                 MAX_FILE);
    } else {
        s = isa_model_parse(file, bytes, length, variant, model, error);
    }
    free(bytes);
    return s;
}

enum status isa_parse_file(const char *file, const char *variant,
                           struct isa_model **model, struct isa_error *error)
{
    FILE *f = fopen(file, "rb");
    enum status s;

    if (!f) {
        *error = (struct isa_error){ 0, 0, "" };
        snprintf(error->text, sizeof error->text, "cannot be opened: %s",
                 strerror(errno));
        return STATUS_IO;
    }
    s = read_file(f, file, variant, model, error);
    fclose(f);
    return s;
}
