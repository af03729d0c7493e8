#include "check/efficiency.h"

#include <stdio.h>

#include "check/ticks.h"
#include "isa/insn.h"

static const char *const class_names[EXIT_CLASSES] = {
    [EXIT_CLASS_CSR] = "CSR access",
    [EXIT_CLASS_RETURN] = "mret, sret",
    [EXIT_CLASS_FENCE] = "sfence.vma, wfi",
    [EXIT_CLASS_FILL] = "shadow fill",
    [EXIT_CLASS_DEVICE] = "device access",
    [EXIT_CLASS_MEMORY] = "memory access",
    [EXIT_CLASS_ECALL] = "environment call",
    [EXIT_CLASS_EXCEPTION] = "exception",
    [EXIT_CLASS_INTERRUPT] = "interrupt",
};

const char *exit_class_name(enum exit_class c)
{
    return class_names[c];
}

/* ---- what an exit is ---- */

static unsigned kind_of(const struct exit_record *r)
{
    uint64_t cause =
        r->action == EXIT_INTERRUPT ? r->guest.cause : r->host.cause;

    return 16 * r->action + (unsigned)(cause & 15);
}

bool efficiency_kind_emulates(unsigned kind)
{
    unsigned action = kind / 16;

    return action == EXIT_EMULATED || action == EXIT_DEVICE ||
           action == EXIT_MEMORY;
}

static enum exit_class privileged_class(const struct vm *vm, uint32_t raw)
{
    struct insn i;

    insn_decode(raw, vm->machine.isa, &i);
    if (insn_class(i.op) == CLASS_CSR)
        return EXIT_CLASS_CSR;
    return i.op == INSN_mret || i.op == INSN_sret ? EXIT_CLASS_RETURN
                                                  : EXIT_CLASS_FENCE;
}

static enum exit_class class_of(const struct vm *vm,
                                const struct exit_record *r)
{
    switch (r->action) {
    case EXIT_EMULATED:
        return privileged_class(vm, r->insn);
    case EXIT_FILLED:
        return EXIT_CLASS_FILL;
    case EXIT_DEVICE:
        return EXIT_CLASS_DEVICE;
    case EXIT_MEMORY:
        return EXIT_CLASS_MEMORY;
    case EXIT_INTERRUPT:
        return EXIT_CLASS_INTERRUPT;
    default:
        return r->guest.cause >= CAUSE_ECALL_U &&
                       r->guest.cause <= CAUSE_ECALL_M
                   ? EXIT_CLASS_ECALL
                   : EXIT_CLASS_EXCEPTION;
    }
}

size_t efficiency_kind_name(unsigned kind, char *buf, size_t size)
{
    enum exit_action action = kind / 16;
    uint64_t cause = kind % 16;
    int n;

    if (action == EXIT_INTERRUPT)
        n = snprintf(buf, size, "%s", cause_name(cause | CAUSE_INTERRUPT));
    else
        n = snprintf(buf, size, "%s, %s", cause_name(cause),
                     exit_action_name(action));
    return n < 0 ? 0 : (size_t)n < size ? (size_t)n : size - 1;
}

/* ---- whose the time is ---- */

/* The ticks since the last account was closed. */
static uint64_t close_account(struct efficiency *e)
{
    uint64_t now = ticks_now(), ticks = now - e->last;

    e->last = now;
    e->readings++;
    return ticks;
}

/* The monitor has worked: for the last exit, if there was one. */
static void charge_monitor(struct efficiency *e, uint64_t ticks)
{
    if (!e->last_kind) {
        e->monitor += ticks;
        return;
    }
    e->last_kind->ticks += ticks;
    e->last_class->ticks += ticks;
    if (e->last_site != SIZE_MAX)
        e->sites.site[e->last_site].tally.ticks += ticks;
}

static void monitor_enter(void *context, unsigned hart)
{
    struct efficiency *e = context;

    (void)hart;
    e->outside += close_account(e);
    e->last_kind = NULL;
}

static void monitor_leave(void *context, unsigned hart, const struct stop *s)
{
    struct efficiency *e = context;

    (void)hart;
    (void)s;
    charge_monitor(e, close_account(e));
}

static void host_enter(void *context, unsigned hart)
{
    struct efficiency *e = context;

    (void)hart;
    charge_monitor(e, close_account(e));
}

/* The virtual hart's count is still that of before the run. */
static void host_leave(void *context, unsigned hart, const struct stop *s)
{
    struct efficiency *e = context;

    e->direct += close_account(e);
    e->last_kind = NULL;
    series_direct(&e->series, e->vm->monitor.hart[hart].csr.count, s->count);
    e->watching += close_account(e);
}

static void count_site(struct efficiency *e, const struct exit_record *r,
                       unsigned kind)
{
    const struct exit_site key = {
        .pc = r->pc, .raw = r->insn, .priv = r->priv, .kind = (uint16_t)kind
    };
    struct exit_site *site;
    bool fresh;

    e->last_site = SIZE_MAX;
    if (r->action == EXIT_INTERRUPT)
        return; /* whatever instruction comes next has no part in it */
    if (exit_sites_count(&e->sites, &key, &e->last_site, &fresh) != STATUS_OK) {
        e->last_site = SIZE_MAX;
        e->lost++;
        return;
    }
    site = &e->sites.site[e->last_site];
    if (!fresh)
        return;
    site->class = (uint8_t)class_of(e->vm, r);
    site->insn = r->insn;
    if (!site->insn && e->instruction)
        site->insn = e->instruction(e->vm, r);
}

static void exited(void *context, struct vm *vm, const struct exit_record *r)
{
    struct efficiency *e = context;
    unsigned kind = kind_of(r);
    uint64_t ticks = close_account(e);
    enum exit_class class;

    count_site(e, r, kind);
    class = e->last_site != SIZE_MAX
                ? (enum exit_class)e->sites.site[e->last_site].class
                : class_of(vm, r);
    e->last_kind = &e->kind[kind];
    e->last_class = &e->class[class];
    e->last_kind->exits++;
    e->last_class->exits++;
    charge_monitor(e, ticks);
    series_exit(&e->series, r->count, class, efficiency_kind_emulates(kind));
    e->watching += close_account(e);
}

/* ---- a measurement ---- */

static void put_probe(struct probe *p, struct machine *under,
                      struct efficiency *e)
{
    probe_init(p, under);
    p->context = e;
}

void efficiency_begin(struct efficiency *e, struct vm *vm,
                      uint32_t (*instruction)(struct vm *,
                                              const struct exit_record *))
{
    *e = (struct efficiency){ .vm = vm,
                              .host = vm->host,
                              .instruction = instruction,
                              .last_site = SIZE_MAX };
    series_init(&e->series);
    put_probe(&e->above, &vm->machine, e);
    e->above.enter = monitor_enter;
    e->above.leave = monitor_leave;
    put_probe(&e->below, vm->host, e);
    e->below.enter = host_enter;
    e->below.leave = host_leave;
    vm_interpose(vm, &e->below.machine);
    vm_watch(vm, exited, e);
    e->ns_per_reading = ticks_cost();
    e->processor_ns = ticks_processor_ns();
    e->start_ns = ticks_ns();
    e->start = e->last = ticks_now();
}

void efficiency_end(struct efficiency *e)
{
    e->outside += close_account(e);
    e->ns_per_tick = e->last > e->start ? (double)(ticks_ns() - e->start_ns) /
                                              (double)(e->last - e->start)
                                        : 0;
    e->ns_per_reading *= e->ns_per_tick;
    e->processor_ns = ticks_processor_ns() - e->processor_ns;
    vm_unwatch(e->vm, exited, e);
    vm_interpose(e->vm, e->host);
}

void efficiency_free(struct efficiency *e)
{
    exit_sites_free(&e->sites);
}

/* ---- what it says ---- */

uint64_t efficiency_direct(const struct efficiency *e)
{
    return e->vm->monitor.stats.direct;
}

uint64_t efficiency_emulated(const struct efficiency *e)
{
    return e->vm->monitor.stats.emulated;
}

double efficiency_share(const struct core_stats *s)
{
    uint64_t all = s->direct + s->emulated;

    return all ? 100.0 * (double)s->direct / (double)all : 100.0;
}

struct tally efficiency_exits(const struct efficiency *e)
{
    struct tally sum = { 0 };

    for (unsigned c = 0; c < EXIT_CLASSES; c++) {
        sum.exits += e->class[c].exits;
        sum.ticks += e->class[c].ticks;
    }
    return sum;
}

uint64_t efficiency_ns(const struct efficiency *e, uint64_t ticks)
{
    return (uint64_t)((double)ticks * e->ns_per_tick + 0.5);
}

uint64_t efficiency_total_ns(const struct efficiency *e)
{
    return efficiency_ns(e, e->last - e->start);
}

uint64_t efficiency_timing_ns(const struct efficiency *e)
{
    return (uint64_t)((double)e->readings * e->ns_per_reading + 0.5);
}
