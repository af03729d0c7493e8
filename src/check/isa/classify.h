/*
 * The class of an instruction, from its properties: privileged, always traps,
 * innocuous, configurable, a violation (docs/isa-language.md). Between the
 * check*.c files only.
 */
#ifndef POGO_CHECK_ISA_CLASSIFY_H
#define POGO_CHECK_ISA_CLASSIFY_H

#include "check/isa/decide.h"

/* A report as it grows; arrays are moved to the arena as they do. */
struct isa_findings {
    struct verdict_arena *arena;
    struct witness *witness;
    size_t witnesses, size;
};

/*
 * Decides all properties of the instruction, and fills *result: strings and
 * witnesses are in the arena. `pinned` is set to the settings that make it
 * configurable (0 for all other classes). Statuses as of isa_decide(); also
 * STATUS_FAULT if a state that was found does not show its property when it is
 * executed.
 */
enum status isa_classify(struct isa_decider *d, const struct isa_insn *insn,
                         struct isa_findings *f, struct insn_result *result,
                         uint32_t *pinned);

/* "TW = 1 and TVM = 1": what the settings are held at. NULL: out of memory. */
const char *isa_settings_text(const struct isa_model *m, uint32_t pinned,
                              struct verdict_arena *arena);

#endif
