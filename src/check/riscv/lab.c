/* A lab: set up, run one instruction, look at what became of it. */
#include "check/riscv/lab_inside.h"

#include <stdlib.h>
#include <string.h>

#define KEPT_PAGES (PAGES + 1) /* and the guest's leaf table */
struct lab *lab_new(const struct isa *isa)
{
    struct lab *lab = calloc(1, sizeof *lab);

    if (!lab)
        return NULL;
    lab->isa = lab->manual = *isa;
    lab->manual.holes = 0;
    bus_init(&lab->bus);
    clock_init(&lab->bus.clock);
    lab->kept = malloc(KEPT_PAGES * 4096u);
    if (lab->kept &&
        ram_init(&lab->bus.ram, GUEST_BASE, FRAMES * 4096u) == STATUS_OK) {
        lab->engine = engine_new(&lab->bus, &lab->isa);
        if (lab->engine && hart_init(&lab->hart, 0, &lab->isa, &lab->bus,
                                     lab->engine, GUEST_BASE) == STATUS_OK)
            return lab;
    }
    lab_free(lab);
    return NULL;
}

void lab_free(struct lab *lab)
{
    if (!lab)
        return;
    if (lab->hart.private_)
        hart_free(&lab->hart);
    engine_free(lab->engine);
    if (lab->bus.ram.bytes)
        ram_free(&lab->bus.ram);
    free(lab->kept);
    free(lab);
}

/* Keys that are a register of struct csr_file as it stands. */
static const struct {
    uint8_t key;
    uint16_t offset;
} plain[] = {
#define PLAIN(key, name)                                                       \
    {                                                                          \
        STATE_##key, offsetof(struct csr_file, name)                           \
    }
    PLAIN(mcounteren, mcounteren),
    PLAIN(scounteren, scounteren),
    PLAIN(senvcfg, senvcfg),
    PLAIN(hartid, hartid),
    PLAIN(count, count),
    PLAIN(instret, instret),
    PLAIN(cycle_offset, cycle_offset),
    PLAIN(instret_offset, instret_offset),
    PLAIN(mideleg, mideleg),
    PLAIN(mie_csr, mie),
    PLAIN(mip, mip),
    PLAIN(mtvec, mtvec),
    PLAIN(mscratch, mscratch),
    PLAIN(mepc, mepc),
    PLAIN(mcause, mcause),
    PLAIN(mtval, mtval),
    PLAIN(stvec, stvec),
    PLAIN(sscratch, sscratch),
    PLAIN(sepc, sepc),
    PLAIN(scause, scause),
    PLAIN(stval, stval),
    PLAIN(stimecmp, stimecmp),
#undef PLAIN
};
#define PLAINS (sizeof plain / sizeof plain[0])

static const struct {
    uint8_t key;
    uint64_t mask;
} status[] = {
    { STATE_sum, MSTATUS_SUM },   { STATE_mxr, MSTATUS_MXR },
    { STATE_mprv, MSTATUS_MPRV }, { STATE_sie, MSTATUS_SIE },
    { STATE_mie, MSTATUS_MIE },   { STATE_spie, MSTATUS_SPIE },
    { STATE_mpie, MSTATUS_MPIE }, { STATE_spp, MSTATUS_SPP },
    { STATE_mpp, MSTATUS_MPP },   { STATE_fs, MSTATUS_FS },
    { STATE_tvm, MSTATUS_TVM },   { STATE_tw, MSTATUS_TW },
    { STATE_tsr, MSTATUS_TSR },
};
#define STATUS_FIELDS (sizeof status / sizeof status[0])

static uint64_t *csr_at(struct csr_file *c, size_t offset)
{
    return (uint64_t *)(void *)((char *)c + offset);
}

/* All but what the mapping rules. */
static void set_csrs(struct lab *lab)
{
    const uint64_t *v = lab->state.v;
    struct csr_file *c = &lab->csr;

    for (size_t i = 0; i < PLAINS; i++)
        *csr_at(c, plain[i].offset) = v[plain[i].key];
    for (size_t i = 0; i < STATUS_FIELDS; i++)
        c->mstatus = field_set(c->mstatus, status[i].mask, v[status[i].key]);
    c->mstatus = bits_merge(
        c->mstatus, v[STATE_fs] == FS_DIRTY ? MSTATUS_SD : 0, MSTATUS_SD);
    c->priv = (uint8_t)v[STATE_mode];
    c->menvcfg = v[STATE_menvcfg];
    if (v[STATE_adue])
        c->menvcfg |= MENVCFG_ADUE;
    c->fcsr = field_set(field_set(0, FCSR_FRM, v[STATE_frm]), FCSR_FFLAGS,
                        v[STATE_fflags]);
}

/* The physical address of what the guest names, or 0. */
static uint64_t reservation_of(const struct lab *lab)
{
    const struct machine_state *s = &lab->state;
    uint64_t va = s->v[STATE_reservation];
    uint64_t page = (va - GUEST_BASE) / 4096;
    bool translated =
        s->v[STATE_paging] != SATP_BARE && state_guest_mode(s) != PRIV_M;
    unsigned frame;

    if (page >= PAGES)
        return 0;
    frame = translated ? lab_page_frame(s, (unsigned)page)
                       : lab_guest_frame(s, (unsigned)page);
    return GUEST_BASE + 4096u * frame + va % 4096;
}

static void set_registers(struct lab *lab)
{
    const uint64_t *v = lab->state.v;

    memcpy(lab->x + 1, v + STATE_x1, 31 * sizeof *v);
    memcpy(lab->f, v + STATE_f0, sizeof lab->f);
    lab->reservation = reservation_of(lab);
    lab->bus.clock.time_offset = v[STATE_time];
}

void lab_set_registers(struct lab *lab, const struct machine_state *s)
{
    uint64_t mapping =
        lab->csr.mstatus & (MSTATUS_SUM | MSTATUS_MXR | MSTATUS_MPRV);

    lab->state = *s;
    set_csrs(lab);
    lab->csr.mstatus = bits_merge(lab->csr.mstatus, mapping,
                                  MSTATUS_SUM | MSTATUS_MXR | MSTATUS_MPRV);
    set_registers(lab);
}

uint8_t *lab_leaf_table(const struct lab *lab)
{
    unsigned levels = satp_levels(lab->state.v[STATE_paging]);

    if (!levels)
        return NULL;
    return lab_frame(lab,
                     lab_guest_frame(&lab->state, FRAME_TABLE + levels - 1));
}

/* What the pages hold follows from their number, wherever they are. */
static void fill_pages(struct lab *lab)
{
    const struct machine_state *s = &lab->state;
    const uint8_t *table;

    memset(lab->page_of, PAGES, sizeof lab->page_of);
    for (unsigned f = PAGES; f < FRAME_TABLE; f++)
        memset(lab_frame(lab, lab_guest_frame(s, f)), 0, 4096);
    for (unsigned page = 0; page < PAGES; page++) {
        unsigned frame = lab_page_frame(s, page);
        uint64_t *kept = (uint64_t *)(void *)(lab->kept + 4096u * page);

        lab->page_of[frame] = (uint8_t)page;
        for (unsigned i = 0; i < 512; i++)
            kept[i] = s->v[STATE_data] * (512 * page + i + 1);
        memcpy(
            ram_pointer(&lab->bus.ram, GUEST_BASE + 4096u * frame, 4096, true),
            kept, 4096);
    }
    table = lab_leaf_table(lab);
    if (table)
        memcpy(lab->kept + 4096u * PAGES, table, 4096);
}

void lab_set(struct lab *lab, const struct machine_state *s,
             enum riscv_condition without)
{
    lab->state = *s;
    lab->without = without;
    csr_reset(&lab->csr, &lab->isa, 0);
    set_csrs(lab);
    lab_map(lab);
    set_registers(lab);
    fill_pages(lab);
    lab_probe_set(lab);
    lab->word = LAB_NO_WORD;
    lab->hart.csr = lab->csr;
    hart_changed(&lab->hart, ~0u);
    hart_fence(&lab->hart, NULL, NULL);
}

bool lab_is_code(const struct lab *lab, unsigned page)
{
    return GUEST_BASE + 4096u * lab_page_frame(&lab->state, page) ==
           lab->code_pa;
}

/* Puts memory right after a run that may have changed it. */
static void restore_memory(struct lab *lab)
{
    uint8_t *table = lab_leaf_table(lab);

    for (unsigned page = 0; page < PAGES; page++) {
        uint8_t *at = lab_frame(lab, lab_page_frame(&lab->state, page));

        if (!lab_is_code(lab, page) &&
            memcmp(at, lab->kept + 4096u * page, 4096) != 0)
            memcpy(at, lab->kept + 4096u * page, 4096);
    }
    /* A and D: the engine need not look at them again without a fence. */
    if (table && memcmp(table, lab->kept + 4096u * PAGES, 4096) != 0) {
        memcpy(table, lab->kept + 4096u * PAGES, 4096);
        hart_fence(&lab->hart, NULL, NULL);
    }
}

static void reset_hart(struct lab *lab)
{
    struct hart *h = &lab->hart;

    memcpy(h->x, lab->x, sizeof h->x);
    memcpy(h->f, lab->f, sizeof h->f);
    h->csr = lab->csr;
    h->waiting = false;
    h->attached = true;
    h->reserved = lab->reservation != 0;
    h->reservation = lab->reservation;
    h->bus->attention = false;
    h->bus->clock.changed = false;
}

/* Counts go on with every instruction, trapped or not: that is time, of which
   equivalence says nothing. fcsr is the guest's, FS if it is merged. */
static bool owned_changed(const struct lab *lab)
{
    const struct csr_file *after = &lab->hart.csr;
    struct csr_file before = lab->csr;

    before.count = after->count;
    before.instret = after->instret;
    before.time = after->time;
    before.fcsr = after->fcsr;
    if (lab_fs_is_guests(lab))
        before.mstatus =
            bits_merge(before.mstatus, after->mstatus, MSTATUS_FS | MSTATUS_SD);
    return memcmp(&before, after, sizeof before) != 0 || lab->hart.waiting;
}

static void put_instruction(struct lab *lab, uint32_t word)
{
    unsigned length = (word & 3) == 3 ? 4 : 2;
    uint64_t offset = 4096 - length;

    if (lab->word != word)
        memcpy(ram_pointer(&lab->bus.ram, lab->code_pa + offset, length, true),
               &word, length);
    lab->word = word;
    lab->hart.pc = GUEST_BASE + offset;
}

static struct outcome run_once(struct lab *lab, uint32_t word, unsigned options)
{
    struct outcome o = { .kind = RUN_RETIRED };
    struct stop stop;

    if (options & LAB_MEMORY)
        restore_memory(lab);
    if (options & LAB_PROBE)
        lab_probe_begin(lab);
    reset_hart(lab);
    put_instruction(lab, word);
    stop = hart_run(&lab->hart, 1);
    if (stop.reason == STOP_TRAP) {
        o.trap = stop.trap;
        o.kind =
            cause_is_memory(stop.trap.cause) ? RUN_MEMORY_TRAPPED : RUN_TRAPPED;
        return o;
    }
    if (options & LAB_PROBE)
        o.flushed = lab_probe_end(lab);
    o.owned = o.flushed || owned_changed(lab);
    return o;
}

/* A hart may drop what it has cached whenever it likes, and does when the
   memory for decoded code is full. An instruction that drops translations does
   so every time. */
struct outcome lab_run(struct lab *lab, uint32_t word, unsigned options)
{
    struct outcome o = run_once(lab, word, options);

    return o.flushed ? run_once(lab, word, options) : o;
}

uint64_t lab_value(const struct lab *lab, enum state_key k)
{
    const struct csr_file *c = &lab->hart.csr;

    for (size_t i = 0; i < PLAINS; i++)
        if (plain[i].key == k)
            return *csr_at((struct csr_file *)(uintptr_t)c, plain[i].offset);
    for (size_t i = 0; i < STATUS_FIELDS; i++)
        if (status[i].key == k)
            return field_get(c->mstatus, status[i].mask);
    if (k >= STATE_f0)
        return lab->hart.f[k - STATE_f0];
    if (k >= STATE_x1)
        return lab->hart.x[k - STATE_x1 + 1];
    switch (k) {
    case STATE_mode:
        return c->priv;
    case STATE_paging:
        return lab->state.v[STATE_view] == VIEW_OWN
                   ? field_get(c->satp, SATP_MODE)
                   : lab->state.v[STATE_paging];
    case STATE_menvcfg:
        return c->menvcfg & ~MENVCFG_ADUE;
    case STATE_adue:
        return field_get(c->menvcfg, MENVCFG_ADUE);
    case STATE_frm:
        return field_get(c->fcsr, FCSR_FRM);
    case STATE_fflags:
        return field_get(c->fcsr, FCSR_FFLAGS);
    case STATE_reservation:
        return lab_reserved_page(lab);
    default:
        return lab->state.v[k];
    }
}
