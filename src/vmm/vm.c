/* A virtual machine as a struct machine: the monitor's core and a board. */
#include "vmm/vm.h"

#include "vmm/core/shadow.h"

#include <stdlib.h>
#include <string.h>

static struct vm *vm_of(struct machine *m)
{
    return (struct vm *)(void *)m;
}

/* ---- siblings ---- */

/* The host's harts are this machine's from now on. */
static void take_host(struct vm *vm)
{
    struct vm_siblings *s = vm->siblings;

    if (!s || s->current == vm)
        return;
    if (s->current)
        monitor_suspend(&s->current->monitor);
    monitor_resume(&vm->monitor);
    s->current = vm;
}

/* The virtual machine `m`, which is to do something with its harts. */
static struct vm *active(struct machine *m)
{
    struct vm *vm = vm_of(m);

    take_host(vm);
    return vm;
}

/* ---- the board, as the core sees it ---- */

static enum status env_load(void *context, uint64_t gpa, unsigned size,
                            uint64_t *v)
{
    struct vm *vm = context;

    return bus_load(&vm->board.bus, gpa, size, v);
}

static enum status env_store(void *context, uint64_t gpa, unsigned size,
                             uint64_t v)
{
    struct vm *vm = context;

    return bus_store(&vm->board.bus, gpa, size, v);
}

static uint64_t env_time(void *context, uint64_t count)
{
    struct vm *vm = context;

    vm->board.bus.clock.now = count;
    return clock_time(&vm->board.bus.clock, count);
}

static void env_timer(void *context, unsigned hart)
{
    struct vm *vm = context;

    board_timer_update(&vm->board, hart);
}

static bool env_attention(void *context)
{
    const struct vm *vm = context;

    return vm->board.bus.attention || vm->board.bus.clock.changed;
}

static void env_exited(void *context, const struct exit_record *e)
{
    struct vm *vm = context;

    for (unsigned k = 0; k < vm->watchers; k++)
        vm->watch[k].watcher(vm->watch[k].context, vm, e);
}

static bool env_stop(void *context, unsigned hart, enum core_stop what,
                     const struct trap *t)
{
    struct vm *vm = context;

    return vm->stopper(vm->stop_context, vm, hart, what, t);
}

/* The guest's RAM, as the board's devices and loaders see it. */
static uint8_t *ram_lookup(void *context, uint64_t gpa, uint64_t len,
                           bool write)
{
    struct vm *vm = context;

    return monitor_ram(&vm->monitor, gpa, len, write);
}

/* What the guest does not need, the host need not have. */
static bool ram_discard_below(void *context, uint64_t gpa)
{
    struct vm *vm = context;
    const struct machine_ops *ops = vm->host->ops;
    uint64_t hpa;
    bool writable;

    return ops->discard &&
           p2m_lookup(&vm->monitor.p2m, gpa, &hpa, &writable) && writable &&
           ops->discard(vm->host, hpa, RAM_PAGE);
}

/* ---- struct machine_ops ---- */

static uint64_t vm_reg_get(struct machine *m, unsigned hart, unsigned reg)
{
    return monitor_reg_get(&active(m)->monitor, hart, reg);
}

static void vm_reg_set(struct machine *m, unsigned hart, unsigned reg,
                       uint64_t v)
{
    monitor_reg_set(&active(m)->monitor, hart, reg, v);
}

static enum status vm_csr_get(struct machine *m, unsigned hart, unsigned csr,
                              uint64_t *v)
{
    return monitor_csr_get(&active(m)->monitor, hart, csr, v);
}

static enum status vm_csr_set(struct machine *m, unsigned hart, unsigned csr,
                              uint64_t v)
{
    return monitor_csr_set(&active(m)->monitor, hart, csr, v);
}

static void vm_fence(struct machine *m, unsigned hart, const uint64_t *va,
                     const uint64_t *asid)
{
    shadow_fence(&vm_of(m)->monitor, hart, va, asid);
}

static void *vm_ram(struct machine *m, uint64_t pa, uint64_t len, bool write)
{
    return monitor_ram(&vm_of(m)->monitor, pa, len, write);
}

static bool vm_discard(struct machine *m, uint64_t pa, uint64_t len)
{
    return ram_discard(&vm_of(m)->board.bus.ram, pa, len);
}

static enum status vm_load(struct machine *m, uint64_t pa, unsigned size,
                           uint64_t *v)
{
    return bus_load(&vm_of(m)->board.bus, pa, size, v);
}

static enum status vm_store(struct machine *m, uint64_t pa, unsigned size,
                            uint64_t v)
{
    return bus_store(&vm_of(m)->board.bus, pa, size, v);
}

/* The boot ROM's contents go to the host pages that stand for it. */
static void fill_rom(struct vm *vm)
{
    const struct p2m *p = &vm->monitor.p2m;
    uint8_t *to =
        vm->host->ops->ram(vm->host, p->rom_hpa, p->rom_pages * RAM_PAGE, true);

    memcpy(to, vm->board.devices.rom.bytes,
           sizeof(vm->board.devices.rom.bytes));
    vm->started = true;
}

static struct stop vm_run(struct machine *m, unsigned hart, uint64_t budget)
{
    struct vm *vm = active(m);

    if (!vm->started)
        fill_rom(vm);
    return monitor_run(&vm->monitor, hart, budget);
}

static void vm_idle(struct machine *m, unsigned hart, uint64_t n)
{
    vm_of(m)->monitor.hart[hart].csr.count += n;
}

/* The boot ROM may have been loaded too. */
static void vm_hart_state(struct machine *m, unsigned hart, struct state *s)
{
    struct vm *vm = active(m);

    if (!s->saving)
        vm->started = false;
    monitor_hart_state(&vm->monitor, hart, s);
}

static void vm_attach(struct machine *m, unsigned hart, bool attached)
{
    vm_of(m)->monitor.hart[hart].attached = attached;
}

static const struct machine_ops vm_ops = {
    .reg_get = vm_reg_get,
    .reg_set = vm_reg_set,
    .csr_get = vm_csr_get,
    .csr_set = vm_csr_set,
    .fence = vm_fence,
    .ram = vm_ram,
    .discard = vm_discard,
    .load = vm_load,
    .store = vm_store,
    .run = vm_run,
    .idle = vm_idle,
    .hart_state = vm_hart_state,
    .attach = vm_attach,
};

/* ---- making one ---- */

uint64_t vm_host_memory(uint64_t memory, unsigned harts)
{
    return memory + monitor_region_size(memory, ROM_SIZE, harts);
}

static enum status start_monitor(struct vm *vm, const struct board_config *c)
{
    const struct core_env env = {
        .context = vm,
        .load = env_load,
        .store = env_store,
        .time = env_time,
        .timer = env_timer,
        .attention = env_attention,
    };
    uint64_t region = monitor_region_size(c->memory, ROM_SIZE, c->harts);
    const struct monitor_config mc = {
        .harts = c->harts,
        .region_pa = BOARD_RAM_BASE + vm->place,
        .region_size = region,
        .ram_gpa = BOARD_RAM_BASE,
        .ram_hpa = BOARD_RAM_BASE + vm->place + region,
        .ram_size = c->memory,
        .rom_gpa = BOARD_ROM_BASE,
        .rom = vm->board.devices.rom.bytes,
        .rom_size = ROM_SIZE,
        .reset_pc = BOARD_ROM_BASE,
        .asid = 1 + vm->number * SHADOW_SPACES,
    };

    return monitor_init(&vm->monitor, vm->host, &env, &mc);
}

/* Board and monitor; on error neither is left. */
static enum status build(struct vm *vm, const struct board_config *c)
{
    enum status s = board_init(&vm->board, c, ram_lookup, vm);

    if (s != STATUS_OK)
        return s;
    vm->board.bus.ram.discard = ram_discard_below;
    s = start_monitor(vm, c);
    if (s != STATUS_OK) {
        board_free(&vm->board);
        return s;
    }
    vm->monitor.env.exited = vm->watchers ? env_exited : NULL;
    vm->monitor.env.stop = vm->stopper ? env_stop : NULL;
    vm->started = false;
    for (unsigned h = 0; h < c->harts; h++)
        vm->board.csr[h] = &vm->monitor.hart[h].csr;
    return STATUS_OK;
}

static struct vm *make(struct machine *host, const struct board_config *c,
                       uint64_t place, unsigned number)
{
    struct vm *vm = calloc(1, sizeof(*vm));

    if (!vm)
        return NULL;
    vm->machine = (struct machine){ &vm_ops, host->isa, c->harts };
    vm->host = host;
    vm->place = place;
    vm->number = number;
    vm->level = host->ops == &vm_ops ? vm_of(host)->level + 1 : 1;
    if (build(vm, c) == STATUS_OK)
        return vm;
    free(vm);
    return NULL;
}

struct vm *vm_new(struct machine *host, const struct board_config *c)
{
    return make(host, c, 0, 0);
}

/* A machine that is made or reset begins on the host's harts: they are put
   aside for whoever has them. */
static void clear_host(struct vm_siblings *s)
{
    if (s->current)
        monitor_suspend(&s->current->monitor);
    s->current = NULL;
}

struct vm *vm_new_sibling(struct machine *host, const struct board_config *c,
                          struct vm_siblings *siblings)
{
    struct vm *vm;

    if (siblings->made == VM_MAX_SIBLINGS)
        return NULL;
    clear_host(siblings);
    vm = make(host, c, siblings->used, siblings->made);
    if (!vm)
        return NULL;
    vm->siblings = siblings;
    siblings->current = vm;
    siblings->used += vm_host_memory(c->memory, c->harts);
    siblings->made++;
    return vm;
}

/* Pages that were never written stay so: they cost the host nothing. */
static void zero_memory(struct vm *vm)
{
    const struct machine_ops *ops = vm->host->ops;
    uint64_t size = vm_host_memory(vm->board.config.memory,
                                   vm->board.config.harts);
    uint64_t pa = BOARD_RAM_BASE + vm->place, end = pa + size;

    for (; pa < end; pa += RAM_PAGE)
        if (!ram_page_is_zero(ops->ram(vm->host, pa, RAM_PAGE, false)))
            memset(ops->ram(vm->host, pa, RAM_PAGE, true), 0, RAM_PAGE);
}

enum status vm_reset(struct vm *v, const struct board_config *c)
{
    enum status s;

    if (v->siblings)
        clear_host(v->siblings);
    for (unsigned h = 0; h < v->monitor.harts; h++)
        shadow_drop_all(&v->monitor, h);
    zero_memory(v);
    board_free(&v->board);
    s = build(v, c);
    if (s == STATUS_OK && v->siblings)
        v->siblings->current = v;
    return s;
}

void vm_free(struct vm *v)
{
    if (v->siblings && v->siblings->current == v)
        v->siblings->current = NULL;
    board_free(&v->board);
    free(v);
}

struct vm *vm_from(struct machine *m)
{
    return m->ops == &vm_ops ? vm_of(m) : NULL;
}

void vm_interpose(struct vm *v, struct machine *between)
{
    v->host = between;
    v->monitor.host = between;
}

void vm_watch(struct vm *v, vm_watcher *watcher, void *context)
{
    if (v->watchers == VM_MAX_WATCHERS)
        return;
    v->watch[v->watchers++] = (struct vm_watch){ watcher, context };
    v->monitor.env.exited = env_exited;
}

void vm_unwatch(struct vm *v, vm_watcher *watcher, void *context)
{
    unsigned kept = 0;

    for (unsigned k = 0; k < v->watchers; k++)
        if (v->watch[k].watcher != watcher || v->watch[k].context != context)
            v->watch[kept++] = v->watch[k];
    v->watchers = kept;
    v->monitor.env.exited = kept ? env_exited : NULL;
}

void vm_set_stopper(struct vm *v, vm_stopper *stopper, void *context)
{
    v->stopper = stopper;
    v->stop_context = context;
    v->monitor.env.stop = stopper ? env_stop : NULL;
}
