/*
 * Inside why*.c only: how the lines are written. Each function adds some lines;
 * `level` is that of the machine they are about.
 */
#ifndef POGO_DEBUG_WHY_TEXT_H
#define POGO_DEBUG_WHY_TEXT_H

#include "debug/why.h"
#include "vmm/vm.h"

typedef unsigned long long ull;

/* ---- why_text.c ---- */

void why_say(struct why *w, enum why_kind kind, unsigned level,
             const char *format, ...) __attribute__((format(printf, 4, 5)));

#define WHY_NAME 128 /* bytes that are always enough for these: */

/* "the bare machine", "vm1". */
const char *why_machine_name(unsigned level, char buf[WHY_NAME]);

/* "0x80200c32 <vm_new+0x2c>": an address as the machine's hart `c` has it. */
const char *why_address(const struct why *w, unsigned level,
                        const struct csr_file *c, uint64_t va,
                        char buf[WHY_NAME]);

/* "U-mode" */
const char *why_mode(unsigned priv);

/* The machine at that level, below the one that is asked about. */
struct machine *why_machine(const struct why *w, unsigned level);

/* " [vm1 0x…, bare 0x…]": where a physical address of the machine at `level`
   lies in those below it; "" on the bare one. */
const char *why_below(const struct why *w, unsigned level, uint64_t pa,
                      char buf[WHY_NAME]);

/* "SSI, STI": the interrupts of a set; "none". */
const char *why_interrupts(uint64_t set, char buf[WHY_NAME]);

/* ---- why_access_text.c ---- */

/* Where the access led, step by step, and the rule that refused it. */
void why_say_access(struct why *w, unsigned level, const struct why_look *l,
                    const struct why_access *a);

/* "RW-U-AD", "invalid" */
const char *why_flags(uint64_t pte, char buf[WHY_NAME]);

/* ---- why_rule_text.c ---- */

/* The rule that raised l's exception, or that there is none. */
void why_say_rule(struct why *w, unsigned level, const struct why_look *l);

/* ---- why_insn_text.c ---- */

/* The instruction and its operands. */
void why_say_instruction(struct why *w, unsigned level,
                         const struct why_look *l);

/* ---- why_entry_text.c ---- */

void why_say_interrupt(struct why *w, unsigned level, const struct why_look *l);
void why_say_entry(struct why *w, unsigned level, const struct csr_file *c,
                   const struct why_entry *e);

/* ---- why_monitor_text.c ---- */

/* What each monitor did about this part of the step. */
void why_say_exits(struct why *w, enum why_part part);

/* ---- why_stages.c ---- */

/* `va`, for the machine that is asked about: of each monitor, what its guest's
   table, its p2m and its shadow say, beside one another. */
void why_say_stages(struct why *w, uint64_t va, bool data);

/* The machine's own table alone. */
void why_say_table(struct why *w, uint64_t va, bool data);

#endif
