/* Three descriptions that belong together: machine, real machine, monitor. */
#include "check/isa/theorem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/isa/theorem_parts.h"

#define KEPT "virtual_"

static enum status misfit(struct isa_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static enum status misfit(struct isa_error *error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    error->line = error->column = 0;
    vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
    return STATUS_BAD_FORMAT;
}

/* ---- state ---- */

static bool same_shape(const struct isa_element *a, const struct isa_element *b)
{
    return a->width == b->width && a->index_width == b->index_width;
}

static bool is_kept(const struct theorem *t, const char *name)
{
    for (size_t i = 0; i < t->monitor->elements; i++) {
        const char *other = t->monitor->element[i]->name;

        if (strncmp(other, KEPT, strlen(KEPT)) == 0 &&
            strcmp(other + strlen(KEPT), name) == 0)
            return true;
    }
    return false;
}

static enum status link_element(const struct theorem *t, struct theorem_link *l,
                                struct isa_error *error)
{
    const char *name = l->element->name;
    bool kept = strncmp(name, KEPT, strlen(KEPT)) == 0;

    l->machine =
        isa_find_element(t->machine, kept ? name + strlen(KEPT) : name);
    l->real = kept ? NULL : isa_find_element(t->real, name);
    if (!l->machine)
        return misfit(error,
                      "the monitor's '%s' is nothing of the machine's: "
                      "it takes a name of the machine's, or virtual_ and such "
                      "a name",
                      name);
    if (!same_shape(l->element, l->machine))
        return misfit(error,
                      "'%s' has another width or length than the "
                      "machine's",
                      name);
    l->role = kept                          ? THEOREM_KEPT
              : l->machine->index_width > 0 ? THEOREM_STORAGE
              : is_kept(t, name)            ? THEOREM_OWN
                                            : THEOREM_GUESTS;
    if (l->machine->index_width > 0 && (kept || l->machine->role != ISA_MEMORY))
        return misfit(error,
                      "'%s' is an array: the monitor can keep single "
                      "values, and the guest's memory in its own",
                      name);
    return STATUS_OK;
}

/* Every element of the machine's must be somewhere: f is one-one. */
static enum status link_all(struct theorem *t, struct isa_error *error)
{
    enum status status = STATUS_OK;

    t->link = calloc(t->monitor->elements, sizeof *t->link);
    if (!t->link)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < t->monitor->elements && status == STATUS_OK; i++) {
        t->link[i].element = t->monitor->element[i];
        status = link_element(t, &t->link[i], error);
    }
    for (size_t i = 0; i < t->machine->elements && status == STATUS_OK; i++)
        if (!isa_find_element(t->monitor, t->machine->element[i]->name))
            status = misfit(error,
                            "the monitor says nothing of the machine's "
                            "'%s'",
                            t->machine->element[i]->name);
    return status;
}

/* ---- storage ---- */

static const struct ast *put_word(void *context, struct ast_pool *p,
                                  const struct ast *leaf,
                                  const struct ast *index)
{
    const uint64_t *word = context;

    (void)index;
    return leaf->op == AST_OPERAND ? ast_const(p, leaf->width, *word) : leaf;
}

/* The guest's word n is at a fixed real word, as the monitor's guest view says;
   its words are those from 0 on that do not fault. */
static enum status find_window(struct theorem *t, struct isa_error *error)
{
    const struct isa_view *v = t->monitor->guest_view;
    struct ast_pool *p = t->monitor->pool;
    uint64_t size;

    if (!v)
        return misfit(error, "the monitor has no guest view, which says where "
                             "the guest's storage is");
    size = UINT64_C(1) << v->width;
    t->window = calloc(size, sizeof *t->window);
    if (!t->window)
        return STATUS_NO_MEMORY;
    for (uint64_t n = 0; n < size; n++) {
        const struct ast *at = ast_rewrite(p, v->address, put_word, &n);
        const struct ast *fault = ast_rewrite(p, v->fault, put_word, &n);

        if (at->op != AST_CONST || fault->op != AST_CONST)
            return misfit(error,
                          "the guest view depends on more than the "
                          "address: the guest's storage has a fixed place");
        if (fault->value)
            break;
        t->window[t->words++] = at->value;
    }
    return STATUS_OK;
}

bool theorem_is_scratch(const struct theorem *t, uint64_t word)
{
    const struct isa_body *b = &t->real->on_trap;

    for (size_t i = 0; i < b->updates; i++)
        if (b->update[i].element == t->real->memory &&
            b->update[i].index->op == AST_CONST &&
            b->update[i].index->value == word)
            return true;
    return false;
}

/* ---- routines ---- */

const struct isa_insn *theorem_routine(const struct theorem *t,
                                       const struct isa_insn *insn,
                                       const struct isa_trap *trap)
{
    char name[256];
    const struct isa_insn *found;

    snprintf(name, sizeof name, "%s %s", trap->name, insn->name);
    found = isa_find_insn(t->monitor, name);
    return found ? found : t->reflect;
}

uint64_t theorem_cause(const struct isa_model *m, const struct isa_trap *trap)
{
    uint64_t cause = 0;

    while (cause < m->trap_names &&
           strcmp(m->trap_name[cause], trap->name) != 0)
        cause++;
    return cause;
}

uint64_t theorem_monitor_mode(const struct theorem *t)
{
    return t->monitor->mode_value[t->monitor->top].value;
}

static enum status find_routines(struct theorem *t, struct isa_error *error)
{
    t->start = isa_find_insn(t->monitor, "start");
    t->reflect = isa_find_insn(t->monitor, "reflect");
    if (!t->start || !t->reflect)
        return misfit(error, "the monitor has no routine '%s'",
                      t->start ? "reflect" : "start");
    for (size_t i = 0; i < t->machine->insns; i++) {
        const struct isa_insn *insn = &t->machine->insn[i];

        if (!isa_find_insn(t->real, insn->name))
            return misfit(error, "the real machine has no instruction '%s'",
                          insn->name);
        for (size_t k = 0; k < insn->body.traps; k++) {
            const struct isa_insn *routine =
                theorem_routine(t, insn, &insn->body.trap[k]);

            if (routine != t->reflect && routine->operands != insn->operands)
                return misfit(error,
                              "the routine '%s' has other operands than "
                              "the instruction",
                              routine->name);
        }
    }
    return STATUS_OK;
}

/* ---- making and freeing ---- */

static enum status read_machines(struct theorem *t, const char *machine,
                                 const char *variant, struct isa_error *error)
{
    char half[256]; /* the first variant's is plain "half" */
    enum status status = isa_parse_file(machine, variant, &t->real, error);

    if (status != STATUS_OK)
        return status;
    if (t->real->selected == 0)
        snprintf(half, sizeof half, "half");
    else
        snprintf(half, sizeof half, "%s-half", variant);
    return isa_parse_file(machine, half, &t->machine, error);
}

enum status theorem_new(const char *machine, const char *monitor,
                        const char *variant, struct theorem **t,
                        const char **file, struct isa_error *error)
{
    struct theorem *new = calloc(1, sizeof *new);
    enum status status;

    *file = machine;
    if (!new) {
        misfit(error, "out of memory");
        return STATUS_NO_MEMORY;
    }
    status = read_machines(new, machine, variant, error);
    if (status == STATUS_OK) {
        *file = monitor;
        status = isa_parse_file(monitor, NULL, &new->monitor, error);
    }
    if (status == STATUS_OK)
        status = link_all(new, error);
    if (status == STATUS_OK)
        status = find_window(new, error);
    if (status == STATUS_OK)
        status = find_routines(new, error);
    if (status == STATUS_OK)
        *t = new;
    else
        theorem_free(new);
    return status;
}

void theorem_free(struct theorem *t)
{
    if (!t)
        return;
    isa_z3_free(t->z3);
    isa_model_free(t->machine);
    isa_model_free(t->real);
    isa_model_free(t->monitor);
    free(t->link);
    free(t->window);
    free(t);
}

const struct isa_model *theorem_machine(const struct theorem *t)
{
    return t->machine;
}

const struct isa_model *theorem_real(const struct theorem *t)
{
    return t->real;
}

const struct isa_model *theorem_monitor(const struct theorem *t)
{
    return t->monitor;
}
