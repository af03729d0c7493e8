/*
 * A description as a tree of what is written, before names and widths are
 * looked at. Made by the syntax*.c files, read by elaborate.h.
 */
#ifndef POGO_CHECK_ISA_SYNTAX_H
#define POGO_CHECK_ISA_SYNTAX_H

#include "check/isa/lexer.h"

/* In brackets: what `text` and `number` are; then the children in order. An
   optional child that is missing is a NODE_NONE. */
enum node_kind {
    NODE_NONE,
    NODE_LIST,
    /* expressions */
    NODE_NUMBER, /* [number, digits] */
    NODE_NAME,   /* [text] */
    NODE_UNARY,  /* [text: the sign] argument */
    NODE_BINARY, /* [text: the sign] left, right */
    NODE_CALL,   /* [text: function or action] arguments */
    NODE_INDEX,  /* base, indexes */
    NODE_SLICE,  /* base, high, low */
    NODE_FIELD,  /* [text: field] base */
    NODE_IF,     /* condition, then, else */
    NODE_MATCH,  /* value, arms */
    NODE_ARM,    /* result, patterns; no pattern: else */
    NODE_BITS,   /* width, value */
    NODE_EXTEND, /* [number: 1 if signed] argument, width */
    NODE_SIGNED, /* argument */
    /* statements */
    NODE_TRAP,   /* [text, number: 1 if memory] condition or none */
    NODE_LET,    /* [text] value */
    NODE_CHOICE, /* condition, block, block or none */
    NODE_ASSIGN, /* target, value */
    NODE_BLOCK,  /* statements; also NODE_CALL */
    /* items */
    NODE_ISA,         /* [text] */
    NODE_SOURCE,      /* [text] */
    NODE_CONST,       /* [text] number */
    NODE_FEATURE,     /* [text] number */
    NODE_VARIANT,     /* [text] title or none, then NODE_CONST and NODE_GUEST */
    NODE_ELEMENT,     /* [text, number: role] width, list of dimensions, list of
                         values (NODE_CONST), list of fields, pinned or none */
    NODE_BITS_OF,     /* [text] high, low or none: one field */
    NODE_GUEST,       /* [text] real mode, a name */
    NODE_ASSUME,      /* expression */
    NODE_VIEW,        /* [text, number: 1 if the guest's] parameter, target,
                         fault or none; the fault is a NODE_TRAP */
    NODE_FUNCTION,    /* [text] list of parameters, expression */
    NODE_ACTION,      /* [text] list of parameters, block */
    NODE_PARAMETER,   /* [text] width */
    NODE_STEP,        /* block */
    NODE_ON_TRAP,     /* block */
    NODE_INSTRUCTION, /* list of titles (NODE_NAME), list of parameters, feature
                         or none, list of texts, block */
    NODE_TEXT,        /* [text: the string, number: enum text_kind] */
};

enum text_kind { TEXT_ENCODING, TEXT_LISTED, TEXT_NOTE, TEXT_CURE, TEXTS };

struct node {
    enum node_kind kind;
    unsigned line, column;
    unsigned depth; /* of the tree below; bounded, so recursion is safe */
    unsigned digits;
    const char *text;
    uint64_t number;
    struct node *first, *last, *next; /* children, and the next sibling */
};

struct parser {
    struct lexer lexer;
    unsigned depth;    /* of nested constructs being read */
    struct node spare; /* what is returned when memory has run out */
};

/* The items of a description as a NODE_LIST. After an error, which is noted in
   the lexer, the tree is not complete. */
struct node *syntax_parse(struct parser *p);

/* The rest is shared by the files that parse. */

/* Statements in braces; and those up to a brace, which is read. */
struct node *syntax_block(struct parser *p);
void syntax_statements(struct parser *p, struct node *block);

/* An expression; a statement's target is one too. */
struct node *syntax_expr(struct parser *p);
/* A number, or a name that stands for one. */
struct node *syntax_number(struct parser *p);
/* Appends comma-separated expressions to `parent`, up to `close`, which is
   read. */
void syntax_arguments(struct parser *p, struct node *parent, const char *close);

/* A node of the current token's place. */
struct node *syntax_node(struct parser *p, enum node_kind kind);
void syntax_add(struct parser *p, struct node *parent, struct node *child);
struct node *syntax_none(struct parser *p);

bool syntax_is(const struct parser *p, const char *text); /* a sign or word */
bool syntax_accept(struct parser *p, const char *text);   /* … and reads it */
void syntax_expect(struct parser *p, const char *text);
/* A new name (no word of the language); `what` words the error. */
const char *syntax_name(struct parser *p, const char *what);
/* "'x' was found where … was expected". */
void syntax_error(struct parser *p, const char *expected);

/* False, with an error noted, if constructs are nested too deeply; to be
   followed by syntax_leave(). */
bool syntax_enter(struct parser *p);
void syntax_leave(struct parser *p);

#endif
