/*
 * Inside src/cpu only: which pairs of operations have a handler of their own.
 * It runs the first, moves on to the second as dispatch would have done, and
 * runs that: one indirect jump less, and the bodies are those of bodies.h.
 *
 * A slot is an instruction with the form of its operands (FORM_…): add_1 is
 * `add` with rs1 in the accumulator. Pairs are products of lists of slots; the
 * lists have what compilers use most, counted in the benchmark and in Linux.
 * Operations stay where they are, each with a handler that is right for it
 * alone or as the first of a pair: whoever enters in the middle of a pair, or
 * leaves there for a slow path or a trap, finds everything in place.
 */
#ifndef POGO_CPU_PAIRS_H
#define POGO_CPU_PAIRS_H

#include "cpu/bodies.h"

/* Rows of one to three forms: X(more…, class of body, name, form). */
#define SLOTS_1(X, ...) X(__VA_ARGS__, 0)
#define SLOTS_2(X, ...) X(__VA_ARGS__, 0) X(__VA_ARGS__, 1)
#define SLOTS_3(X, ...) X(__VA_ARGS__, 0) X(__VA_ARGS__, 1) X(__VA_ARGS__, 2)

/* The same again, for a macro does not expand within itself. */
#define THEN_1(X, ...) X(__VA_ARGS__, 0)
#define THEN_2(X, ...) X(__VA_ARGS__, 0) X(__VA_ARGS__, 1)
#define THEN_3(X, ...) X(__VA_ARGS__, 0) X(__VA_ARGS__, 1) X(__VA_ARGS__, 2)

/* Commutative ones never need form 2: decoding swaps their operands. */
#define FIRST_ALU(X)       \
    SLOTS_2(X, ALU, add)   \
    SLOTS_3(X, ALU, sub)   \
    SLOTS_3(X, ALU, subw)  \
    SLOTS_3(X, ALU, sltu)  \
    SLOTS_2(X, ALU, xor)   \
    SLOTS_2(X, ALU, or)    \
    SLOTS_2(X, ALU, and)   \
    SLOTS_2(X, ALU, addw)  \
    SLOTS_2(X, ALU, mulw)  \
    SLOTS_2(X, ALU, addi)  \
    SLOTS_2(X, ALU, addiw) \
    SLOTS_2(X, ALU, andi)  \
    SLOTS_2(X, ALU, slli)  \
    SLOTS_2(X, ALU, srli)  \
    SLOTS_2(X, ALU, slliw) \
    SLOTS_2(X, ALU, srliw) \
    SLOTS_2(X, ALU, sraiw) \
    SLOTS_1(X, ALU, auipc) \
    SLOTS_1(X, ALU, lui)
#define FIRST_LOAD(X)     \
    SLOTS_2(X, LOAD, ld)  \
    SLOTS_2(X, LOAD, lw)  \
    SLOTS_2(X, LOAD, lbu) \
    SLOTS_2(X, LOAD, lh)
#define FIRST_STORE(X)    \
    SLOTS_3(X, STORE, sd) \
    SLOTS_3(X, STORE, sw) \
    SLOTS_3(X, STORE, sb)

#define SECOND_ALU(X, ...)              \
    THEN_2(X, __VA_ARGS__, ALU, add)   \
    THEN_3(X, __VA_ARGS__, ALU, sub)   \
    THEN_3(X, __VA_ARGS__, ALU, subw)  \
    THEN_3(X, __VA_ARGS__, ALU, sltu)  \
    THEN_2(X, __VA_ARGS__, ALU, xor)   \
    THEN_2(X, __VA_ARGS__, ALU, or)    \
    THEN_2(X, __VA_ARGS__, ALU, and)   \
    THEN_2(X, __VA_ARGS__, ALU, addw)  \
    THEN_2(X, __VA_ARGS__, ALU, mulw)  \
    THEN_2(X, __VA_ARGS__, ALU, addi)  \
    THEN_2(X, __VA_ARGS__, ALU, addiw) \
    THEN_2(X, __VA_ARGS__, ALU, andi)  \
    THEN_2(X, __VA_ARGS__, ALU, slli)  \
    THEN_2(X, __VA_ARGS__, ALU, srli)  \
    THEN_2(X, __VA_ARGS__, ALU, slliw) \
    THEN_2(X, __VA_ARGS__, ALU, srliw) \
    THEN_2(X, __VA_ARGS__, ALU, sraiw)
#define SECOND_LOAD(X, ...)             \
    THEN_2(X, __VA_ARGS__, LOAD, ld)   \
    THEN_2(X, __VA_ARGS__, LOAD, lw)   \
    THEN_2(X, __VA_ARGS__, LOAD, lbu)  \
    THEN_2(X, __VA_ARGS__, LOAD, lh)
#define SECOND_STORE(X, ...)            \
    THEN_3(X, __VA_ARGS__, STORE, sd)  \
    THEN_3(X, __VA_ARGS__, STORE, sw)  \
    THEN_3(X, __VA_ARGS__, STORE, sb)
#define SECOND_BRANCH(X, ...)             \
    THEN_2(X, __VA_ARGS__, BRANCH, beq)  \
    THEN_2(X, __VA_ARGS__, BRANCH, bne)  \
    THEN_3(X, __VA_ARGS__, BRANCH, blt)  \
    THEN_3(X, __VA_ARGS__, BRANCH, bge)  \
    THEN_3(X, __VA_ARGS__, BRANCH, bltu) \
    THEN_3(X, __VA_ARGS__, BRANCH, bgeu)
#define SECOND_JUMP(X, ...)              \
    THEN_1(X, __VA_ARGS__, JAL, jal)    \
    THEN_2(X, __VA_ARGS__, JALR, jalr)

/* The seconds of each kind of first. */
#define AFTER_ALU(X, ...)         \
    SECOND_ALU(X, __VA_ARGS__)    \
    SECOND_LOAD(X, __VA_ARGS__)   \
    SECOND_STORE(X, __VA_ARGS__)  \
    SECOND_BRANCH(X, __VA_ARGS__) \
    SECOND_JUMP(X, __VA_ARGS__)
#define AFTER_LOAD AFTER_ALU
#define AFTER_STORE(X, ...)       \
    SECOND_LOAD(X, __VA_ARGS__)   \
    SECOND_STORE(X, __VA_ARGS__)  \
    SECOND_BRANCH(X, __VA_ARGS__) \
    SECOND_JUMP(X, __VA_ARGS__)   \
    THEN_2(X, __VA_ARGS__, ALU, addi) \
    THEN_2(X, __VA_ARGS__, ALU, add)

/* Four of the same have a handler too: with such runs functions begin and end,
   and memory is copied. X(class of body, name, form) */
#define FOUR_OF(X)   \
    X(LOAD, ld, 0)   \
    X(STORE, sd, 0)  \
    X(STORE, sd, 1)

/* So have three that end a block where loops of few instructions do: a step, a
   step or a store, and a branch. */
#define THREE_FIRST(X)      \
    SLOTS_2(X, ALU, addi)   \
    SLOTS_2(X, ALU, add)    \
    SLOTS_2(X, ALU, addiw)  \
    SLOTS_1(X, LOAD, lbu)   \
    SLOTS_1(X, LOAD, lw)    \
    SLOTS_1(X, LOAD, ld)
#define THREE_SECOND(X, ...)            \
    THEN_2(X, __VA_ARGS__, ALU, addi)   \
    THEN_1(X, __VA_ARGS__, ALU, add)    \
    THEN_1(X, __VA_ARGS__, STORE, sb)   \
    THEN_1(X, __VA_ARGS__, STORE, sw)   \
    THEN_1(X, __VA_ARGS__, STORE, sd)
#define LAST_2(X, ...) X(__VA_ARGS__, 0) X(__VA_ARGS__, 1)
#define THREE_LAST(X, ...)                \
    LAST_2(X, __VA_ARGS__, BRANCH, bne)   \
    LAST_2(X, __VA_ARGS__, BRANCH, beq)   \
    LAST_2(X, __VA_ARGS__, BRANCH, blt)   \
    LAST_2(X, __VA_ARGS__, BRANCH, bltu)

/* pair_table.c: the slot of an instruction in a form (0: none); the handler of
   two slots that follow one another, of four that are the same; or NULL. */
unsigned pair_slot(unsigned insn, unsigned form);
op_handler *pair_handler(unsigned first, unsigned second);
op_handler *four_handler(unsigned slot);
/* ops_three.c: the handler of three, by instructions and forms; or NULL. */
op_handler *three_handler(const struct op_form three[3]);

#endif
