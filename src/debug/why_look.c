/*
 * What comes next, in the order of the machine: an interrupt; the fetch, by
 * halfwords; what the instruction may; what it accesses.
 */
#include "debug/why_look.h"

#include "debug/why_access.h"
#include "isa/alu.h"
#include "isa/branch.h"
#include "isa/hole.h"
#include "machine/bare.h"
#include "vmm/vm.h"

static bool is_attached(struct machine *m, unsigned hart)
{
    struct bare *bare = bare_from(m);
    struct vm *vm = vm_from(m);

    return bare ? bare->hart[hart].attached
                : vm && vm->monitor.hart[hart].attached;
}

static bool is_waiting(struct machine *m, unsigned hart)
{
    struct bare *bare = bare_from(m);
    struct vm *vm = vm_from(m);

    return (bare ? bare->hart[hart].waiting : vm->monitor.hart[hart].waiting) &&
           !interrupt_wakes(why_board(m)->csr[hart]);
}

/* Where trap `t` would lead a hart whose state is `c`. */
static void enter(struct why_entry *e, struct why_look *l,
                  const struct csr_file *c, struct trap t, uint64_t pc)
{
    e->trap = t;
    e->pc = pc;
    e->route = trap_route(c, t.cause);
    e->to_monitor =
        e->route != ROUTE_DELEGATED && is_attached(l->machine, l->hart);
    e->after = *c;
    e->handler = trap_enter(&e->after, t, pc);
}

static void raise(struct why_look *l, enum why_rule rule, unsigned reason,
                  uint64_t cause, uint64_t tval)
{
    l->rule = (uint8_t)rule;
    l->reason = (uint8_t)reason;
    l->traps = true;
    enter(&l->entry, l, &l->csr, (struct trap){ cause, tval }, l->pc);
}

static void raise_illegal(struct why_look *l, enum why_rule rule,
                          unsigned reason)
{
    raise(l, rule, reason, CAUSE_ILLEGAL, l->insn.raw);
}

/* ---- accesses ---- */

static uint64_t fault_cause(const struct why_access *a)
{
    if (a->refusal == ACCESS_REFUSED_ALIGNED)
        return a->access == ACCESS_LOAD ? CAUSE_LOAD_MISALIGNED
                                        : CAUSE_STORE_MISALIGNED;
    return a->refusal == ACCESS_REFUSED_WALK ? a->walk.cause
                                             : access_fault_cause(a->access);
}

/* False: it is refused, and that has been noted. */
static bool try_access(struct why_look *l, enum why_rule rule,
                       enum why_kind_of_access kind, bool crosses,
                       struct why_access *a)
{
    why_access(l->machine, l->hart, &l->csr, kind, crosses, a);
    if (a->refusal == ACCESS_GOES)
        return true;
    raise(l, rule, a->refusal, fault_cause(a), a->va);
    if (a->refusal == ACCESS_ASKS_DEVICE) {
        l->traps = false;
        l->may_trap = true;
    }
    return false;
}

/* In as many pages as it lies. */
static void access_data(struct why_look *l, enum access access, uint64_t va,
                        uint64_t size, enum why_kind_of_access kind)
{
    uint64_t room = PAGE_SIZE - (va & PAGE_MASK);
    bool crosses = kind == ACCESS_PLAIN && size > room;

    l->size = size;
    l->accesses = crosses ? 2 : 1;
    l->data[0] = (struct why_access){ .access = access,
                                      .va = va,
                                      .size = crosses ? room : size };
    l->data[1] = (struct why_access){ .access = access,
                                      .va = va + room,
                                      .size = size - room };
    if (!try_access(l, RULE_DATA, kind, crosses, &l->data[0]))
        l->accesses = 1;
    else if (crosses)
        try_access(l, RULE_DATA, kind, crosses, &l->data[1]);
}

/* ---- by class ---- */

static void look_csr(struct why_look *l)
{
    struct csr_access a = csr_access_of(&l->insn, l->rs1);
    enum csr_refusal r = csr_refusal(&l->csr, a.csr, a.write);

    if (r != CSR_ALLOWED)
        raise_illegal(l, RULE_CSR, r);
}

/* An environment call's number is that of U-mode's plus the mode. */
static void look_system(struct why_look *l)
{
    enum system_refusal r = system_refusal(&l->csr, l->insn.op);

    if (l->insn.op == INSN_ecall)
        raise(l, RULE_ECALL, 0, CAUSE_ECALL_U + l->csr.priv, 0);
    else if (l->insn.op == INSN_ebreak)
        raise(l, RULE_EBREAK, 0, CAUSE_BREAKPOINT, l->pc);
    else if (r != SYSTEM_ALLOWED)
        raise_illegal(l, RULE_SYSTEM, r);
}

static bool is_fp(const struct insn *i)
{
    return insn_class(i->op) == CLASS_FP ||
           insn_format(i->op) == FORMAT_FP_LOAD ||
           insn_format(i->op) == FORMAT_FP_STORE;
}

static bool rounds(const struct insn *i)
{
    switch (insn_format(i->op)) {
    case FORMAT_FP_R_RM:
    case FORMAT_FP_R4:
    case FORMAT_FP_UNARY_RM:
    case FORMAT_FP_TO_X_RM:
    case FORMAT_X_TO_FP_RM:
        return true;
    default:
        return false;
    }
}

/* False: it is illegal as floating point. */
static bool look_fp(struct why_look *l)
{
    if (!is_fp(&l->insn))
        return true;
    if (fp_is_off(&l->csr))
        raise_illegal(l, RULE_FP_OFF, 0);
    else if (rounds(&l->insn) &&
             fp_rounding_reserved(fp_rounding(&l->csr, l->insn.rm)))
        raise_illegal(l, RULE_ROUNDING, 0);
    return l->rule == RULE_NONE;
}

static void look_access(struct why_look *l)
{
    struct access_shape s;

    if (!access_shape(l->insn.op, &s))
        return;
    access_data(l, s.is_store ? ACCESS_STORE : ACCESS_LOAD,
                l->rs1 + (uint64_t)l->insn.imm, s.size, ACCESS_PLAIN);
}

/* funct3 is 2 of words, 3 of double words. */
static void look_atomic(struct why_look *l)
{
    bool is_lr = l->insn.op == INSN_lr_w || l->insn.op == INSN_lr_d;

    access_data(l, is_lr ? ACCESS_LOAD : ACCESS_STORE, l->rs1,
                UINT64_C(1) << bits_of(l->insn.raw, 14, 12), ACCESS_ATOMIC);
}

#define CACHE_BLOCK 64u

/*
 * cbo.zero is a store of the block. The others are "permitted whenever a load
 * or a store instruction is permitted to access the block"; of a device there
 * is nothing in a cache. Their faults are a store's.
 */
static void look_block(struct why_look *l)
{
    uint64_t va = l->rs1 & ~(uint64_t)(CACHE_BLOCK - 1);
    struct why_access load = { .access = ACCESS_LOAD,
                               .va = va,
                               .size = CACHE_BLOCK };
    enum cbo_refusal r = cbo_refusal(&l->csr, l->insn.op);

    if (r != CBO_ALLOWED) {
        raise_illegal(l, RULE_CBO, r);
        return;
    }
    if (l->insn.op == INSN_cbo_zero) {
        access_data(l, ACCESS_STORE, va, CACHE_BLOCK, ACCESS_BLOCK);
        return;
    }
    why_access(l->machine, l->hart, &l->csr, ACCESS_BLOCK, false, &load);
    if (load.refusal == ACCESS_GOES || load.refusal == ACCESS_REFUSED_PLACE) {
        l->data[l->accesses++] = load;
        l->size = CACHE_BLOCK;
        return;
    }
    access_data(l, ACCESS_STORE, va, CACHE_BLOCK, ACCESS_BLOCK);
    if (l->data[0].refusal == ACCESS_REFUSED_PLACE) {
        l->rule = RULE_NONE;
        l->traps = false;
    }
}

static void look_jump(struct why_look *l)
{
    const struct insn *i = &l->insn;

    if (insn_class(i->op) == CLASS_BRANCH &&
        !branch_taken(i->op, l->rs1, l->rs2))
        return;
    l->target = i->op == INSN_jalr ? (l->rs1 + (uint64_t)i->imm) & ~UINT64_C(1)
                                   : l->pc + (uint64_t)i->imm;
    if (target_misaligned(l->csr.isa, l->target))
        raise(l, RULE_TARGET, 0, CAUSE_FETCH_MISALIGNED, l->target);
}

static void look_class(struct why_look *l)
{
    switch (insn_class(l->insn.op)) {
    case CLASS_CSR:
        look_csr(l);
        break;
    case CLASS_SYSTEM:
        look_system(l);
        break;
    case CLASS_AMO:
        look_atomic(l);
        break;
    case CLASS_BRANCH:
    case CLASS_JUMP:
        look_jump(l);
        break;
    default:
        if (cbo_field(l->insn.op))
            look_block(l);
        else if (look_fp(l))
            look_access(l);
    }
}

/* ---- the instruction ---- */

static bool fetch_half(struct why_look *l, uint32_t *half)
{
    struct why_access *a = &l->fetch[l->fetches];
    const uint8_t *p;

    *a = (struct why_access){ .access = ACCESS_FETCH,
                              .va = l->pc + 2 * l->fetches,
                              .size = 2 };
    l->fetches++;
    if (!try_access(l, RULE_FETCH, ACCESS_PLAIN, false, a))
        return false;
    p = a->place == PLACE_RAM
            ? l->machine->ops->ram(l->machine, a->pa, 2, false)
            : bus_rom(&why_board(l->machine)->bus, a->pa);
    *half = p[0] | (uint32_t)p[1] << 8;
    return true;
}

/* The low two bits of a 32-bit instruction are 11. */
static bool fetch(struct why_look *l)
{
    uint32_t low, high = 0;

    if (!fetch_half(l, &low) || ((low & 3) == 3 && !fetch_half(l, &high)))
        return false;
    l->raw = low | high << 16;
    l->fetched = true;
    return true;
}

/* What traps on hardware as it should be need not on this one. */
static void consider_holes(struct why_look *l)
{
    struct hole_effect e;

    if (l->traps && l->fetched && l->csr.isa->holes &&
        (l->rule != RULE_DATA && l->rule != RULE_TARGET &&
         l->rule != RULE_EBREAK) &&
        hole_instead(&l->csr, l->raw, &e)) {
        l->traps = false;
        l->absorbed = true;
    }
}

static void look_instruction(struct why_look *l)
{
    struct machine *m = l->machine;

    if (!fetch(l))
        return;
    insn_decode(l->raw, l->csr.isa, &l->insn);
    l->rs1 = m->ops->reg_get(m, l->hart, REG_X0 + l->insn.rs1);
    l->rs2 = m->ops->reg_get(m, l->hart, REG_X0 + l->insn.rs2);
    if (l->insn.op == INSN_illegal)
        raise_illegal(l, RULE_ENCODING, 0);
    else
        look_class(l);
    consider_holes(l);
}

/* The hart's CSRs as they are: a virtual hart's FS and fcsr, and the time, are
   brought up to date by asking for them. */
static struct csr_file csr_of(struct machine *m, unsigned hart)
{
    uint64_t fcsr = 0, mstatus;
    struct csr_file c;

    m->ops->csr_get(m, hart, CSR_mstatus, &mstatus);
    m->ops->csr_get(m, hart, CSR_fcsr, &fcsr);
    c = *why_board(m)->csr[hart];
    c.fcsr = fcsr;
    return c;
}

void why_look(struct why_look *l, struct machine *m, unsigned hart)
{
    *l = (struct why_look){ .machine = m, .hart = hart };
    if (!why_board(m))
        return;
    l->before = l->csr = csr_of(m, hart);
    l->pc = m->ops->reg_get(m, hart, REG_PC);
    l->waits = is_waiting(m, hart);
    l->executes = !l->waits;
    interrupt_look(&l->before, &l->interrupts);
    if (l->interrupts.cause && !l->waits) {
        enter(&l->interrupt, l, &l->before,
              (struct trap){ l->interrupts.cause, 0 }, l->pc);
        l->executes = !l->interrupt.to_monitor;
        l->csr = l->interrupt.after;
        l->pc = l->interrupt.handler;
    }
    if (l->executes)
        look_instruction(l);
}
