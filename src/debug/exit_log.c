#include "debug/exit_log.h"

#include "mmu/walk.h"

#include <stdio.h>

const char *exit_log_mode(unsigned priv)
{
    static const char *const names[] = { "U", "S", "?", "M" };

    return names[priv & 3];
}

static bool pte_read(void *context, uint64_t pa, uint64_t *pte)
{
    struct vm *vm = context;

    return vm->machine.ops->load(&vm->machine, pa, 8, pte) == STATUS_OK;
}

static bool pte_update(void *context, uint64_t pa, uint64_t expected,
                       uint64_t desired)
{
    (void)context;
    (void)pa;
    (void)expected;
    (void)desired;
    return false; /* a look changes nothing, and asks for nothing to change */
}

/* The guest has moved on; its page tables have not, in all likelihood. */
static bool fetch_half(struct vm *vm, const struct exit_record *e,
                       uint64_t va, uint64_t *half)
{
    const struct walk_memory mem = { vm, pte_read, pte_update };
    const struct walk_request q = {
        .csr = &vm->monitor.hart[e->hart].csr, .priv = e->priv,
        .access = ACCESS_FETCH, .va = va, .any_access = true,
    };
    struct walk_result r;
    const uint8_t *p = NULL;

    walk(&q, &mem, &r);
    if (r.ok)
        p = ram_pointer(&vm->board.bus.ram, r.pa, 2, false);
    if (r.ok && !p)
        p = bus_rom(&vm->board.bus, r.pa);
    if (!p)
        return false;
    *half = (uint64_t)p[0] | (uint64_t)p[1] << 8;
    return true;
}

uint32_t exit_log_instruction(struct vm *vm, const struct exit_record *e)
{
    uint64_t low, high = 0;

    if (e->insn)
        return e->insn;
    if (!fetch_half(vm, e, e->pc, &low))
        return 0;
    if ((low & 3) == 3 && !fetch_half(vm, e, e->pc + 2, &high))
        return 0;
    return (uint32_t)(low | high << 16);
}

static int format_deed(const struct exit_record *e, char *buf, size_t size)
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
    const char *cause = e->guest.cause & CAUSE_INTERRUPT
        ? "interrupt pending" : cause_name(e->host.cause);
    uint32_t raw = exit_log_instruction(vm, e);
    char where[80], text[80] = "", deed[128];
    int n;

    symbols_format(l->symbols, e->pc, where, sizeof where);
    if (raw)
        disassemble(l->disassembler, raw, e->pc, text, sizeof text);
    format_deed(e, deed, sizeof deed);
    n = snprintf(buf, size, "%llu %u %s %#llx <%s> %s | %s | %s",
                 (unsigned long long)e->count, e->hart,
                 exit_log_mode(e->priv), (unsigned long long)e->pc, where,
                 text, cause, deed);
    return n < 0 ? 0 : (size_t)n < size ? (size_t)n : size - 1;
}
