/* A virtual machine as a struct machine: the monitor's core and a board. */
#include "vmm/vm.h"

#include "vmm/core/shadow.h"

#include <stdlib.h>
#include <string.h>

static struct vm *vm_of(struct machine *m)
{
    return (struct vm *)(void *)m;
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

    vm->watcher(vm->watcher_context, vm, e);
}

/* The guest's RAM, as the board's devices and loaders see it. */
static uint8_t *ram_lookup(void *context, uint64_t gpa, uint64_t len,
                           bool write)
{
    struct vm *vm = context;

    return monitor_ram(&vm->monitor, gpa, len, write);
}

/* ---- struct machine_ops ---- */

static uint64_t vm_reg_get(struct machine *m, unsigned hart, unsigned reg)
{
    return monitor_reg_get(&vm_of(m)->monitor, hart, reg);
}

static void vm_reg_set(struct machine *m, unsigned hart, unsigned reg,
                       uint64_t v)
{
    monitor_reg_set(&vm_of(m)->monitor, hart, reg, v);
}

static enum status vm_csr_get(struct machine *m, unsigned hart, unsigned csr,
                              uint64_t *v)
{
    return monitor_csr_get(&vm_of(m)->monitor, hart, csr, v);
}

static enum status vm_csr_set(struct machine *m, unsigned hart, unsigned csr,
                              uint64_t v)
{
    return monitor_csr_set(&vm_of(m)->monitor, hart, csr, v);
}

static void vm_fence(struct machine *m, unsigned hart, const uint64_t *va,
                     const uint64_t *asid)
{
    (void)hart; /* its translations are dropped on all, which is allowed */
    shadow_fence(&vm_of(m)->monitor, va, asid);
}

static void *vm_ram(struct machine *m, uint64_t pa, uint64_t len, bool write)
{
    return monitor_ram(&vm_of(m)->monitor, pa, len, write);
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
    uint8_t *to = vm->host->ops->ram(vm->host, p->rom_hpa,
                                     p->rom_pages * RAM_PAGE, true);

    memcpy(to, vm->board.devices.rom.bytes,
           sizeof(vm->board.devices.rom.bytes));
    vm->started = true;
}

static struct stop vm_run(struct machine *m, unsigned hart, uint64_t budget)
{
    struct vm *vm = vm_of(m);

    if (!vm->started)
        fill_rom(vm);
    return monitor_run(&vm->monitor, hart, budget);
}

static void vm_idle(struct machine *m, unsigned hart, uint64_t n)
{
    vm_of(m)->monitor.hart[hart].csr.count += n;
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
    .load = vm_load,
    .store = vm_store,
    .run = vm_run,
    .idle = vm_idle,
    .attach = vm_attach,
};

/* ---- making one ---- */

uint64_t vm_host_memory(uint64_t memory)
{
    return memory + monitor_region_size(memory, ROM_SIZE);
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
    uint64_t region = monitor_region_size(c->memory, ROM_SIZE);
    const struct monitor_config mc = {
        .harts = c->harts,
        .region_pa = BOARD_RAM_BASE,
        .region_size = region,
        .ram_gpa = BOARD_RAM_BASE,
        .ram_hpa = BOARD_RAM_BASE + region,
        .ram_size = c->memory,
        .rom_gpa = BOARD_ROM_BASE,
        .rom = vm->board.devices.rom.bytes,
        .rom_size = ROM_SIZE,
        .reset_pc = BOARD_ROM_BASE,
    };

    return monitor_init(&vm->monitor, vm->host, &env, &mc);
}

struct vm *vm_new(struct machine *host, const struct board_config *c)
{
    struct vm *vm = calloc(1, sizeof(*vm));

    if (!vm)
        return NULL;
    vm->machine = (struct machine){ &vm_ops, host->isa, c->harts };
    vm->host = host;
    if (board_init(&vm->board, c, ram_lookup, vm) != STATUS_OK) {
        free(vm);
        return NULL;
    }
    if (start_monitor(vm, c) != STATUS_OK) {
        vm_free(vm);
        return NULL;
    }
    for (unsigned h = 0; h < c->harts; h++)
        vm->board.csr[h] = &vm->monitor.hart[h].csr;
    return vm;
}

void vm_free(struct vm *v)
{
    board_free(&v->board);
    free(v);
}

void vm_watch(struct vm *v, vm_watcher *watcher, void *context)
{
    v->watcher = watcher;
    v->watcher_context = context;
    v->monitor.env.exited = watcher ? env_exited : NULL;
}
