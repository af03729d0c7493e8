/*
 * A witness as text, and what running it again shows. The text is a list of
 * lines, a word and its values each:
 *
 *     pogo-witness 1                first line; 1 is the version of the format
 *     question s-in-u
 *     without fs                    what the host lacks; left out: nothing
 *     isa rv64imafdc_zicsr…         as isa_parse() reads it
 *     holes sfence-silent,wfi-nop   left out: none
 *     property mode-sensitive       as property_name() has it
 *     word 0x12000073               the instruction
 *     state mode S U                a key of state.def: its value; and on side
 *     state x5 0x80002800           1, if that is another. What is not named is
 *                                   neutral on both sides
 *     end
 *
 * Empty lines, and lines that begin with #, are ignored.
 */
#ifndef POGO_CHECK_RISCV_REPLAY_H
#define POGO_CHECK_RISCV_REPLAY_H

#include <stdio.h>

#include "base/error.h"
#include "base/status.h"
#include "check/riscv/twin.h"
#include "isa/isa.h"

struct replay {
    const struct riscv_question *question;
    enum riscv_condition without;
    struct isa isa; /* with its holes, and those of `without` */
    struct finding finding;
};

/* Reads one witness, up to its `end`. STATUS_BAD_FORMAT: *error has a sentence
   that names the line. `*line` counts lines, for who reads several. */
enum status replay_read(FILE *file, struct replay *r, unsigned *line,
                        struct error *error);
/* The text, to be freed with free(). NULL: out of memory. */
char *replay_text(const struct replay *r);

/* Runs it: *t then has both labs as the instruction left them, to be given to
   replay_free(). *shows: is it still what the witness says? */
enum status replay_run(const struct replay *r, struct twin *t, bool *shows);
void replay_free(struct twin *t);

/* The disassembly: into buf of at least 80 bytes. */
void replay_insn_text(uint32_t word, const struct isa *isa, char *buf,
                      size_t size);

#endif
