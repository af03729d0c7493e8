/*
 * Any text as the description of an ISA. Either it is refused with a sentence
 * and a place within the text, or it is a model whose instructions can be
 * executed, and whose definitions can be stated and evaluated.
 */
#include <stdlib.h>
#include <string.h>

#include "check/isa/evaluate.h"
#include "check/isa/search.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void check_refusal(const struct isa_error *e, const uint8_t *data,
                          size_t size)
{
    size_t lines = 1;

    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    require(memchr(e->text, '\0', sizeof e->text) && e->text[0] &&
            !strchr(e->text, '\n') && e->line <= lines &&
            e->column <= size + 1);
}

/* Every value stays within its width. */
static void check_state(const struct isa_model *m, const uint64_t *state)
{
    for (size_t i = 0; i < m->elements; i++) {
        const struct isa_element *e = m->element[i];

        for (size_t k = 0; k < isa_element_length(e); k++)
            require((state[e->offset + k] & ~MASK(e->width - 1, 0)) == 0);
    }
}

static void execute(const struct isa_model *m, const struct isa_insn *insn,
                    uint64_t *state, uint64_t *after)
{
    struct isa_executor *x = isa_executor_new(m, insn);
    uint64_t operand[ISA_MAX_OPERANDS] = { 1, ~UINT64_C(0), 2, 3 };
    int trap;

    require(x != NULL);
    for (size_t i = 0; i < m->elements; i++)
        state[m->element[i]->offset] =
            UINT64_C(0x5555555555555555) & MASK(m->element[i]->width - 1, 0);
    trap = isa_execute(x, state, operand, after);
    require(trap >= ISA_NO_TRAP && trap < (int)insn->body.traps);
    check_state(m, after);
    isa_executor_free(x);
}

static void define(struct isa_model *m, const struct isa_insn *insn,
                   enum property p)
{
    struct isa_query query[ISA_MAX_QUERIES];
    struct isa_search search = { .model = m, .random = 1, .states = 20 };
    size_t n = isa_queries(m, insn, p, 1, query);
    enum status status = STATUS_OK;
    struct isa_assignment a;

    require(n > 0 && n <= ISA_MAX_QUERIES);
    if (ast_pool_failed(m->pool))
        return;
    require(isa_assignment_new(m, &a) == STATUS_OK);
    for (size_t i = 0; i < n; i++)
        if (isa_search(&search, &query[i], &a, &status) == ISA_SAT)
            require(isa_minimise(m, &query[i], &a) == STATUS_OK);
    require(status == STATUS_OK);
    check_state(m, a.side[0]);
    check_state(m, a.side[1]);
    isa_assignment_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct isa_model *m = NULL;
    struct isa_error e = { 0, 0, "" };
    uint64_t *state, *after;

    if (isa_model_parse("fuzz.isa", (const char *)data, size, NULL, &m, &e) !=
        STATUS_OK) {
        check_refusal(&e, data, size);
        return 0;
    }
    state = calloc(m->state_words, sizeof *state);
    after = calloc(m->state_words, sizeof *after);
    require(state && after);
    for (size_t i = 0; i < m->insns && i < 4; i++)
        execute(m, &m->insn[i], state, after);
    for (unsigned p = 0; p < PROPERTIES && m->state_words < 4096; p++)
        define(m, &m->insn[0], (enum property)p);
    free(state);
    free(after);
    isa_model_free(m);
    return 0;
}
