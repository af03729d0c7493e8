/*
 * Privileged instructions, emulated: the instruction is decoded with isa/ and
 * carried out by isa/'s own functions on the virtual hart's csr_file, in its
 * virtual mode. What that mode may not do is injected as the illegal
 * instruction it is.
 */
#include "vmm/core/vhart.h"

/* Returns false where the instruction is illegal in the virtual mode. */
typedef bool emulator(struct monitor *, unsigned, const struct insn *);

static bool emulate_csr(struct monitor *m, unsigned hart, const struct insn *i)
{
    struct vhart *v = &m->hart[hart];
    struct csr_access a = csr_access_of(i, xreg(m, hart, i->rs1));
    uint64_t rd;
    unsigned effects;

    world_sync_fs(m, hart);
    world_sync_time(m, hart);
    if (!csr_execute(&v->csr, &a, &rd, &effects))
        return false;
    if (effects)
        world_csr_effects(m, hart, effects);
    set_xreg(m, hart, i->rd, rd);
    exit_retire(m, hart, i->length);
    return true;
}

/* pc is where the return goes; the instruction retires without moving it. */
static void returned(struct monitor *m, unsigned hart, uint64_t pc)
{
    m->host->ops->reg_set(m->host, hart, REG_PC, pc);
    m->hart[hart].world_changed = true;
    exit_retire(m, hart, 0);
}

static bool emulate_mret(struct monitor *m, unsigned hart,
                         const struct insn *i)
{
    (void)i;
    returned(m, hart, trap_mret(&m->hart[hart].csr));
    return true;
}

static bool emulate_sret(struct monitor *m, unsigned hart,
                         const struct insn *i)
{
    (void)i;
    returned(m, hart, trap_sret(&m->hart[hart].csr));
    return true;
}

static bool emulate_wfi(struct monitor *m, unsigned hart, const struct insn *i)
{
    struct vhart *v = &m->hart[hart];

    exit_retire(m, hart, i->length);
    v->waiting = !interrupt_wakes(&v->csr);
    return true;
}

static bool emulate_fence(struct monitor *m, unsigned hart,
                          const struct insn *i)
{
    uint64_t va = xreg(m, hart, i->rs1);
    uint64_t asid = bits_of(xreg(m, hart, i->rs2), 15, 0);

    shadow_fence(m, hart, i->rs1 ? &va : NULL, i->rs2 ? &asid : NULL);
    exit_retire(m, hart, i->length);
    return true;
}

/* sfence.w.inval, sfence.inval.ir: sinval.vma has done the work already. */
static bool emulate_order(struct monitor *m, unsigned hart,
                          const struct insn *i)
{
    exit_retire(m, hart, i->length);
    return true;
}

static emulator *const emulators[INSN_COUNT] = {
    [INSN_csrrw] = emulate_csr,
    [INSN_csrrs] = emulate_csr,
    [INSN_csrrc] = emulate_csr,
    [INSN_csrrwi] = emulate_csr,
    [INSN_csrrsi] = emulate_csr,
    [INSN_csrrci] = emulate_csr,
    [INSN_mret] = emulate_mret,
    [INSN_sret] = emulate_sret,
    [INSN_wfi] = emulate_wfi,
    [INSN_sfence_vma] = emulate_fence,
    [INSN_sinval_vma] = emulate_fence,
    [INSN_sfence_w_inval] = emulate_order,
    [INSN_sfence_inval_ir] = emulate_order,
};

static const struct insn *decode(struct monitor *m, unsigned hart,
                                 uint32_t raw)
{
    /* funct12 or the CSR, and rd, tell these instructions apart best. */
    struct decoded *d = &m->decoded[(raw >> 20 ^ raw >> 7) % DECODED];

    if (d->raw != raw || raw == 0) {
        insn_decode(raw, m->hart[hart].csr.isa, &d->insn);
        d->raw = raw;
    }
    return &d->insn;
}

void emulate_illegal(struct monitor *m, unsigned hart, const struct trap *t)
{
    struct vhart *v = &m->hart[hart];
    uint32_t raw = (uint32_t)t->tval;
    const struct insn *i;

    /* A machine may report zero instead of the bits (mtval). */
    if (raw == 0 && !guest_fetch(m, hart, &raw)) {
        v->exit.action = EXIT_FILLED;
        return;
    }
    v->exit.insn = raw;
    v->exit.action = EXIT_EMULATED;
    i = decode(m, hart, raw);
    v->emulated = emulators[i->op] && system_permitted(&v->csr, i->op) &&
                  emulators[i->op](m, hart, i);
    if (!v->emulated)
        exit_inject(m, hart, (struct trap){ CAUSE_ILLEGAL, i->raw });
}

/* The instruction at pc, if its page is mapped for execution, whole; the bits
   are those that the host would execute. 0: look no further. */
static uint32_t peek(struct monitor *m, unsigned hart)
{
    uint64_t pc = pc_of(m, hart);
    uint64_t leaf = shadow_leaf_near(m, hart, m->hart[hart].space, pc);
    uint64_t hpa = (field_get(leaf, PTE_PPN) << PAGE_SHIFT) | (pc & PAGE_MASK);
    const uint8_t *p;

    if (!(leaf & PTE_X) || (pc & PAGE_MASK) > PAGE_SIZE - 4 ||
        world_window(m, hart, hpa))
        return 0;
    p = m->host->ops->ram(m->host, hpa, 4, false);
    return p ? p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24 : 0;
}

/* fcsr is the host's own, and accessed without a trap. */
static bool traps(const struct insn *i)
{
    return emulators[i->op] &&
           !(insn_class(i->op) == CLASS_CSR && i->imm >= CSR_fflags &&
             i->imm <= CSR_fcsr);
}

bool emulate_ahead(struct monitor *m, unsigned hart, struct trap *t)
{
    struct vhart *v = &m->hart[hart];
    uint32_t raw;

    /* On hardware with holes it need not trap: only running it will say. */
    if (!v->emulated || v->world_changed || m->host->isa->holes || m->env.stop)
        return false;
    raw = peek(m, hart);
    /* Of the opcode SYSTEM, or the decoder need not be asked. */
    if ((raw & 0x7f) != 0x73 || !traps(decode(m, hart, raw)))
        return false;
    *t = (struct trap){ CAUSE_ILLEGAL, raw };
    return true;
}
