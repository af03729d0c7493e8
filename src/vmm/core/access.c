/*
 * Loads, stores, atomics and cache-block operations carried out for the guest:
 * on a device, or on memory that cannot be mapped (a PMP boundary in the page;
 * data under MPRV behind the address of the running code).
 */
#include "vmm/core/vhart.h"

/* One access, at most two pages of it. */
struct part {
    uint64_t va, gpa;
    unsigned size;  /* bytes */
    bool memory;    /* else a device's, or nothing */
};

struct operation {
    struct insn insn;
    enum access access;
    uint64_t va;
    unsigned size;
    unsigned parts;
    struct part part[2];
};

static void fault(struct monitor *m, unsigned hart, uint64_t cause,
                  uint64_t va)
{
    exit_inject(m, hart, (struct trap){ cause, va });
}

/* The page as the shadow keeps it, if it does for such an access. */
static bool locate_kept(struct monitor *m, unsigned hart,
                        const struct operation *o, struct part *p)
{
    uint64_t leaf = shadow_leaf(m, hart, m->hart[hart].space, p->va);
    uint64_t hpa = field_get(leaf, PTE_PPN) << PAGE_SHIFT;

    if (!(leaf & (o->access == ACCESS_LOAD ? PTE_R : PTE_W)) ||
        !p2m_reverse(&m->p2m, hpa, &p->gpa))
        return false;
    p->gpa |= p->va & PAGE_MASK;
    p->memory = true;
    return true;
}

static bool locate_part(struct monitor *m, unsigned hart,
                        const struct operation *o, struct part *p)
{
    const struct csr_file *c = &m->hart[hart].csr;
    struct walk_result r;
    uint64_t hpa;
    bool writable;

    if (locate_kept(m, hart, o, p))
        return true;
    guest_walk(m, hart, o->access, p->va, &r);
    if (!r.ok) {
        fault(m, hart, r.cause, p->va);
        return false;
    }
    if (!pmp_permits(c, csr_data_priv(c), r.pa, p->size, o->access)) {
        fault(m, hart, access_fault_cause(o->access), p->va);
        return false;
    }
    p->gpa = r.pa;
    /* To data accesses ROM is a device. */
    p->memory = p2m_lookup(&m->p2m, r.pa, &hpa, &writable) && writable;
    return true;
}

/*
 * Translates all of it before anything is done, page by page: what lies in two
 * must be memory. False: a fault was injected.
 */
static bool locate(struct monitor *m, unsigned hart, struct operation *o)
{
    unsigned first = (unsigned)(PAGE_SIZE - (o->va & PAGE_MASK));

    o->parts = o->size > first ? 2 : 1;
    o->part[0] = (struct part){ .va = o->va, .size = o->size };
    if (o->parts == 2) {
        o->part[0].size = first;
        o->part[1] = (struct part){
            .va = o->va + first, .size = o->size - first
        };
    }
    for (unsigned i = 0; i < o->parts; i++) {
        if (!locate_part(m, hart, o, &o->part[i]))
            return false;
        if (o->parts == 2 && !o->part[i].memory) {
            fault(m, hart, access_fault_cause(o->access), o->part[i].va);
            return false;
        }
    }
    m->hart[hart].exit.gpa = o->part[0].gpa;
    return true;
}

/* Device registers are accessed whole and aligned, and by plain loads and
   stores only (PMA of I/O regions). */
static bool refuse_device(struct monitor *m, unsigned hart,
                          const struct operation *o, bool plain)
{
    if (o->part[0].memory || (plain && (o->va & (o->size - 1)) == 0))
        return false;
    fault(m, hart, access_fault_cause(o->access), o->va);
    return true;
}

static bool read_parts(struct monitor *m, const struct operation *o,
                       uint64_t *v)
{
    uint64_t high = 0;

    if (!guest_read(m, o->part[0].gpa, o->part[0].size, v))
        return false;
    if (o->parts == 1)
        return true;
    if (!guest_read(m, o->part[1].gpa, o->part[1].size, &high))
        return false;
    *v |= high << (8 * o->part[0].size);
    return true;
}

static bool write_parts(struct monitor *m, const struct operation *o,
                        uint64_t v)
{
    if (!guest_write(m, o->part[0].gpa, o->part[0].size, v))
        return false;
    return o->parts == 1 ||
           guest_write(m, o->part[1].gpa, o->part[1].size,
                       v >> (8 * o->part[0].size));
}

static bool move_in(struct monitor *m, unsigned hart,
                    const struct operation *o, uint64_t *v)
{
    struct vhart *vh = &m->hart[hart];

    if (o->part[0].memory)
        return read_parts(m, o, v);
    world_sync_time(m, hart);
    vh->exit.action = EXIT_DEVICE;
    return m->env.load(m->env.context, o->part[0].gpa, o->size, v) ==
           STATUS_OK;
}

static bool move_out(struct monitor *m, unsigned hart,
                     const struct operation *o, uint64_t v)
{
    struct vhart *vh = &m->hart[hart];

    if (o->part[0].memory)
        return write_parts(m, o, v);
    world_sync_time(m, hart);
    vh->exit.action = EXIT_DEVICE;
    return m->env.store(m->env.context, o->part[0].gpa, o->size, v) ==
           STATUS_OK;
}

static void finish_load(struct monitor *m, unsigned hart,
                        const struct operation *o,
                        const struct access_shape *s, uint64_t v)
{
    struct vhart *vh = &m->hart[hart];

    if (s->is_signed)
        v = (uint64_t)sign_extend(v, 8 * s->size);
    if (!s->is_fp) {
        set_xreg(m, hart, o->insn.rd, v);
        return;
    }
    if (s->size == 4)
        v |= MASK(63, 32); /* NaN boxing */
    m->host->ops->reg_set(m->host, hart, REG_F0 + o->insn.rd, v);
    csr_mark_fs_dirty(&vh->csr);
    vh->world_changed = true;
}

static void plain(struct monitor *m, unsigned hart, struct operation *o,
                  const struct access_shape *s)
{
    uint64_t v = 0;
    bool done;

    o->va = xreg(m, hart, o->insn.rs1) + (uint64_t)o->insn.imm;
    o->size = s->size;
    o->access = s->is_store ? ACCESS_STORE : ACCESS_LOAD;
    if (!locate(m, hart, o) || refuse_device(m, hart, o, true))
        return;
    if (s->is_store) {
        v = m->host->ops->reg_get(m->host, hart,
                                  (s->is_fp ? REG_F0 : REG_X0) + o->insn.rs2);
        done = move_out(m, hart, o, v);
    } else {
        done = move_in(m, hart, o, &v);
    }
    if (!done) {
        fault(m, hart, access_fault_cause(o->access), o->va);
        return;
    }
    if (!s->is_store)
        finish_load(m, hart, o, s, v);
    exit_retire(m, hart, o->insn.length);
}

static bool is_lr(unsigned op)
{
    return op == INSN_lr_w || op == INSN_lr_d;
}

static bool is_sc(unsigned op)
{
    return op == INSN_sc_w || op == INSN_sc_d;
}

/* LR and SC work on the host hart's own reservation. */
static void reserve(struct monitor *m, unsigned hart, uint64_t gpa)
{
    uint64_t hpa;
    bool writable;

    p2m_lookup(&m->p2m, gpa, &hpa, &writable);
    m->host->ops->reg_set(m->host, hart, REG_RESERVATION, hpa);
}

static bool take_reservation(struct monitor *m, unsigned hart, uint64_t gpa)
{
    uint64_t held = m->host->ops->reg_get(m->host, hart, REG_RESERVATION);
    uint64_t hpa;
    bool writable;

    p2m_lookup(&m->p2m, gpa, &hpa, &writable);
    m->host->ops->reg_set(m->host, hart, REG_RESERVATION, RESERVATION_NONE);
    return held == hpa;
}

static void atomic(struct monitor *m, unsigned hart, struct operation *o)
{
    unsigned op = o->insn.op;
    uint64_t operand = xreg(m, hart, o->insn.rs2);
    uint64_t gpa, old = 0;

    o->va = xreg(m, hart, o->insn.rs1);
    o->size = 1u << bits_of(o->insn.raw, 14, 12); /* funct3: 2 W, 3 D */
    o->access = is_lr(op) ? ACCESS_LOAD : ACCESS_STORE;
    if (o->va & (o->size - 1)) {
        fault(m, hart, is_lr(op) ? CAUSE_LOAD_MISALIGNED
                                 : CAUSE_STORE_MISALIGNED, o->va);
        return;
    }
    if (!locate(m, hart, o) || refuse_device(m, hart, o, false))
        return;
    gpa = o->part[0].gpa;
    if (is_sc(op)) {
        old = !take_reservation(m, hart, gpa);
        if (!old)
            write_parts(m, o, operand);
    } else {
        read_parts(m, o, &old);
        old = (uint64_t)sign_extend(old, 8 * o->size);
        if (is_lr(op))
            reserve(m, hart, gpa);
        else
            write_parts(m, o, amo_compute(op, old, operand));
    }
    set_xreg(m, hart, o->insn.rd, old);
    exit_retire(m, hart, o->insn.length);
}

#define CACHE_BLOCK 64u

/* A whole block in memory. */
static void zero_block(struct monitor *m, unsigned hart, struct operation *o)
{
    o->access = ACCESS_STORE;
    if (!locate(m, hart, o) || refuse_device(m, hart, o, false))
        return;
    for (unsigned i = 0; i < CACHE_BLOCK; i += 8)
        guest_write(m, o->part[0].gpa + i, 8, 0);
    exit_retire(m, hart, o->insn.length);
}

/*
 * cbo.clean, flush and inval: "permitted whenever a load or a store instruction
 * is permitted to access the block"; a fault is a store's. D stays as it is. A
 * device has no cache, and nothing is to be done.
 */
static void manage_block(struct monitor *m, unsigned hart, struct operation *o)
{
    const struct csr_file *c = &m->hart[hart].csr;
    struct walk_result r;

    guest_walk(m, hart, ACCESS_LOAD, o->va, &r);
    o->access = ACCESS_STORE;
    if ((r.ok && pmp_permits(c, csr_data_priv(c), r.pa, o->size,
                             ACCESS_LOAD)) || locate(m, hart, o))
        exit_retire(m, hart, o->insn.length);
}

static bool cache_block(struct monitor *m, unsigned hart, struct operation *o)
{
    o->va = xreg(m, hart, o->insn.rs1) & ~(uint64_t)(CACHE_BLOCK - 1);
    o->size = CACHE_BLOCK;
    if (o->insn.op == INSN_cbo_zero)
        zero_block(m, hart, o);
    else if (access_manages_cache(o->insn.op))
        manage_block(m, hart, o);
    else
        return false;
    return true;
}

bool access_manages_cache(unsigned op)
{
    return op == INSN_cbo_clean || op == INSN_cbo_flush ||
           op == INSN_cbo_inval;
}

void access_emulate(struct monitor *m, unsigned hart)
{
    struct vhart *v = &m->hart[hart];
    struct operation o = { 0 };
    struct access_shape s;
    uint32_t raw;

    v->exit.action = EXIT_MEMORY;
    if (!guest_fetch(m, hart, &raw)) {
        v->exit.action = EXIT_FILLED;
        return;
    }
    v->exit.insn = raw;
    insn_decode(raw, v->csr.isa, &o.insn);
    if (access_shape(o.insn.op, &s))
        plain(m, hart, &o, &s);
    else if (insn_class(o.insn.op) == CLASS_AMO)
        atomic(m, hart, &o);
    else if (!cache_block(m, hart, &o)) {
        /* The host has executed another instruction, of before the guest
           changed its tables. */
        guest_refetch(m, hart);
        v->exit.action = EXIT_FILLED;
    }
}
