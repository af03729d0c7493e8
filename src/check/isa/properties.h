/*
 * Popek and Goldberg's definitions as formulas over one or two states, built
 * once from a model and decided twice: by search (search.h) and by Z3.
 *
 * A definition becomes a few queries. A query is one formula: it holds or not
 * for an assignment of its free variables, which are
 *   - the state of side 0: AST_STATE and AST_SELECT with side 0;
 *   - of the state of side 1, the elements that the query varies: side 1;
 *   - the instruction's operands: AST_OPERAND;
 *   - extra variables: AST_EXTRA, listed in the query.
 * The whole state of side 1 follows from these (isa_twin_state()); what a query
 * does not vary is not written as an equality but as the same variable, so
 * there are no quantifiers, and few variables.
 *
 * The sides. For mode sensitivity and for `privileged`, side 0 is the machine
 * that the guest believes to have (mode v), side 1 the real one (mode r, in
 * which v is run), all else being the same through the correspondence of a
 * virtual machine:
 *   - banks of v and r of banked arrays are exchanged;
 *   - where the guest view depends on the mode, the mapping of side 1 is free
 *     but must translate every guest address that both translate as side 0's.
 * For location sensitivity the modes are the same, the mapping of side 1 is
 * free, and all of memory is moved: for some x (an extra variable) every
 * guest address translates on side 1 to x more than on side 0, and faults
 * where it does on side 0; memory 1 at a + x is memory 0 at a.
 * For other sensitivity all owned state but mode and mapping is free on side 1.
 *
 * Both sides satisfy model->assume. Compared are guest elements (banks
 * exchanged back), and memory as seen through the guest view, before the
 * instruction, of each side.
 *
 * Settings. In a query with `pinned` settings these have their pinned value on
 * the real side: on side 1 of the `other` queries; on both sides of all else.
 */
#ifndef POGO_CHECK_ISA_PROPERTIES_H
#define POGO_CHECK_ISA_PROPERTIES_H

#include "check/isa/isa_model.h"
#include "check/verdict.h"

/* How side 1 differs from side 0. */
enum isa_twin {
    ISA_TWIN_NONE, /* one state only */
    ISA_TWIN_MODE,
    ISA_TWIN_LOCATION,
    ISA_TWIN_OTHER,
};

/* What follows for the property from an assignment that satisfies a query. */
enum isa_query_sense {
    ISA_SHOWS,    /* yes: the assignment is a witness */
    ISA_REFUTES,  /* no: the assignment is a counterexample */
    ISA_REQUIRED, /* nothing; but no, if there is no such assignment */
};

#define ISA_MAX_EXTRAS 24

struct isa_extra {
    const char *name; /* "x", "address", "index of r" */
    unsigned width;
};

struct isa_query {
    const struct isa_insn *insn;
    enum property property; /* of which it is a part */
    enum isa_twin twin;
    enum isa_query_sense sense;
    const struct ast *formula; /* width 1, in model->pool */
    uint64_t mode[2]; /* ISA_TWIN_MODE: of the two sides; the formula contains
                         them as constants */
    bool mapping_varies; /* ISA_TWIN_MODE: the mapping of side 1 is free */
    uint32_t pinned;     /* settings: bit i is the i-th setting */
    struct isa_extra extra[ISA_MAX_EXTRAS]; /* AST_EXTRA by index */
    unsigned extras;
};

/* The extra of ISA_TWIN_LOCATION by which memory is moved. */
#define ISA_EXTRA_MOVE 0

#define ISA_MAX_QUERIES 64

/*
 * The queries that decide `property` of `insn`, with the settings in `pinned`
 * held. The property is
 *   no       if some ISA_REFUTES query can be satisfied, or some ISA_REQUIRED
 *            query cannot;
 *   yes      if some ISA_SHOWS query can;
 *   if none of that is so and every query is decided: yes if there are
 *            ISA_REFUTES or ISA_REQUIRED queries, else no;
 *   unknown  otherwise.
 * Returns how many were written to query[ISA_MAX_QUERIES]. A formula that is
 * constant is decided by looking at it. Check ast_pool_failed() afterwards.
 */
size_t isa_queries(struct isa_model *m, const struct isa_insn *insn,
                   enum property property, uint32_t pinned,
                   struct isa_query *query);

/* How one query came out. */
enum isa_answer { ISA_UNSAT, ISA_SAT, ISA_OPEN };

/* What follows for the property from the answers; the rule stated above. */
enum truth isa_property_truth(const struct isa_query *query,
                              const enum isa_answer *answer, size_t queries);

/* The model's settings: how many, and the i-th. */
unsigned isa_settings(const struct isa_model *m);
const struct isa_element *isa_setting(const struct isa_model *m, unsigned i);

/*
 * Values for a query's free variables. What a formula does not mention is 0.
 * Each side holds model->state_words values, element e's at e->offset.
 */
struct isa_assignment {
    uint64_t *side[2]; /* of side 1 only what the query varies is looked at */
    uint64_t operand[ISA_MAX_OPERANDS];
    uint64_t extra[ISA_MAX_EXTRAS];
};

enum status isa_assignment_new(const struct isa_model *m,
                               struct isa_assignment *a);
void isa_assignment_free(struct isa_assignment *a);

/* True if the query leaves this element free on side 1. */
bool isa_query_varies(const struct isa_query *q, const struct isa_element *e);

/*
 * Completes side 1: what is not varied is copied from side 0 with banks
 * exchanged and memory moved, mode and pinned settings are set (also pinned
 * settings and the mode of side 0, which the formula holds as constants).
 * Afterwards both sides are whole states, to be executed (evaluate.h).
 */
void isa_twin_state(const struct isa_model *m, const struct isa_query *q,
                    struct isa_assignment *a);

/* Building blocks, which others may need too (theorem 1). */

/* True if, on this side 0 state, a trap of the body is taken; of any kind, or
   of memory kind only, which is: the first trap that holds is of that kind. */
const struct ast *isa_traps(struct isa_model *m, const struct isa_body *b);
const struct ast *isa_memory_traps(struct isa_model *m,
                                   const struct isa_body *b);
/* The value after the body's updates, of a scalar (index NULL) or of the array
   element at `index`, as an expression over the state before; if no trap is
   taken. */
const struct ast *isa_after(struct isa_model *m, const struct isa_body *b,
                            const struct isa_element *e,
                            const struct ast *index);

#endif
