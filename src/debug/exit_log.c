#include "debug/exit_log.h"

#include "machine/fetch.h"

#include <stdio.h>

const char *exit_log_mode(unsigned priv)
{
    static const char *const names[] = { "U", "S", "?", "M" };

    return names[priv & 3];
}

/* The guest has moved on; its page tables have not, in all likelihood. */
uint32_t exit_log_instruction(struct vm *vm, const struct exit_record *e)
{
    return e->insn ? e->insn
                   : machine_fetch(&vm->machine, &vm->board, e->hart, e->priv,
                                   e->pc);
}

/* M-mode translates nothing. A write of satp has been carried out by now. */
struct symbol_place exit_log_place(const struct vm *vm,
                                   const struct exit_record *e)
{
    return (struct symbol_place){
        .level = vm->level,
        .satp = e->priv == PRIV_M ? 0 : vm->monitor.hart[e->hart].csr.satp,
        .va = e->pc,
    };
}

const char *exit_log_cause(const struct exit_record *e)
{
    return e->guest.cause & CAUSE_INTERRUPT ? "interrupt pending"
                                            : cause_name(e->host.cause);
}

int exit_log_deed(const struct exit_record *e, char *buf, size_t size)
{
    unsigned long long gpa = e->gpa, tval = e->guest.tval;

    switch (e->action) {
    case EXIT_FILLED:
        return snprintf(buf, size, "shadow filled for %#llx -> %#llx",
                        (unsigned long long)e->host.tval, gpa);
    case EXIT_DEVICE:
    case EXIT_MEMORY:
        return snprintf(buf, size, "%s of %s at %#llx done for it",
                        e->is_store ? "store" : "load",
                        e->action == EXIT_DEVICE ? "a device" : "memory", gpa);
    case EXIT_INJECTED:
    case EXIT_INTERRUPT:
    case EXIT_REFLECTED:
        return snprintf(buf, size, "%s: %s, tval %#llx",
                        exit_action_name(e->action),
                        cause_name(e->guest.cause), tval);
    default:
        return snprintf(buf, size, "%s", exit_action_name(e->action));
    }
}

size_t exit_log_format(const struct exit_log *l, struct vm *vm,
                       const struct exit_record *e, char *buf, size_t size)
{
    uint32_t raw = exit_log_instruction(vm, e);
    char where[80], text[80] = "", deed[128];
    int n;

    symbol_sets_format(l->symbols, exit_log_place(vm, e), where, sizeof where);
    if (raw)
        disassemble(l->disassembler, raw, e->pc, text, sizeof text);
    exit_log_deed(e, deed, sizeof deed);
    n = snprintf(buf, size, "%llu %u %s %#llx <%s> %s | %s | %s",
                 (unsigned long long)e->count, e->hart,
                 exit_log_mode(e->priv), (unsigned long long)e->pc, where,
                 text, exit_log_cause(e), deed);
    return n < 0 ? 0 : (size_t)n < size ? (size_t)n : size - 1;
}
