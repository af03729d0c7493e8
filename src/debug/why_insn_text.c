/* The instruction in words: where it is, what it is, what it works on. */
#include "debug/why_text.h"

#include <stdio.h>

#include "isa/alu.h"

/* ", kernel/trap.c:57" */
static void source_of(const struct why *w, unsigned level,
                      const struct why_look *l, char *buf, size_t size)
{
    const struct symbol_place at = {
        .level = level,
        .satp = l->csr.priv == PRIV_M ? 0 : l->csr.satp,
        .va = l->pc,
    };
    struct source_line line;

    buf[0] = '\0';
    if (symbol_sets_line(w->names->symbols, at, &line))
        snprintf(buf, size, ", line %u of %s", line.line, line.file);
}

static void say_operand(struct why *w, unsigned level, unsigned reg, uint64_t v)
{
    why_say(w, WHY_INSTRUCTION, level, "%s is %#llx", insn_x_name(reg), (ull)v);
}

/* "a4 is 0x5ffff000, and with 8 the address is 0x5ffff008: 8 bytes" */
static void say_address(struct why *w, unsigned level, const struct why_look *l)
{
    const struct insn *i = &l->insn;
    const struct why_access *first = &l->data[0];
    char second[64] = "";

    if (l->size > first->size)
        snprintf(second, sizeof second, ", %llu of them in the next page",
                 (ull)(l->size - first->size));
    if (i->imm)
        why_say(w, WHY_INSTRUCTION, level,
                "%s is %#llx, and with %lld the address is %#llx; %llu bytes%s",
                insn_x_name(i->rs1), (ull)l->rs1, (long long)i->imm,
                (ull)first->va, (ull)l->size, second);
    else
        why_say(w, WHY_INSTRUCTION, level,
                "%s is %#llx, the address; %llu bytes%s", insn_x_name(i->rs1),
                (ull)l->rs1, (ull)l->size, second);
}

static void say_operands(struct why *w, unsigned level,
                         const struct why_look *l)
{
    const struct insn *i = &l->insn;
    enum insn_format f = insn_format(i->op);

    if (l->accesses)
        say_address(w, level, l);
    else if ((f == FORMAT_CSR || f == FORMAT_SFENCE || f == FORMAT_JALR) &&
             i->rs1)
        say_operand(w, level, i->rs1, l->rs1);
    if (f == FORMAT_SFENCE && i->rs2)
        say_operand(w, level, i->rs2, l->rs2);
}

void why_say_instruction(struct why *w, unsigned level,
                         const struct why_look *l)
{
    char where[WHY_NAME], text[80] = "", source[200];

    why_address(w, level, &l->csr, l->pc, where);
    source_of(w, level, l, source, sizeof source);
    if (!l->fetched) {
        why_say(w, WHY_INSTRUCTION, level, "%s, in %s%s: it cannot be fetched",
                where, why_mode(l->csr.priv), source);
        return;
    }
    disassemble(w->names->disassembler, l->raw, l->pc, text, sizeof text);
    why_say(w, WHY_INSTRUCTION, level, "%s: %s, in %s%s", where, text,
            why_mode(l->csr.priv), source);
    if (l->insn.op != INSN_illegal)
        say_operands(w, level, l);
}
