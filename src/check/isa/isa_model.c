/* Looking things up in a model. */
#include "check/isa/isa_model.h"

#include <stdlib.h>
#include <string.h>

#include "check/isa/arena.h"
#include "check/isa/properties.h"

void isa_model_free(struct isa_model *m)
{
    if (!m)
        return;
    ast_pool_free(m->pool);
    isa_arena_free(m->arena);
    free(m);
}

const struct isa_element *isa_find_element(const struct isa_model *m,
                                           const char *name)
{
    for (size_t i = 0; i < m->elements; i++)
        if (!strcmp(m->element[i]->name, name))
            return m->element[i];
    return NULL;
}

const struct isa_insn *isa_find_insn(const struct isa_model *m,
                                     const char *name)
{
    for (size_t i = 0; i < m->insns; i++)
        if (!strcmp(m->insn[i].name, name))
            return &m->insn[i];
    return NULL;
}

const struct isa_mode *isa_mode_of(const struct isa_model *m, uint64_t value)
{
    for (size_t i = 0; i < m->modes; i++)
        if (m->mode_value[i].value == value)
            return &m->mode_value[i];
    return NULL;
}

const struct isa_element *isa_setting(const struct isa_model *m, unsigned n)
{
    for (size_t i = 0; i < m->elements; i++)
        if (m->element[i]->role == ISA_SETTING && n-- == 0)
            return m->element[i];
    return NULL;
}

unsigned isa_settings(const struct isa_model *m)
{
    unsigned n = 0;

    for (size_t i = 0; i < m->elements; i++)
        n += m->element[i]->role == ISA_SETTING;
    return n;
}
