/* From operations that follow one another to the handler of all (pairs.h). */
#include "cpu/pairs.h"

enum slot {
    SLOT_NONE,
#define SLOT(c, n, f) SLOT_##n##_##f,
    FIRST_ALU(SLOT)
    FIRST_LOAD(SLOT)
    FIRST_STORE(SLOT)
    SLOTS_FIRST,
    SLOT_LAST_ = SLOTS_FIRST - 1, /* goes on counting from there */
#undef SLOT
#define SLOT(none, c, n, f) SLOT_##n##_##f,
    SECOND_BRANCH(SLOT, none)
    SECOND_JUMP(SLOT, none)
    SLOTS
#undef SLOT
};

static const uint8_t slots[INSN_COUNT][FORMS] = {
#define SLOT(c, n, f) [INSN_##n][f] = SLOT_##n##_##f,
    FIRST_ALU(SLOT)
    FIRST_LOAD(SLOT)
    FIRST_STORE(SLOT)
#undef SLOT
#define SLOT(none, c, n, f) [INSN_##n][f] = SLOT_##n##_##f,
    SECOND_BRANCH(SLOT, none)
    SECOND_JUMP(SLOT, none)
#undef SLOT
};

#define DECLARE(c1, n1, f1, c2, n2, f2) OP(pair_##n1##_##f1##_##n2##_##f2);
#define DECLARE_ALU(c, n, f) AFTER_ALU(DECLARE, c, n, f)
#define DECLARE_LOAD(c, n, f) AFTER_LOAD(DECLARE, c, n, f)
#define DECLARE_STORE(c, n, f) AFTER_STORE(DECLARE, c, n, f)
FIRST_ALU(DECLARE_ALU)
FIRST_LOAD(DECLARE_LOAD)
FIRST_STORE(DECLARE_STORE)

static op_handler *const pairs[SLOTS_FIRST][SLOTS] = {
#define ENTRY(c1, n1, f1, c2, n2, f2)    \
    [SLOT_##n1##_##f1][SLOT_##n2##_##f2] = \
        op_pair_##n1##_##f1##_##n2##_##f2,
#define ENTRY_ALU(c, n, f) AFTER_ALU(ENTRY, c, n, f)
#define ENTRY_LOAD(c, n, f) AFTER_LOAD(ENTRY, c, n, f)
#define ENTRY_STORE(c, n, f) AFTER_STORE(ENTRY, c, n, f)
    FIRST_ALU(ENTRY_ALU)
    FIRST_LOAD(ENTRY_LOAD)
    FIRST_STORE(ENTRY_STORE)
};

unsigned pair_slot(unsigned insn, unsigned form)
{
    return slots[insn][form];
}

op_handler *pair_handler(unsigned first, unsigned second)
{
    return first < SLOTS_FIRST ? pairs[first][second] : NULL;
}

#define DECLARE_FOUR(c, n, f) OP(four_##n##_##f);
FOUR_OF(DECLARE_FOUR)

op_handler *four_handler(unsigned slot)
{
    static op_handler *const fours[SLOTS] = {
#define FOUR(c, n, f) [SLOT_##n##_##f] = op_four_##n##_##f,
        FOUR_OF(FOUR)
    };

    return fours[slot];
}
