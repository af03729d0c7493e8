/* The questions and the conditions, as tables. */
#include "check/riscv/question.h"

#include <string.h>

static const struct riscv_question questions[] = {
    { "s-in-u", "S-mode guest in U-mode", PRIV_S, PRIV_U },
    { "m-in-u", "M-mode guest in U-mode", PRIV_M, PRIV_U },
    { "m-in-s", "M-mode guest in S-mode", PRIV_M, PRIV_S },
};
#define QUESTIONS (sizeof questions / sizeof questions[0])

static const struct riscv_condition_row rows[CONDITIONS] = {
    [CONDITION_COUNTEREN] = { "counteren",
                              "mcounteren and scounteren can be cleared, so "
                              "that the counters trap",
                              true, false },
    [CONDITION_SSSTRICT] = { "ssstrict",
                             "reserved encodings and unknown CSRs trap "
                             "(Ssstrict)",
                             true, false },
    [CONDITION_SFENCE] = { "sfence", "sfence.vma traps where the guest runs",
                           true, false },
    [CONDITION_WFI] = { "wfi", "wfi traps where the guest runs", true, false },
    [CONDITION_ENVCFG] = { "envcfg",
                           "menvcfg and senvcfg can make the cache-block "
                           "instructions trap",
                           true, false },
    [CONDITION_FS] = { "fs",
                       "the guest runs with its own FS, and what the hart "
                       "makes of it is merged into sstatus and mstatus",
                       false, false },
    [CONDITION_RESERVATION] = { "reservation",
                                "an LR's reservation is kept when an exit is "
                                "hidden from the guest, and cleared when "
                                "another guest runs",
                                false, false },
    [CONDITION_AD] = { "ad",
                       "A and D are exact: no access gets past the shadow "
                       "that the guest's own table has yet to note",
                       false, false },
    [CONDITION_VIEWS] = { "views",
                          "each of the guest's modes, SUM and MXR has a "
                          "shadow of its own",
                          false, false },
    [CONDITION_MPRV] = { "mprv", "a view of its own serves the guest's MPRV",
                         false, true },
    [CONDITION_PMP] = { "pmp", "the guest's PMP is part of the shadow", false,
                        true },
};

const struct riscv_question *riscv_question(size_t n)
{
    return n < QUESTIONS ? &questions[n] : NULL;
}

const struct riscv_question *riscv_question_find(const char *name)
{
    for (size_t i = 0; i < QUESTIONS; i++)
        if (strcmp(questions[i].name, name) == 0)
            return &questions[i];
    return NULL;
}

const struct riscv_condition_row *riscv_condition_row(enum riscv_condition c)
{
    return &rows[c];
}

enum riscv_condition riscv_condition_find(const char *name)
{
    unsigned c = 0;

    while (c < CONDITIONS && strcmp(rows[c].name, name) != 0)
        c++;
    return c;
}

bool riscv_condition_concerns(enum riscv_condition c,
                              const struct riscv_question *q)
{
    return c < CONDITIONS && (!rows[c].m_guest || q->guest == PRIV_M);
}
