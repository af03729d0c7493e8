/*
 * A described ISA, parsed and checked: docs/isa-language.md is the language.
 * Functions, actions, constants and features are gone (inlined); conditional
 * statements have become guards. What is left is state, and for each
 * instruction: when it traps, and what it writes if it does not.
 *
 * All updates of an instruction happen at once: every expression reads the
 * state before the instruction. Where two updates whose guards hold write the
 * same bits, the later one in the list wins.
 *
 * In a model every AST_STATE and AST_SELECT is of side 0.
 */
#ifndef POGO_CHECK_ISA_ISA_MODEL_H
#define POGO_CHECK_ISA_ISA_MODEL_H

#include "base/status.h"
#include "check/isa/ast.h"

/* Whose a state element is. */
enum isa_role {
    ISA_GUEST,   /* the guest sees it: registers, flags, the pc */
    ISA_MEMORY,  /* the guest sees it through the guest view; at most one */
    ISA_OWNED,   /* the monitor owns it */
    ISA_SETTING, /* owned, and the monitor holds it at `pinned` meanwhile */
    ISA_MAPPING, /* owned: decides where the guest's memory is */
    ISA_MODE,    /* owned: the processor's mode; exactly one, a scalar */
    ISA_ROLES
};

const char *isa_role_name(enum isa_role r); /* as in the language: "guest" */

/* True for what an instruction may not change if it is to be innocuous. */
static inline bool isa_role_is_owned(enum isa_role r)
{
    return r >= ISA_OWNED;
}

struct isa_element {
    const char *name;
    enum isa_role role;
    unsigned number;      /* its place in model->element */
    unsigned width;       /* of one value, 1..64 bits */
    unsigned index_width; /* 0: a scalar; else an array of 2^index_width */
    unsigned bank_width;  /* > 0: the top bits of the index are a mode: one
                             bank for each mode */
    unsigned offset;      /* of its first value in a state (evaluate.h) */
    uint64_t pinned;      /* ISA_SETTING */
    unsigned setting;     /* ISA_SETTING: its number among the settings */
};

static inline size_t isa_element_length(const struct isa_element *e)
{
    return (size_t)1 << e->index_width;
}

struct isa_mode {
    const char *name;
    uint64_t value; /* of the mode element */
    bool is_guest;  /* a mode in which the guest believes itself to be */
    uint64_t real;  /* the mode it then runs in; its own value if it runs
                       as itself */
    bool is_real;   /* some other guest mode runs in it */
};

/*
 * The way instructions reach an array by the guest's addresses. As functions of
 * the state and of the address, which is operand 0 in the expressions.
 */
struct isa_view {
    const char *name;
    const struct isa_element *array;
    unsigned width;            /* of an address of the guest's, in bits */
    const struct ast *address; /* in the array, of its index's width */
    const struct ast *fault;   /* when the access memory-traps */
    const char *trap;          /* the name of that trap */
};

enum isa_trap_kind {
    ISA_TRAP,        /* an ordinary trap: the monitor gets control */
    ISA_TRAP_MEMORY, /* Popek and Goldberg's memory trap: such states are left
                        out of every definition */
};

struct isa_trap {
    const char *name;
    enum isa_trap_kind kind;
    const struct ast *when; /* width 1 */
};

struct isa_update {
    const struct isa_element *element;
    const struct ast *guard; /* width 1 */
    const struct ast *index; /* NULL for a scalar */
    unsigned hi, lo;         /* the bits that are written */
    const struct ast *value; /* of width hi - lo + 1 */
};

struct isa_operand {
    const char *name;
    unsigned width;
};

struct isa_body {
    const struct isa_trap *trap; /* the first whose condition holds is taken,
                                    and nothing is updated */
    size_t traps;
    const struct isa_update *update;
    size_t updates;
};

struct isa_insn {
    const char *name; /* "LPSW", "JRST 1" */
    unsigned line;    /* where the description has it */
    const struct isa_operand *operand;
    size_t operands; /* ISA_MAX_OPERANDS at most */
    struct isa_body body;
    const char *encoding; /* each of these NULL where none is given */
    const char *listed;   /* what the literature says of it */
    const char *note;     /* what follows from it, in plain words */
    const char *cure;     /* what makes it harmless */
};

#define ISA_MAX_OPERANDS 8

/* A machine that the file describes; the first has the features' defaults. */
struct isa_variant {
    const char *name;  /* as in `pogo check FILE --variant NAME` */
    const char *title; /* "IA-32 with UMIP" */
};

struct isa_model {
    const char *name;   /* of the variant that was parsed: its title */
    const char *file;   /* as given to isa_model_parse() */
    const char *source; /* the manuals; NULL: not given */
    const struct isa_variant *variant;
    size_t variants; /* 1 or more */
    size_t selected; /* index into variant */

    struct isa_element *const *element;
    size_t elements;
    size_t state_words; /* the values of a state: sum of all lengths */
    const struct isa_element *mode;   /* never NULL */
    const struct isa_element *memory; /* NULL: none */
    const struct isa_mode *mode_value;
    size_t modes;
    size_t top; /* the guest's most privileged mode: index into mode_value */
    const struct isa_view *view;
    size_t views;
    const struct isa_view *guest_view; /* NULL: memory is seen as it is */
    const struct ast *assume; /* what holds in every state that occurs; true
                                 where nothing is assumed. Modes have one of
                                 the named values */
    const struct isa_insn *insn;
    size_t insns;
    struct isa_body on_trap; /* what a trap does, if described: no traps, and
                                updates that may read `cause`, operand 0 of
                                width ISA_CAUSE_WIDTH: the index of the trap's
                                name in trap_name */
    const char *const *trap_name; /* every name once, in order of appearance */
    size_t trap_names;

    struct ast_pool *pool; /* of all expressions; may be added to */
    struct isa_arena *arena;
};

#define ISA_CAUSE_WIDTH 8

/* Where a description is wrong. */
struct isa_error {
    unsigned line, column; /* from 1; 0, 0: not of one place */
    char text[256]; /* one sentence, what is wrong and what was expected; no
                       file name, no newline */
};

/*
 * Parses a description of `length` bytes. `file` is only remembered. `variant`
 * names the machine; NULL: the file's first. Returns
 *   STATUS_OK            *model is set; isa_model_free() frees it
 *   STATUS_BAD_FORMAT    the text is wrong: *error says where and why
 *   STATUS_BAD_ARGUMENT  there is no such variant: *error lists those there are
 *   STATUS_NO_MEMORY     or the description is too large: *error says which
 */
enum status isa_model_parse(const char *file, const char *text, size_t length,
                      const char *variant, struct isa_model **model,
                      struct isa_error *error);
/* The same of a file; STATUS_IO: it cannot be read, *error says why. */
enum status isa_parse_file(const char *file, const char *variant,
                           struct isa_model **model, struct isa_error *error);
void isa_model_free(struct isa_model *m); /* NULL: nothing happens */

/* NULL: there is none of that name. */
const struct isa_element *isa_find_element(const struct isa_model *m,
                                           const char *name);
const struct isa_insn *isa_find_insn(const struct isa_model *m,
                                     const char *name);
/* NULL: the value is none of the modes'. */
const struct isa_mode *isa_mode_of(const struct isa_model *m, uint64_t value);

#endif
