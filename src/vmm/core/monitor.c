/*
 * Making a monitor, and running a virtual hart: the world switch loop. Between
 * two runs of the host hart the monitor delivers what is pending.
 */
#include "vmm/core/shadow_list.h"
#include "vmm/core/vhart.h"

static uint64_t page_align(uint64_t n)
{
    return (n + PAGE_MASK) & ~PAGE_MASK;
}

/* Byte sizes of the region's parts, each whole pages, in this order. */
struct layout {
    uint64_t pool, links, frames, first_leaf, meta, rom;
};

static struct layout layout_of(uint64_t ram_size, uint64_t rom_size,
                               unsigned harts)
{
    uint64_t pages = ram_size >> PAGE_SHIFT;
    uint64_t tables = (uint64_t)harts * shadow_tables(ram_size);

    return (struct layout){
        .pool = tables * PAGE_SIZE,
        .links = tables * PTES_PER_PAGE * sizeof(struct shadow_link),
        .frames = page_align(pages * sizeof(uint64_t)),
        .first_leaf = page_align(pages * sizeof(uint32_t)),
        .meta = page_align(tables * sizeof(struct translation_table)),
        .rom = page_align(rom_size),
    };
}

uint64_t monitor_region_size(uint64_t ram_size, uint64_t rom_size,
                             unsigned harts)
{
    struct layout l = layout_of(ram_size, rom_size, harts);

    return l.pool + l.links + l.frames + l.first_leaf + l.meta + l.rom;
}

static void init_p2m(struct p2m *p, const struct monitor_config *c)
{
    p->ram_gpa = c->ram_gpa;
    p->ram_pages = c->ram_size >> PAGE_SHIFT;
    p->rom_gpa = c->rom_gpa;
    p->rom_pages = page_align(c->rom_size) >> PAGE_SHIFT;
    for (uint64_t i = 0; i < p->ram_pages; i++) {
        p->frame[i] = c->ram_hpa + (i << PAGE_SHIFT);
        p->first_leaf[i] = P2M_NO_LEAF;
    }
}

static void init_tables(struct monitor *m, const struct monitor_config *c,
                        uint8_t *region)
{
    struct layout l = layout_of(c->ram_size, c->rom_size, c->harts);
    uint8_t *at = region + l.pool;

    m->pool_hpa = c->region_pa;
    m->pool = region;
    m->tables = (uint32_t)(l.pool / PAGE_SIZE);
    m->link = (struct shadow_link *)(void *)at;
    at += l.links;
    m->p2m.frame = (uint64_t *)(void *)at;
    at += l.frames;
    m->p2m.first_leaf = (uint32_t *)(void *)at;
    at += l.first_leaf;
    m->table = (struct translation_table *)(void *)at;
    at += l.meta;
    m->p2m.rom_hpa = c->region_pa + (uint64_t)(at - region);
    for (uint64_t i = 0; i < c->rom_size; i++)
        at[i] = c->rom[i];
    init_p2m(&m->p2m, c);
}

static void init_hart(struct monitor *m, unsigned hart, uint64_t reset_pc)
{
    struct vhart *v = &m->hart[hart];

    csr_reset(&v->csr, &m->isa, hart);
    shadow_init(m, hart, hart * (m->tables / m->harts));
    v->waiting = v->attached = v->stop_trap = v->emulated = v->step = false;
    v->stop_break = false;
    world_init(m, hart);
    for (unsigned r = 0; r < REG_PC; r++)
        m->host->ops->reg_set(m->host, hart, r, 0);
    m->host->ops->reg_set(m->host, hart, REG_PC, reset_pc);
    m->host->ops->reg_set(m->host, hart, REG_RESERVATION, RESERVATION_NONE);
}

enum status monitor_init(struct monitor *m, struct machine *host,
                         const struct core_env *env,
                         const struct monitor_config *c)
{
    uint8_t *region;

    if (c->harts < 1 || c->harts > host->harts ||
        c->harts > MONITOR_MAX_HARTS ||
        (c->region_pa | c->ram_hpa | c->ram_size) & PAGE_MASK ||
        c->asid < 1 ||
        c->asid + SHADOW_SPACES - 1 > field_get(UINT64_MAX, SATP_ASID) ||
        c->region_size < monitor_region_size(c->ram_size, c->rom_size,
                                             c->harts))
        return STATUS_BAD_ARGUMENT;
    region = host->ops->ram(host, c->region_pa, c->region_size, true);
    if (!region || !host->ops->ram(host, c->ram_hpa, c->ram_size, false))
        return STATUS_BAD_ARGUMENT;
    m->host = host;
    m->isa = (struct isa){ .ext = host->isa->ext };
    m->env = *env;
    m->harts = c->harts;
    m->asid = c->asid;
    m->stats = (struct core_stats){ 0 };
    for (unsigned i = 0; i < DECODED; i++)
        m->decoded[i].raw = 0;
    init_tables(m, c, region);
    for (unsigned h = 0; h < m->harts; h++)
        init_hart(m, h, c->reset_pc);
    return STATUS_OK;
}

/*
 * What comes before the next instruction: the end of a wait, an interrupt.
 * False: there is to be none, and *reason says why.
 */
static bool ready(struct monitor *m, unsigned hart, uint8_t *reason)
{
    struct vhart *v = &m->hart[hart];
    uint64_t cause;

    if (v->waiting && !interrupt_wakes(&v->csr)) {
        *reason = STOP_WAIT;
        return false;
    }
    v->waiting = false;
    cause = interrupt_choose(&v->csr);
    if (cause)
        exit_interrupt(m, hart, cause);
    return !v->stop_trap && !v->stop_break;
}

/* The host could not fetch, and now can, be it one half: the instruction has
   not been executed yet. */
static bool to_be_fetched(const struct vhart *v, const struct stop *s)
{
    return s->reason == STOP_TRAP && v->exit.action == EXIT_FILLED &&
           (s->trap.cause == CAUSE_FETCH_PAGE ||
            s->trap.cause == CAUSE_FETCH_ACCESS);
}

static void run_host(struct monitor *m, unsigned hart, uint64_t budget)
{
    struct vhart *v = &m->hart[hart];
    struct stop s;

    if (emulate_ahead(m, hart, &s.trap)) {
        m->stats.ahead++;
        exit_handle(m, hart, &s.trap);
        return;
    }
    world_enter(m, hart);
    s = m->host->ops->run(m->host, hart, v->step ? 1 : budget);
    v->csr.count += s.count;
    v->csr.instret += s.count;
    m->stats.direct += s.count;
    if (s.reason == STOP_TRAP)
        exit_handle(m, hart, &s.trap);
    else if (s.reason == STOP_BREAK)
        v->stop_break = true;
    if (v->step && !v->stop_break && !to_be_fetched(v, &s)) {
        world_unmap_windows(m, hart);
        v->step = false;
    }
}

struct stop monitor_run(struct monitor *m, unsigned hart, uint64_t budget)
{
    struct vhart *v = &m->hart[hart];
    uint64_t start = v->csr.count;
    struct stop stop = { .reason = STOP_LIMIT };

    while (v->csr.count - start < budget) {
        if (ready(m, hart, &stop.reason))
            run_host(m, hart, budget - (v->csr.count - start));
        else if (stop.reason == STOP_WAIT)
            break;
        if (v->stop_break) {
            v->stop_break = false;
            stop.reason = STOP_BREAK;
            break;
        }
        if (v->stop_trap) {
            v->stop_trap = false;
            stop.reason = STOP_TRAP;
            stop.trap = v->trap;
            break;
        }
        if (m->env.attention(m->env.context)) {
            stop.reason = STOP_EVENT;
            break;
        }
    }
    stop.count = v->csr.count - start;
    return stop;
}
