/* The words of a description: docs/isa-language.md, Grammar. */
#ifndef POGO_CHECK_ISA_LEXER_H
#define POGO_CHECK_ISA_LEXER_H

#include "check/isa/arena.h"
#include "check/isa/isa_model.h"

enum token_kind {
    TOKEN_END,
    TOKEN_NAME, /* also the words of the language */
    TOKEN_NUMBER,
    TOKEN_STRING, /* strings that follow one another, joined */
    TOKEN_SIGN,   /* an operator or bracket: `text` */
};

struct token {
    enum token_kind kind;
    const char *text;      /* in the arena; NAME and STRING: terminated; SIGN:
                              a literal of the lexer's, "" if END */
    uint64_t number;       /* NUMBER */
    unsigned digits_width; /* NUMBER: how many bits its binary or hexadecimal
                              digits have; 0: decimal */
    unsigned line, column;
};

struct lexer {
    const char *at, *end, *line_start;
    unsigned line;
    struct isa_arena *arena;
    struct isa_error *error; /* of the first thing that went wrong */
    bool failed;
    struct token token; /* the current one */
};

void lexer_start(struct lexer *l, const char *text, size_t length,
                 struct isa_arena *arena, struct isa_error *error);

/* Reads the next token. After an error it is TOKEN_END for ever. */
void lexer_next(struct lexer *l);

/* Notes an error, if it is the first, at a place in the text. */
void lexer_error(struct lexer *l, unsigned line, unsigned column,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
