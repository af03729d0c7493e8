/* Three operations that end a loop of few instructions, in one handler. */
#include "cpu/pair_body.h"

#define NAME_3(n1, f1, n2, f2, n3, f3) \
    op_three_##n1##_##f1##_##n2##_##f2##_##n3##_##f3

#define THREE(c1, n1, f1, c2, n2, f2, c3, n3, f3)            \
    static void NAME_3(n1, f1, n2, f2, n3, f3)(OP_ARGS)      \
    {                                                        \
        BODY_##c1(n1, A_##f1, B_##f1);                       \
        o++;                                                 \
        BODY_##c2(n2, A_##f2, B_##f2);                       \
        o++;                                                 \
        BODY_##c3(n3, A_##f3, B_##f3);                       \
    }
#define THREES_SECOND(...) THREE_LAST(THREE, __VA_ARGS__)
#define THREES_FIRST(c, n, f) THREE_SECOND(THREES_SECOND, c, n, f)
THREE_FIRST(THREES_FIRST)

/* The indices of an operation as the first, second and last of three. */
#define INDEX_1(c, n, f) FIRST_##n##_##f,
#define INDEX_2(none, c, n, f) SECOND_##n##_##f,
#define INDEX_3(none, c, n, f) LAST_##n##_##f,
enum first { NO_FIRST, THREE_FIRST(INDEX_1) FIRSTS };
enum second { NO_SECOND, THREE_SECOND(INDEX_2, none) SECONDS };
enum last { NO_LAST, THREE_LAST(INDEX_3, none) LASTS };

static const uint8_t index_of[3][INSN_COUNT][FORMS] = {
#define ENTRY_1(c, n, f) [0][INSN_##n][f] = FIRST_##n##_##f,
#define ENTRY_2(none, c, n, f) [1][INSN_##n][f] = SECOND_##n##_##f,
#define ENTRY_3(none, c, n, f) [2][INSN_##n][f] = LAST_##n##_##f,
    THREE_FIRST(ENTRY_1)
    THREE_SECOND(ENTRY_2, none)
    THREE_LAST(ENTRY_3, none)
};

static op_handler *const threes[FIRSTS][SECONDS][LASTS] = {
#define THREE_ENTRY(c1, n1, f1, c2, n2, f2, c3, n3, f3)         \
    [FIRST_##n1##_##f1][SECOND_##n2##_##f2][LAST_##n3##_##f3] = \
        NAME_3(n1, f1, n2, f2, n3, f3),
#define ENTRIES_SECOND(...) THREE_LAST(THREE_ENTRY, __VA_ARGS__)
#define ENTRIES_FIRST(c, n, f) THREE_SECOND(ENTRIES_SECOND, c, n, f)
    THREE_FIRST(ENTRIES_FIRST)
};

op_handler *three_handler(const struct op_form three[3])
{
    unsigned k[3];

    for (unsigned i = 0; i < 3; i++)
        k[i] = index_of[i][three[i].insn][three[i].form];
    return threes[k[0]][k[1]][k[2]];
}
