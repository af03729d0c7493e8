/*
 * What a check of Popek and Goldberg's conditions has found, whoever checked:
 * the twin runs of our own machine (riscv.h), or the description of any ISA
 * (src/check/isa). Made by a checker, read by those who show it (text, JSON,
 * HTML). Definitions: "Formal Requirements for Virtualizable Third Generation
 * Architectures", CACM 17(7), 1974; docs/check.md says how they are generalised
 * to machines that came later.
 *
 * Everything belongs to the report: strings and arrays are in its arena, and
 * go with verdict_free().
 */
#ifndef POGO_CHECK_VERDICT_H
#define POGO_CHECK_VERDICT_H

#include <stddef.h>

#include "base/bits.h"

enum truth {
    TRUTH_NO,
    TRUTH_YES,
    TRUTH_UNKNOWN, /* a time limit, or states not tried: never "probably" */
};

/* How a truth was found. */
enum evidence {
    EVIDENCE_PROVED,  /* for all states: by Z3, or by exhaustion */
    EVIDENCE_WITNESS, /* a state shows it */
    EVIDENCE_SAMPLED, /* no counterexample among the states tried */
    EVIDENCE_NONE,    /* with TRUTH_UNKNOWN */
};

/* Which class an instruction is of. */
enum insn_verdict {
    VERDICT_PRIVILEGED,   /* traps in the guest's real mode, never in the most
                          privileged */
    VERDICT_ALWAYS_TRAPS, /* in every mode: ecall, SVC */
    VERDICT_INNOCUOUS,
    VERDICT_CONFIGURABLE, /* sensitive, made to trap by a stated setting */
    VERDICT_VIOLATION,    /* sensitive, and does not trap */
    VERDICT_UNDECIDED,
    VERDICT_VERDICTS
};

/* The properties that are decided of each instruction: columns of the table. */
enum property {
    PROPERTY_PRIVILEGED,
    PROPERTY_ALWAYS_TRAPS,
    PROPERTY_CONTROL,  /* control sensitive: changes VMM-owned state */
    PROPERTY_MODE,     /* behaviour sensitive: depends on the mode */
    PROPERTY_LOCATION, /* behaviour sensitive: depends on the mapping */
    PROPERTY_OTHER,    /* behaviour sensitive: on other VMM-owned state */
    PROPERTY_USER,     /* sensitive for some state in user mode */
    PROPERTIES
};

#define NO_WITNESS (-1)

struct property_result {
    enum truth truth;
    enum evidence evidence;
    int witness; /* index into report.witness, or NO_WITNESS */
};

/* One instruction, or one group of encodings that behave alike. */
struct insn_result {
    const char *name; /* "sfence.vma", "JRST 1" */
    const char
        *encoding; /* "0x12000073/0xfe007fff"; NULL: the model has none */
    enum insn_verdict verdict;
    struct property_result property[PROPERTIES];
    const char *reason; /* a sentence in plain words; NULL: nothing to add */
    const char *cure;   /* what makes it harmless: a setting, rewriting, a
                           change of the ISA; NULL: none is needed */
    uint64_t encodings; /* how many words this stands for; 0: not counted */
    uint64_t states;    /* tried; 0 where all were decided by proof */
};

/* One piece of state on both sides of a witness. */
struct witness_item {
    const char *name;                 /* "mode", "x5", "memory[0x80001000]" */
    const char *before[2], *after[2]; /* as text; NULL: not shown, or the same
                                         as before */
    bool varied;  /* what the two sides were made to differ in */
    bool differs; /* where the results may not differ, but do */
};

/*
 * Two states alike but for one thing, the instruction, and two results that
 * show the property; for control sensitivity one state (side 0) is enough, and
 * side 1's texts are NULL. Minimised: what does not matter is left out.
 */
struct witness {
    const char *insn; /* name */
    const char *text; /* its disassembly or instance: "csrr a0, sstatus" */
    enum property property;
    const char *sentence; /* in plain words, complete */
    const struct witness_item *item;
    size_t items;
    const char *replay; /* the witness as `pogo replay-witness` reads it (its
                           whole text); NULL: cannot be replayed */
};

/* A named condition, or a theorem: something that holds or does not. */
struct condition_result {
    const char *name; /* "sfence.vma traps in U", "Theorem 1" */
    enum truth holds;
    enum evidence evidence;
    const char *sentence; /* why, naming the instructions */
    const char *insn;     /* the first that breaks it; NULL */
    int witness;
};

/* The answer to one question about one machine. */
struct verdict_report {
    const char *subject;  /* "RV64GC, S-mode guest in U-mode", "PDP-10 KA10" */
    const char *question; /* "s-in-u"; of a model: its file's name */
    enum truth virtualizable; /* by Theorem 1, or by what `sentence` says */
    const char *sentence;     /* the verdict's first line */
    struct condition_result theorem[3];
    const struct condition_result *condition;
    size_t conditions;
    const struct insn_result *insn;
    size_t insns;
    const struct witness *witness;
    size_t witnesses;
    uint64_t seed;   /* of sampled states; 0: none */
    uint64_t states; /* tried or, by proof, queries made */
    double seconds;
    struct verdict_arena *arena;
};

/* Names as people and JSON read them: "violation", "mode", "proved", "yes". */
const char *insn_verdict_name(enum insn_verdict v);
const char *property_name(enum property p);
const char *evidence_name(enum evidence e);
const char *truth_name(enum truth t);

/* Memory that goes with the report. NULL: out of memory. */
struct verdict_arena *verdict_arena_new(void);
void *verdict_alloc(struct verdict_arena *a, size_t size); /* zeroed */
char *verdict_format(struct verdict_arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void verdict_free(struct verdict_report *r);

#endif
