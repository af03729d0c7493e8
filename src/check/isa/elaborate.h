/*
 * From the tree of what is written to a model: names are looked up, widths
 * checked, functions and actions inlined, and statements turned into traps and
 * guarded updates. Shared by the elaborate_*.c files.
 *
 * After an error, which is noted once, elaboration goes on with meaningless
 * values; whoever loops or recurses looks at `failed`.
 */
#ifndef POGO_CHECK_ISA_ELABORATE_H
#define POGO_CHECK_ISA_ELABORATE_H

#include "check/isa/syntax.h"

enum symbol_kind {
    SYMBOL_CONST, /* also features: a number without a width */
    SYMBOL_VALUE, /* of an element: a number with a width */
    SYMBOL_ELEMENT,
    SYMBOL_VIEW,
    SYMBOL_FUNCTION,
    SYMBOL_ACTION,
};

#define MAX_DIMENSIONS 4

struct symbol {
    enum symbol_kind kind;
    const char *name;
    const struct node *node; /* where it is declared */
    uint64_t number;         /* CONST, VALUE */
    unsigned digits;         /* CONST: as in struct node */
    bool feature;
    unsigned width; /* VALUE */
    struct isa_element *element;
    unsigned dimension[MAX_DIMENSIONS], dimensions; /* index widths */
    struct isa_view *view;
};

/* A name within an instruction, a function or an action. */
struct binding {
    const char *name;
    const struct ast *value;
    const struct binding *outer;
};

struct elaborator {
    struct isa_model *model;
    struct ast_pool *pool;
    struct isa_arena *arena;
    struct isa_error *error;
    bool failed;
    unsigned steps, depth;

    struct symbol *symbol;
    size_t symbols;
    struct symbol spare; /* when memory has run out */
    size_t visible;      /* only symbols below may be named: no recursion */
    const struct binding *scope;

    /* Of the body that is being elaborated. */
    const char *no_access;   /* why memory cannot be reached by a view or a trap
                                taken here; NULL: it can */
    const struct ast *guard; /* under which the current place is reached */
    struct isa_trap *trap;
    size_t traps;
    struct isa_update *update;
    size_t updates;
    bool in_family;
    uint64_t row;
    const struct ast *cause; /* NULL: not within `on trap` */

    /* Of the model, growing. */
    struct isa_element **element;
    struct isa_mode *mode;
    struct isa_view **view;
    struct isa_insn *insn;
    const char **trap_name;
    const struct node *step, *on_trap; /* NULL: none yet */
    size_t mode_line; /* where the first guest line is; 0: none */
};

void elaborate_error(struct elaborator *e, const struct node *at,
                     const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* False, with an error noted, once too much has been done. */
bool elaborate_step(struct elaborator *e, const struct node *at);

/* NULL: no such symbol, or it is declared further down. */
struct symbol *elaborate_find(struct elaborator *e, const char *name);
const struct ast *elaborate_bound(const struct elaborator *e, const char *name);
/* A new global name. Never NULL: after an error, one that is not in use. */
struct symbol *elaborate_declare(struct elaborator *e, const struct node *at,
                                 const char *name, enum symbol_kind kind);
/* Opens a name in the current scope. */
void elaborate_bind(struct elaborator *e, const struct node *at,
                    const char *name, const struct ast *value);

/* The number that a NODE_NUMBER or the name of a constant stands for, checked
   to be min..max; `what` words the error: "a width". */
uint64_t elaborate_number(struct elaborator *e, const struct node *n,
                          const char *what, uint64_t min, uint64_t max);

/* An expression; `width` is what it must have, 0 for any. Never NULL. */
const struct ast *elaborate_expr(struct elaborator *e, const struct node *n,
                                 unsigned width);

/* What a statement's target or a selecting expression names. */
struct place {
    const struct isa_element *element; /* NULL: an error was noted */
    const struct ast *index;           /* NULL for a scalar */
    unsigned hi, lo;
};

/* An access by name[indexes] of an array or a view; NULL in `element` if the
   node is none. A view's fault becomes a trap of the body. */
struct place elaborate_select(struct elaborator *e, const struct node *n);
struct place elaborate_target(struct elaborator *e, const struct node *n);
/* Where the field lies that a NODE_FIELD names: in hi and lo. */
bool elaborate_field(struct elaborator *e, const struct node *n, unsigned *hi,
                     unsigned *lo);
/* The bits of a NODE_SLICE, or of a NODE_INDEX that is one bit, of a value of
   this width. */
bool elaborate_slice(struct elaborator *e, const struct node *n, unsigned width,
                     unsigned *hi, unsigned *lo);

/* Statements; what they do is appended to the body in the elaborator. */
void elaborate_block(struct elaborator *e, const struct node *block);
void elaborate_trap(struct elaborator *e, const char *name,
                    enum isa_trap_kind kind, const struct ast *condition);
/* Binds the parameters of a function or action to a call's arguments, with
   nothing else in scope, and makes visible what is declared before it. The
   caller restores `scope` and `visible`. */
void elaborate_arguments(struct elaborator *e, const struct symbol *callee,
                         const struct node *call);
/* The same with unknown values, to check the declaration. */
void elaborate_unknowns(struct elaborator *e, const struct symbol *callee);

/* Items. */
void elaborate_element(struct elaborator *e, const struct node *n);
void elaborate_guest(struct elaborator *e, const struct node *n);
void elaborate_view(struct elaborator *e, const struct node *n);
void elaborate_function(struct elaborator *e, const struct node *n);
void elaborate_instruction(struct elaborator *e, const struct node *n);
void elaborate_on_trap(struct elaborator *e);

#endif
