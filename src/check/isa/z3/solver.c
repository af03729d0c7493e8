/* Decides queries with Z3: one context for a model, one solver for a query. */
#include "check/isa/z3_solver.h"

#include <stdlib.h>
#include <string.h>

#include "check/isa/evaluate.h"
#include "check/isa/z3/translate.h"

/* Of Z3's own use, in megabytes: more is a query left open. */
#define MEMORY_LIMIT 1500

/* So long the quick solver may take, before the thorough one is asked. */
#define QUICK_SECONDS 2.0

struct isa_z3 {
    struct isa_model *model;
    Z3_context context;
    struct z3_terms terms;
};

/* Z3's own handler ends the program. What went wrong is asked for by
   Z3_get_error_code(), wherever something can. */
static void on_error(Z3_context c, Z3_error_code e)
{
    (void)c;
    (void)e;
}

static struct isa_z3 *new(struct isa_model *m)
{
    struct isa_z3 *z = calloc(1, sizeof *z);
    Z3_config config;

    if (!z)
        return NULL;
    config = Z3_mk_config();
    Z3_set_param_value(config, "model", "true");
    z->context = Z3_mk_context(config);
    Z3_del_config(config);
    if (!z->context) {
        free(z);
        return NULL;
    }
    Z3_set_error_handler(z->context, on_error);
    z->model = m;
    z3_terms_init(&z->terms, z->context, m->pool);
    return z;
}

static void free_solver(struct isa_z3 *z)
{
    if (!z)
        return;
    z3_terms_free(&z->terms);
    Z3_del_context(z->context);
    free(z);
}

static void set_uint(Z3_context c, Z3_params p, const char *name, unsigned v)
{
    Z3_params_set_uint(c, p, Z3_mk_string_symbol(c, name), v);
}

/*
 * A solver that gives up after so long, or so much memory, and leaves an
 * interrupt from the keyboard to the program. The quick one is Z3's SMT core,
 * which has no start-up to speak of; the thorough one simplifies, bit-blasts,
 * and runs a SAT solver, which pays where a query is hard.
 */
static Z3_solver make_solver(Z3_context c, bool quick, double seconds)
{
    Z3_solver s =
        quick ? Z3_mk_simple_solver(c)
              : Z3_mk_solver_for_logic(c, Z3_mk_string_symbol(c, "QF_BV"));
    Z3_params p;

    if (!s)
        return NULL;
    Z3_solver_inc_ref(c, s);
    p = Z3_mk_params(c);
    Z3_params_inc_ref(c, p);
    set_uint(c, p, "timeout",
             seconds > 4e6 ? 4000000000U : (unsigned)(seconds * 1000) + 1);
    set_uint(c, p, "max_memory", MEMORY_LIMIT);
    Z3_params_set_bool(c, p, Z3_mk_string_symbol(c, "ctrl_c"), false);
    Z3_solver_set_params(c, s, p);
    Z3_params_dec_ref(c, p);
    return s;
}

/* The value of a term that the query contains; 0 if it does not matter. */
static uint64_t value_of(struct isa_z3 *z, Z3_model model, const struct ast *n)
{
    Z3_ast value = NULL;
    uint64_t v = 0;

    if (!Z3_model_eval(z->context, model, z->terms.term[n->id], true, &value) ||
        !Z3_get_numeral_uint64(z->context, value, &v))
        return 0;
    return v;
}

/* Where an assignment keeps the value of this leaf; NULL: it is no leaf. */
static uint64_t *place_of(struct isa_z3 *z, Z3_model model, const struct ast *n,
                          struct isa_assignment *a)
{
    switch ((enum ast_op)n->op) {
    case AST_STATE:
        return &a->side[n->side][n->element->offset];
    case AST_SELECT:
        return &a->side[n->side]
                       [n->element->offset + value_of(z, model, n->arg[0])];
    case AST_OPERAND:
        return &a->operand[n->index];
    case AST_EXTRA:
        return &a->extra[n->index];
    default:
        return NULL;
    }
}

static void read_model(struct isa_z3 *z, Z3_model model,
                       struct isa_assignment *a)
{
    size_t bytes = z->model->state_words * sizeof *a->side[0];

    memset(a->side[0], 0, bytes);
    memset(a->side[1], 0, bytes);
    memset(a->operand, 0, sizeof a->operand);
    memset(a->extra, 0, sizeof a->extra);
    for (size_t i = 0; i < z->terms.visits; i++) {
        const struct ast *n = z->terms.visited[i];
        uint64_t *place = place_of(z, model, n, a);

        if (place)
            *place = value_of(z, model, n);
    }
}

/* Z3 is not believed: the evaluator must find the formula true as well. */
static bool confirmed(struct isa_z3 *z, const struct ast *formula,
                      const struct isa_assignment *a, enum status *status)
{
    struct isa_program *p = isa_program_new(z->model, &formula, 1);
    const uint64_t *const side[2] = { a->side[0], a->side[1] };
    bool holds;

    if (!p) {
        *status = STATUS_NO_MEMORY;
        return false;
    }
    holds = isa_program_run(p, side, a->operand, a->extra)[0] == 1;
    isa_program_free(p);
    if (!holds)
        *status = STATUS_FAULT;
    return holds;
}

static enum isa_answer ask(struct isa_z3 *z, Z3_solver s,
                           const struct ast *formula,
                           struct isa_assignment *found, enum status *status)
{
    Z3_lbool answer = Z3_solver_check(z->context, s);
    Z3_model model;

    if (answer == Z3_L_FALSE && Z3_get_error_code(z->context) == Z3_OK)
        return ISA_UNSAT;
    if (answer != Z3_L_TRUE)
        return ISA_OPEN;
    model = Z3_solver_get_model(z->context, s);
    if (!model)
        return ISA_OPEN;
    Z3_model_inc_ref(z->context, model);
    read_model(z, model, found);
    Z3_model_dec_ref(z->context, model);
    return confirmed(z, formula, found, status) ? ISA_SAT : ISA_OPEN;
}

/* One of the two solvers, on the formula whose term this is. */
static enum isa_answer attempt(struct isa_z3 *z, const struct ast *formula,
                               Z3_ast term, bool quick, double seconds,
                               struct isa_assignment *found,
                               enum status *status)
{
    Z3_context c = z->context;
    Z3_ast one = Z3_mk_unsigned_int64(c, 1, Z3_mk_bv_sort(c, 1));
    Z3_solver s = make_solver(c, quick, seconds);
    enum isa_answer answer = ISA_OPEN;

    if (!s) {
        *status = STATUS_NO_MEMORY;
        return ISA_OPEN;
    }
    Z3_solver_assert(c, s, Z3_mk_eq(c, term, one));
    if (z3_assert_readings(&z->terms, s))
        answer = ask(z, s, formula, found, status);
    Z3_solver_dec_ref(c, s);
    return answer;
}

static enum isa_answer solve(struct isa_z3 *z, const struct ast *formula,
                             double seconds, struct isa_assignment *found,
                             enum status *status)
{
    Z3_ast term = z3_translate(&z->terms, formula);
    double quick = seconds < QUICK_SECONDS ? seconds : QUICK_SECONDS;
    enum isa_answer answer = ISA_OPEN;

    if (!term)
        *status = STATUS_NO_MEMORY;
    if (!term || seconds <= 0)
        return ISA_OPEN;
    answer = attempt(z, formula, term, true, quick, found, status);
    if (answer == ISA_OPEN && *status == STATUS_OK && seconds > quick)
        answer =
            attempt(z, formula, term, false, seconds - quick, found, status);
    return answer;
}

static enum isa_answer decide(struct isa_z3 *z, const struct isa_query *q,
                              double seconds, struct isa_assignment *found,
                              enum status *status)
{
    enum isa_answer answer =
        solve(z, q->formula, seconds, found, status);

    if (answer == ISA_SAT)
        isa_twin_state(z->model, q, found);
    return answer;
}

const struct isa_z3_ops isa_z3_ops = { new, free_solver, decide, solve };
